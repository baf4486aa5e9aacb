"""Where a customer goes next."""


def next_branch(u: float, cumulative: tuple[float, ...]) -> int:
    """Index of the branch that uniform ``u`` falls into; the last one takes whatever rounding leaves over."""
    for branch in range(len(cumulative) - 1):
        if u < cumulative[branch]:
            return branch
    return len(cumulative) - 1


def pick_index(u: float, n: int) -> int:
    """One of n equally likely things, by a uniform in (0, 1)."""
    return min(n - 1, int(u * n))
