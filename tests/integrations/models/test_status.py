"""What doctor says of language models: llama.cpp, the GPU, the model that is chosen, Ollama, the user's own server."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from config.settings import Settings
from config.setup.llama import Build as Building
from integrations.http import HttpClient
from integrations.models import generated, hardware, status
from integrations.models.hardware import Build, Gpu, Hardware
from integrations.models.installed import choose
from monitoring.health import Check
from privacy.audit import AuditLog

GIB = 1024**3
NOWHERE = "http://127.0.0.1:9"
FAILING = status.failing
CARD = Gpu("NVIDIA GeForce RTX 3070", 8 * GIB, 7 * GIB)


@pytest.fixture
def alone(settings: Settings) -> Settings:
    """Without a server of any kind."""
    return settings.model_copy(update={"addresses": {"ollama": NOWHERE}})


@pytest.fixture
async def http(settings: Settings) -> AsyncIterator[HttpClient]:
    async def nothing(_user: str) -> frozenset[str]:
        return frozenset()

    client = HttpClient(settings, AuditLog.open(settings), nothing)
    yield client
    await client.close()


@pytest.fixture
def ollama(httpserver: HTTPServer, settings: Settings) -> Settings:
    """Settings with an Ollama that runs and has two models."""
    models = [{"name": "qwen3:4b", "size": 2_500_000_000}, {"name": "gemma:latest", "size": 1}]
    httpserver.expect_request("/api/tags").respond_with_json({"models": models})
    return settings.model_copy(update={"addresses": {"ollama": httpserver.url_for("").rstrip("/")}})


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set by `on` below; each test starts with a build and machine without a GPU."""
    on(monkeypatch, Build("0.3.36"), ())


@pytest.fixture(autouse=True)
def loads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "failing", lambda: "")


def on(monkeypatch: pytest.MonkeyPatch, build: Build, gpus: tuple[Gpu, ...]) -> None:
    monkeypatch.setattr(hardware, "build", lambda: build)
    found = Hardware(16 * GIB, 12 * GIB, gpus, 8, bool(build.gpu and gpus))
    monkeypatch.setattr(hardware, "read", lambda: found)


async def said(settings: Settings, http: HttpClient) -> dict[str, Check]:
    checks = await status.checks(settings, http)
    assert not any(check.needed for check in checks), "everything works without a model"
    return {check.name: check for check in checks}


async def test_no_llama_cpp_built(alone: Settings, http: HttpClient, monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, Build(), ())
    monkeypatch.setattr(status, "compiler", lambda: "cc")
    monkeypatch.setattr(status.llama, "read", lambda _root: Building())
    check = (await said(alone, http))["llama.cpp"]
    assert (check.ok, check.detail, check.fix) == (False, "not built yet", status.BUILD)
    monkeypatch.setattr(status.llama, "read", lambda _root: Building("failed", "cpu: no space left"))
    assert "no space left" in (await said(alone, http))["llama.cpp"].detail
    monkeypatch.setattr(status.llama, "read", lambda _root: Building("building"))
    assert "is being built" in (await said(alone, http))["llama.cpp"].detail


