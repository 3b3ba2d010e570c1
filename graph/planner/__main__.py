"""Learn the planes of meaning anew, after many examples have changed: ``python -m graph.planner``."""

from agents import registry
from config.settings import Settings
from graph.planner.intents import examples
from graph.planner.meaning import SHIPPED, write_planes
from integrations.models.embeddings.embedder import open_embedder

embedder = open_embedder(Settings())
if embedder is None:
    raise SystemExit("The embedding model is not installed; run make setup first.")
write_planes(embedder, examples(registry.load()), SHIPPED)
