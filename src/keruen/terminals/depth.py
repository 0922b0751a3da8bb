"""From a charted depth and a water level to the draught a ship may have.

Levels are heights in metres on one datum, for the Caspian Sea the Baltic one (a sea at -29 m lies
29 m below it). A channel's depth is known at a certain level; when the sea falls by a metre, the
channel loses a metre.
"""

from __future__ import annotations

from keruen.errors import require_range
from keruen.units import DECIMETRES_PER_METRE

_HEIGHT_M = 12_000.0


def available_draught_m(
    channel_depth_m: float, depth_known_at_m: float, level_m: float, clearance_m: float
) -> float:
    """Draught that a channel allows at a water level.

    Parameters
    ----------
    channel_depth_m : float
        Depth of the channel at the level at which it is known, metres.
    depth_known_at_m : float
        That level, metres on the datum.
    level_m : float
        Level now, metres on the same datum.
    clearance_m : float
        Clearance kept under the keel, metres.

    Returns
    -------
    float
        ``channel depth + (level - level of the chart) - clearance``, not below nought.

    Raises
    ------
    keruen.errors.RangeError
        If a depth or the clearance is negative, or a level is no number.

    Examples
    --------
    6 m at -29.0 m Baltic, the sea now at -29.4 m, half a metre under the keel:

    >>> round(available_draught_m(6.0, -29.0, -29.4, 0.5), 3)
    5.1
    """
    require_range("channel_depth_m", channel_depth_m, 0.0)
    require_range("depth_known_at_m", depth_known_at_m, -_HEIGHT_M, _HEIGHT_M)
    require_range("level_m", level_m, -_HEIGHT_M, _HEIGHT_M)
    require_range("clearance_m", clearance_m, 0.0)
    return max(0.0, channel_depth_m + (level_m - depth_known_at_m) - clearance_m)


def missing_draught_dm(design_draught_m: float, available_m: float) -> float:
    """Decimetres by which the available draught falls short of the ship's at full payload.

    Parameters
    ----------
    design_draught_m : float
        Draught at full payload, metres.
    available_m : float
        Draught allowed, the least on the way, metres.

    Returns
    -------
    float
        Decimetres, 0 where the ship may load fully.

    Raises
    ------
    keruen.errors.RangeError
        If a draught is negative.

    Examples
    --------
    >>> round(missing_draught_dm(6.0, 5.1), 6)
    9.0
    """
    require_range("design_draught_m", design_draught_m, 0.0)
    require_range("available_m", available_m, 0.0)
    return max(0.0, design_draught_m - available_m) * DECIMETRES_PER_METRE
