"""What a forecast is and how good it is, as short markdown."""

from __future__ import annotations

from typing import Any


def headline(result: dict[str, Any]) -> str:
    """What was forecast, how far, and why."""
    series = result["series"]
    many = f" of {series['count']:,} series" if series["count"] > 1 else ""
    return (
        f"**A forecast of `{result['target']}`**{many} for the {_count(series['horizon'], series['step'])} after "
        f"{series['last']}, learned from {result['rows']['train']:,} rows of {result['name']}. I chose this because "
        f"{' and '.join(result['reasons'])}."
    )


def verdict(result: dict[str, Any]) -> str:
    """How far off it was from origins in the past, beside repeating the last season."""
    figures, base, series, (low, high) = result["metrics"], result["baseline"], result["series"], result["interval"]
    season = series["season"]
    usual = f"repeating the last {_count(season, series['step'])}" if season > 1 else "repeating the last value"
    words = (
        f"Seen from {_count(series['origins'], 'origin')} in the past, its forecasts were off by "
        f"**{_number(figures['mae'])}** on average ({figures['wape']:.1%} of what came); {usual} was off by "
        f"{_number(base['mae'])}"
    )
    if figures["skill"] > 0:
        words += f", so **{figures['skill']:.0%}** of that error is saved (95 % interval {low:.0%} to {high:.0%})."
        if low <= 0:
            words += " That may be luck: the history is too short to be sure that it is better."
    else:
        words += ". **It is no better than that**, so simply repeat the last season."
    return (
        f"{words} The {series['share']:.0%} intervals held **{figures['coverage']:.0%}** of what came. "
        "Everything at an origin was learned from what lay before it."
    )


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'s' if number != 1 else ''}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4g}"
