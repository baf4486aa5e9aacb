"""Any small site that loads runs through and obeys every law; one that does not load says why."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import GuardStop, ScenarioError
from sim.flow.log import Ended, Spell
from tests.by_hand.run import Run

STAGES = ("one", "two", "three")
ROLES = ("ann", "bob")
SEGMENTS = ("few", "many")
PLACES = ("room", "hall")
CLOCKS = ("00:00", "06:00", "07:30", "08:00", "09:00", "10:15", "12:00", "13:00", "16:00", "18:00", "22:00", "24:00")
MINUTES = st.sampled_from([0, 0.5, 1, 3, 7.25, 20, 60])
SHARE = st.sampled_from([0, 0.1, 0.5, 0.9, 1])


def maybe(strategy):
    """The key, or not."""
    return st.none() | strategy


def mapping(**entries):
    """A dict of those entries that came out as something."""
    return st.fixed_dictionaries(entries).map(lambda d: {key: value for key, value in d.items() if value is not None})


def spread(*, least=0.2, timed=True):
    """A law of a duration; by time of day too, if ``timed``."""
    mean = st.sampled_from([m for m in (0.2, 1, 3, 8, 30) if m >= least])
    laws = [
        mean,
        mean.map(lambda m: {"dist": "exponential", "mean": m}),
        mean.map(lambda m: {"dist": "lognormal", "mean": m, "cv": 0.7}),
        mean.map(
            lambda m: {
                "dist": "mixture",
                "of": [0, {"dist": "uniform", "low": 0, "high": 2 * m}],
                "weights": [0.3, 0.7],
            }
        ),
    ]
    if timed:
        laws.append(
            mean.map(lambda m: {"dist": "by_time", "08:00": m, "12:00": {"dist": "gamma", "mean": 2 * m, "cv": 1}})
        )
    return st.one_of(laws)


CALENDAR = st.one_of(
    mapping(days=st.integers(1, 3)),
    mapping(
        days=st.integers(1, 3),
        open=st.sampled_from(CLOCKS[:-1]),
        close=st.sampled_from(CLOCKS),
        at_close=maybe(st.sampled_from(["serve", "turn_away"])),
        week=maybe(st.sampled_from([["mon", "tue"], ["fri", "mon"], ["sun", "mon", "tue", "wed", "thu"]])),
    ),
    mapping(
        days=st.integers(1, 3),
        hours=st.sampled_from(
            [[["08:00", "10:00"], ["10:00", "13:00"]], [["08:00", "09:00"], ["12:00", "14:00"], ["22:00", "02:00"]]]
        ),
        at_close=maybe(st.sampled_from(["serve", "turn_away"])),
    ),
)

ARRIVALS = st.one_of(
    mapping(
        rate=st.sampled_from(
            ["3/h", "20/h", {"08:00": "30/h", "09:00": "0/h", "12:30": "6/h"}, {"mon": "4/h", "default": "9/h"}]
        ),
        scale=maybe(st.sampled_from([0, 0.5, 1.5])),
        busyness_cv=maybe(st.just(0.4)),
        party=maybe(st.sampled_from([2, {"dist": "uniform", "low": 0, "high": 4}])),
    ),
    mapping(interarrival=spread(least=8, timed=False), scale=maybe(st.sampled_from([0, 2])), party=maybe(st.just(3))),
    mapping(
        at=st.lists(st.sampled_from(CLOCKS[:-1]), min_size=1, max_size=12),
        late=maybe(st.sampled_from([-40, 15, {"dist": "normal", "mean": 0, "sd": 60}])),
        no_show=maybe(SHARE),
        wait_from=maybe(st.sampled_from(["arrival", "appointment"])),
    ),
)

SEGMENT = mapping(
    arrivals=ARRIVALS,
    start=st.sampled_from(STAGES),
    patience=maybe(
        st.one_of(
            spread(),
            st.just(0),
            spread().map(lambda law: {"one": law, "default": 5}),
            st.just({"dist": "exponential", "mean": 4, "silent": {"share": 0.5, "wasted": 2}}),
        )
    ),
    priority=maybe(st.integers(-1, 2)),
    group=maybe(st.sampled_from([2, {"dist": "uniform", "low": 1, "high": 5}])),
    complexity=maybe(st.sampled_from([0.5, 2])),
)

STAFFED = st.lists(
    st.sampled_from([["ann"], ["bob"], ["ann", "bob"], [["ann", "bob"]], ["bob", "ann"], []]), min_size=3, max_size=3
)


def routes(after):
    """Mostly forward or out, seldom back."""
    return st.sampled_from(
        [
            {"leave": 1},
            {after: 0.6, "leave": 0.4},
            {after: 0.3, "two": 0.1, "leave": 0.6} if after != "two" else {"leave": 1},
        ]
    )


def a_stage(place):
    after = STAGES[(STAGES.index(place) + 1) % 3]
    return mapping(
        work=spread(),
        queue=maybe(st.sampled_from(["fifo", "lifo", "priority", "random"])),
        balk=maybe(
            st.sampled_from(
                [{"per_person_ahead": 0.2}, {"queue_at_least": 2}, {"if_wait": 0.3}, {"inverse": True, "if_wait": 0.1}]
            )
        ),
        announce=maybe(st.sampled_from([{"what": "expected_wait", "balk": True}, {"what": "position"}])),
        error=maybe(
            mapping(
                probability=SHARE, returns=st.sampled_from([0, 0.5]), after=spread(), returns_to=st.sampled_from(STAGES)
            )
        ),
        retry=maybe(mapping(probability=st.sampled_from([0.3, 0.8]), after=spread(least=3))),
        next=maybe(routes(after)),
        takes=maybe(st.sampled_from(["room", [{"place": "room", "up_to": 2}, {"place": "hall"}], "hall"])),
        frees=maybe(st.sampled_from([*PLACES, ["room", "hall"]])),
    )


MEMBERS = st.lists(
    mapping(
        shift=st.sampled_from([["08:00", "18:00"], ["12:00", "13:00"], ["22:00", "06:00"], ["00:00", "24:00"]]),
        breaks=maybe(st.sampled_from([[["12:15", "12:45"]], [["00:30", "01:00"]], []])),
        days=maybe(st.sampled_from([["mon"], ["tue", "sun"]])),
        skill=maybe(SHARE),
        serves=maybe(st.sampled_from([{"one": 1}, {"two": 2, "one": 0.5}])),
    ),
    min_size=1,
    max_size=3,
).map(lambda people: [{"name": f"m{i}", **person} for i, person in enumerate(people)])

ROSTER = st.one_of(
    st.integers(0, 3).map(lambda n: {"count": n}),
    st.sampled_from([{"08:00": 1, "12:00": 3, "20:00": 0}, {"mon": 2, "default": {"00:00": 1, "09:00": 2}}]).map(
        lambda d: {"on_duty": d}
    ),
    MEMBERS.map(lambda members: {"members": members}),
)

ROLE = st.tuples(
    ROSTER,
    mapping(
        picks=maybe(st.sampled_from(["longest_wait", "in_order", "own_first"])),
        at_once=maybe(st.integers(1, 3)),
        slowdown=maybe(st.just(0.2)),
        skill=maybe(SHARE),
        skill_sd=maybe(st.just(0.5)),
        adherence=maybe(SHARE),
        pace=maybe(st.just(1.5)),
        pace_cv=maybe(st.just(0.3)),
        tenure=maybe(st.just("20 wk")),
        empowerment=maybe(SHARE),
    ),
).map(lambda parts: {**parts[0], **parts[1]})

ACTIONS = maybe(
    st.just(
        {
            "greet": {
                "stage": "one",
                "dimension": "empathy",
                "weight": 1,
                "time": 0.5,
                "required": 0.8,
                "discretion": 0.5,
                "checkable": True,
                "severity": "major",
            },
            "result": {"stage": "two", "kind": "outcome", "dimension": "reliability", "weight": 1, "checkable": True},
        }
    )
)
QUALITY = maybe(
    mapping(
        load=maybe(st.just({"corner_cutting": 0.5, "speed_up": 0.3})),
        fatigue_per_hour=maybe(st.just(0.05)),
        learning=maybe(st.just({"exponent": 0.3})),
        error=maybe(st.just({"skill_effect": 0.5, "load_effect": 0.5})),
    )
)


MANAGEMENT = maybe(
    mapping(
        self_check=maybe(st.just({"share": 0.5})),
        recovery=maybe(
            mapping(
                stage=st.sampled_from(STAGES),
                voice=st.sampled_from([0.3, 1]),
                resolve=st.sampled_from([0, 0.5, 1]),
                authority=maybe(SHARE),
                time=maybe(MINUTES),
            )
        ),
        reflection=maybe(mapping(time=maybe(MINUTES), decline=maybe(st.just("1 d")))),
    )
)


@st.composite
def sites(draw):
    """Scenarios of three stages, two roles, two segments; a part of them does not fit together."""
    staffed = draw(STAFFED)
    stages = {place: {"staff": staff, **draw(a_stage(place))} for place, staff in zip(STAGES, staffed, strict=True)}
    if staffed[0] and staffed[1] and draw(st.booleans()):
        stages["two"]["same_as"] = "one"
        if draw(st.booleans()):
            stages["two"]["or_any"] = True
    parts = {
        "calendar": draw(CALENDAR),
        "site": draw(mapping(capacity=maybe(st.integers(1, 20)), busyness_cv=maybe(st.just(0.3)))),
        "customers": {name: draw(SEGMENT) for name in SEGMENTS},
        "stages": stages,
        "staff": {role: draw(ROLE) for role in ROLES},
        "choose_staff": draw(maybe(st.sampled_from(["longest_idle", "first", "fastest", "most_skilled", "random"]))),
        "actions": draw(ACTIONS),
        "quality": draw(QUALITY),
        "management": draw(MANAGEMENT),
        "training": draw(maybe(st.just({"course": {"who": "ann", "day": 0, "share": 0.5, "every": "2 d"}}))),
    }
    if "reflection" in (parts["management"] or {}) and "open" in parts["calendar"]:
        parts["review"] = "1 d"
    parts["site"] |= {"places": {"room": draw(st.integers(1, 2)), "hall": 1}}
    for role, values in parts["staff"].items():
        here = {place for place, staff in zip(STAGES, staffed, strict=True) if role in str(staff)}
        for member in values.get("members", ()):
            if "serves" in member:
                member["serves"] = {s: pace for s, pace in member["serves"].items() if s in here} or None
                if member["serves"] is None:
                    del member["serves"]
    for place in set(PLACES) - {p for s in stages.values() for p in PLACES if p in str(s.get("takes"))}:
        for values in stages.values():
            if place in str(values.get("frees")):
                del values["frees"]
    parts["customers"]["few"]["start"] = "one"
    # A way from the first stage to the others, so that none is out of reach.
    stages["one"]["next"] = {"two": 0.4, "three": 0.2, "leave": 0.4}
    return {key: value for key, value in parts.items() if value is not None}


def holds(scenario, seed):
    """Whether it ran; the run checks conservation, Little's law and hands by itself."""
    try:
        run = Run({**scenario, "site": {**scenario["site"], "max_in_system": 5000}}, seed)
    except ScenarioError as refused:
        assert refused.problems
        return False
    except GuardStop:
        return False
    numbers = sorted(run.column("number").tolist())
    assert numbers == list(range(len(numbers)))
    left, away, arrived = (run.column(name) for name in ("left_us", "away_us", "arrived_us"))
    gone = run.column("ended_as") != Ended.UNFINISHED
    assert ((left >= 0) == gone).all()
    assert (away >= 0).all()
    assert (away <= left - arrived)[gone].all()
    for row in run.visits:
        assert row["joined"] >= run.encounters[row["number"]]["arrived"]
    assert all(a < b or (a == b and kind == "reflecting") for _, kind, a, b in run.spells)
    spells = list(
        zip(*(run.column(f"spell_{name}").tolist() for name in ("member", "kind", "start_us", "end_us")), strict=True)
    )
    for who, kind, start, end in spells:
        if kind == Spell.REFLECTING:
            there = [(a, b) for m, k, a, b in spells if m == who and k in (Spell.ON_DUTY, Spell.OVERTIME)]
            assert sum(max(0, min(end, b) - max(start, a)) for a, b in there) == end - start
    for row in run.encounters:
        assert row["resolved"] <= row["voiced"] <= (row["problem"] != "none")
    windows = run.windows
    assert all(a <= b for a, b in windows)
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(windows))
    return True


PATIENT = settings(deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


@settings(PATIENT, max_examples=60)
@given(sites(), st.integers(0, 3))
def test_a_random_site_is_refused_or_runs_and_conserves(scenario, seed):
    holds(scenario, seed)


@pytest.mark.slow
@settings(PATIENT, max_examples=2000)
@given(sites(), st.integers(0, 10_000))
def test_many_random_sites_are_refused_or_run_and_conserve(scenario, seed):
    holds(scenario, seed)


def test_most_random_sites_do_run():
    """Else the tests above would show little: of forty, most load and run."""
    ran = []

    @settings(PATIENT, max_examples=40)
    @given(sites())
    def count(scenario):
        ran.append(holds(scenario, 1))

    count()
    assert sum(ran) > len(ran) / 2
