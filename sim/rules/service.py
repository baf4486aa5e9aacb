"""How long a service takes."""


def service_minutes(
    core: float,
    actions: float,
    complexity: float,
    slowness: float,
    hurry: float,
    in_hand: int,
    slowdown: float,
) -> float:
    """Minutes of service before self-check and fixes, fixed at the start (E23).

    ``core`` work and the ``actions`` performed are minutes at standard pace; ``slowness`` is learning over pace of
    the member at this stage (1 is standard); ``hurry`` the factor of work pressure on core work; ``in_hand`` the
    other customers the member serves at the same time, each of whom adds the share ``slowdown``.
    """
    return complexity * slowness * (core * hurry + actions) * (1.0 + slowdown * in_hand)
