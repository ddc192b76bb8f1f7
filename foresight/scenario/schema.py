"""The tables of a scenario file, each frozen and closed: what may be written, and what holds otherwise.

Levers and uncertainties are not listed here: their fields, ranges and sentences come from `parameters`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    TypeAdapter,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from foresight import bounds
from foresight.actions import ACTIONS, FIRST_YEAR, GROUPS, LAST_YEAR, PHASE_STARTS, SUBREGIONS
from foresight.bounds import Bound
from foresight.engine import inputs
from foresight.errors import UNREADABLE, amount, shown
from foresight.facts.bodies import memberships
from foresight.facts.members import FISCAL_CAPACITY, member_codes
from foresight.facts.parameters import TAGS, Parameter, levers, uncertainties

#: The scope of an event that reaches every member.
EVERYBODY: Final = "all"

#: Who may take part: every member and associate member, or the member states.
TAKING_PART: Final = ("all", "states")

#: Phases that levers can shape: 2, 3 and 4; the first is history.
LEVER_PHASES: Final = 3

#: Gate rules by their names in scenario files.
GATES: Final = {gate.name.lower(): gate for gate in inputs.Gate}

#: The first year that levers may act from; the first phase is history.
FIRST_LEVER_YEAR: Final = PHASE_STARTS[1]

Phases = tuple[float, float, float]


class Table(BaseModel):
    """A table of a scenario file; unknown keys are errors and nothing changes once it exists."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def wrong(kind: str, **details: Any) -> PydanticCustomError:
    """Make the error for a value that breaks a rule; `kind` is a key of the text catalogue."""
    return PydanticCustomError(kind, kind, details)


def fault(kind: str, place: tuple[int | str, ...], given: object, **details: Any) -> InitErrorDetails:
    """Make the error for a place that breaks a rule together with others."""
    return InitErrorDetails(type=wrong(kind, **details), loc=place, input=given)


def one_of(
    kind: str, names: Callable[[], Sequence[str | int]], near: Callable[[object], str] = lambda _: ""
) -> PlainValidator:
    """Allow some names or whole numbers only; `near` says what else than the name most alike may be meant."""

    def check(value: object) -> object:
        if isinstance(value, bool | float) or value not in names():
            raise wrong(kind, names=tuple(names()), near=near(value))
        return value

    return PlainValidator(check)


def at_most(bound: Bound) -> BeforeValidator:
    """Refuse a text, list or table that is too long, or a number too great, before anything else is done with it."""

    def check(value: object) -> object:
        size = len(value) if isinstance(value, str | list | tuple | Mapping) else value
        if isinstance(size, int) and size > bound.most:
            raise wrong(bound.kind, given=amount(size), most=amount(bound.most))
        return value

    return BeforeValidator(check)


def _readable(marks: str, text: str) -> str:
    """Refuse a text with characters that nobody can read, but for some that it may have."""
    if any(sign not in marks for sign in UNREADABLE.findall(text)):
        raise wrong("unreadable_text")
    return text


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse a list in which a name stands twice."""
    if twice := [name for name in names if names.count(name) > 1]:
        raise wrong("named_twice", given=shown(twice[0]))
    return names


def scope_names() -> tuple[str, ...]:
    """Return the names a scope may have; it may also be a list of members."""
    return (EVERYBODY, *SUBREGIONS, *GROUPS, *memberships())


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Year = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Line = AfterValidator(partial(_readable, ""))
Lines = AfterValidator(partial(_readable, "\t\n"))
TitleText = Annotated[str, Field(min_length=1), Line, at_most(bounds.TITLE)]
Name = Annotated[str, Field(min_length=1), Line, at_most(bounds.NAME)]
Story = Annotated[str, Lines, at_most(bounds.STORYLINE)]
Text = Annotated[str, Lines, at_most(bounds.TEXT)]
Member = Annotated[str, one_of("unknown_member", member_codes)]
Body = Annotated[str, one_of("unknown_body", lambda: tuple(memberships()))]
Members = Annotated[tuple[Member, ...], at_most(bounds.LIST), AfterValidator(_once)]
Bodies = Annotated[tuple[Body, ...], at_most(bounds.LIST), AfterValidator(_once)]
Tag = Annotated[str, one_of("unknown_name", lambda: TAGS)]
Change = Annotated[int, one_of("unknown_name", lambda: (-1, 1))]

_SCOPE_NAME: Final[TypeAdapter[str]] = TypeAdapter(Annotated[str, one_of("unknown_scope", scope_names)])
_SCOPE_LIST: Final = TypeAdapter(Members)


def _scope(value: object) -> str | tuple[str, ...]:
    if not isinstance(value, list | tuple):
        return _SCOPE_NAME.validate_python(value)
    if not value:
        raise wrong("empty")
    return _SCOPE_LIST.validate_python(value)


Scope = Annotated[str | tuple[str, ...], PlainValidator(_scope), PlainSerializer(lambda scope: scope, Any)]


def _number(parameter: Parameter) -> Any:
    """Make the type of a parameter's value from its declaration."""

    def check(value: float) -> float:
        if parameter.fixed and value != parameter.default:
            raise wrong("fixed", value=f"{parameter.default:g}", names=(f"{parameter.default:g}",))
        if parameter.whole and not value.is_integer():
            raise wrong("not_whole")
        return value

    bounds = Field() if parameter.fixed else Field(ge=parameter.low, le=parameter.high)
    return Annotated[Number, bounds, AfterValidator(check)]


