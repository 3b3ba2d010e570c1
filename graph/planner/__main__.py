"""Learn anew what comes with the program, after many examples have changed: ``python -m graph.planner``.

First the planes of meaning. Then where requests begin: in the marked messages, and not in single requests. What words
speak for is heard there by half of the phrasings, for words speak too surely in what they were learned from.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from agents import registry
from config.settings import Settings
from graph.planner import cutting, meaning
from graph.planner.intents import Intents, examples
from graph.planner.marked import Marked, marked
from graph.planner.segments import pieces
from integrations.models.embeddings.embedder import open_embedder

SINGLE = 1000
"""Single requests that count beside the marked messages; with more of them, two requests are heard as one too often."""

agents, embedder = registry.load(), open_embedder(Settings())
if embedder is None:
    raise SystemExit("The embedding model is not installed; run make setup first.")
meaning.write_planes(embedder, examples(agents, marked()))
said = examples(agents)
intents = Intents(agents, {label: texts[::2] for label, texts in said.items()})
with TemporaryDirectory() as kept:
    intents.learn(None, Path(kept), lambda: False, lambda: None)
others = [(text, label) for label, texts in said.items() for text in texts[1::2] if len(pieces(text)) > 1]
single = [Marked(text=one[0], requests=[one]) for one in others[:: max(1, len(others) // SINGLE)]]
cutting.save(cutting.grow(marked(), single, intents.shares))
