"""What the model predicts, how far it holds, and the test that shows it."""

from __future__ import annotations

from typing import NamedTuple


class Prediction(NamedTuple):
    """`holds` says where it does; `test` is a file and the start of a test's name in it."""

    number: str
    says: str
    holds: str
    test: str


PREDICTIONS = (
    Prediction(
        "P1",
        "Noise in answers lowers reliability, not the mean gap",
        "yes",
        "quality/test_survey.py::test_noise_lowers",
    ),
    Prediction(
        "P2",
        "High expectations are clipped; the gap looks smaller",
        "yes",
        "quality/test_survey.py::test_high_expectations",
    ),
    Prediction(
        "P3",
        "The standard error of a gap is 1.3 / √n",
        "where respondents are taken by lot",
        "quality/test_survey.py::test_the_standard_error",
    ),
    Prediction(
        "P4", "The gaps add up for each customer", "exactly", "predictions/test_quality.py::test_the_gaps_of_every"
    ),
    Prediction(
        "P5",
        "A promise moves the communication gap alone",
        "exactly",
        "predictions/test_quality.py::test_a_promise_moves",
    ),
    Prediction(
        "P6",
        "The listening gap halves with each wave, down to what nonresponse leaves",
        "yes",
        "predictions/test_customers.py::test_the_gap_stops",
    ),
    Prediction(
        "P7",
        "A standard alone moves two gaps against each other",
        "exactly, until staff follow",
        "predictions/test_quality.py::test_a_standard_that",
    ),
    Prediction(
        "P8",
        "More variance of waits satisfies less",
        "for a spread about the expected wait; not where disappointment is sure, nor in a queue served last first",
        "predictions/test_waiting.py::test_in_a_queue",
    ),
    Prediction(
        "P9",
        "To promise a longer wait beats to promise a shorter one",
        "yes",
        "predictions/test_waiting.py::test_to_announce",
    ),
    Prediction(
        "P10",
        "A treat that takes time pleases at low load and can hurt at high load",
        "yes; in the test it turns at a load of some 0.7, not between .9 and .95",
        "predictions/test_waiting.py::test_a_treat_hurts",
    ),
    Prediction(
        "P11",
        "Process counts more than outcome",
        "3.46 times by default; the reverse where the outcome has more than half of the weight",
        "predictions/test_quality.py::test_one_point_of_process",
    ),
    Prediction(
        "P12", "A mild pleasant end is remembered well", "exactly", "predictions/test_quality.py::test_a_mild_pleasant"
    ),
    Prediction("P13", "Duration is neglected", "exactly", "predictions/test_quality.py::test_a_moment_in_two"),
    Prediction(
        "P14",
        "Delight wears off, and its end hurts",
        "exactly",
        "predictions/test_customers.py::test_delight_wears_off",
    ),
    Prediction("P15", "Consistency has value", "yes", "predictions/test_quality.py::test_who_is_greeted"),
    Prediction(
        "P16",
        "Less is done than was learned where pressure or fatigue binds",
        "yes; where nothing binds, as much",
        "predictions/test_staff.py::test_where_pressure",
    ),
    Prediction(
        "P17",
        "Training a bottleneck lengthens waits",
        "where what is learned takes time",
        "predictions/test_staff.py::test_training_a_bottleneck",
    ),
    Prediction(
        "P18",
        "Without the effects of load queues are longer and quality higher",
        "yes, of what staff deliver",
        "predictions/test_staff.py::test_without_the_effects",
    ),
    Prediction(
        "P19", "After a busy time standards stay down", "yes", "predictions/test_staff.py::test_after_a_busy_time"
    ),
    Prediction(
        "P20", "Audits without feedback change nothing", "exactly", "predictions/test_staff.py::test_audits_without"
    ),
    Prediction(
        "P21",
        "To ask for complaints raises retention if and only if being heard beats silence",
        "yes; with the published table always, even where nothing is resolved",
        "predictions/test_customers.py::test_and_only_there",
    ),
    Prediction(
        "P22",
        "Quick solutions are worth more than more solutions once some .6 are resolved",
        "of all that is left to gain, from .49 (minor) and .56 (major) on; point by point never",
        "predictions/test_customers.py::test_to_be_quick",
    ),
    Prediction(
        "P23",
        "Announcing turns giving up into not joining; a few more are lost; the served wait a little longer",
        "yes, but for the last: their wait falls, because what is announced is what is to be expected, not what"
        " will be",
        "predictions/test_waiting.py::test_announcing_turns",
    ),
    Prediction(
        "",
        "Waits that are occupied, explained, announced, in process, in company feel shorter, anxious ones longer"
        " (Maister 1985)",
        "by the multipliers that are in the model, whose signs are Maister's",
        "quality/test_waiting.py::test_circumstances",
    ),
    Prediction(
        "",
        "Both scores of the survey, SERVPERF and SERVQUAL, go with satisfaction (Carrillat et al. 2007)",
        "yes; not equally, see above",
        "quality/test_survey.py::test_both_scores",
    ),
)
