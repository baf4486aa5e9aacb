"""What it saves to show the same customers to two policies, measured through the simulator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sim
from sim.study.cases import Case
from sim.study.desk import Desk
from sim.study.keys import key_of
from sim.study.statistics.paired import Paired, paired

from .row import Found, Row, shown

FILE = Path(__file__).with_name("pairing.yaml")
SEED = 1
REPLICATIONS = 400
SITES: dict[str, dict[str, Any]] = {
    "every day the same demand": {},
    "busy and quiet days, cv .15": {"customers.all.arrivals.busyness_cv": 0.15},
    "three clerks, 4.3 min": {"staff.clerk.count": 3, "stages.desk.work.mean": "4.3 min"},
    "eight clerks, 11.5 min": {"staff.clerk.count": 8, "stages.desk.work.mean": "11.5 min"},
}
POLICIES = {"one_more": "one more clerk", "faster": "10 % faster by training"}
MEASURES = {"wait_mean": "wait", "stay_mean": "time on site"}
BARS = {"one_more": 5.0, "faster": 15.0}


def at_least(measure: str, site: str, policy: str) -> float | None:
    """What pairing has to save: of the time on site everywhere, of the wait where days differ in demand."""
    return BARS[policy] if measure == "stay_mean" or site.startswith("busy and quiet") else None


def cases(site: str, policies: tuple[str, ...]) -> list[Case]:
    """The scenario of a site as it is, and under each of these policies."""
    whole = sim.load(FILE)
    clerks = int(SITES[site].get("staff.clerk.count", 4))
    own = {"one_more": {"staff.clerk.count": clerks + 1}}
    return [
        Case(name, whole.with_levers({**SITES[site], **whole.policies[name], **own.get(name, {})}), ())
        for name in ("as_is", *policies)
    ]


def against_as_is(site: str, policies: tuple[str, ...], replications: int, measure: str = "wait_mean") -> list[Paired]:
    """Each policy against the baseline, replication by replication with the same customers."""
    desk = Desk(cases(site, policies), SEED)
    desk.collect(range(replications))
    return pairs(desk, measure, replications)


def pairs(desk: Desk, measure: str, replications: int) -> list[Paired]:
    """Every other case of the desk against its first."""
    key = key_of(measure)
    baseline, *others = [desk.values(i, key, replications) for i in range(len(desk.cases))]
    return [paired(baseline, other) for other in others]


def make(tries: int) -> list[Row]:
    made = []
    for site in SITES:
        desk = Desk(cases(site, tuple(POLICIES)), SEED)
        desk.collect(range(tries))
        for measure, of in MEASURES.items():
            for policy, found in zip(POLICIES, pairs(desk, measure, tries), strict=True):
                low = at_least(measure, site, policy)
                saved = shown(found.variance_ratio, 1) if low is None else Found(found.variance_ratio, low, digits=1)
                change = (shown(found.baseline_mean, 2), shown(found.difference, 2), shown(found.correlation, 2))
                made.append(Row((site, POLICIES[policy], of), (*change, saved)))
    return made


HEAD = ("site", "policy", "mean of")
FIGURES = ("minutes", "change", "correlation", "variance saved (at least)")
