"""What a run found, as short markdown a client can read."""

from __future__ import annotations

from typing import Any

from automl import costs, curve, metrics, quantiles
from automl.series import words as forecast_words

BETTER = 0.02
"""A model must beat the baseline by this much of its primary metric to be called useful."""


def report(result: dict[str, Any]) -> str:
    """Markdown for the chat and the file `report.md`, from the result of `automl.studio.run`."""
    parts = [headline(result), verdict(result)]
    if result.get("costs"):
        parts.append(costs.in_words(result["costs"]))
    parts.append((result.get("before") or {}).get("words", ""))
    if result.get("segments"):
        parts.append("**Where it errs most**\n" + "\n".join(f"- {one['words']}" for one in result["segments"]))
    parts.append(leaderboard(result["leaderboard"], result["metric"]))
    parts.append(curve.in_words(result.get("curve", []), result["task"]))
    parts.append(_followed(result.get("monotone", {})))
    if result["warnings"]:
        parts.append("**Please note**\n" + "\n".join(f"- {warning}" for warning in result["warnings"]))
    parts.append(preparation(result))
    return "\n\n".join(part for part in parts if part)


def _followed(monotone: dict[str, int]) -> str:
    ways = {1: "never falls", -1: "never rises"}
    told = " and ".join(f"{ways[sign]} with `{name}`" for name, sign in monotone.items())
    return f"As you wished, the prediction {told}." if told else ""


def headline(result: dict[str, Any]) -> str:
    """What was predicted, from what, and why that."""
    if result["task"] == "series":
        return forecast_words.headline(result)
    kinds = {
        "regression": "a number",
        "quantile": "lines that given shares of the outcomes stay below",
        "binary": "one of two classes",
        "multiclass": f"one of {len(result['classes'])} classes",
    }
    return (
        f"**A model for `{result['target']}`** ({kinds[result['task']]}), trained on "
        f"{result['rows']['train']:,} rows of {result['name']} and checked on {result['rows']['holdout']:,} "
        f"rows it had not seen. I chose this because {' and '.join(result['reasons'])}."
    )


def verdict(result: dict[str, Any]) -> str:
    """The holdout score in words, beside what guessing would reach."""
    if result["task"] == "series":
        return forecast_words.verdict(result)
    figures, base, (low, high) = result["metrics"], result["baseline"], result["interval"]
    if result["task"] == "regression":
        saved = 1 - figures["mae"] / base["mae"] if base["mae"] else 0.0
        words = (
            f"Its predictions are off by **{_number(figures['mae'])}** on average; always guessing the mean would be "
            f"off by {_number(base['mae'])}, so the model makes {saved:.0%} of that error disappear. It explains "
            f"**{figures['r2']:.1%}** of the differences (R² {figures['r2']:.3f}, 95 % interval {low:.3f} to "
            f"{high:.3f}; RMSE {_number(figures['rmse'])})."
        )
    elif result["task"] == "quantile":
        words = quantiles.in_words(figures, base, result["levels"])
    elif result["task"] == "binary":
        words = (
            f"It gets **{figures['accuracy']:.1%}** of the rows right; always guessing the commoner class gets "
            f"{base['accuracy']:.1%}. Of two rows, one of each class, it ranks the right one higher "
            f"{figures['roc_auc']:.1%} of the time (ROC AUC {figures['roc_auc']:.3f}, 95 % interval {low:.3f} to "
            f"{high:.3f}; a coin reaches 0.5). F1 {figures['f1']:.3f}, log loss {figures['log_loss']:.3f}."
        )
    else:
        words = (
            f"It gets **{figures['accuracy']:.1%}** of the rows right (95 % interval {low:.1%} to {high:.1%}); always "
            f"guessing the commonest class gets {base['accuracy']:.1%}. Macro F1 {figures['macro_f1']:.3f}, "
            f"log loss {figures['log_loss']:.3f}."
        )
    if result["score"] - base[result["metric"]] < BETTER:
        words += " **That is hardly better than guessing**: the columns say little about the target."
    return words


def leaderboard(entries: list[dict[str, Any]], metric: str) -> str:
    """The field as a table, best first."""
    lines = [f"| Model | {metrics.TOLD.get(metric, metric)}, inner check | Seconds |", "|---|---:|---:|"]
    for entry in entries:
        name = f"**{entry['model']}** (chosen)" if entry["chosen"] else entry["model"]
        lines.append(f"| {name} | {entry['score']:.3f} | {entry['seconds']:.1f} |")
    return "\n".join(lines)


def preparation(result: dict[str, Any]) -> str:
    """What was changed in the data, and what was left out, in one short list."""
    lines = [f"- {change['count']:,} × {change['what']}{_at(change['column'])}" for change in result["changes"]]
    lines += [f"- `{item['column']}` was left out: it {item['why']}" for item in result["dropped"]]
    quality = f"Data quality {result['quality']['score']:.0f} of 100."
    return f"**Preparation.** {quality}" + ("\n" + "\n".join(lines[:15]) if lines else " Nothing had to be changed.")


def _at(column: str) -> str:
    return f" in `{column}`" if column else ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4g}"
