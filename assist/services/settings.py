"""Configuration as one value: calendar, limits, ladder, dictionaries, single settings. Read here, written in verbs.

The rows are read once and kept until `revision` (raised by every change, see `changed`) says otherwise, so that a
page costs no query for them. The web reads the revision in the statement that loads the account.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.board_rules import BoardRules
from assist.domain.deadlines import Budget
from assist.domain.ladder import DEFAULTS as LADDER_DEFAULTS
from assist.domain.ladder import LadderRule
from assist.domain.limits import DEFAULTS as LIMIT_DEFAULTS
from assist.domain.months import SnapshotKind
from assist.domain.office_hours import DayOverride, Window, WindowSet, YearStatus
from assist.domain.setting_specs import SPECS
from assist.domain.status import ClockKind, Step
from assist.domain.workdays import WorkCalendar
from assist.models import (
    Area,
    BoardRule,
    CalendarOverride,
    CalendarYear,
    Category,
    Chain,
    LadderStep,
    Limit,
    OfficeHours,
    Setting,
    Snapshot,
    SnapshotFigure,
)

KNOWN_REVISION = "assist_revision"
_kept: "OrderedDict[tuple[str, int], Settings]" = OrderedDict()
_KEEP = 8


@dataclass(frozen=True)
class AreaEntry:
    id: int
    code: str
    name: str


@dataclass(frozen=True)
class CategoryEntry:
    """A category with its parent's name; leaves have a parent."""

    id: int
    code: str
    name: str
    parent_id: int | None
    parent_name: str
    unit_name: str
    days: int | None
    is_restricted: bool
    is_shielded: bool
    is_note_required: bool
    guide: str


@dataclass(frozen=True)
class FrozenMonth:
    """A month that is frozen: its snapshot, as of when it is told, and the figures it holds.

    `tells_closed`: it holds what is restricted apart (`figures.readers`).
    """

    snapshot_id: int
    told_at: datetime
    figures: frozenset[str]
    tells_closed: bool


