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
    """Services observed, and told to those who served. Told, it keeps people to the standards; untold, it does not."""

    share: Share = 0.0
    """Of services observed."""
    feedback: Flag = True
    """Whether those who served are told; untold, an audit changes nothing."""
    effect: Share = 0.80
    """Of unwilling misses, the share that auditing every service avoids, told at once. Source: computed from Armellino
    et al. 2012, an upper bound."""
    fade: LongOrNever = 1036800.0
    """After so long the effect has halved. Source: a default; Staats et al. 2017 see such a decline."""
    cost: Positive = 0.0
    """Of an audit. Unit: money per audited service."""


class SelfCheck(Part):
    """Staff check their own checkable actions before the customer goes."""

    share: Share = 0.0
    """Of services that are checked; 0.80 where it is switched on. Source: of 0.80, computed with `catches` from
    surgical checklists."""
    catches: Share = 0.46
    """Of lapses and errors that a check finds. Source: computed from surgical checklists, whose effect leaves 0.63 of
    complications: Haynes et al. 2009 and a meta-analysis."""
    time: Duration = 0.5
    """A check takes. Source: a default."""
    fix: Duration = 1.5
    """Putting an error right takes; a missed action takes its own time. Source: a default."""
    decline: LongOrNever = float("inf")
    """Without audits that are told, the share has halved after so long."""


class Reflection(Part):
    """Staff think the service over after the customer has gone: busy for a while, and the wiser for it."""

    time: Duration = 1.0
    """A reflection takes. Source: a default."""
    every: Annotated[int, Written(whole(1), whole_schema(1))] = 20
    """After so many reflections half of the gain is reached. Source: a default."""
    gain: Number = 0.41
    """Most that it adds to knowledge. Unit: probit scale. Source: mean effect of feedback, Kluger and DeNisi 1996."""
    decline: LongOrNever = 1036800.0
    """Without audits that are told, half of the services are reflected on after so long. Source: a default."""
    target_training: Flag = False
    """Whether a training of listed actions teaches, in their place, as many that were missed most."""


class Coaching(Part):
    """Regular coaching; it does not help everybody. The latest counts, in place of the one before."""

    every: LongOrNever = 40320.0
    """At the first review after so long. Source: a default."""
    share: Share = 1.0
    """Of all staff who are coached each time, on average; turns are evenly spaced."""
    mean: Number = 0.41
    """Effect on knowledge. Unit: probit scale. Source: Kluger and DeNisi 1996, 607 effects."""
    sd: Positive = 0.98
    """Spread of the effect: more than a third are harmed. Unit: probit scale. Source: Kluger and DeNisi 1996, from
    memory."""
    cost: Positive = 0.0
    """Of a coaching. Unit: money per person coached."""


class Incentive(Part):
    """A bonus, on hits or on speed."""

    on: Annotated[Literal["hits", "speed"], Written(one_of("hits", "speed"), {"enum": ["hits", "speed"]})] = "hits"
    """What is paid for."""
    adherence: Number = 0.0
    """Added to everybody's adherence, within 0 to 1; below 0 where speed is paid and standards suffer. Unit: share."""
    pace: Factor = 1.0
    """Multiplies everybody's pace; where speed is paid. Unit: factor."""
    cost: Positive = 0.0
    """Paid out. Unit: money per hit, or per service where speed is paid."""


class Research(Part):
    """Customers are asked what they expect, and management listens."""

    every: LongOrNever = 40320.0
    """At the first review after so long. Source: a default."""
    n: Annotated[int, Written(whole(0), whole_schema())] = 100
    """Answers, at most; who answers is told by `quality.survey.response`. Source: a default."""
    gain: Share = 0.5
    """Part of the way that beliefs move to what was answered. Source: a default."""
    cost: Positive = 0.0
    """Of a survey. Unit: money per wave."""


class Erosion(Part):
    """Under pressure people's own standards erode towards what they deliver, and come back slowly or never."""

    down: LongOrNever = 189504.0
    """Time constant downwards, 18.8 weeks; 6 to 60 are plausible. Source: Oliva and Sterman 2001."""
    up: LongOrNever = float("inf")
    """Time constant upwards. Source: Oliva and Sterman 2001 find no recovery."""


