"""What of observations was counted, and what was only said."""

from __future__ import annotations

from typing import Final

from keruen.model.model import Model

NOT_COUNTED: Final = frozenset({"", "none"})


def is_statement(model: Model, observation: str) -> bool:
    """Whether an observation is what somebody stated: of no period, and nothing was counted.

    Beside a claim that rests on it, it is the claim again, and no count to hold it against.

    Parameters
    ----------
    model : Model
        The study.
    observation : str
        Row of ``observations``; none, or one that is not known, is no statement.
    """
    if observation not in model["observations"].index:
        return False
    texts = (model.text("observations", observation, name) for name in ("from_date", "to_date"))
    counted = model.text("observations", observation, "counted")
    return not any(texts) and counted in NOT_COUNTED