@dataclass(frozen=True)
class Settings:
    """Everything configured, as of one revision. `values` are the single settings by name."""

    revision: int
    calendar: WorkCalendar
    limits: dict[tuple[ClockKind, str], list[tuple[date, Budget]]]
    ladder: dict[ClockKind, list[tuple[date, LadderRule]]]
    areas: dict[int, AreaEntry]
    categories: dict[int, CategoryEntry]
    chains: dict[int, str]
    values: dict[str, Any]
    frozen_months: dict[date, FrozenMonth]
    board_rules: list[tuple[date, str, Any]]

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels beside the inbox that are configured, as the last `deliver` run found them."""
        return tuple(self.values.get("channels") or ())

    @property
    def restricted_owner_id(self) -> int | None:
        """The person named for restricted matters; None keeps those categories off."""
        value = self.values.get("restricted_owner_id")
        return int(value) if value else None

    @property
    def oversight_phone(self) -> str:
        return str(self.values.get("oversight_phone") or "")

    def value(self, name: str) -> str | int:
        """A single setting as it holds: what is set, else what is usual (`domain.setting_specs`)."""
        found: str | int | None = self.values.get(name)
        return SPECS[name].usual if found is None else found

    def board_rules_on(self, on: date | None = None) -> BoardRules:
        """The rules of the boards for the month of a date (None: those that hold last)."""
        return BoardRules({name: value for from_on, name, value in self.board_rules if on is None or from_on <= on})

    def budget(self, kind: ClockKind, case: str = "", on: date | None = None) -> Budget:
        """What a kind of clock gets in a case of it, by the limit in force on a date (None: the latest)."""
        rules = self.limits[(kind, case)]
        fitting = [budget for from_on, budget in rules if on is None or from_on <= on]
        return fitting[-1] if fitting else rules[0][1]

    def ladder_of(self, kind: ClockKind, on: date | None = None) -> list[LadderRule]:
        """The steps of a kind in force on a date (None: the latest), each as it was set last by then."""
        found: dict[Step, LadderRule] = {}
        for from_on, rule in self.ladder.get(kind, ()):
            if on is None or from_on <= on:
                found[rule.step] = rule
        return [rule for rule in found.values() if rule.is_on]

    def leaves(self, *, restricted: bool = False) -> list[CategoryEntry]:
        """Categories one may choose; restricted ones only when somebody is named for them."""
        return [
            entry
            for entry in self.categories.values()
            if entry.parent_id is not None and (not entry.is_restricted or restricted)
        ]

    def by_code(self, code: str) -> CategoryEntry | None:
        return next((entry for entry in self.categories.values() if entry.code == code), None)


def current(session: Session) -> Settings:
    """The settings in force. Costs one tiny query, or none when the session knows the revision already."""
    revision = session.info.get(KNOWN_REVISION)
    if revision is None:
        revision = session.scalar(select(Setting.value).where(Setting.name == "revision")) or 0
    key = (str(session.get_bind().engine.url), int(revision))
    if key not in _kept:
        _kept[key] = _read(session, int(revision))
        while len(_kept) > _KEEP:
            _kept.popitem(last=False)
    return _kept[key]


def changed(session: Session) -> None:
    """Raise the revision: call in the transaction of every change of configuration."""
    session.flush()
    row = session.scalar(select(Setting).where(Setting.name == "revision").with_for_update())
    if row is None:
        session.add(Setting(name="revision", value=1))
    else:
        row.value = int(row.value) + 1
    session.flush()
    session.info.pop(KNOWN_REVISION, None)


def forget() -> None:
    """Drop what is kept: for tests that make many databases under one address."""
    _kept.clear()


def _read(session: Session, revision: int) -> Settings:
    F = SnapshotFigure
    apart = select(F.snapshot_id).where(F.dimension == "closed_city", F.figure == "on_time", F.span == 1)
    telling_closed = set(session.scalars(apart))
    return Settings(
        revision=revision,
        calendar=read_calendar(session),
        limits=_limits(session),
        ladder=_ladder(session),
        areas={
            row.id: AreaEntry(row.id, row.code, row.name)
            for row in session.scalars(select(Area).order_by(Area.sort))
        },
        categories=_categories(session),
        chains={row.id: row.name for row in session.scalars(select(Chain).order_by(Chain.sort))},
        values={row.name: row.value for row in session.scalars(select(Setting))},
        board_rules=[
            (row.from_on, row.name, row.value)
            for row in session.scalars(select(BoardRule).order_by(BoardRule.from_on, BoardRule.id))
        ],
        frozen_months={
            row.month_on: FrozenMonth(row.id, row.told_at, frozenset(row.figures), row.id in telling_closed)
            for row in session.scalars(select(Snapshot).where(Snapshot.kind == SnapshotKind.FINAL))
        },
    )


def read_calendar(session: Session) -> WorkCalendar:
    """The working calendar of the rows as they stand in this session."""
    return WorkCalendar(*calendar_parts(session))


def calendar_parts(session: Session) -> tuple[list[WindowSet], list[DayOverride], dict[int, YearStatus]]:
    """(office hours, special days, what is known of each year): what the calendar is made of."""
    hours = [window_set(row) for row in session.scalars(select(OfficeHours).order_by(OfficeHours.from_on))]
    overrides = [
        DayOverride(row.on, row.name, not row.is_working) for row in session.scalars(select(CalendarOverride))
    ]
    statuses = {row.year: row.status for row in session.scalars(select(CalendarYear))}
    return hours or [WindowSet()], overrides, statuses


def window_set(row: OfficeHours) -> WindowSet:
    windows = tuple(Window(minutes(opens), minutes(closes)) for opens, closes in row.windows)
    return WindowSet(windows, None if row.from_on == date.min else row.from_on, row.to_on, row.name)


def minutes(text: str) -> int:
    """`08:30` as minutes from midnight."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _limits(session: Session) -> dict[tuple[ClockKind, str], list[tuple[date, Budget]]]:
    found = {(rule.kind, rule.case): [(date.min, rule.budget)] for rule in LIMIT_DEFAULTS}
    for row in session.scalars(select(Limit).order_by(Limit.from_on)):
        found.setdefault((row.kind, row.for_case), []).append((row.from_on, Budget(row.measure, row.amount)))
    return found


def _ladder(session: Session) -> dict[ClockKind, list[tuple[date, LadderRule]]]:
    """The rows where there are any for a kind, else the defaults of that kind; the later ones last."""
    found: dict[ClockKind, list[tuple[date, LadderRule]]] = {}
    for row in session.scalars(select(LadderStep).order_by(LadderStep.from_on, LadderStep.id)):
        rule = LadderRule(
            row.kind,
            row.step,
            row.unit,
            row.amount,
            row.repeat_every,
            tuple(row.recipients),
            tuple(row.channels),
            row.is_on,
        )
        found.setdefault(row.kind, []).append((row.from_on, rule))
    configured = set(found)
    for rule in LADDER_DEFAULTS:
        if rule.kind not in configured:
            found.setdefault(rule.kind, []).append((date.min, rule))
    return found


def _categories(session: Session) -> dict[int, CategoryEntry]:
    rows = list(session.scalars(select(Category).order_by(Category.sort)))
    names = {row.id: row.name for row in rows}
    return {
        row.id: CategoryEntry(
            row.id,
            row.code,
            row.name,
            row.parent_id,
            names.get(row.parent_id, "") if row.parent_id else "",
            row.unit_name or "",
            row.days,
            row.is_restricted,
            row.is_shielded,
            row.is_note_required,
            row.guide or "",
        )
        for row in rows
    }