class Turnover(Part):
    """People leave and are replaced by newcomers."""

    per_year: Positive = 0.0
    """Leavers, as a part of all staff. Unit: share per year."""
    newcomer_skill: Number = 0.0
    """Knowledge of a newcomer against the role's; −0.5 is usual. Unit: probit scale. Source: of −0.5, a default."""
    cost: Positive = 0.0
    """Of hiring. Unit: money per newcomer."""


class Recovery(Part):
    """What is done for customers with a problem who speak up."""

    voice: Share = 0.3
    """Of customers with a problem, the share who speak up; 0.6 where staff ask. Source: within Goodman's ranges; of
    0.6, a default."""
    stage: Name
    """Where they go before they leave."""
    resolve: Share = 0.7
    """Of problems heard that are resolved. Source: a default."""
    quick: DurationOrNever = 10.0
    """A solution is quick within so long of speaking up. Source: a default."""
    major: Share = 0.2
    """Of errors without a severity of their own that are major problems. Source: a default."""
    authority: Share = 0.0
    """Of problems spoken of that those who serve may settle on the spot; the others go to the stage."""
    time: Duration = 3.0
    """Settling a problem on the spot takes; at the stage its own work counts. Source: a default."""
    cost: Positive = 0.0
    """Of a solution. Unit: money per problem resolved."""


class WordOfMouth(Part):
    """Word of mouth moves demand: by strength × (good × delighted − bad × dissatisfied) / 10 in a `per`.

    Appointments are not moved.
    """

    strength: Positive = 0.05
    """How far talk moves demand. Unit: factor. Source: a default."""
    per: LongDuration = 43200.0
    """Each so long. Source: a default."""
    good: Positive = 5.0
    """Listeners of a delighted customer. Unit: people. Source: soft drinks, in Anderson 1998; cars 8."""
    bad: Positive = 10.0
    """Listeners of a dissatisfied one. Unit: people. Source: soft drinks, in Anderson 1998; cars 16."""
    limit: Share = 0.10
    """Most that demand moves in each `per`. Source: a default."""


class Automated(Part):
    """An action done by a machine for a share of customers: always, and in its own time."""

    share: Share = 0.0
    """Of customers whom the machine serves in this."""
    time: Duration = 0.0
    """The machine takes, of the service."""
    warmth: Share = 0.0
    """What a customer takes it for: 1 is as good as from a person, 0 as nothing."""


class Assisted(Part):
    """What customer records (a CRM) do for an action: it takes less time, or more people know what to do."""

    time: Positive = 1.0
    """Multiplies the action's time. Unit: factor."""
    skill: Number = 0.0
    """Added to the knowledge of it. Unit: probit scale."""


class Management(Part):
    """What management does; all off when absent."""

    audit: Audit | None = None
    """Observation of services."""
    self_check: SelfCheck = SelfCheck()
    """A check before the customer goes."""
    reflection: Reflection | None = None
    """Thinking the service over after it."""
    coaching: Coaching | None = None
    """Regular coaching."""
    incentive: Incentive | None = None
    """A bonus."""
    research: Research | None = None
    """Waves of customer surveys."""
    erosion: Erosion | None = None
    """Erosion of standards."""
    turnover: Turnover | None = None
    """Leavers and newcomers."""
    recovery: Recovery | None = None
    """Complaints and what is done for them."""
    word_of_mouth: WordOfMouth | None = None
    """What customers tell others."""
    automation: dict[str, Automated] = Field(default_factory=dict)
    """By action: done by a machine."""
    crm: dict[str, Assisted] = Field(default_factory=dict)
    """By action: helped by customer records."""


class Money(Part):
    """What is needed to count costs and value."""

    burden: Positive = 0.25
    """On top of wages. Unit: share of wages. Source: a default."""
    discount: Positive = 0.10
    """By which a year later counts less. Unit: share per year. Source: a default."""
    visits_per_year: Positive = 2.0
    """Of a customer who keeps coming back; expectations learn at each. Unit: encounters per year. Source: a default."""
    horizon: LongDuration = 525600.0
    """Over which effects are valued. Source: a default."""
