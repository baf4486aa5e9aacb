"""The whole scenario: one place of service with all numbers a study may change."""

import copy
import dataclasses
import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, model_validator

from sim.scenario.actions import Action
from sim.scenario.calendar import Calendar, Site
from sim.scenario.customers import Segment
from sim.scenario.document import Document
from sim.scenario.management import Management, Money
from sim.scenario.quality import Quality
from sim.scenario.staff import Role
from sim.scenario.stages import Stage
from sim.scenario.studies import Limits, LowHigh, Precision
from sim.scenario.training import TrainingEvent
from sim.scenario.written import (
    LongDuration,
    Part,
    Text,
    Written,
    mapping,
    one_of,
    show,
    whole,
    whole_schema,
    wrong,
)

_LONGEST_RUN = 1_000_000
_CHOICES = ("longest_idle", "first", "fastest", "most_skilled", "random")


def _scenario_name(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 64 or not set(value) <= _SLUG:
        raise wrong(f"{show(value)} will not do; write small letters a-z, digits and hyphens, at most 64")
    return value


_SLUG = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def _policy(value: Any) -> dict[str, Any]:
    return dict(mapping(value))


class Scenario(Part):
    """One place of service. Dicts keep the order of the file; `load` makes one from a file or a dict."""

    name: Annotated[str, Written(_scenario_name, {"type": "string", "pattern": "^[a-z0-9-]{1,64}$"})]
    """Small letters, digits, hyphens: the folder's name under results/."""
    title: Text = ""
    """What reports call it."""
    currency: Text = ""
    """What money is counted in; no number depends on it."""
    calendar: Calendar
    """How long, and when it is open."""
    replications: Annotated[int, Written(whole(1, _LONGEST_RUN), whole_schema(1))] = 20
    """Independent runs."""
    seed: Annotated[int, Written(whole(0, 2**63 - 1), whole_schema())] = 1
    """From which all chance is drawn: the same seed gives the same customers, under every policy."""
    site: Site = Site()
    """The room on it."""
    customers: Annotated[dict[str, Segment], Field(min_length=1)]
    """Segments by name."""
    stages: Annotated[dict[str, Stage], Field(min_length=1)]
    """Steps of the service by name."""
    staff: dict[str, Role] = Field(default_factory=dict)
    """Roles by name."""
    choose_staff: Annotated[
        Literal["longest_idle", "first", "fastest", "most_skilled", "random"],
        Written(one_of(*_CHOICES), {"enum": list(_CHOICES)}),
    ] = "longest_idle"
    """Who serves, among the free members of a role."""
    actions: dict[str, Action] = Field(default_factory=dict)
    """What the customer can notice, by name."""
    quality: Quality = Quality()
    """How quality comes about and is perceived."""
    management: Management = Management()
    """What management does."""
    training: dict[str, TrainingEvent] = Field(default_factory=dict)
    """Planned events by name."""
    review: LongDuration | None = None
    """Length of a period, after which management acts on what it saw: whole days; absent: one period."""
    policies: dict[str, Annotated[dict[str, Any], Written(_policy, {"type": "object", "x-levers": True})]] = Field(
        default_factory=dict
    )
    """Named sets of levers, `{path: value}`; a value may be `{add: 1}` or `{times: 1.1}`. The first is the baseline of
    every comparison."""
    analysis: Annotated[
        Literal["terminating", "steady_state"],
        Written(one_of("terminating", "steady_state"), {"enum": ["terminating", "steady_state"]}),
    ] = "terminating"
    """Whether a run is a whole by itself or a window on a process without end."""
    precision: Precision | None = None
    """How many replications, by precision."""
    uncertain: dict[str, LowHigh] = Field(default_factory=dict)
    """Levers whose value is not known: `path: [low, high]`."""
    accept: Limits = ()
    """Limits on measures that must hold: `["wait_p90 < 12 min", "satisfaction > 5.2"]`."""
    money: Money = Money()
    """Costs and value."""

    _document: Document = PrivateAttr()

    @model_validator(mode="after")
    def _returns_to_own_stage(self) -> "Scenario":
        for name, stage in self.stages.items():
            if stage.error is not None and not stage.error.returns_to:
                object.__setattr__(stage.error, "returns_to", name)
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]  # it holds dicts

    @property
    def policy_names(self) -> tuple[str, ...]:
        """Names of the policies, the baseline first."""
        return tuple(self.policies)

    def with_policy(self, name: str) -> "Scenario":
        """This scenario under one of its policies. ScenarioError where there is no such policy."""
        from sim.scenario.loading import with_policy

        return with_policy(self, name)

    def with_policies(self, policies: Mapping[str, Mapping[str, Any]]) -> "Scenario":
        """This scenario with further policies, after its own. ScenarioError where their levers will not do."""
        from sim.scenario.loading import with_policies

        return with_policies(self, policies)

    def with_levers(self, levers: Mapping[str, Any]) -> "Scenario":
        """This scenario with values set by dotted path, absolute or ``{"add": x}``, ``{"times": x}``.

        In the order given; later ones see earlier ones. ScenarioError where a path or value will not do.
        Precedence (policy, then a sweep's lever, then --set) is the order in which the caller applies them.
        """
        from sim.scenario.loading import with_levers

        return with_levers(self, levers)

    @property
    def file(self) -> str:
        """The path it was read from, as it was given; a word in brackets where it was not a file."""
        return self._document.file

    def as_written(self) -> dict[str, Any]:
        """The scenario as a file would say it, `extends` and CSV files resolved: `load` gives it back."""
        return copy.deepcopy(dict(self._document.tree))

    def canonical(self) -> dict[str, Any]:
        """What one replication reads, defaults filled, fit for JSON: the same for the same meaning.

        Leaves out name, titles, currency, replications, policies and what only studies read. Where the order
        of names has a meaning (segments, stages, roles, actions, routes, preferences), it is a list of pairs.
        """
        fields = (field for field in type(self).model_fields if field not in _NOT_READ)
        return {field: _plain(getattr(self, field), field) for field in fields}

    def expected(self, action: str, segment: str) -> float:
        """What the segment expects of the action (share or minutes): its own, else the action's."""
        own = self.customers[segment].expects.get(action)
        return self.actions[action].expected.of(segment) if own is None else own

    def believed(self, action: str, segment: str) -> float:
        """What management believes that the segment expects (share or minutes); not said: what it does expect."""
        own = self.actions[action].believed
        return self.expected(action, segment) if own is self.actions[action].expected else own.of(segment)

    def target_wait(self, stage: str, segment: str) -> float | None:
        """Wait for the service level (min): the stage's, else what its wait action requires, else None."""
        if self.stages[stage].target_wait is not None:
            return self.stages[stage].target_wait
        waits = (action for action in self.actions.values() if action.stage == stage and action.kind == "wait")
        return next((action.required.of(segment) for action in waits), None)

    def serves(self, role: str, member: str | None = None) -> dict[str, float]:
        """Stage to pace factor, in order of preference, of what a role or a named member of it serves."""
        person = next((one for one in self.staff[role].members or () if one.name == member), None)
        if person is not None and person.serves is not None:
            return person.serves
        listing = {stage: 1.0 for stage, step in self.stages.items() if role in step.roles}
        return self.staff[role].serves or listing

    def trained_actions(self, event: str) -> tuple[str, ...]:
        """Actions that a training covers (all but waits, where it covers all), in the order of the file."""
        covered = self.training[event].actions
        if covered.all:
            return tuple(name for name, action in self.actions.items() if action.kind != "wait")
        return tuple(name for name in self.actions if name in covered.names)


_NOT_READ = frozenset(
    ("name", "title", "currency", "replications", "policies", "analysis", "precision", "uncertain", "accept")
)
_ORDERED = frozenset(("customers", "stages", "staff", "actions", "serves"))


def _plain(value: Any, field: str = "") -> Any:
    """The value as JSON can say it."""
    if isinstance(value, Part):
        return {key: _plain(entry, key) for key, entry in value.meaning().items()}
    if dataclasses.is_dataclass(value):
        names = (each.name for each in dataclasses.fields(value))
        return {key: _plain(getattr(value, key)) for key in names}
    if isinstance(value, dict):
        pairs = [[key, _plain(entry)] for key, entry in value.items()]
        return pairs if field in _ORDERED else dict(sorted(pairs))
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    return "never" if isinstance(value, float) and math.isinf(value) else value
