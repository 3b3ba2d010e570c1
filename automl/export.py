"""A trained model as a small Python package that needs neither FreelanceX nor a pickle.

    model_price/  pyproject.toml  requirements.txt  README.md  serve.py  Dockerfile
                  model_price/    __init__.py (predict)  run/ (the model's files)  engine/ (the code that reads them)

The engine is a copy of the modules that predicting needs here, so that what it predicts is the same to the last digit.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
from importlib.metadata import packages_distributions, version
from pathlib import Path

from automl.errors import DataError
from automl.manifest import RunManifest, load_manifest
from automl.series.forecaster import LEARNED

ROOT = Path(__file__).parent.parent
TEMPLATES = Path(__file__).parent / "templates"
FAMILY_NEEDS = {
    "boosting": "lightgbm",
    "forest": "scikit-learn",
    "neighbours": "scikit-learn",
    "ordered": "catboost",
    "xgboosting": "xgboost-cpu",
}
PUBLISHED = {"xgboost-cpu": "xgboost"}
"""What others install is the whole library."""
MEANINGS = (
    "This model reads what texts mean, for which a package would need the embedding model; "
    "train it again with the words: do not read meanings."
)
KEPT = ("target", "columns", "dropped", "metric", "score", "series")


def export(run_dir: str | Path, out: str | Path) -> Path:
    """Write the package of a run into the folder `out` and return its own folder. Raises DataError."""
    run_dir, manifest = Path(run_dir), load_manifest(run_dir)
    target = manifest.config["target"]
    name = f"model_{re.sub(r'[^a-z0-9]+', '_', target.casefold()).strip('_') or 'export'}"[:40]
    top = Path(out) / name
    package = top / name
    shutil.rmtree(top, ignore_errors=True)
    series = manifest.config["task"] == "series"
    if not series and _reads_meanings(manifest.file("preparation", run_dir)):
        raise DataError(MEANINGS)
    families = _copy_run(manifest, run_dir, package / "run")
    entry = "automl.series.delivery" if series else "automl.prediction"
    _copy_engine([entry, *(f"automl.estimators.{one}" for one in families)], package / "engine", f"{name}.engine")
    needs = sorted(_needs(package / "engine") | {FAMILY_NEEDS[one] for one in families if one in FAMILY_NEEDS})
    pinned = [f"{PUBLISHED.get(one, one)}=={version(one)}" for one in needs]
    words = {
        "@NAME@": name,
        "@TARGET@": _plain(target),
        "@RUN@": manifest.run_id,
        "@NEEDS@": ", ".join(f'"{one}"' for one in pinned),
        "@LINES@": "\n".join(pinned),
        "@COLUMNS@": "\n".join(f"- `{_plain(column)}`" for column in manifest.results["columns"]),
        "@SCORE@": f"{manifest.results['metric']} {manifest.results['score']:.4f}",
    }
    templates = {
        one.name: one for folder in (TEMPLATES, TEMPLATES / "series")[: 1 + series] for one in folder.glob("*.txt")
    }
    for template in templates.values():
        text = template.read_text(encoding="utf-8")
        for mark, value in words.items():
            text = text.replace(mark, value)
        place = package / "__init__.py" if template.name == "package.txt" else top / template.name.removesuffix(".txt")
        place.write_text(text, encoding="utf-8")
    return top


def _reads_meanings(preparation: Path) -> bool:
    stored = json.loads(preparation.read_text(encoding="utf-8"))
    return any((feature["text"] or {}).get("means") for feature in stored["features"])


def _copy_run(manifest: RunManifest, run_dir: Path, place: Path) -> list[str]:
    """The model's files and a manifest without what is the user's own; returns the families of models in it."""
    parts = {key: kept for key, kept in manifest.artifacts.items() if key.startswith(("model", "preparation"))}
    for key, kept in parts.items():
        (place / kept.path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(manifest.file(key, run_dir), place / kept.path)
    config = {key: manifest.config.get(key) for key in ("target", "task", "classes", "levels", "reach", "decision")}
    results = {key: manifest.results[key] for key in KEPT if key in manifest.results}
    own = RunManifest(run_id=manifest.run_id, created_at=manifest.created_at, status="done")
    own.model_copy(update={"config": config, "results": results, "artifacts": parts}).save(place)
    told = json.loads((place / parts["model"].path).read_text(encoding="utf-8"))
    if manifest.config["task"] == "series":
        return sorted({LEARNED[name][0] for name in told["models"]})
    return sorted({member["family"] for member in told["members"]})


def _copy_engine(todo: list[str], place: Path, prefix: str) -> None:
    """These modules and all they need, with their imports turned to where they lie now."""
    seen = set[str]()
    while todo:
        module = todo.pop()
        path = _file(module)
        if module in seen or path is None:
            continue
        seen.add(module)
        text = path.read_text(encoding="utf-8")
        todo += [*_imports(text), *(module.rpartition(".")[:1] if "." in module else ())]
        turned = re.sub(r"^(\s*)(from|import) (automl|config)\b", rf"\1\2 {prefix}.\3", text, flags=re.MULTILINE)
        copy = place / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(
            '"""Part of the engine."""\n' if path.name == "__init__.py" and module != "automl.estimators" else turned
        )
    (place / "__init__.py").write_text('"""What reads the model."""\n')


def _needs(engine: Path) -> set[str]:
    """The distributions that the engine imports; what its models need, of which most only to learn, is left out."""
    found = set[str]()
    for path in engine.rglob("*.py"):
        if path.parent.name != "estimators":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
                found |= {name.partition(".")[0] for name in names}
    return {owners[0] for name, owners in packages_distributions().items() if name in found - {engine.parent.name}}


def _file(module: str) -> Path | None:
    base = ROOT / module.replace(".", "/")
    found = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
    return found if found.is_file() else None


def _imports(text: str) -> list[str]:
    """Modules of ours that a module imports when it runs, those for type checkers left out."""
    tree = ast.parse(text)
    typing = {
        id(node) for part in ast.walk(tree) if isinstance(part, ast.If) and _checking(part) for node in ast.walk(part)
    }
    found: list[str] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not node.module or id(node) in typing:
            continue
        if node.module.split(".")[0] in ("automl", "config"):
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def _checking(node: ast.If) -> bool:
    return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _plain(text: str) -> str:
    """A name that cannot leave the string or the line it is written into."""
    return re.sub(r"[\"\\\r\n`{}]", " ", text)
