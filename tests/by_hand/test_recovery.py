"""Problems, complaints and what is done for those who speak up. Worked out by hand."""

from collections import Counter

import pytest

from sim.chance.keys import stream_key
from sim.chance.philox import uniform
from sim.flow.plan import draw
from sim.flow.traffic import loads
from tests.by_hand.run import Run, clock, desk, segment, stage

ALWAYS = {"probability": 1}
STAFF = {"clerk": {"count": 1}, "manager": {"count": 1}}


def site(*at, rule=None, error=ALWAYS, complaints=None, **changes):
    """An error in each of five minutes at the desk; then four with the manager, who resolves everything."""
    recovery = {"stage": "complaints", "voice": 1, "resolve": 1, "major": 0, **(rule or {})}
    plain = {
        "customers": {"all": segment(*(at or ["08:00"]))},
        "stages": {"desk": stage(5, error=error), "complaints": stage(4, ["manager"], **(complaints or {}))},
        "staff": STAFF,
        "management": {"recovery": recovery},
    }
    return desk(**{**plain, **changes})


def two_clerks(*at, **more):
    return site(*at, staff={"clerk": {"count": 2}, "manager": {"count": 1}}, **more)


def happened(run, *names):
    return [tuple(row[name] for name in names) for row in run.encounters]


def path(run, number=0):
    return [(row["stage"], row["joined"], row["ended"]) for row in run.visits if row["number"] == number]


def test_who_speaks_up_goes_to_be_heard_before_she_leaves():
    run = Run(site())
    assert path(run) == [("desk", 480, 485), ("complaints", 485, 489)]
    assert happened(run, "problem", "voiced", "resolved", "recovered", "ended", "left") == [
        ("minor", True, True, 4, "completed", 489)
    ]


def test_she_waits_to_be_heard_like_anybody():
    """Two leave the desk at 08:05; the manager hears one until 08:09, the other until 08:13."""
    run = Run(two_clerks("08:00", "08:00"))
    assert run.at("complaints", "joined", "started", "ended") == [(485, 485, 489), (485, 489, 493)]
    assert happened(run, "recovered") == [(4,), (8,)]


def test_she_finishes_her_business_first_and_the_time_counts_from_speaking_up():
    """She speaks up at 08:05, is at the till until 08:12 and is heard until 08:16."""
    stages = {"desk": stage(5, error=ALWAYS, next={"till": 1}), "till": stage(7), "complaints": stage(4, ["manager"])}
    run = Run(site(stages=stages))
    assert path(run) == [("desk", 480, 485), ("till", 485, 492), ("complaints", 492, 496)]
    assert happened(run, "recovered") == [(11,)]


def test_who_serves_may_settle_it_on_the_spot():
    """Three minutes more at the desk, which the next one waits for."""
    run = Run(site("08:00", "08:01", rule={"authority": 1, "time": 3}))
    assert path(run) == [("desk", 480, 488)]
    assert path(run, 1) == [("desk", 481, 496)]
    assert happened(run, "voiced", "resolved", "recovered", "left") == [(True, True, 0, 488), (True, True, 0, 496)]


def test_what_fails_on_the_spot_goes_no_further():
    run = Run(site(rule={"authority": 1, "resolve": 0}))
    assert path(run) == [("desk", 480, 488)]
    assert happened(run, "voiced", "resolved", "recovered", "ended") == [(True, False, None, "completed")]


def test_settling_takes_its_time_whatever_the_pace_and_complexity():
    customers = {"all": segment("08:00", complexity=2)}
    run = Run(site(rule={"authority": 1}, customers=customers, staff={**STAFF, "clerk": {"count": 1, "pace": 0.5}}))
    assert path(run) == [("desk", 480, 503)]


def test_who_keeps_silent_has_had_a_problem_all_the_same():
    run = Run(site(rule={"voice": 0}))
    assert path(run) == [("desk", 480, 485)]
    assert happened(run, "problem", "voiced", "resolved", "recovered") == [("minor", False, False, None)]


def test_without_a_problem_there_is_nothing_to_say():
    run = Run(site(error={"probability": 0}))
    assert path(run) == [("desk", 480, 485)]
    assert happened(run, "problem", "voiced", "resolved", "recovered") == [("none", False, False, None)]


def test_without_recovery_nothing_is_noted_and_nobody_is_heard():
    run = Run(site(management={}, customers={"all": segment("08:00"), "other": segment("12:00", start="complaints")}))
    assert path(run) == [("desk", 480, 485)]
    assert happened(run, "problem", "voiced", "resolved", "recovered") == [("none", False, False, None)] * 2
    assert not {"problem", "voiced"} & set(run.blocks[0].encounters().columns)


