"""What measuring costs a turn: everything a turn counts, and its part of the beat that each minute has.

    python -m bench.monitoring [TURNS]

No collector is set, as is usual. The ratios are of one run, so that a busy machine spoils neither.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from config.settings import Settings
from graph.notices import Notifier
from graph.pulse import EVERY_S, Pulse
from graph.reply import Message, reply
from graph.runtime import Runtime, open_runtime
from monitoring.exposition import Exposition
from monitoring.traces import correlate

QUESTION = "what is 17 percent of 3400 EUR"


async def main(turns: int) -> None:
    """Take the turns, and print what they and the measuring took."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_runtime(Settings(data_dir=Path(folder), open_browser=False)) as runtime:
            await _turn(runtime, 0)
            took = [await _turn(runtime, number) for number in range(1, turns + 1)]
            turn = statistics.median(took)
            pulse = Pulse(runtime, Notifier(runtime))
            beats = []
            for _ in range(10):
                began = time.process_time()
                await pulse.beat(datetime.now().astimezone())
                beats.append(time.process_time() - began)
            beat = statistics.median(beats)
            counting = _counting(runtime)
            began = time.perf_counter()
            size = len(Exposition(runtime.metrics).text())
            scrape = time.perf_counter() - began
    print(f"a turn takes {turn * 1000:.1f} ms (median of {turns})")
    print(f"counting in it takes {counting * 1000:.3f} ms: {counting / turn:.2%} of the turn")
    print(f"a beat takes {beat * 1000:.1f} ms of the processor, each {EVERY_S:.0f} s: {beat / EVERY_S:.3%} of the time")
    print(f"together {counting / turn + beat / EVERY_S:.2%} of a turn; at most 2 % is wanted")
    print(f"/metrics: {size:,} bytes in {scrape * 1000:.1f} ms, only when asked")


async def _turn(runtime: Runtime, number: int) -> float:
    began = time.perf_counter()
    async for _ in reply(Message(QUESTION, f"t{number}"), runtime):
        pass
    return time.perf_counter() - began


def _counting(runtime: Runtime, times: int = 2000) -> float:
    """Seconds that everything takes which a turn with one step counts."""
    began = time.perf_counter()
    for number in range(times):
        correlate(str(number))
        span = runtime.traces.begin("turn", turn="x")
        runtime.metrics.bid({"math": 0.5, "pricing": 0.2})
        runtime.metrics.award("math")
        with runtime.metrics.at_work("math"), runtime.traces.span("agent", agent="math"):
            pass
        runtime.metrics.record("math", True, 0.01)
        runtime.metrics.breaker("math", "closed")
        runtime.metrics.turn("done", 0.1)
        runtime.traces.end(span, "done")
    return (time.perf_counter() - began) / times


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else 30))
