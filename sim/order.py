"""Which of two things that fall on the same instant happens first.

Events are handled one at a time in the total order (time, kind, id): a service ends, a place is freed, staff comes
on, staff goes off or on a break, patience ends, close, and last an arrival, return or retry. The id is the
encounter's number; for staff it is role order × position, counted from 1 over all roles; the opening, which is the
first thing that comes on, has 0.

An event's priority is the constant of its kind plus its id; the smaller is the earlier.
"""

IDS = 1 << 48
"""Room for the ids of each kind."""

# SimPy's own events use priorities 0 and 1; ours come after them, so that all they set off is done before.
_FIRST = 2

SERVICE_ENDS = _FIRST
PLACE_FREED = _FIRST + IDS
STAFF_ON = _FIRST + 2 * IDS
STAFF_OFF = _FIRST + 3 * IDS
PATIENCE_ENDS = _FIRST + 4 * IDS
CLOSE = _FIRST + 5 * IDS
ARRIVAL = _FIRST + 6 * IDS