def test_a_complaint_may_be_heard_and_not_resolved():
    run = Run(site(rule={"resolve": 0}))
    assert path(run) == [("desk", 480, 485), ("complaints", 485, 489)]
    assert happened(run, "voiced", "resolved", "recovered", "ended") == [(True, False, None, "completed")]


RETURNS = {"probability": 1, "returns": 1, "after": 60, "returns_to": "query"}


@pytest.mark.parametrize("authority", [0, 1])
@pytest.mark.parametrize("resolve", [0, 1])
def test_what_is_resolved_brings_nobody_back(authority, resolve):
    stages = {"desk": stage(5, error=RETURNS), "complaints": stage(4, ["manager"]), "query": stage(2)}
    run = Run(site(stages=stages, rule={"authority": authority, "resolve": resolve}))
    assert len(run.at("query", "joined")) == 1 - resolve


def test_a_solution_leaves_nothing_to_come_back_for():
    """Her error at the desk she keeps to herself, that at the till she speaks of; solved, she does not come back."""
    key = stream_key(1, 0, "voice", "all", "desk"), stream_key(1, 0, "voice", "all", "till")
    says = [uniform(key[0], i) >= 0.5 > uniform(key[1], i) for i in range(20)]
    assert any(says)
    times = [f"{8 + i // 2:02d}:{30 * (i % 2):02d}" for i in range(20)]
    stages = {
        "desk": stage(5, error={**RETURNS, "after": "5 d"}, next={"till": 1}),
        "till": stage(1, error=ALWAYS),
        "complaints": stage(4, ["manager"]),
        "query": stage(2),
    }
    run = Run(site(*times, stages=stages, rule={"voice": 0.5}))
    chosen = [row for row, mine in zip(run.encounters, says, strict=True) if mine]
    assert {(row["voiced"], row["resolved"], row["return_lost"]) for row in chosen} == {(True, True, False)}
    silent = [row for row in run.encounters if not row["voiced"]]
    assert silent
    assert all(row["return_lost"] for row in silent)


@pytest.mark.parametrize(
    ("complaints", "how", "left"),
    [({}, "abandoned", 487), ({"balk": {"if_wait": 1}}, "balked", 485)],
)
def test_who_does_not_wait_to_be_heard_has_done_her_business(complaints, how, left):
    """The manager hears the first until 08:09; the second has two minutes' patience, or none, and no second try."""
    retry = {"probability": 1, "after": 10}
    customers = {"all": segment("08:00", "08:00", patience={"complaints": 2, "default": 60})}
    run = Run(two_clerks(customers=customers, complaints={**complaints, "retry": retry}))
    assert run.at("complaints", "how", "visit") == [("served", 0), (how, 0)]
    assert happened(run, "voiced", "resolved", "recovered", "ended", "left")[1] == (
        True,
        False,
        None,
        "completed",
        left,
    )


def test_who_gives_up_her_complaint_still_comes_back_for_the_error():
    """Left at 08:06, back at 09:06; there is another error, of which she does not speak any more."""
    customers = {"first": segment("08:00", start="complaints"), "all": segment("07:59", patience={"complaints": 2})}
    calendar = {"days": 1, "open": "07:00", "close": "18:00"}
    stages = {
        "desk": stage(5, error=RETURNS),
        "complaints": stage(60, ["manager"]),
        "query": stage(5, error=ALWAYS),
    }
    run = Run(site(customers=customers, stages=stages, calendar=calendar))
    assert [(r["stage"], r["joined"], r["ended"]) for r in run.visits if r["segment"] == "all"] == [
        ("desk", 479, 484),
        ("complaints", 484, 486),
        ("query", 546, 551),
    ]


def test_at_closing_who_waits_to_be_heard_is_sent_off_or_heard():
    """Both leave the desk at 17:58. The second waits for the manager, until close or until she is heard at 18:06."""
    calendar = {"days": 1, "open": "08:00", "close": "18:00"}
    run = Run(two_clerks("17:53", "17:53", calendar={**calendar, "at_close": "turn_away"}))
    assert run.at("complaints", "how") == ["served", "turned_away"]
    assert happened(run, "ended", "resolved", "left") == [("completed", True, 1082), ("completed", False, 1080)]
    run = Run(two_clerks("17:53", "17:53", calendar=calendar))
    assert run.at("complaints", "ended") == [1082, 1086]
    assert run.ended == ["completed", "completed"]


def test_who_hears_complaints_stays_while_anybody_inside_may_complain():
    """At close she is still at the desk; she speaks up at 18:02 and is heard until 18:06."""
    run = Run(site("17:57"))
    assert path(run) == [("desk", 1077, 1082), ("complaints", 1082, 1086)]
    assert [s for s in run.spells if s[1] == "overtime"] == [
        ("clerk 1", "overtime", 1080, 1082),
        ("manager 1", "overtime", 1080, 1086),
    ]