def _by_phase(parameter: Parameter) -> Any:
    """Make the type of a value for each of the phases 2, 3 and 4, or one for all."""
    number = _number(parameter)
    one = TypeAdapter[float](number)

    def three(value: object) -> Sequence[object]:
        if not isinstance(value, list | tuple):
            return (one.validate_python(value),) * LEVER_PHASES
        if len(value) != LEVER_PHASES:
            raise wrong("phase_count")
        return value

    schema = {"minimum": parameter.low, "maximum": parameter.high}
    values: Any = tuple[(number,) * LEVER_PHASES]  # type: ignore[misc]  # a type made of a declaration
    return Annotated[values, BeforeValidator(three), WithJsonSchema(schema)]


def _by_action(parameter: Parameter, default: Phases | None) -> Any:
    """Make a table with one entry an action; entries may be missing where None is the default."""
    phases = _by_phase(parameter)
    entry = (phases | None if default is None else phases, default)
    return _model(f"{parameter.name}_by_action", dict.fromkeys(ACTIONS, entry))


def _field(parameter: Parameter) -> tuple[Any, Any]:
    """Make the field of a lever or uncertainty from its declaration."""
    default: Any = parameter.default
    phases = (default, default, default)
    if parameter.by_action:
        table = _by_action(parameter, phases)
        return table, Field(default=table())
    if parameter.by_phase:
        return _by_phase(parameter), Field(default=phases)
    kind = _number(parameter) if default is not None else _number(parameter) | None
    return kind, Field(default=default)


def _own_efforts(parameter: Parameter) -> tuple[Any, Any]:
    """Make an effort field of a coalition: None where the common effort holds."""
    table = _by_action(parameter, None)
    return table, Field(default=table())


def _model(name: str, fields: Mapping[str, Any]) -> Any:
    return create_model(name, __base__=Table, **fields)


_Levers: Any = _model("_Levers", {name: _field(lever) for name, lever in levers().items()})
_Uncertainties: Any = _model("_Uncertainties", {name: _field(item) for name, item in uncertainties().items()})
_Efforts: Any = _model("_Efforts", {p.name: _own_efforts(p) for p in levers().values() if p.by_action})


class Levers(_Levers):  # type: ignore[misc]  # the fields are those declared in parameters.toml
    """What people choose, from `levers_from` on: phases 2, 3, 4; None where the uncertain value acts."""


class Uncertainties(_Uncertainties):  # type: ignore[misc]  # as above
    """What nobody knows, in all years."""


class TitlePart(Table):
    """What is said of the name of a scenario, in one language or in both."""

    en: TitleText = ""
    """In English."""
    zh: TitleText = ""
    """In Chinese."""


class Title(TitlePart):
    """The name of a scenario."""

    en: TitleText
    """In English."""
    zh: TitleText
    """In Chinese."""


class Storyline(Table):
    """What happens in a scenario, in a few sentences."""

    en: Story = ""
    """In English."""
    zh: Story = ""
    """In Chinese."""


OriginOfText = Annotated[str, Field(pattern=r"^(project|document ¶\d+)$")]


class Origin(Table):
    """Whose words the texts are: the source document's or the project's own."""

    title: OriginOfText = "project"
    """Where the title comes from, such as `document ¶37`."""
    storyline: OriginOfText = "project"
    """Where the storyline comes from."""


