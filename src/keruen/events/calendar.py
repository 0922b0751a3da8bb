"""Windows that return every day: whether one is closed at a time, and when it opens again.

Times are whole milliseconds since a midnight. A window opens at ``start`` after each midnight and
lasts ``length``; it may run over midnight. Length 0 means that there is none.
"""

from __future__ import annotations

from typing import Final

from keruen.jit import part

MINUTE_MS: Final = 60_000
DAY_MS: Final = 86_400_000


@part
def window_end(time: int, lasting: int, start: int, length: int) -> int:
    """When something that begins at ``time`` and lasts so long no longer meets the window.

    Parameters
    ----------
    time, lasting : int
        It would take [time, time + lasting), milliseconds; a lasting of 0 stands for an instant.
    start, length : int
        The daily window: [start, start + length) after each midnight, 0 <= start < a day, and
        0 <= length <= a day.

    Returns
    -------
    int
        ``time`` itself where the two do not meet, else the end of the window they meet in; there
        it may meet the next day's, so ask again.

    Examples
    --------
    A window from 10:00 for two hours; something that lasts half an hour, from 9:00 and 9:45:

    >>> hour = 60 * MINUTE_MS
    >>> [window_end(begin, hour // 2, 10 * hour, 2 * hour) / hour for begin in (9 * hour, 35100000)]
    [9.0, 12.0]
    """
    if length == 0:
        return time
    # The last window that begins at or before `time`, and the one after it.
    latest = (time - start) // DAY_MS * DAY_MS + start
    if time < latest + length:
        return latest + length
    following = latest + DAY_MS
    if time + lasting > following:
        return following + length
    return time
