"""Every exact value is checked against another formula, a special case or a published number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ive

from . import chains, days, oracles


def close(value, expected, rel=1e-7):
    assert value == pytest.approx(expected, rel=rel)


# ---- formulas


def test_erlang_formulas_give_the_published_tables():
    close(oracles.erlang_b(10, 10), 0.21458, rel=1e-4)
    close(oracles.erlang_c(9, 10), 0.66873, rel=1e-4)


def test_mm1_waits_are_the_textbook_ones():
    queue = oracles.mmc(0.8, 1.0)
    close((queue.waited, queue.wait, queue.length), (0.8, 4.0, 3.2))
    close(queue.percentile(95), 5 * math.log(0.8 / 0.05))
    assert queue.percentile(20) == 0


@pytest.mark.parametrize("percent", [50, 90, 99])
def test_a_percentile_is_where_the_tail_ends(percent):
    queue = oracles.mmc(2.4, 1.0, 3)
    at = queue.percentile(percent)
    assert at == 0 or queue.tail(at) == pytest.approx(1 - percent / 100)


def test_many_queues_integrate_their_tail_to_their_mean_wait():
    served = oracles.impatient(3.0, 1.0, 3, oracles.lognormal_patience(2.0, 0.8))
    hasty = oracles.impatient(3.0, 1.0, 3, oracles.constant_patience(2.0))
    for queue, wait, end in [
        (oracles.md1(0.7, 1.0), 0.7 / 0.6, 25),
        (oracles.mg1(0.7, 1.0, 3**-0.5, oracles.erlang_transform(1.0, 3)), 0.7 * 4 / 3 / 0.6, 60),
        (served, served.wait_served, 30),
        (hasty, hasty.wait_served, 2),
    ]:
        x, weight = oracles.gauss(0.0, end, range(end), panels=40)
        close(math.fsum(weight * [queue.tail(float(t)) for t in x]), wait, rel=1e-5)


def test_gi_m_1_with_exponential_gaps_is_mm1():
    queue = oracles.gi_m_1(lambda s: 0.8 / (0.8 + s), 1.0, 0.8)
    close((queue.waited, queue.wait, queue.tail(3.0)), (0.8, 4.0, oracles.mmc(0.8, 1.0).tail(3.0)))


def test_e2_m_1_is_the_root_of_its_quadratic():
    # With two exponential halves of rate 2 lambda the functional equation is a cubic with the root 1.
    a = 1.6
    roots = np.roots([1, -2 * a - 1, a * a])
    root = min(roots.real)
    close(oracles.gi_m_1(oracles.erlang_transform(1 / 0.8, 2), 1.0, 0.8).waited, root)


def test_constant_service_gives_the_published_distribution():
    # Erlang: P(W <= D) = (1 - rho) e^rho, and the mean wait is half that of M/M/1.
    queue = oracles.md1(0.6, 2 / 2)
    close(queue.tail(1 - 1e-12), 1 - 0.4 * math.exp(0.6))
    close(queue.wait, oracles.mmc(0.6, 1.0).wait / 2)


def test_mg1_with_exponential_service_is_mm1():
    queue = oracles.mg1(0.7, 1.0, 1.0, lambda s: 1 / (1 + s))
    for t in (0.5, 2.0, 8.0):
        close(queue.tail(t), oracles.mmc(0.7, 1.0).tail(t), rel=1e-6)


def test_batches_of_one_are_mm1_and_pairs_agree_with_a_chain():
    close(tuple(oracles.batches(0.8, 1.0, [1])), (0.8, 4.0))

    def moves(n):
        if n < 400:
            yield 0.35, n + 2
        if n:
            yield 1.0, n - 1

    shares = chains.stationary(0, moves)
    waiting = chains.mean(shares, lambda n: max(n - 1, 0))
    close(oracles.batches(0.35, 1.0, [2]).wait, waiting / 0.7)
    close(oracles.batches(0.35, 1.0, [2]).waited, 1 - shares[0] / 2)


def test_priorities_conserve_work_and_agree_where_both_formulas_apply():
    cobham = oracles.cobham([(0.3, 1.0, 2.0), (0.4, 1.0, 2.0)])
    close(cobham, oracles.priorities_mmc([0.3, 0.4], 1.0, 1))
    close((3 * cobham[0] + 4 * cobham[1]) / 7, oracles.mmc(0.7, 1.0).wait)
    many = oracles.priorities_mmc([1.0, 1.4], 1.0, 3)
    close((1.0 * many[0] + 1.4 * many[1]) / 2.4, oracles.mmc(2.4, 1.0, 3).wait)


def test_two_priorities_agree_with_a_chain():
    size = 45

    def moves(state):
        busy, urgent, other = state
        if not busy:
            yield 0.5, (1, 0, 0)
            return
        if urgent < size:
            yield 0.2, (1, urgent + 1, other)
        if other < size:
            yield 0.3, (1, urgent, other + 1)
        if urgent:
            yield 1.0, (1, urgent - 1, other)
        else:
            yield 1.0, (1, 0, other - 1) if other else (0, 0, 0)

    shares = chains.stationary((0, 0, 0), moves)
    waits = [chains.mean(shares, lambda s: s[1]) / 0.2, chains.mean(shares, lambda s: s[2]) / 0.3]
    close(waits, oracles.priorities_mmc([0.2, 0.3], 1.0, 1), rel=1e-6)


# ---- impatience


def erlang_a(arrive, serve, servers, leave):
    """Abandoned share, mean wait, share who wait, from the birth-death chain."""
    shares = chains.birth_death(lambda n: arrive, lambda n: min(n, servers) * serve + max(n - servers, 0) * leave)
    n = np.arange(len(shares))
    length = float(shares @ np.maximum(n - servers, 0))
    return leave * length / arrive, length / arrive, 1 - float(shares[:servers].sum())


@pytest.mark.parametrize(("arrive", "servers", "patience"), [(3.0, 3, 2.0), (2.4, 2, 1.0), (0.7, 1, 5.0)])
def test_exponential_patience_is_erlang_a(arrive, servers, patience):
    queue = oracles.impatient(arrive, 1.0, servers, oracles.exponential_patience(patience))
    exact = erlang_a(arrive, 1.0, servers, 1 / patience)
    close((queue.abandoned, queue.wait, queue.waited), exact)


def test_great_patience_is_erlang_c():
    queue = oracles.impatient(2.4, 1.0, 3, oracles.exponential_patience(1e7))
    close((queue.waited, queue.wait), oracles.mmc(2.4, 1.0, 3)[:2], rel=1e-4)
    close(queue.percentile(90), oracles.mmc(2.4, 1.0, 3).percentile(90), rel=1e-4)


@pytest.mark.parametrize(
    "patience",
    [
        oracles.constant_patience(2.0),
        oracles.lognormal_patience(2.0, 0.8),
        oracles.some_leave_at_once(0.3, oracles.exponential_patience(2.0)),
    ],
)
def test_what_is_served_balances_what_comes(patience):
    # Members are busy for what is served, so the identity of Zeltyn and Mandelbaum holds for every patience.
    arrive, servers = 3.6, 3
    queue = oracles.impatient(arrive, 1.0, servers, patience)
    x, weight = oracles.gauss(0.0, 60.0, patience.jumps)
    density = weight * np.exp(arrive * patience.capped(x) - servers * x)
    idle = 1 + 3.6 + 3.6**2 / 2
    total = idle / (3.6**2 / 2) + arrive * density.sum()
    close(queue.abandoned, (1 + (arrive - servers) * density.sum()) / total)


def test_one_server_with_constant_patience_has_its_closed_form():
    # The offered wait of M/M/1+D: exp((lambda - mu) x) up to d, then exp(lambda d - mu x).
    arrive, patience = 0.9, 3.0
    up_to = (1 - math.exp(-0.1 * patience)) / 0.1
    beyond = math.exp((arrive - 1) * patience)
    lost = arrive * beyond / (1 + arrive * (up_to + beyond))
    close(oracles.impatient(arrive, 1.0, 1, oracles.constant_patience(patience)).abandoned, lost)


def test_lognormal_patience_has_the_mean_asked_for_and_no_spread_is_constant():
    law = oracles.lognormal_patience(2.0, 0.8)
    close(float(law.capped(np.array(1e6))), 2.0)
    close(float(law.capped(np.array(1.5))), quad(lambda x: float(law.more(np.array(x))), 0, 1.5)[0])
    narrow = oracles.impatient(3.0, 1.0, 3, oracles.lognormal_patience(2.0, 0.02))
    exact = oracles.impatient(3.0, 1.0, 3, oracles.constant_patience(2.0))
    close((narrow.abandoned, narrow.wait), (exact.abandoned, exact.wait), rel=5e-3)


def test_hasty_customers_only_leave_a_loss_system():
    queue = oracles.impatient(2.5, 1.0, 3, oracles.some_leave_at_once(1.0, oracles.exponential_patience(1.0)))
    close((queue.abandoned, queue.wait), (oracles.erlang_b(2.5, 3), 0.0))


# ---- chains


def test_a_full_house_is_erlang_b_and_the_finite_mm1():
    close(chains.choosy(2.5, 1.0, 3, lambda n: n < 3).lost, oracles.erlang_b(2.5, 3))
    shares = np.array([0.9**n for n in range(6)])
    close(chains.choosy(0.9, 1.0, 1, lambda n: n < 5).lost, 0.9**5 / shares.sum())


def test_joining_with_chance_one_over_all_is_a_poisson_number_inside():
    # Births lambda/(n + 1) against deaths mu: Poisson(lambda/mu) inside.
    queue = chains.choosy(1.5, 1.0, 1, lambda n: 1 / (n + 1))
    close(queue.inside, 1.5)
    close(queue.lost, 1 - (1 - math.exp(-1.5)) / 1.5)


@pytest.mark.parametrize("load", [0.5, 0.8])
def test_disciplines_share_the_mean_and_differ_in_spread_as_takacs_found(load):
    fifo = 2 * load / (1 - load) ** 2
    lifo, at_random = chains.lifo_mm1(load, 1.0), chains.random_mm1(load, 1.0)
    close((lifo.mean, at_random.mean), (load / (1 - load),) * 2)
    close(at_random.square, fifo * 2 / (2 - load))
    close(lifo.square, fifo / (1 - load))
    assert fifo < at_random.square < lifo.square


def test_lifo_waits_are_busy_periods():
    arrive, t = 0.7, 4.0

    def density(x):
        z = 2 * x * math.sqrt(arrive)
        return ive(1, z) * math.exp(z - (arrive + 1) * x) / (x * math.sqrt(arrive))

    ended = quad(density, 0, t)[0]
    close(chains.lifo_mm1(arrive, 1.0).tail(t), arrive * (1 - ended), rel=1e-6)


@pytest.mark.parametrize("choose", ["first", "random", "longest_idle"])
def test_equal_servers_are_mm2_however_chosen(choose):
    pair = chains.unequal_pair(1.2, (1.0, 1.0), choose)
    close((pair.waited, pair.wait), oracles.mmc(1.2, 1.0, 2)[:2])
    close(sum(pair.busy), 1.2)


def test_unequal_servers_have_gumbels_closed_form():
    # Random choice: P(n) is geometric from two on; cuts between levels give the rest.
    arrive, fast, slow = 1.0, 1.5, 0.5
    load = arrive / (fast + slow)
    half = arrive / 2
    matrix = np.array(
        [
            [-arrive, fast, slow, 0],
            [half, -(arrive + fast), 0, slow],
            [half, 0, -(arrive + slow), fast],
            [1, 1, 1, 1 / (1 - load)],
        ]
    )
    _, _, _, two = np.linalg.solve(matrix, [0, 0, 0, 1])
    pair = chains.unequal_pair(arrive, (fast, slow), "random")
    close(pair.waited, two / (1 - load))
    close(pair.wait, two * load / (1 - load) ** 2 / arrive)


def test_the_faster_first_is_better_than_at_random_than_the_slower_first():
    waits = [
        chains.unequal_pair(1.2, rates, rule).wait
        for rates, rule in [((1.5, 0.5), "first"), ((1.5, 0.5), "random"), ((0.5, 1.5), "first")]
    ]
    assert waits == sorted(waits)


@pytest.mark.parametrize("picks", ["longest_wait", "in_order", "own_first"])
def test_a_floor_of_one_kind_is_the_finite_mmc(picks):
    floor = chains.floor({"a": 1.5}, [{"a": 1.0}, {"a": 1.0}], {"a": [0, 1]}, picks, 7)
    exact = chains.choosy(1.5, 1.0, 2, lambda n: n < 7)
    close((floor.blocked, floor.wait["a"], floor.waited["a"]), exact[:3])


def test_members_who_do_everything_alike_make_one_queue_of_two_stages():
    both = {"a": 1.0, "b": 1.0}
    floor = chains.floor({"a": 0.9, "b": 0.6}, [both, both], {"a": [0, 1], "b": [1, 0]}, "longest_wait", 7)
    exact = chains.choosy(1.5, 1.0, 2, lambda n: n < 7)
    close((floor.wait["a"], floor.wait["b"], floor.blocked), (exact.wait, exact.wait, exact.lost))


def test_picking_in_order_is_a_priority_where_work_is_conserved():
    floor = chains.floor({"a": 0.5, "b": 0.4}, [{"b": 1.0, "a": 1.0}], {"a": [0], "b": [0]}, "in_order", 9)
    exact = chains.choosy(0.9, 1.0, 1, lambda n: n < 9)
    assert floor.wait["b"] < exact.wait < floor.wait["a"]
    close((0.5 * floor.wait["a"] + 0.4 * floor.wait["b"]) / 0.9, exact.wait)


def test_specialists_who_never_help_are_two_queues_when_nobody_is_blocked():
    floor = chains.floor({"a": 0.2, "b": 0.3}, [{"a": 1.0}, {"b": 1.0}], {"a": [0], "b": [1]}, "in_order", 13)
    close((floor.wait["a"], floor.wait["b"]), (0.25, 3 / 7), rel=2e-4)


def test_slots_of_one_speed_are_mmc():
    close(tuple(chains.slots(1.4, 2, lambda others, inside: 1.0)), (*oracles.mmc(1.4, 1.0, 2)[1::-1], 1.0))


def test_slots_whose_speed_depends_on_the_number_found_follow_their_renewal():
    # One server, slower for all but those who start alone: the same chain told by who is in hand.
    arrive, alone, later = 0.5, 2.0, 1.0
    chain = chains.slots(arrive, 1, lambda others, inside: alone if inside == 1 else later)

    def moves(state):
        kind, queue = state
        if not kind:
            yield arrive, ("alone", 0)
            return
        if queue < 150:
            yield arrive, (kind, queue + 1)
        after = ("", 0) if not queue else ("alone" if queue == 1 else "later", queue - 1)
        yield {"alone": alone, "later": later}[kind], after

    shares = chains.stationary(("", 0), moves)
    close(chain.waited, 1 - shares["", 0])
    close(chain.wait, chains.mean(shares, lambda s: s[1]) / arrive)


def test_who_never_tries_again_is_erlang_a_and_who_always_does_is_served():
    once = chains.retrying(3.0, 1.0, 3, 2.0, again=0.0, after=5.0)
    close((once.abandoned, once.wait, once.visits), (*erlang_a(3.0, 1.0, 3, 0.5)[:2], 1.0), rel=1e-6)
    some = chains.retrying(1.6, 1.0, 2, 2.0, again=0.7, after=5.0)
    # Each visit ends served or lost: a lost one is followed by another visit with chance 0.7.
    close(some.visits, 1 / (1 - 0.7 * some.visits_abandoned), rel=1e-6)
    close(some.abandoned, 0.3 * some.visits_abandoned * some.visits, rel=1e-6)


def test_tables_without_a_meal_are_the_waiter_and_without_an_order_the_tables():
    close(chains.tables(0.5, 1.0, 1e7, 3).wait, 1.0, rel=1e-5)
    close(chains.tables(2.0, 1e7, 1.0, 3).wait, oracles.mmc(2.0, 1.0, 3).wait, rel=1e-5)


def test_traffic_of_a_network_with_loops():
    rates = oracles.traffic({"a": 1.0, "b": 0.0}, {"a": {"b": 0.5}, "b": {"a": 0.4}})
    close((rates["a"], rates["b"]), (1.25, 0.625))


# ---- days


def test_a_long_even_day_is_the_long_run():
    long = days.day([days.Block(20_000, 1.2, 2)], 1.0, step=2.0)
    exact = oracles.mmc(1.2, 1.0, 2)
    close((long.wait, long.waited), (exact.wait, exact.waited), rel=1e-3)
    lost = days.day([days.Block(20_000, 3.0, 3)], 1.0, patience=2.0, longest=40, step=2.0)
    close((lost.abandoned, lost.waited), erlang_a(3.0, 1.0, 3, 0.5)[::2], rel=1e-3)


def test_with_members_enough_a_day_is_the_infinite_server():
    # Nobody waits: the mean number inside follows m' = lambda(t) - m, however many go off meanwhile.
    blocks = [days.Block(3, 0.6, 6), days.Block(5, 0.2, 5)]
    busy_minutes = 0.6 * 3 + 0.2 * 5
    result = days.day(blocks, 1.0, longest=2, step=0.05)
    assert result.wait < 1e-4
    inside = result.in_service * (8 + result.after_close)
    close(inside, busy_minutes, rel=1e-4)
    at_close = (0.6 * (1 - math.exp(-3))) * math.exp(-5) + 0.2 * (1 - math.exp(-5))
    # The last of a Poisson number of unit exponentials ends after the integral of 1 - exp(-m exp(-t)).
    close(result.after_close, quad(lambda s: -math.expm1(-at_close * math.exp(-s)), 0, 40)[0], rel=1e-3)


def test_who_goes_off_busy_finishes():
    # Position 1 is off duty and busy: her end frees nobody for the one who waits, that of position 0 does.
    crew = days.Crew(2, 1.0, math.inf, 3)
    rates = crew.generator(0.0, 1)
    both = crew.index[((1, 1), 1)]
    assert rates[both, crew.index[((1, 1), 0)]] == 1.0
    assert rates[both, crew.index[((1, 0), 1)]] == 1.0


def test_what_is_turned_away_is_what_waits_at_closing():
    kept = days.day([days.Block(60, 1.5, 1)], 1.0)
    sent = days.day([days.Block(60, 1.5, 1)], 1.0, turn_away=True)
    assert sent.after_close == pytest.approx(1.0, rel=1e-3)
    waiting = sent.turned_away * sent.arrivals
    # Those kept wait, one after the other: q(q + 1)/2 services in all, at least the square of the mean.
    assert (kept.wait - sent.wait) * kept.arrivals > waiting * (waiting + 1) / 2
    close(kept.after_close - sent.after_close, waiting, rel=1e-2)


def test_the_mean_of_the_first_25_waits_is_laws_published_value():
    # Law & Kelton, Simulation Modeling and Analysis: M/M/1 at load 0.9 from empty, d(25) = 2.12.
    assert days.mm1_first(1.0, 1 / 0.9, 25).wait == pytest.approx(2.12, abs=0.005)


def test_the_first_customers_by_hand():
    two = days.mm1_first(1.0, 1.0, 2)
    close((two.wait, two.waited), (0.25, 0.25))
    pair = days.appointments([1.0], 1.0)
    close((pair.wait, pair.waited), (math.exp(-1) / 2,) * 2)
    three = days.appointments([1.0, 1.0], 1.0, no_show=1 / 2)
    # What the third finds: the first alone, two gaps later; the second alone, one gap later; or both came,
    # and if the first was still there for the second, 2 or 1 of them remain after a gap.
    one, two_gaps = math.exp(-1), math.exp(-2)
    third = 0.25 * two_gaps + 0.25 * one + 0.25 * (one * (2 * one + one) + (1 - one) * one)
    close(three.wait * 3, 0.5 * one + third)


def test_many_regular_appointments_are_d_m_1():
    exact = oracles.gi_m_1(oracles.constant_transform(1.5), 1.0, 1 / 1.5)
    first = days.appointments([1.5] * 250, 1.0)
    later = days.appointments([1.5] * 251, 1.0)
    close(later.wait * 252 - first.wait * 251, exact.wait, rel=1e-6)