class Structure(Table):
    """Rules of the run that are not numbers to be sampled."""

    gate: Annotated[str, one_of("unknown_name", lambda: tuple(GATES))] = "infrastructure"
    """What a subregion needs before its shared goals become more ambitious."""
    gate_from: Year = Field(default=FIRST_YEAR, ge=FIRST_YEAR, le=LAST_YEAR)
    """The first year of the gate rule; before it, the rule is `infrastructure`."""
    members: Annotated[str, one_of("unknown_name", lambda: TAKING_PART)] = "all"
    """Who takes part: all 58 members and associate members, or the 49 member states."""
    levers_from: Year = Field(default=inputs.Structure().levers_from, ge=FIRST_LEVER_YEAR, le=LAST_YEAR)
    """The first year in which levers act."""


class Coalition(_Efforts):  # type: ignore[misc]  # as above
    """Members with efforts of their own; for actions not named the common efforts hold."""

    name: Name
    """What the coalition is called; tells it from the other coalitions of a file and its bases."""
    members: Members = ()
    """Codes of members that take part."""
    bodies: Bodies = ()
    """Bodies all of whose members take part."""

    @model_validator(mode="after")
    def _has_members(self) -> "Coalition":
        if not self.codes:
            raise wrong("no_members", names=("members", "bodies"))
        return self

    @property
    def codes(self) -> frozenset[str]:
        """Return the codes of all members, named or through a body."""
        return frozenset(self.members).union(*(memberships()[body] for body in self.bodies))


class RungChanges(Table):
    """Rungs that an event adds or takes, by action."""

    solidarity: Change = 0
    """On solidarity."""
    transparency: Change = 0
    """On information and data sharing, transparency and evidence of action."""
    accountability: Change = 0
    """On accountability measures."""
    financing: Change = 0
    """On economic systems and financing interventions."""
    networking: Change = 0
    """On coherent, networked and participatory action."""


class Event(Table):
    """Something that happens in one year to the members in its scope."""

    name: Name
    """What the event is called; tells it from the other events of a file and its bases."""
    year: Year = Field(ge=FIRST_YEAR, le=LAST_YEAR - 1)
    """The year that the event changes; its effects show in the state of the next year."""
    scope: Scope = EVERYBODY
    """Whom it reaches: `all`, a subregion, a group (LDC, LLDC, SIDS or REST), a body, or a list of members."""
    resources_lost: Number = Field(default=0.0, ge=0, lt=1)
    """The share of own resources lost that year."""
    trust: Number = Field(default=0.0, ge=-1, le=1)
    """Added to trust."""
    capacity: Number = Field(default=0.0, ge=-1, le=1)
    """Added to capacity."""
    pledged: RungChanges = RungChanges()
    """Rungs pledged or taken back: 1 or -1."""
    delivered: RungChanges = RungChanges()
    """Rungs delivered or undone: 1 or -1."""
    tag: Tag = "judgement"
    """How its size is known: estimated, literature or judgement."""
    source: Text = ""
    """Citation."""

    @model_validator(mode="after")
    def _does_something(self) -> "Event":
        rungs = [*self.pledged.model_dump().values(), *self.delivered.model_dump().values()]
        if not any([self.resources_lost, self.trust, self.capacity, *rungs]):
            raise wrong("no_effect", names=("resources_lost", "trust", "capacity", "pledged", "delivered"))
        return self


class MemberFacts(Table):
    """Facts of one member that change in a year; what is not named stays as the member table has it."""

    ldc: Flag | None = None
    """Whether it is a least developed country."""
    lldc: Flag | None = None
    """Whether it is a landlocked developing country."""
    sids: Flag | None = None
    """Whether it is a small island developing State."""
    income_group: Annotated[str, one_of("unknown_name", lambda: tuple(FISCAL_CAPACITY))] | None = None
    """Its income group."""
    government_effectiveness: Number | None = Field(default=None, ge=-2.5, le=2.5)
    """World Bank score of government effectiveness."""
    since: Year | None = Field(default=None, alias="from", ge=FIRST_YEAR, le=LAST_YEAR - 1)
    """The first year in which the changed facts hold; the first year of the levers where it is not given."""

    @model_validator(mode="after")
    def _changes_something(self) -> "MemberFacts":
        if not self.changes:
            raise wrong("no_effect", names=tuple(name for name in type(self).model_fields if name != "since"))
        return self

    @property
    def changes(self) -> dict[str, Any]:
        """Return the facts that change."""
        return self.model_dump(exclude_none=True, exclude={"since"})