def test_she_speaks_up_once_and_the_worst_problem_counts():
    """A minor error at the desk, of which she speaks; a major one at the till on the way."""
    stages = {
        "desk": stage(5, error=ALWAYS, next={"till": 1}),
        "till": stage(1, error=ALWAYS),
        "complaints": stage(4, ["manager"]),
    }
    actions = {
        "order": outcome("desk", 0.5, severity="minor"),
        "bill": outcome("till", 0.5, severity="major"),
    }
    run = Run(site(stages=stages, actions=actions, rule={"authority": 1}))
    assert path(run) == [("desk", 480, 488), ("till", 488, 489)]
    assert happened(run, "problem", "resolved", "recovered") == [("major", True, 0)]


def outcome(where, weight=1, **more):
    return {"stage": where, "kind": "outcome", "dimension": "reliability", "weight": weight, **more}


@pytest.mark.parametrize(("own", "problem"), [("minor", "minor"), ("major", "major"), (None, "minor")])
def test_an_error_is_as_bad_as_its_outcome_says(own, problem):
    actions = {"result": outcome("desk", **({"severity": own} if own else {}))}
    assert happened(Run(site(actions=actions)), "problem") == [(problem,)]
    other = "minor" if own == "minor" else "major"  # with every error of no severity of its own major
    assert happened(Run(site(actions=actions, rule={"major": 1})), "problem") == [(other,)]


def greet(**more):
    return {"greet": {"stage": "desk", "dimension": "empathy", "weight": 1, **more}}


@pytest.mark.parametrize(
    ("action", "clerk", "management", "problem"),
    [
        ({"severity": "major"}, {"skill": 0}, {}, "major"),
        ({"severity": "minor"}, {"adherence": 0}, {}, "minor"),
        ({}, {"skill": 0}, {}, "none"),
        ({"severity": "major"}, {"skill": 1}, {}, "none"),
        ({"severity": "major", "required": 0}, {"skill": 0}, {}, "none"),
        ({"severity": "major", "checkable": True}, {"skill": 0}, {"self_check": {"share": 1, "catches": 1}}, "none"),
    ],
)
def test_a_required_action_that_is_missed_is_a_problem_if_it_has_a_severity(action, clerk, management, problem):
    """Not where it was not required, nor where the member caught the lapse herself."""
    scenario = site(error={"probability": 0}, actions=greet(**action), staff={**STAFF, "clerk": {"count": 1, **clerk}})
    scenario["management"] |= management
    run = Run(scenario)
    assert happened(run, "problem", "voiced") == [(problem, problem != "none")]


def test_an_error_that_was_caught_is_no_problem():
    scenario = site()
    scenario["management"]["self_check"] = {"share": 1, "catches": 1}
    assert happened(Run(scenario), "problem", "voiced") == [("none", False)]


def test_after_a_complaint_she_leaves_whatever_the_route_there():
    """Others who come there on their way go on to the lounge."""
    customers = {"all": segment("08:00"), "other": segment("09:00", start="complaints")}
    stages = {
        "desk": stage(5, error=ALWAYS),
        "complaints": stage(4, ["manager"], next={"lounge": 1}),
        "lounge": stage(10, []),
    }
    run = Run(site(customers=customers, stages=stages))
    assert path(run) == [("desk", 480, 485), ("complaints", 485, 489)]
    assert path(run, 1) == [("complaints", 540, 544), ("lounge", 544, 554)]


def test_who_has_been_there_on_her_way_comes_a_second_time_to_complain():
    customers = {"all": segment("08:00", start="complaints")}
    stages = {"desk": stage(5, error=ALWAYS), "complaints": stage(4, ["manager"], next={"desk": 1})}
    run = Run(site(customers=customers, stages=stages))
    assert path(run) == [("complaints", 480, 484), ("desk", 484, 489), ("complaints", 489, 493)]
    assert run.at("complaints", "visit") == [0, 1]


def test_on_self_service_nobody_settles_it_on_the_spot():
    stages = {"desk": stage(5, [], error=ALWAYS), "complaints": stage(4, ["manager"])}
    run = Run(site(stages=stages, staff={"manager": {"count": 1}}, rule={"authority": 1}))
    assert path(run) == [("desk", 480, 485), ("complaints", 485, 489)]


