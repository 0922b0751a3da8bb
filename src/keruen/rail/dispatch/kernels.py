"""Whether the kernels of the dispatcher are compiled already, for compiling them takes long."""

from __future__ import annotations

from keruen.jit import is_kept
from keruen.rail.dispatch.look_ahead import advance_looking_ahead
from keruen.rail.dispatch.loop import advance
from keruen.rail.dispatch.network import Policy


def is_compiled(policy: Policy) -> bool:
    """Whether a run under a policy begins at once.

    Parameters
    ----------
    policy : Policy
        First come and priority share their kernels; look-ahead has more.

    Returns
    -------
    bool
        False where compiled code is not kept.
    """
    return is_kept(advance) and (policy != Policy.LOOK_AHEAD or is_kept(advance_looking_ahead))
