"""企业诉求办理台账 as it comes back edited (ledger A): progress and remarks, written by the owner alone.

A cell counts as edited when it is neither what the ledger said when it was taken out nor what it says now; so a sheet
may be sent in twice, and what has only become old changes nothing. Where both sides wrote since, nothing is written
and it is said who wrote what. By number together with the credit code. Errors: `WorkbookProblem`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from assist.domain.clock import local
from assist.domain.date_words import moment_text
from assist.domain.status import Status
from assist.domain.transitions import Action, is_legal
from assist.models import Account, Enterprise, Ticket
from assist.services import access, auditing, handling
from assist.services.queries.ledgers.ticket_parts import Said, events_said, said
from assist.services.work import Work
from assist.services.workbooks import container
from assist.services.workbooks.findings import Fault, Findings, Note
from assist.services.workbooks.problem import WorkbookProblem
from assist.services.workbooks.progress_sheet import (
    MOST_WORDS,
    PROGRESS,
    REMARK,
    ProgressRow,
    is_same,
    parse,
    read_progress,
)
from assist.services.workbooks.reading import Sheet, SheetRow

BATCH = 500
QUOTED = 30  # characters of what somebody else wrote
WHAT = {PROGRESS: "办理进展", REMARK: "备注"}
SECOND = timedelta(seconds=1)  # the sheet tells whole ones
_TOO_LATE = "这件诉求现在是“{}”，办理结果不在台账里改；需要更正请到诉求页办理"
_TOO_EARLY = "这件诉求现在是“{}”，受理以后才能写{}"


@dataclass(frozen=True)
class Edit:
    """What one row brings: empty where that cell was not edited."""

    row: ProgressRow
    progress: str = ""
    remark: str = ""

    @property
    def words(self) -> str:
        told = ((WHAT[PROGRESS], self.progress), (WHAT[REMARK], self.remark))
        return "；".join(f"{what}写入“{_quoted(text)}”" for what, text in told if text)


@dataclass(frozen=True)
class ProgressCheck:
    """`rows` are the good ones, edited or not; `row_count` all data rows there were."""

    rows: tuple[ProgressRow, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]
    row_count: int


@dataclass(frozen=True)
class CheckedProgress:
    """A sheet, what is wrong with it, and what its good rows bring."""

    sheet: Sheet
    check: ProgressCheck
    edits: tuple[Edit, ...]
    taken_out_at: datetime

    @property
    def unchanged_count(self) -> int:
        return len(self.check.rows) - len(self.edits)


@dataclass
class ProgressOutcome:
    """How many were written, and how many rows had nothing new."""

    progress: int = 0
    remarks: int = 0
    tickets: int = 0
    unchanged: int = 0

    def sentence(self) -> str:
        if not self.tickets:
            return f"与现有数据一致，没有变化（{self.unchanged}件）。"
        return f"{self.tickets}件诉求写入办理进展{self.progress}条、备注{self.remarks}条；{self.unchanged}件没有变化。"


@dataclass
class _Known:
    """One ticket that the actor may see: what it said when the sheet was taken out, and what it says now."""

    row: Any
    then: Said = field(default_factory=Said)
    now: Said = field(default_factory=Said)


def check(work: Work, source: container.Source) -> CheckedProgress:
    """Read a workbook and compare it with what stands. Writes nothing."""
    sheet, taken_out_at = read_progress(source)
    if taken_out_at > work.now:
        raise WorkbookProblem("表上的导出时间晚于现在，不像是从本系统导出的台账。")
    findings = Findings(sheet)
    rows = parse(sheet, findings)
    known = _known(work, [row.number for row in rows], taken_out_at)
    judge = _Judge(work, known, findings)
    edits = [judge.edit(source, row) for source, row in zip(sheet.rows, rows, strict=True)]
    good = tuple(row for row in rows if not findings.has_fault(row.row))
    found = ProgressCheck(good, findings.faults(), tuple(findings.notes), len(rows))
    brought = (one for one in edits if one is not None and not findings.has_fault(one.row.row))
    return CheckedProgress(sheet, found, tuple(brought), taken_out_at)


def _known(work: Work, numbers: Sequence[str], taken_out_at: datetime) -> dict[str, _Known]:
    """By number; in batches of a fixed number of statements."""
    columns = (Ticket.id, Ticket.number, Ticket.status, Ticket.owner_id, Ticket.is_restricted)
    query = (
        select(*columns, Enterprise.credit_code, Account.name.label("owner"))
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .outerjoin(Account, Account.id == Ticket.owner_id)
        .where(access.visible(work.actor))
    )
    found: dict[str, _Known] = {}
    for begins in range(0, len(numbers), BATCH):
        rows = work.session.execute(query.where(Ticket.number.in_(numbers[begins : begins + BATCH]))).all()
        events = events_said(work, [row.id for row in rows])
        for row in rows:
            own = events.get(row.id, [])
            then = said(event for event in own if event.at < taken_out_at + SECOND)
            found[row.number] = _Known(row, then, said(own))
    return found


class _Judge:
    """Whether a row brings anything, and whether it may."""

    def __init__(self, work: Work, known: dict[str, _Known], findings: Findings) -> None:
        self._work, self._known, self._findings = work, known, findings

    def edit(self, source: SheetRow, row: ProgressRow) -> Edit | None:
        """None where nothing was edited, or nothing can be made of it."""
        if self._findings.has_fault(row.row):
            return None
        one = self._known.get(row.number)
        if one is None:
            self._findings.fault(source, "number", "没有找到这个编号的诉求，或者它不由您办理")
            return None
        if one.row.credit_code != row.credit_code:
            why = "与诉求编号不是同一家企业，请核对编号和代码"
            self._findings.fault(source, "credit_code", why, one.row.credit_code)
            return None
        edited = {key: typed for key, typed in self._edited(row, one) if typed}
        for key in edited:
            if why := self._why_not(key, edited[key], one):
                self._findings.fault(source, key, why)
        return Edit(row, edited.get(PROGRESS, ""), edited.get(REMARK, "")) if edited else None

    def _edited(self, row: ProgressRow, one: _Known) -> Iterable[tuple[str, str]]:
        for key in (PROGRESS, REMARK):
            typed, now, then = getattr(row, key), getattr(one.now, key), getattr(one.then, key)
            if not typed and now:
                words = f"{row.number} 的{WHAT[key]}被清空；已经写下的不会因此删除"
                self._findings.note(row.row, words)
            elif not is_same(typed, now) and not is_same(typed, then):
                yield key, typed

    def _why_not(self, key: str, typed: str, one: _Known) -> str:
        ticket, actor = one.row, self._work.actor
        owners = actor.officers if not ticket.is_restricted else {actor.account_id}
        if ticket.owner_id not in owners:
            return f"这件诉求由{ticket.owner or '别人'}办理，{WHAT[key]}只能由责任专员（或代办人）写"
        if not is_legal(Action.PROGRESS, ticket.status):
            is_early = ticket.status in (Status.SUBMITTED, Status.SUPPLEMENTING)
            return (_TOO_EARLY if is_early else _TOO_LATE).format(ticket.status.title, WHAT[key])
        if len(typed) > MOST_WORDS:
            return f"太长（{len(typed)}字），最多{MOST_WORDS}字"
        if getattr(one.now, key) != getattr(one.then, key):
            return self._moved_on(key, one.now.row if key == PROGRESS else one.now.remark_row)
        return ""

    def _moved_on(self, key: str, since: Any) -> str:
        at = moment_text(since.at, local(self._work.now).year)
        return (
            f"这张表导出以后，{since.actor_name}于{at}又写了“{_quoted(since.note)}”，您改的这一格没有写入；"
            f"请核对后，按最新的台账修改，或直接在诉求页填写"
        )


def _quoted(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= QUOTED else plain[:QUOTED] + "……"


def take_over(work: Work, checked: CheckedProgress, *, is_visible: bool) -> ProgressOutcome:
    """Write what the good rows bring. `checked` must have been made in this very transaction, begun as a writer.

    `is_visible`: the enterprises read the progress (and hear of it); remarks never leave the house.
    """
    outcome = ProgressOutcome(unchanged=checked.unchanged_count)
    for one in checked.edits:
        ticket = access.ticket(work, one.row.number, lock=True)
        if one.remark:
            handling.progress(work, ticket, one.remark, is_visible=False, is_remark=True)
            outcome.remarks += 1
        if one.progress:
            handling.progress(work, ticket, one.progress, is_visible=is_visible)
            outcome.progress += 1
        outcome.tickets += 1
    if outcome.tickets:
        detail = {"tickets": outcome.tickets, "rows": checked.check.row_count}
        auditing.record(work, "import_progress", "企业诉求办理台账", **detail)
    return outcome
