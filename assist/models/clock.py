"""时限: every deadline as a row, what moved it and what paused it. Any figure can be told from these as of any time."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from assist.domain.deadlines import Budget, Measure
from assist.domain.status import ClockHolder, ClockKind, Verdict
from assist.models.base import Base, enum_column

RUNNING = "stopped_at IS NULL"
OWN = "task_id IS NULL AND request_id IS NULL AND supervision_id IS NULL AND instruction_id IS NULL"


def _one_running(column: str) -> Index:
    """Of what a clock belongs to, at most one of a kind runs."""
    where = text(f"{RUNNING} AND {column} IS NOT NULL")
    name = f"uq_clock_{column.removesuffix('_id')}_running"
    return Index(name, column, "kind", unique=True, sqlite_where=where, postgresql_where=where)


class Clock(Base):
    """One deadline. Running while `stopped_at` is empty; `paused_at` is set while a pause lasts.

    `measure` and `amount` are what was granted; `budget_label` names it, e.g. 复杂事项.
    `original_due_at` is set at the start, once more by the first accept, and moved by supplement pauses only.
    `version` goes up whenever the due time
    moves, which re-arms its reminders. `next_fire_at`/`next_step`: the next step of the ladder, empty when none is
    left or while paused. `counts_at` is min(stopped, due), the instant by which the clock belongs to a period;
    `original_counts_at` is the same by the original due time. `base_due_at` (of a first round's resolution) is what 15
    working days from the start would be, which nothing moves; `base_counts_at` is min(stopped, that).

    A clock is the ticket's own, or that of one of its tasks, requests, supervisions or instructions (at most one of
    the four ids is set). `holder` (with `unit_id` for a unit) owes what it measures. `waits_since`: a deferral or
    suspension was asked before the due time and is not decided yet; till then no red card or escalation is sent.
    """

    __tablename__ = "clock"
    __table_args__ = (
        UniqueConstraint("ticket_id", "kind", "round_no", "seq"),
        CheckConstraint("(stopped_at IS NULL) = (verdict IS NULL)", name="stopped_has_verdict"),
        CheckConstraint("stopped_at IS NULL OR next_fire_at IS NULL", name="stopped_is_silent"),
        CheckConstraint("stopped_at IS NULL OR paused_at IS NULL", name="stopped_is_not_paused"),
        CheckConstraint("due_at >= started_at", name="due_after_start"),
        Index(
            "uq_clock_running",
            "ticket_id",
            "kind",
            unique=True,
            sqlite_where=text(f"{RUNNING} AND {OWN}"),
            postgresql_where=text(f"{RUNNING} AND {OWN}"),
        ),
        *(_one_running(column) for column in ("task_id", "request_id", "supervision_id", "instruction_id")),
        CheckConstraint(
            "kind NOT IN ('task_sign', 'task_reply', 'task_promise') OR task_id IS NOT NULL",
            name="task_clock_has_task",
        ),
        CheckConstraint(
            "kind NOT IN ('decision', 'review') OR task_id IS NOT NULL OR request_id IS NOT NULL",
            name="decision_is_asked",
        ),
        CheckConstraint(
            "(kind = 'supervision_reply') = (supervision_id IS NOT NULL)",
            name="supervision_clock_has_supervision",
        ),
        CheckConstraint(
            "(kind = 'instruction') = (instruction_id IS NOT NULL)", name="instruction_clock_has_instruction"
        ),
        CheckConstraint("(holder = 'unit') = (unit_id IS NOT NULL)", name="unit_clock_has_unit"),
        CheckConstraint("waits_since IS NULL OR stopped_at IS NULL", name="stopped_does_not_wait"),
        Index(
            "ix_clock_unit_counts",
            "unit_id",
            "kind",
            "counts_at",
            sqlite_where=text("unit_id IS NOT NULL"),
            postgresql_where=text("unit_id IS NOT NULL"),
        ),
        Index(
            "ix_clock_fire",
            "next_fire_at",
            "id",
            sqlite_where=text("next_fire_at IS NOT NULL"),
            postgresql_where=text("next_fire_at IS NOT NULL"),
        ),
        Index(
            "ix_clock_paused",
            "kind",
            "round_no",
            sqlite_where=text("paused_at IS NOT NULL"),
            postgresql_where=text("paused_at IS NOT NULL"),
        ),
        Index("ix_clock_counts", "kind", "round_no", "counts_at"),
        Index("ix_clock_original_counts", "kind", "round_no", "original_counts_at"),
        Index(
            "ix_clock_base_counts",
            "base_counts_at",
            sqlite_where=text("base_counts_at IS NOT NULL"),
            postgresql_where=text("base_counts_at IS NOT NULL"),
        ),
        Index(
            "ix_clock_running_due",
            "kind",
            "due_at",
            sqlite_where=text(RUNNING),
            postgresql_where=text(RUNNING),
        ),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"))
    supervision_id: Mapped[int | None] = mapped_column(ForeignKey("supervision.id"))
    instruction_id: Mapped[int | None] = mapped_column(ForeignKey("instruction.id"))
    kind: Mapped[ClockKind] = mapped_column(enum_column(ClockKind, "kind"))
    holder: Mapped[ClockHolder] = mapped_column(enum_column(ClockHolder, "holder"), default=ClockHolder.OWNER)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    round_no: Mapped[int]
    seq: Mapped[int] = mapped_column(default=1)
    measure: Mapped[Measure] = mapped_column(enum_column(Measure, "measure"))
    amount: Mapped[int] = mapped_column(default=0)
    budget_label: Mapped[str] = mapped_column(String(40), default="")
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    original_due_at: Mapped[datetime]
    counts_at: Mapped[datetime]
    original_counts_at: Mapped[datetime]
    base_due_at: Mapped[datetime | None]
    base_counts_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    waits_since: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    verdict: Mapped[Verdict | None] = mapped_column(enum_column(Verdict, "verdict"))
    version: Mapped[int] = mapped_column(default=1)
    next_fire_at: Mapped[datetime | None]
    next_step: Mapped[str] = mapped_column(String(24), default="")

    @property
    def budget(self) -> Budget:
        return (
            Budget.fixed(self.due_at) if self.measure is Measure.FIXED else Budget(self.measure, self.amount)
        )


class ClockMove(Base):
    """A due time that moved: from when to when, why, and when that was decided."""

    __tablename__ = "clock_move"
    __table_args__ = (Index("ix_clock_move_at", "at", "clock_id"),)

    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"), index=True)
    old_due_at: Mapped[datetime]
    new_due_at: Mapped[datetime]
    old_original_due_at: Mapped[datetime]
    new_original_due_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


class Pause(Base):
    """A time in which a clock stood still, e.g. for a supplement (which alone `moves_original`).

    `entered_at` is set where it began before it was known: a suspension asked in time and granted later.
    """

    __tablename__ = "pause"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
        Index(
            "uq_pause_open",
            "clock_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    clock_id: Mapped[int] = mapped_column(ForeignKey("clock.id"), index=True)
    why: Mapped[str] = mapped_column(String(120))
    moves_original: Mapped[bool] = mapped_column(default=True)
    started_at: Mapped[datetime]
    entered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
