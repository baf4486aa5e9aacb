"""What customers make of a problem: how bad it is, whether they speak up, and who may settle it (E35)."""

NO_PROBLEM, MINOR, MAJOR = range(3)
SILENT, ON_THE_SPOT, ESCALATED = range(3)


def error_severity(own: int, u: float, major: float) -> int:
    """How bad an error is: as its outcome action says, else MAJOR for the share ``major``, by the uniform ``u``."""
    if own != NO_PROBLEM:
        return own
    return MAJOR if u < major else MINOR


def speaks_up(u_voice: float, voice: float, may_settle: bool, u_authority: float, authority: float) -> int:
    """What a customer with a problem does: SILENT, or heard ON_THE_SPOT, or ESCALATED to those who hear complaints.

    The share ``voice`` speaks up; of them the share ``authority`` is settled by who serves, if ``may_settle``.
    """
    if u_voice >= voice:
        return SILENT
    return ON_THE_SPOT if may_settle and u_authority < authority else ESCALATED


def is_resolved(u: float, resolve: float) -> bool:
    """Whether who was heard goes away content, by the uniform ``u`` of the visit in which she was heard."""
    return u < resolve
