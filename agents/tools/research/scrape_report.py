"""What a crawl would do, and what it did, in markdown. Words from pages are escaped, so that they stay words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agents.tools.text.markdown import plain
from integrations.scraping.crawl import CrawlPlan, CrawlReport

SHOWN = 5


def preview(plan: CrawlPlan) -> str:
    """Which pages would be opened, how fast, and who sees what."""
    reach = "and the pages they lead to on the same site" if plan.depth else "and no page they lead to"
    starts = "\n".join(f"- {plain(url, 200)}" for url in plan.starts)
    return (
        f"I would open\n\n{starts}\n\n{reach}: at most {plan.limit:,} pages, one every {plan.apart:g} seconds or as "
        "slowly as the site asks, and nothing its robots.txt forbids. The site sees your internet address and which "
        "pages are opened, as with any browser. What is found becomes a table on this computer."
    )


def made(plan: CrawlPlan, report: CrawlReport, table: dict[str, Any]) -> str:
    """The table in figures, its first rows, and what was left out."""
    what = "the pages themselves" if table["kind"] == "pages" else f"**{plain(table['name'] or table['kind'], 40)}**"
    units = ", ".join(f"{plain(name, 40)} in {plain(unit, 6)}" for name, unit in table["units"].items())
    lines = [
        f"I opened {report.pages:,} {'page' if report.pages == 1 else 'pages'} of {_hosts(plan)} and made a table of "
        f"{table['rows']:,} {'row' if table['rows'] == 1 else 'rows'}: {what}, with "
        f"{', '.join(plain(name, 40) for name in table['fields'][:12])}"
        + (f" ({units})" if units else "")
        + ". Each row says where and when it was read.",
        _rows(table["fields"][:6], table["sample"]),
        _left_out(report),
    ]
    if table["others"]:
        others = ", ".join(f"{plain(one['name'] or one['kind'], 40)} ({one['rows']:,} rows)" for one in table["others"])
        lines.append(f"The pages also hold {others}: name what you want, and I make that table instead.")
    return "\n\n".join(line for line in lines if line)


def nothing(plan: CrawlPlan, report: CrawlReport) -> str:
    """Why no page could be read."""
    left = _left_out(report)
    return f"I could not read any page of {_hosts(plan)}." + (f"\n\n{left}" if left else "")


def _left_out(report: CrawlReport) -> str:
    lines = []
    if number := report.counts.get("refused", 0):
        lines.append(f"- {number:,} not opened, because {_whys(report.refused)}")
    if number := report.counts.get("failed", 0):
        lines.append(f"- {number:,} could not be read: {_whys(report.failed)}")
    if number := report.counts.get("same", 0):
        lines.append(f"- {number:,} said the same as another page")
    if number := report.counts.get("elsewhere", 0):
        lines.append(f"- {number:,} lead to other sites")
    if report.halted:
        lines.append(f"- I stopped early: {plain(report.halted, 200)} Ask me again later, and I go on from there.")
    elif number := report.counts.get("waiting", 0):
        lines.append(f"- {number:,} more were found and not opened, because of the limit")
    return "Left out:\n\n" + "\n".join(lines) if lines else ""


def _whys(pages: Sequence[tuple[str, str]]) -> str:
    whys = list(dict.fromkeys(why.rstrip(".") for _, why in pages))[:2]
    names = [plain(url.partition("://")[2], 60) for url, _ in pages[:3]]
    return f"{'; '.join(plain(why, 120) for why in whys)} ({', '.join(names)}{' …' if len(pages) > 3 else ''})"


def _rows(fields: Sequence[str], rows: Sequence[dict[str, str]]) -> str:
    if not rows:
        return ""
    cells = [[plain(row.get(name, ""), 40) or " " for name in fields] for row in rows[:SHOWN]]
    head = [plain(name, 40) for name in fields]
    lines = [head, ["---"] * len(head), *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _hosts(plan: CrawlPlan) -> str:
    return ", ".join(sorted(plan.sites))