async def test_built_but_its_libraries_do_not_load(
    alone: Settings, http: HttpClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "llama_cpp.py").write_text("raise RuntimeError('libgomp.so.1: cannot open shared object file')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    on(monkeypatch, Build("0.3.36"), ())
    monkeypatch.setattr(status, "failing", FAILING)
    check = (await said(alone, http))["llama.cpp"]
    assert (check.ok, check.fix) == (False, status.BUILD)
    assert check.detail.endswith("cannot be loaded: RuntimeError: libgomp.so.1: cannot open shared object file")


async def test_built_without_gpu_although_there_is_one(
    alone: Settings, http: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, Build("0.3.36"), (CARD,))
    checks = await said(alone, http)
    assert checks["llama.cpp"].detail == "0.3.36, built without GPU"
    assert not checks["GPU"].ok and checks["GPU"].fix == status.BUILD
    assert "RTX 3070 with 7.5 of 8.6 GB free; not used, because llama.cpp was built without GPU" in checks["GPU"].detail


async def test_built_for_the_gpu_says_how_many_layers_and_why_not_more(
    alone: Settings, http: HttpClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = generated.write(tmp_path / "wide.gguf", generated.WIDE)
    choose(alone, str(path))
    on(monkeypatch, Build("0.3.36", "CUDA"), (CARD,))
    checks = await said(alone, http)
    assert checks["llama.cpp"].detail == "0.3.36, built for CUDA"
    assert checks["GPU"].ok
    assert checks["Model"].detail.endswith("all 6 layers on the GPU")
    full = Gpu(CARD.name, CARD.total, GIB + 25 * 1024**2)
    on(monkeypatch, Build("0.3.36", "CUDA"), (full,))
    detail = (await said(alone, http))["Model"].detail
    assert "of 6 layers on the GPU: 9 GB have only 1.1 GB free" in detail


@pytest.mark.usefixtures("machine")
async def test_ollama_running_names_its_models(ollama: Settings, http: HttpClient) -> None:
    check = (await said(ollama, http))["Ollama"]
    assert check.ok and check.detail == "running, with gemma:latest, qwen3:4b"


@pytest.mark.usefixtures("machine")
async def test_ollama_down_is_no_matter(alone: Settings, http: HttpClient) -> None:
    check = (await said(alone, http))["Ollama"]
    assert not check.ok and check.detail.startswith("not running") and check.fix == "ollama serve"


@pytest.mark.usefixtures("machine")
async def test_something_else_at_ollamas_address_is_noticed(
    httpserver: HTTPServer, settings: Settings, http: HttpClient
) -> None:
    httpserver.expect_request("/api/tags").respond_with_json([1, 2])
    elsewhere = settings.model_copy(update={"addresses": {"ollama": httpserver.url_for("").rstrip("/")}})
    assert "does not speak its protocol" in (await said(elsewhere, http))["Ollama"].detail


@pytest.mark.usefixtures("machine")
async def test_without_a_choice_it_recommends_one(alone: Settings, http: HttpClient) -> None:
    check = (await said(alone, http))["Model"]
    assert "16 GB of memory and 8 processor cores: balanced, 2.5 GB download" in check.detail
    assert check.fix == "python -m chainlit_app models install balanced"


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(
    ("name", "ok", "detail"),
    [
        ("ollama:qwen3:4b", True, "qwen3:4b, by Ollama"),
        ("ollama:gemma", True, "gemma, by Ollama"),
        ("ollama:llama9", False, "Ollama runs, but has no llama9"),
    ],
)
async def test_a_model_of_ollama_is_there_or_not(
    ollama: Settings, http: HttpClient, name: str, ok: bool, detail: str
) -> None:
    choose(ollama, name)
    check = (await said(ollama, http))["Model"]
    assert (check.ok, check.detail) == (ok, detail)


@pytest.mark.usefixtures("machine")
async def test_a_file_that_is_gone_or_damaged_says_so(alone: Settings, http: HttpClient, tmp_path: Path) -> None:
    choose(alone, str(tmp_path / "gone.gguf"))
    assert "There is no model file" in (await said(alone, http))["Model"].detail
    (tmp_path / "gone.gguf").write_bytes(b"GGUF\x03")
    assert "ends too early" in (await said(alone, http))["Model"].detail


@pytest.mark.usefixtures("machine")
async def test_a_file_for_llama_server_needs_that_program(alone: Settings, http: HttpClient, tmp_path: Path) -> None:
    choose(alone, f"server:{generated.write(tmp_path / 'tiny.gguf')}")
    without = alone.model_copy(update={"llama_server": str(tmp_path / "llama-server")})
    check = (await said(without, http))["Model"]
    assert not check.ok and "install llama.cpp, or name it in FREELANCEX_LLAMA_SERVER" in check.detail


async def test_the_users_own_server_is_asked_for_its_models_with_its_key(
    httpserver: HTTPServer, alone: Settings, http: HttpClient
) -> None:
    keys: list[str] = []

    def models(request: Request) -> Response:
        keys.append(request.headers.get("authorization", ""))
        return Response('{"data": [{"id": "qwen3"}]}', content_type="application/json")

    httpserver.expect_request("/v1/models").respond_with_handler(models)
    mine = alone.model_copy(update={"model_key": "secret"})
    choose(mine, httpserver.url_for("/v1#qwen3"))
    assert (await said(mine, http))["Model"].ok
    assert keys == ["Bearer secret"]
    choose(mine, httpserver.url_for("/v1#other"))
    assert "has no other, but qwen3" in (await said(mine, http))["Model"].detail


@pytest.mark.usefixtures("machine")
async def test_a_server_that_is_down_is_named_and_one_elsewhere_is_not_asked(alone: Settings, http: HttpClient) -> None:
    choose(alone, f"{NOWHERE}/v1#qwen3")
    check = (await said(alone, http))["Model"]
    assert not check.ok and "does not answer" in check.detail
    choose(alone, "https://models.example.com/v1#qwen3")
    check = (await said(alone, http))["Model"]
    assert check.ok and check.detail == "qwen3 of models.example.com, which is not asked here"
    asked = await AuditLog.open(alone).read()
    assert not [entry for entry in asked if entry.get("host") == "models.example.com"]


async def test_a_check_that_breaks_reports_itself(
    alone: Settings, http: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, Build(), ())

    def broken(_root: Path) -> Building:
        raise RuntimeError

    monkeypatch.setattr(status.llama, "read", broken)
    checks = await said(alone, http)
    assert checks["llama.cpp"].detail == "the check itself failed: RuntimeError"
    assert checks["GPU"].detail.startswith("none found")
