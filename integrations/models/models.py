"""The models of one installation: which one serves which tier."""

from __future__ import annotations

from integrations.models.backend import ModelBackend, Tier


class Models:
    """Gives each tier its model. With one model, it serves all tiers; with none, every tier has none."""

    def __init__(self, model: ModelBackend | None = None) -> None:
        self._model = model

    def backend(self, tier: Tier = "balanced") -> ModelBackend | None:
        """The model for a tier, not loaded before it is asked; None when there is none."""
        return self._model

    async def close(self) -> None:
        """End what is being generated and free everything."""
        if self._model is not None:
            await self._model.close()
