"""The family of scenarios whose figures theory knows, each figure chosen to be theory's own quantity.

Steady cases run a site that never closes; a case's size is stated in visits a replication. `waited_share` is
left out where a freed member meets a visit of the same instant (feedback): theory may count it either way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from . import chains, days, oracles
from .family import Case, Figure

VISITS = 50_000
SMOKE = (
    "erlang_b",
    "patience_exponential",
    "patience_constant",
    "priorities_mm2",
    "network",
    "floor_longest_wait",
    "balk_per_person",
    "lifo",
    "day_of_shifts",
)
SMOKE_SCALE = 0.1

Data = dict[str, Any]
Build = Callable[[float], Case]


def family(scale: float = 1.0) -> tuple[Case, ...]:
    """Every case, `scale` times as long; intervals may then be 1/sqrt(scale) times as wide."""
    return tuple(build(scale) for build in builders())


def smoke() -> tuple[Case, ...]:
    """A few short cases for every day: one of each kind of mechanism."""
    return tuple(c for c in family(SMOKE_SCALE) if c.name in SMOKE)


def builders() -> Iterator[Build]:
    yield from plain_queues()
    yield from lossy_queues()
    yield from impatient_queues()
    yield from general_queues()
    yield from ordered_queues()
    yield from networks()
    yield from unequal_members()
    yield from skills()
    yield from hesitant_customers()
    yield from service_that_depends()
    yield from whole_days()


# ---- the scenario file's form


def exponential(mean: float) -> Data:
    return {"dist": "exponential", "mean": mean}


def lognormal(mean: float, cv: float) -> Data:
    return {"dist": "lognormal", "mean": mean, "cv": cv}


def arriving(rate: float, start: str = "desk", **more: Any) -> Data:
    return {"arrivals": {"rate": f"{rate}/min"}, "start": start, **more}


def fig(measure: str, exact: float, within: float = 0.02, **scope: str) -> Figure:
    return Figure(measure, exact, scope, within)


def steady(name: str, visits_per_min: float, parts: Data, *figures: Figure, size: float = 1.0) -> Build:
    """A site that never closes: after a day of warm-up, `size` times the usual number of visits."""

    def build(scale: float) -> Case:
        measured = math.ceil(VISITS * size * scale / (visits_per_min * 1440))
        calendar = {"days": measured + 1, "warm_up": "1 d"}
        return Case(name, {"name": file_name(name), "calendar": calendar, **parts}, wider(figures, scale))

    return build


def daily(name: str, visits_per_day: float, calendar: Data, parts: Data, *figures: Figure) -> Build:
    """A site that opens every day empty."""

    def build(scale: float) -> Case:
        many = math.ceil(VISITS * scale / visits_per_day)
        data = {"name": file_name(name), "calendar": {"days": many, **calendar}, **parts}
        return Case(name, data, wider(figures, scale))

    return build


def wider(figures: tuple[Figure, ...], scale: float) -> tuple[Figure, ...]:
    return tuple(Figure(f.measure, f.exact, f.scope, f.within / math.sqrt(scale)) for f in figures)


def file_name(name: str) -> str:
    return name.replace("_", "-")


def one_desk(customers: Data, stage: Data, staff: Data | None = None, **more: Any) -> Data:
    """One stage `desk`, by default with one clerk."""
    clerks = staff or {"clerk": {"count": 1}}
    return {
        "customers": customers,
        "stages": {"desk": {"staff": list(clerks), **stage}},
        "staff": clerks,
        **more,
    }


def queue(rate: float, servers: int = 1, work: Data | str = "1 min", **stage: Any) -> Data:
    return one_desk({"all": arriving(rate)}, {"work": work, **stage}, {"clerk": {"count": servers}})


MINUTE = exponential(1.0)


def percentiles(law: Any, *percents: int, within: float = 0.03) -> list[Figure]:
    """Percentiles of the wait; a median near zero is known less well, for its size."""
    return [fig(f"wait_p{p}", law.percentile(p), within * (2.5 if p == 50 else 1)) for p in percents]


# ---- the families


def plain_queues() -> Iterator[Build]:
    mm1 = oracles.mmc(0.7, 1.0)
    yield steady(
        "mm1", 0.7, queue(0.7, work=MINUTE),
        fig("wait_mean", mm1.wait, 0.03),
        fig("wait_served_mean", mm1.wait, 0.03),
        fig("waited_share", 0.7),
        *percentiles(mm1, 50, 90, 95, within=0.04),
        fig("queue_mean", mm1.length, 0.03),
        fig("in_service_mean", 0.7),
        fig("in_system_mean", mm1.length + 0.7, 0.03),
        fig("service_mean", 1.0),
        fig("stay_mean", mm1.wait + 1, 0.03),
        fig("stay_p90", math.log(10) / 0.3, 0.04),
        fig("visits_mean", 1.0),
        fig("utilisation", 0.7, role="clerk"),
        fig("abandoned_share", 0.0),
        size=1.5,
    )  # fmt: skip
    busy = oracles.mmc(0.85, 1.0)
    yield steady(
        "mm1_busy", 0.85, queue(0.85, work=MINUTE),
        fig("wait_mean", busy.wait, 0.06), fig("queue_mean", busy.length, 0.06), fig("waited_share", 0.85),
        size=2.0,
    )  # fmt: skip
    calm = oracles.mmc(0.4, 1.0)
    yield steady(
        "mm1_calm", 0.4, queue(0.4, work=MINUTE),
        fig("wait_mean", calm.wait), fig("wait_p50", 0.0), *percentiles(calm, 90, 95, 99),
    )  # fmt: skip
    for servers, rate in [(3, 2.1), (10, 8.0)]:
        mmc = oracles.mmc(rate, 1.0, servers)
        yield steady(
            f"mm{servers}", rate, queue(rate, servers, MINUTE),
            fig("wait_mean", mmc.wait, 0.06), fig("waited_share", mmc.waited),
            fig("queue_mean", mmc.length, 0.06), fig("utilisation", rate / servers, role="clerk"),
            *percentiles(mmc, 90, 95, within=0.06),
        )  # fmt: skip


def lossy_queues() -> Iterator[Build]:
    room = chains.choosy(0.9, 1.0, 1, lambda n: n < 5)
    yield steady(
        "full_house", 0.9, {**queue(0.9, work=MINUTE), "site": {"capacity": 5}},
        fig("blocked_share", room.lost, 0.03), fig("wait_mean", room.wait), fig("waited_share", room.waited),
        fig("in_system_mean", room.inside), fig("queue_mean", room.length, 0.03),
    )  # fmt: skip
    lost = oracles.erlang_b(2.5, 3)
    for name, work in [("erlang_b", MINUTE), ("erlang_b_insensitive", lognormal(1.0, 1.5))]:
        yield steady(
            name, 2.5, {**queue(2.5, 3, work), "site": {"capacity": 3}},
            fig("blocked_share", lost), fig("wait_mean", 0.0), fig("waited_share", 0.0),
            fig("in_system_mean", 2.5 * (1 - lost)), fig("service_mean", 1.0),
            fig("utilisation", 2.5 * (1 - lost) / 3, role="clerk"),
        )  # fmt: skip


def impatient_queues() -> Iterator[Build]:
    two = exponential(2.0)
    hasty = {"dist": "mixture", "of": [{"dist": "constant", "value": 0}, two], "weights": [0.3, 0.7]}
    constant = {"dist": "constant", "value": 2.0}
    laws: list[tuple[str, float, int, Data, oracles.Patience]] = [
        ("patience_exponential", 3.0, 3, two, oracles.exponential_patience(2.0)),
        ("patience_overload", 2.4, 2, MINUTE, oracles.exponential_patience(1.0)),
        ("patience_constant", 3.3, 3, constant, oracles.constant_patience(2.0)),
        ("patience_lognormal", 3.0, 3, lognormal(2.0, 0.8), oracles.lognormal_patience(2.0, 0.8)),
        ("patience_some_none", 3.0, 3, hasty,
         oracles.some_leave_at_once(0.3, oracles.exponential_patience(2.0))),
    ]  # fmt: skip
    for name, rate, servers, patience, law in laws:
        exact = oracles.impatient(rate, 1.0, servers, law)
        data = queue(rate, servers, MINUTE)
        data["customers"]["all"]["patience"] = patience
        yield steady(
            name, rate, data,
            fig("abandoned_share", exact.abandoned), fig("visits_abandoned_share", exact.abandoned),
            fig("waited_share", exact.waited), fig("wait_mean", exact.wait),
            fig("wait_served_mean", exact.wait_served), fig("queue_mean", exact.length),
            *percentiles(exact, 50, 90, 95),
            fig("utilisation", rate * (1 - exact.abandoned) / servers, role="clerk"),
        )  # fmt: skip


def general_queues() -> Iterator[Build]:
    skewed = oracles.pollaczek_khinchine(0.5, 1.0, 1.5)
    yield steady(
        "mg1_lognormal", 0.5, queue(0.5, work=lognormal(1.0, 1.5)),
        fig("wait_mean", skewed, 0.04), fig("waited_share", 0.5), fig("queue_mean", 0.5 * skewed, 0.04),
        fig("service_mean", 1.0),
    )  # fmt: skip
    erlang = oracles.mg1(0.7, 1.0, 3**-0.5, oracles.erlang_transform(1.0, 3))
    mixed = oracles.mg1(0.5, 1.0, 2**0.5, lambda s: 2 / 3 / (1 + s / 2) + 1 / 3 / (1 + 2 * s))
    short_or_long = {"dist": "mixture", "of": [exponential(0.5), exponential(2.0)], "weights": [2 / 3, 1 / 3]}
    for name, rate, work, law in [
        ("mg1_erlang", 0.7, {"dist": "erlang", "mean": 1.0, "k": 3}, erlang),
        ("mg1_mixture", 0.5, short_or_long, mixed),
        ("md1", 0.7, "1 min", oracles.md1(0.7, 1.0)),
    ]:
        yield steady(
            name, rate, queue(rate, work=work),
            fig("wait_mean", law.wait, 0.03), fig("waited_share", rate),
            *percentiles(law, 90, 95, within=0.04),
        )  # fmt: skip
    for name, law, gap in [
        ("dm1", oracles.gi_m_1(oracles.constant_transform(1.25), 1.0, 0.8),
         {"dist": "constant", "value": 1.25}),
        ("e2m1", oracles.gi_m_1(oracles.erlang_transform(1.4, 2), 1.0, 1 / 1.4),
         {"dist": "erlang", "mean": 1.4, "k": 2}),
    ]:  # fmt: skip
        data = one_desk({"all": {"arrivals": {"interarrival": gap}, "start": "desk"}}, {"work": MINUTE})
        yield steady(
            name, 0.75, data,
            fig("wait_mean", law.wait, 0.03), fig("waited_share", law.waited),
            *percentiles(law, 50, 90, 95, within=0.04),
        )  # fmt: skip
    parties = oracles.batches(0.3, 1.0, [1, 2, 3])
    data = queue(0.3, work=MINUTE)
    data["customers"]["all"]["arrivals"]["party"] = {"dist": "empirical", "values": [1, 2, 3]}
    yield steady(
        "parties", 0.6, data,
        fig("wait_mean", parties.wait, 0.03), fig("waited_share", parties.waited),
        fig("queue_mean", 0.6 * parties.wait, 0.03),
    )  # fmt: skip


def ordered_queues() -> Iterator[Build]:
    urgent, other = oracles.priorities_mmc([0.6, 0.8], 1.0, 2)
    customers = {"urgent": arriving(0.6, priority=1), "other": arriving(0.8, priority=2)}
    yield steady(
        "priorities_mm2", 1.4,
        one_desk(customers, {"work": MINUTE, "queue": "priority"}, {"clerk": {"count": 2}}),
        fig("wait_mean", urgent, 0.03, segment="urgent"), fig("wait_mean", other, 0.04, segment="other"),
        fig("waited_share", oracles.erlang_c(1.4, 2), segment="urgent"),
    )  # fmt: skip
    square = 1 + 0.8**2
    short, long = oracles.cobham([(0.5, 0.6, 0.36 * square), (0.25, 1.2, 1.44 * square)])
    customers = {"short": arriving(0.5, priority=1), "long": arriving(0.25, priority=2, complexity=2.0)}
    yield steady(
        "priorities_mg1", 0.75, one_desk(customers, {"work": lognormal(0.6, 0.8), "queue": "priority"}),
        fig("wait_mean", short, 0.03, segment="short"), fig("wait_mean", long, 0.04, segment="long"),
        fig("service_mean", 0.6, segment="short"), fig("service_mean", 1.2, segment="long"),
        fig("utilisation", 0.6, role="clerk"),
    )  # fmt: skip
    for name, law in [("lifo", chains.lifo_mm1(0.6, 1.0)), ("random", chains.random_mm1(0.6, 1.0))]:
        yield steady(
            name, 0.6, queue(0.6, work=MINUTE, queue=name),
            fig("wait_mean", law.mean, 0.03), fig("waited_share", 0.6),
            *percentiles(law, 50, 90, 95, within=0.04),
        )  # fmt: skip


def networks() -> Iterator[Build]:
    again = oracles.mmc(0.6, 1.0)
    yield steady(
        "feedback", 0.6, queue(0.42, work=MINUTE, next={"desk": 0.3, "leave": 0.7}),
        fig("wait_mean", again.wait, 0.03), fig("visits_mean", 1 / 0.7),
        fig("queue_mean", again.length, 0.03),
        fig("stay_mean", (again.length + 0.6) / 0.42, 0.03),
    )  # fmt: skip
    first, second = oracles.mmc(0.6, 1.0), oracles.mmc(0.6, 0.45, 2)
    yield steady(
        "tandem", 1.8,
        {
            "customers": {"all": arriving(0.6, "desk")},
            "stages": {
                "desk": {"staff": ["clerk"], "work": MINUTE, "next": {"office": 1.0}},
                "office": {"staff": ["expert"], "work": exponential(1 / 0.45), "next": {"walk": 1.0}},
                "walk": {"staff": [], "work": lognormal(4.0, 0.5)},
            },
            "staff": {"clerk": {"count": 1}, "expert": {"count": 2}},
        },
        fig("wait_mean", first.wait, 0.03, stage="desk"), fig("wait_mean", second.wait, 0.04, stage="office"),
        fig("waited_share", second.waited, stage="office"), fig("in_service_mean", 2.4, stage="walk"),
        fig("stay_mean", first.wait + 1 + second.wait + 1 / 0.45 + 4, 0.03), fig("visits_mean", 3.0),
        size=2.0,
    )  # fmt: skip
    routes = {"desk": {"office": 0.5, "leave": 0.5}, "office": {"desk": 0.3, "leave": 0.7}}
    rates = oracles.traffic({"desk": 0.6, "office": 0.1}, routes)
    desk, office = oracles.mmc(rates["desk"], 1.2), oracles.mmc(rates["office"], 0.3, 2)
    inside = desk.length + rates["desk"] / 1.2 + office.length + rates["office"] / 0.3
    yield steady(
        "network", sum(rates.values()),
        {
            "customers": {"some": arriving(0.6, "desk"), "others": arriving(0.1, "office")},
            "stages": {
                "desk": {"staff": ["clerk"], "work": exponential(1 / 1.2), "next": routes["desk"]},
                "office": {"staff": ["expert"], "work": exponential(1 / 0.3), "next": routes["office"]},
            },
            "staff": {"clerk": {"count": 1}, "expert": {"count": 2}},
        },
        fig("wait_mean", desk.wait, 0.03, stage="desk"), fig("wait_mean", office.wait, 0.05, stage="office"),
        fig("visits_mean", sum(rates.values()) / 0.7), fig("in_system_mean", inside, 0.03),
        fig("utilisation", rates["office"] / 0.6, role="expert"), fig("stay_mean", inside / 0.7, 0.03),
    )  # fmt: skip
    yield steady(
        "errors_return", 0.6,
        queue(0.48, work=MINUTE,
              error={"probability": 0.25, "returns": 0.8, "after": exponential(30.0), "returns_to": "desk"}),
        fig("wait_mean", again.wait, 0.03), fig("visits_mean", 1.25),
        fig("in_system_mean", again.length + 0.6, 0.03),
    )  # fmt: skip
    meal = chains.tables(0.5, 1.5, 1 / 3, 3)
    yield steady(
        "tables", 1.0,
        {
            "customers": {"all": arriving(0.5, "order")},
            "site": {"places": {"table": 3}},
            "stages": {
                "order": {"staff": ["waiter"], "takes": "table", "work": exponential(1 / 1.5),
                          "next": {"eat": 1.0}},
                "eat": {"staff": [], "frees": "table", "work": exponential(3.0)},
            },
            "staff": {"waiter": {"count": 1}},
        },
        fig("wait_mean", meal.wait, 0.05, stage="order"), fig("waited_share", meal.waited, stage="order"),
        fig("in_system_mean", meal.inside, 0.03),
        size=2.0,
    )  # fmt: skip


def unequal_members() -> Iterator[Build]:
    fast, slow = 1.5, 0.5
    rules: list[tuple[str, list[Any], str, chains.Unequal]] = [
        ("slow_first", ["slow", "fast"], "longest_idle", chains.unequal_pair(1.2, (slow, fast), "first")),
        ("fastest", [["slow", "fast"]], "fastest", chains.unequal_pair(1.2, (fast, slow), "first")),
        ("any_free", [["slow", "fast"]], "random", chains.unequal_pair(1.2, (slow, fast), "random")),
        ("longest_idle", [["slow", "fast"]], "longest_idle",
         chains.unequal_pair(1.2, (slow, fast), "longest_idle")),
    ]  # fmt: skip
    for name, ranks, rule, exact in rules:
        data = queue(1.2, work=MINUTE)
        data["staff"] = {"slow": {"count": 1, "pace": slow}, "fast": {"count": 1, "pace": fast}}
        data["stages"]["desk"]["staff"] = ranks
        data["choose_staff"] = rule
        busy = dict(zip(("fast", "slow") if rule == "fastest" else ("slow", "fast"), exact.busy, strict=True))
        yield steady(
            name, 1.2, data,
            fig("wait_mean", exact.wait, 0.04), fig("waited_share", exact.waited),
            fig("service_mean", sum(exact.busy) / 1.2),
            *(fig("utilisation", share, role=role) for role, share in busy.items()),
        )  # fmt: skip


def skills() -> Iterator[Build]:
    helps: Data = {"specialist": {"a": 1.0}, "generalist": {"b": 1.0, "a": 0.8}}
    crossed: Data = {"specialist": {"a": 1.0, "b": 0.7}, "generalist": {"b": 1.0, "a": 0.7}}
    for name, serves, ranks, picks in [
        ("floor_longest_wait", helps, {"a": [0, 1], "b": [1]}, "longest_wait"),
        ("floor_in_order", helps, {"a": [0, 1], "b": [1]}, "in_order"),
        ("floor_own_first", crossed, {"a": [0, 1], "b": [1, 0]}, "own_first"),
    ]:
        rates = {"a": 0.9, "b": 0.6}
        exact = chains.floor(rates, list(serves.values()), ranks, picks, 8)
        roles = list(serves)
        data = {
            "site": {"capacity": 8},
            "customers": {f"for_{s}": arriving(rate, s) for s, rate in rates.items()},
            "stages": {s: {"staff": [roles[i] for i in ranks[s]], "work": MINUTE} for s in rates},
            "staff": {role: {"count": 1, "serves": serves[role], "picks": picks} for role in roles},
        }
        yield steady(
            name, 1.5, data,
            *(fig("wait_mean", exact.wait[s], 0.03, stage=s) for s in rates),
            *(fig("waited_share", exact.waited[s], stage=s) for s in rates),
            *(fig("utilisation", busy, role=r) for r, busy in zip(roles, exact.busy, strict=True)),
            fig("blocked_share", exact.blocked, 0.05),
        )  # fmt: skip


def hesitant_customers() -> Iterator[Build]:
    rules: list[tuple[str, float, int, Data, Callable[[int], float]]] = [
        ("balk_per_person", 2.4, 2, {"per_person_ahead": 0.3}, lambda n: math.exp(-0.3 * max(n - 2, 0))),
        ("balk_inverse", 1.5, 1, {"inverse": True}, lambda n: 1 / (n + 1)),
        ("balk_if_wait", 2.0, 2, {"if_wait": 0.4}, lambda n: 1.0 if n < 2 else 0.6),
        ("balk_at_four", 1.8, 2, {"queue_at_least": 4}, lambda n: n < 6),
        ("balk_twice", 1.8, 2, {"if_wait": 0.2, "per_person_ahead": 0.2},
         lambda n: 1.0 if n < 2 else 0.8 * math.exp(-0.2 * (n - 2))),
    ]  # fmt: skip
    for name, rate, servers, balk, joins in rules:
        exact = chains.choosy(rate, 1.0, servers, joins)
        yield steady(
            name, rate, queue(rate, servers, MINUTE, balk=balk),
            fig("balked_share", exact.lost, 0.03), fig("wait_mean", exact.wait, 0.03),
            fig("waited_share", exact.waited), fig("queue_mean", exact.length, 0.03),
            fig("in_system_mean", exact.inside),
        )  # fmt: skip
    tries = chains.retrying(1.6, 1.0, 2, 2.0, again=0.7, after=5.0)
    data = queue(1.6, 2, MINUTE, retry={"probability": 0.7, "after": exponential(5.0)})
    data["customers"]["all"]["patience"] = exponential(2.0)
    yield steady(
        "retries", 1.6 * tries.visits, data,
        fig("abandoned_share", tries.abandoned, 0.03),
        fig("visits_abandoned_share", tries.visits_abandoned, 0.03),
        fig("wait_mean", tries.wait, 0.03),
    )  # fmt: skip


def service_that_depends() -> Iterator[Build]:
    chat = chains.slots(1.1, 2, lambda others, inside: 1 / (1 + 0.3 * others))
    data = queue(1.1, work=MINUTE)
    data["staff"]["clerk"] |= {"at_once": 2, "slowdown": 0.3}
    yield steady(
        "chat", 1.1, data,
        fig("wait_mean", chat.wait, 0.04), fig("waited_share", chat.waited),
        fig("service_mean", chat.service), fig("in_service_mean", 1.1 * chat.service),
        fig("utilisation", 1.1 * chat.service / 2, role="clerk"),
    )  # fmt: skip
    hurried = chains.slots(1.6, 2, lambda others, inside: min(max(inside / (2 * 0.85), 0.5), 2.0) ** 0.5)
    data = queue(1.6, 2, MINUTE)
    data["quality"] = {"load": {"speed_up": 0.5, "reference": 0.85, "low": 0.5, "high": 2}}
    yield steady(
        "hurried", 1.6, data,
        fig("wait_mean", hurried.wait, 0.03), fig("waited_share", hurried.waited),
        fig("service_mean", hurried.service),
    )  # fmt: skip


def whole_days() -> Iterator[Build]:
    blocks = [
        days.Block(120, 0.6, 1),
        days.Block(180, 2.2, 3),
        days.Block(60, 1.2, 3),
        days.Block(120, 1.2, 2),
    ]
    exact = days.day(blocks, 1.0)
    data = one_desk(
        {
            "all": {
                "arrivals": {"rate": {"08:00": "0.6/min", "10:00": "2.2/min", "13:00": "1.2/min"}},
                "start": "desk",
            }
        },
        {"work": MINUTE},
        {"clerk": {"on_duty": {"08:00": 1, "10:00": 3, "14:00": 2}}},
        choose_staff="first",
    )
    yield daily(
        "day_of_shifts", exact.arrivals, {"open": "08:00", "close": "16:00", "at_close": "serve"}, data,
        *day_figures(exact),
    )  # fmt: skip
    blocks = [days.Block(60, 1.0, 2), days.Block(60, 1.0, 1), days.Block(60, 1.8, 2)]
    exact = days.day(blocks, 1.0, patience=3.0, turn_away=True)
    patient = {"arrivals": {"rate": {"09:00": "1/min", "11:00": "1.8/min"}}, "patience": exponential(3.0)}
    data = one_desk(
        {"all": {**patient, "start": "desk"}},
        {"work": MINUTE},
        {"clerk": {"on_duty": {"09:00": 2, "10:00": 1, "11:00": 2}}},
        choose_staff="first",
    )
    yield daily(
        "day_turned_away", exact.arrivals, {"open": "09:00", "close": "12:00", "at_close": "turn_away"}, data,
        *day_figures(exact),
        fig("abandoned_share", exact.abandoned, 0.03), fig("turned_away_share", exact.turned_away, 0.1),
    )  # fmt: skip
    book = partial("{:02d}:{:02d}".format)
    times = [book(*divmod(540 + 10 * i, 60)) for i in range(40)]
    booked = days.appointments([10.0] * 39, 1 / 8, no_show=0.15)
    data = one_desk({"all": {"arrivals": {"at": times, "no_show": 0.15}, "start": "desk"}}, {"work": exponential(8.0)})
    yield daily(
        "appointments", 34, {"open": "09:00", "close": "17:00", "at_close": "serve"}, data,
        fig("wait_mean", booked.wait, 0.03), fig("waited_share", booked.waited),
    )  # fmt: skip


def day_figures(exact: days.Day) -> list[Figure]:
    return [
        fig("wait_mean", exact.wait, 0.04),
        fig("waited_share", exact.waited),
        fig("queue_mean", exact.queue, 0.04),
        fig("in_service_mean", exact.in_service),
    ]
