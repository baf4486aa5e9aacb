"""What management does to staff and customers: checks, audits, coaching, research; and money."""

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.written import (
    Duration,
    DurationOrNever,
    Factor,
    Flag,
    LongDuration,
    LongOrNever,
    Name,
    Number,
    Part,
    Positive,
    Share,
    Written,
    one_of,
    whole,
    whole_schema,
)


class Audit(Part):
    """Encounters observed, and told to those who served."""

    share: Share = 0.0
    feedback: Flag = True
    cost: Positive = 0.0
    """Per audited encounter."""


class SelfCheck(Part):
    """Staff check their own checkable actions before the customer goes."""

    share: Share = 0.0
    """Of services that are checked."""
    catches: Share = 0.46
    """Of lapses and errors that a check finds."""
    time: Duration = 0.5
    """A check takes."""
    fix: Duration = 1.5
    """Putting an error right takes; a missed action takes its own time."""


class Reflection(Part):
    """Staff think the service over after the customer has gone."""

    time: Duration = 1.0
    every: Annotated[int, Written(whole(1), whole_schema(1))] = 20
    target_training: Flag = False


class Coaching(Part):
    """Regular coaching; it does not help everybody."""

    every: LongOrNever = 40320.0
    share: Share = 1.0
    mean: Number = 0.41
    sd: Positive = 0.98
    cost: Positive = 0.0


class Incentive(Part):
    """A bonus, on hits or on speed."""

    on: Annotated[Literal["hits", "speed"], Written(one_of("hits", "speed"), {"enum": ["hits", "speed"]})] = "hits"
    adherence: Number = 0.0
    pace: Factor = 1.0
    cost: Positive = 0.0


class Research(Part):
    """Customers are asked what they expect, and management listens."""

    every: LongOrNever = 40320.0
    n: Annotated[int, Written(whole(0), whole_schema())] = 100
    gain: Share = 0.5
    cost: Positive = 0.0


class Erosion(Part):
    """Standards erode towards what is delivered, and recover."""

    down: LongOrNever = 189504.0
    up: LongOrNever = float("inf")


class Turnover(Part):
    """People leave and are replaced by newcomers."""

    per_year: Positive = 0.0
    newcomer_skill: Number = 0.0
    """Against the role's, on the probit scale."""


class Recovery(Part):
    """What is done for customers with a problem who speak up."""

    voice: Share = 0.3
    stage: Name
    resolve: Share = 0.7
    quick: DurationOrNever = 10.0
    major: Share = 0.2


class WordOfMouth(Part):
    """Delighted and dissatisfied customers move demand."""

    strength: Positive = 0.05
    per: LongDuration = 43200.0


class Automated(Part):
    """An action done by a machine for a share of customers."""

    share: Share = 0.0
    time: Duration = 0.0
    warmth: Share = 0.0


class Management(Part):
    """What management does; all off when absent."""

    audit: Audit | None = None
    self_check: SelfCheck = SelfCheck()
    reflection: Reflection | None = None
    coaching: Coaching | None = None
    incentive: Incentive | None = None
    research: Research | None = None
    erosion: Erosion | None = None
    turnover: Turnover | None = None
    recovery: Recovery | None = None
    word_of_mouth: WordOfMouth | None = None
    automation: dict[str, Automated] = Field(default_factory=dict)
    """By action."""


class Money(Part):
    """What is needed to count costs and value."""

    burden: Positive = 0.25
    """On top of wages."""
    discount: Positive = 0.10
    """Per year."""
    visits_per_year: Positive = 2.0
    horizon: LongDuration = 525600.0
    """Over which effects are valued."""
