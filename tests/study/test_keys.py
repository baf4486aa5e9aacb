"""A measure and its scope as text: read, written again, and refused with what would do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError
from sim.study.keys import key_of, text_of
from sim.study.meanings import known_measures
from sim.study.tallies.rows import Key

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="=.\n\r"), min_size=1, max_size=12).filter(
    lambda name: name == name.strip() and name.isprintable()
)
NUMBERS = st.integers(0, 23)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("wait_p90", Key("wait_p90")),
        ("  satisfaction ", Key("satisfaction")),
        ("wait_p90[stage=check_in, segment=business]", Key("wait_p90", stage="check_in", segment="business")),
        (" wait_mean [ hour = 9 ,stage=desk ] ", Key("wait_mean", stage="desk", hour=9)),
        ("satisfaction[period=12]", Key("satisfaction", period=12)),
        ("utilisation[role=clerk, member=clerk 2]", Key("utilisation", role="clerk", member="clerk 2")),
        ("wait_p90[stage=前台]", Key("wait_p90", stage="前台")),
        ("wait_p90[stage=front, back]", Key("wait_p90", stage="front, back")),
        ("wait_p90[stage=a]b<c]", Key("wait_p90", stage="a]b<c")),
    ],
)
def test_read(text, key):
    assert key_of(text) == key


@given(
    st.sampled_from(known_measures()),
    st.fixed_dictionaries(
        {}, optional={"stage": NAMES, "segment": NAMES, "member": NAMES, "event": NAMES, "hour": NUMBERS}
    ),
)
def test_what_is_written_is_read_as_it_was(measure, scopes):
    key = Key(measure, **scopes)
    assert key_of(text_of(key)) == key


def test_the_whole_site_is_the_name_alone():
    assert text_of(Key("nps")) == "nps"
    assert text_of(Key("wait_p90", stage="desk", hour=3)) == "wait_p90[stage=desk, hour=3]"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("waits", "did you mean 'wait_mean'"),
        ("wait_mean,satisfaction", "give each by itself: --measure wait_mean --measure satisfaction"),
        ("nps; wait_p90[stage=a, segment=b]", "--measure nps --measure wait_p90[stage=a, segment=b]"),
        ("wait_mean,", "no measure 'wait_mean,'; did you mean 'wait_mean'"),
        ("wait_p9", "no measure 'wait_p9'; did you mean 'wait_p99'"),
        ("wait_p90[stag=desk]", "no scope 'stag'; did you mean 'stage'"),
        ("wait_p90[xyz=red]", "no scope 'xyz'; there are stage, segment"),
        ("wait_p90[]", "name=value"),
        ("wait_p90[desk]", "name=value"),
        ("wait_p90[stage=]", "name=value"),
        ("wait_p90[stage=a, stage=b]", "stage is given twice"),
        ("wait_mean[hour=24]", "hour is a whole number from 0 to 23, not '24'"),
        ("wait_mean[hour=-1]", "hour is a whole number from 0 to 23"),
        ("satisfaction[period=first]", "period is a whole number from 0, not 'first'"),
        ("wait_p90[stage=desk", "'wait_p90[stage=desk' is no measure; write for example"),
        ("wait p90", "'wait p90' is no measure"),
        ("", "is no measure"),
        ("wait\x1b[0m", "'wait\\x1b[0m' is no measure"),
    ],
)
def test_refused(text, told):
    with pytest.raises(InputError) as problem:
        key_of(text)
    assert told in str(problem.value)
