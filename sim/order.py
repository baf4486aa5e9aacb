"""Which of two things that fall on the same instant happens first.

Events are handled one at a time in the total order (time, kind, id). The id is the encounter's number; for staff
it is role order × position, counted over all roles.
"""

from enum import IntEnum


class Kind(IntEnum):
    """What an event is, in the order of one instant."""

    SERVICE_ENDS = 0
    PLACE_FREED = 1
    STAFF_ON = 2  # the site's opening is the first of these: id 0, before any member's
    STAFF_OFF = 3  # going home or on a break
    PATIENCE_ENDS = 4
    CLOSE = 5
    ARRIVAL = 6  # a first arrival, a return or a retry


# SimPy's own events use priorities 0 and 1; ours come after them, so that all they set off is done before.
_FIRST_PRIORITY = 2
_IDS = 1 << 48


def priority(kind: int, identity: int) -> int:
    """Place of an event among those of its instant: smaller is earlier. ``identity`` is in [0, 2**48)."""
    return _FIRST_PRIORITY + kind * _IDS + identity
