"""Anchors about waits: how long they feel, who hangs up, and the law of those who give up."""

from __future__ import annotations

from tests.predictions.pairs import study
from tests.theory.oracles import exponential_patience, impatient

from .anchor import RUN, Anchor, figure
from .crowd import SEED, lived

JONES = "Jones and Peppiatt 1996, 300 customers"
MUNICHOR = "Munichor and Rafaeli 2007, 123 callers"
MANDELBAUM = "Mandelbaum and Zeltyn; exact for exponential patience"


def pairs_of(service: str, days: int = 10, **customer: object) -> dict:
    """Customers come two by two to one clerk, whose time is constant: one of each two waits just that long."""
    arrivals = {"interarrival": "10 min", "party": 2}
    return {
        "name": "two-by-two",
        "calendar": {"days": days, "open": "00:00", "close": "24:00"},
        "customers": {"all": {"arrivals": arrivals, "start": "desk", **customer}},
        "stages": {"desk": {"staff": ["clerk"], "work": service}},
        "staff": {"clerk": {"count": 1}},
    }


def perceived() -> tuple[Anchor, ...]:
    """Waits of 158 seconds, by many customers."""
    wait = {"stage": "desk", "kind": "wait", "dimension": "responsiveness", "weight": 1}
    felt: list[float] = []
    for day in lived({**pairs_of("158 s", days=40), "actions": {"wait": wait}}):
        felt += (60 * day.perception.perceived_wait_min[day.log.wait_us > 0]).tolist()
    of = "factor 1.541, exponent .90, spread .35"
    return (Anchor("A wait of 158 s feels like, seconds", of, JONES, "finding", 221.0, *figure(felt), 0.5, RUN),)


def hang_ups() -> tuple[Anchor, ...]:
    """On hold for 108 seconds, with music, apologies, or one's place in the queue."""
    music = pairs_of("108 s", days=30, patience={"dist": "exponential", "mean": "89.7 s"})
    place = {"stages.desk.announce": {"what": "position"}, "customers.all.patience": {"times": 2.7}}
    found = study(music, replications=5, seed=SEED, apologies={"customers.all.patience": {"times": 1.086}}, place=place)
    heard = {"base": ("music", 0.70), "apologies": ("apologies", 0.67), "place": ("the place in the queue", 0.36)}
    return tuple(
        Anchor(
            f"Hang-ups within 108 s, hearing {name}",
            "exponential patience of 89.7 s; × 1.09 and × 2.7",
            MUNICHOR,
            "finding",
            published,
            *figure(2 * found.of(policy, "visits_abandoned_share")),
            0.005,
            RUN,
        )
        for policy, (name, published) in heard.items()
    )


def erlang_a() -> tuple[Anchor, ...]:
    """A call centre: one call a minute, five agents, five minutes each, patience of ten on average."""
    site = {
        "name": "erlang-a",
        "calendar": {"days": 12, "warm_up": "1 d"},
        "customers": {
            "all": {
                "arrivals": {"rate": "1/min"},
                "start": "line",
                "patience": {"dist": "exponential", "mean": "10 min"},
            }
        },
        "stages": {"line": {"staff": ["agent"], "work": {"dist": "exponential", "mean": "5 min"}}},
        "staff": {"agent": {"count": 5}},
    }
    found = study(site, replications=10, seed=SEED)
    lost, wait = found.of("base", "abandoned_share"), found.of("base", "wait_mean")
    exact = impatient(1.0, 0.2, 5, exponential_patience(10.0))
    of = "1 call per minute, 5 agents, 5 min, patience 10 min, all exponential"
    return (
        Anchor("Share who hang up", of, MANDELBAUM, "derived", exact.abandoned, *figure(lost), 0.0, RUN),
        Anchor("Mean wait, minutes", of, MANDELBAUM, "derived", exact.wait, *figure(wait), 0.0, RUN),
        Anchor(
            "Share who hang up − mean wait / patience",
            of,
            MANDELBAUM,
            "derived",
            0.0,
            *figure(lost - wait / 10),
            0.0,
            RUN,
        ),
    )
