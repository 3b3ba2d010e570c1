"""FreelanceX as a server of tools: another program starts it and uses what is offered."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

from config.paths import ROOT
from config.settings import Settings
from memory.business.totals import Line
from memory.stores import open_stores


async def test_another_program_calculates_and_reads_invoices_and_can_change_nothing(settings: Settings) -> None:
    from mcp import ClientSession, StdioServerParameters, stdio_client

    stores = await open_stores(settings)
    day = date(2026, 11, 2)
    line = Line("Design", Decimal(10), "h", Decimal(100), Decimal(19))
    await stores.invoices.create("local", lines=[line], currency="EUR", issued_on=day, due_on=day, client="Acme")
    await stores.close()
    variables = {**os.environ, "FREELANCEX_DATA_DIR": str(settings.data_dir), "PYTHONPATH": str(ROOT)}
    program = StdioServerParameters(
        command=sys.executable, args=["-m", "chainlit_app", "mcp"], env=variables, cwd=Path(ROOT)
    )
    async with stdio_client(program) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        assert {tool.name for tool in (await session.list_tools()).tools} == {
            "calculate",
            "list_invoices",
            "list_jobs",
        }
        sum_ = await session.call_tool("calculate", {"calculation": "19% of 1,240 €"})
        assert "235.60" in sum_.content[0].text  # type: ignore[union-attr]
        listed = await session.call_tool("list_invoices", {})
        (invoice,) = json.loads(listed.content[0].text)  # type: ignore[union-attr]
        assert (invoice["client"], invoice["total"], invoice["state"]) == ("Acme", "1190 EUR", "draft")