def test_who_gives_up_elsewhere_is_not_heard_unless_she_comes_back():
    """She speaks up at 08:05, loses patience at the till at 08:07; at her next try she is served, and heard."""
    stages = {
        "desk": stage(5, error=ALWAYS, next={"till": 1}),
        "till": stage(30, ["cashier"]),
        "complaints": stage(4, ["manager"]),
    }
    customers = {"first": segment("08:00", start="till"), "all": segment("08:00", patience=2)}
    given = {"customers": customers, "stages": stages, "staff": {**STAFF, "cashier": {"count": 1}}}
    run = Run(site(**given))
    assert happened(run, "ended", "voiced", "resolved", "left")[1] == ("abandoned", True, False, 487)
    stages["till"]["retry"] = {"probability": 1, "after": 60}
    run = Run(site(**given))
    assert path(run, 1) == [("desk", 480, 485), ("till", 485, 487), ("till", 547, 577), ("complaints", 577, 581)]
    assert happened(run, "ended", "resolved", "recovered")[1] == ("completed", True, 96)


def many(n=40):
    return [f"{8 + i // 6:02d}:{10 * (i % 6):02d}" for i in range(n)]


def luck(purpose, where, half):
    key = stream_key(1, 0, purpose, "all", where)
    return [uniform(key, i, k=half) for i in range(40)]


def test_who_speaks_up_and_who_is_settled_on_the_spot_is_the_customer_s_own_luck():
    run = Run(site(*many(), rule={"voice": 0.6, "authority": 0.5}))
    speaks = [u < 0.6 for u in luck("voice", "desk", 0)]
    settled = [u < 0.5 for u in luck("voice", "desk", 1)]
    assert happened(run, "voiced") == [(yes,) for yes in speaks]
    shown = [row["recovered"] for row in run.encounters]
    expected = [None if not a else 0 if b else 4 for a, b in zip(speaks, settled, strict=True)]
    assert shown == expected
    assert min(Counter(expected).values()) > 3


@pytest.mark.parametrize(("authority", "where"), [(1, "desk"), (0, "complaints")])
def test_whether_she_is_content_is_the_luck_of_the_visit_where_she_is_heard(authority, where):
    run = Run(site(*many(), rule={"authority": authority, "resolve": 0.5}))
    assert happened(run, "resolved") == [(u < 0.5,) for u in luck("resolve", where, 0)]


def test_how_bad_an_error_without_a_severity_is_is_her_luck_too():
    run = Run(site(*many(), rule={"major": 0.4}))
    assert happened(run, "problem") == [("major" if u < 0.4 else "minor",) for u in luck("resolve", "desk", 1)]


def test_a_second_and_a_third_passage_have_their_own_luck():
    """Back at the desk twice a customer; each time it is that passage's number that decides."""
    times = [f"{8 + i:02d}:00" for i in range(9)]
    stages = {
        "desk": stage(5, error=ALWAYS, next={"again": 1}),
        "again": stage(1, [], next={"all": {"desk": 0.7, "leave": 0.3}}),
        "complaints": stage(4, ["manager"]),
    }
    run = Run(site(*times, stages=stages, rule={"voice": 0.3, "authority": 1}))
    key = stream_key(1, 0, "voice", "all", "desk")
    passages = Counter(row["number"] for row in run.visits if row["stage"] == "desk")
    assert max(passages.values()) > 2
    for number, n in passages.items():
        voiced = any(uniform(key, number, 0, visit) < 0.3 for visit in range(n))
        assert run.encounters[number]["voiced"] == voiced
        longer = [r["ended"] - r["started"] for r in run.visits if r["stage"] == "desk" and r["number"] == number]
        first = next((v for v in range(n) if uniform(key, number, 0, v) < 0.3), None)
        assert longer == [8 if v == first else 5 for v in range(n)]


def test_a_problem_counts_when_the_service_ends():
    """The site of one day never closes: at midnight she is still at the desk and has said nothing."""
    run = Run(site("23:57", calendar={"days": 1}))
    assert happened(run, "ended", "problem", "voiced") == [("unfinished", "none", False)]


def test_the_table_for_people_names_the_problem_and_counts_minutes():
    table = Run(site("08:00", "17:59", calendar={"days": 1, "open": "08:00", "close": "18:00"})).blocks[0].encounters()
    assert table["problem"].tolist() == ["minor", "minor"]
    assert table["voiced"].tolist() == table["resolved"].tolist() == [True, True]
    assert table["recovered_min"].tolist() == [4, 4]
    assert clock("08:09") == table["left_min"][0]


def test_the_offered_load_counts_complaints_of_errors():
    """Half speak up: three tenths of all go to the manager for 4 minutes, two tenths keep the clerk for 3 more."""
    run = Run(site(rule={"voice": 0.5, "authority": 0.4}))
    desk_load, manager_load = loads(draw(run.site, run.state, 1, 0))
    assert desk_load.offered_hours * 60 == pytest.approx(5 + 0.2 * 3)
    assert manager_load.offered_hours * 60 == pytest.approx(0.3 * 4)
