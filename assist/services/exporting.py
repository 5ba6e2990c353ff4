"""导出台账: who may, how many rows, what stands on the sheet, and the audit log. Up to 5,000 rows while one waits.

Phone numbers are hidden unless asked for with a reason, which is logged. Errors: NotFound for a ledger that is not
open to the actor, Invalid (`reason`) and `TooLarge`. What is larger is `export_runs`. Nothing here commits.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select

from assist.domain.clock import local_date
from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.ledgers import IN_REQUEST, MOST_ROWS, Ledger, named
from assist.domain.policy import may
from assist.domain.roles import Role
from assist.models import Unit, WorkGroup, WorkGroupMember
from assist.services import auditing
from assist.services.queries.ledgers import narrowing
from assist.services.queries.ledgers.catalogue import SOURCES, filter_of, table_of
from assist.services.work import Work
from assist.services.workbooks.writer import SheetWriter, Stamp, workbook

MOST_AT_ONCE = IN_REQUEST
WHOLE, MASKED = "完整", "隐去中间四位"


class TooLarge(Conflict):
    """More rows than can be written while somebody waits."""


@dataclass(frozen=True)
class Wanted:
    """One ledger, narrowed, with phones hidden or (for `reason`) whole."""

    ledger: Ledger
    filter: Any
    is_whole: bool = False
    reason: str = ""

    @property
    def query(self) -> dict[str, Any]:
        found: dict[str, Any] = self.filter.as_query()
        return found


def open_ledger(work: Work, letter: str) -> Ledger:
    """The ledger of a letter if the actor may take it out. Raises NotFound."""
    ledger = named(letter)
    if ledger is None or ledger not in SOURCES or not may(work.actor, ledger.rule.deed):
        raise NotFound()
    return ledger


def wanted(
    work: Work, letter: str, query: Mapping[str, Any], *, is_whole: bool = False, reason: str = ""
) -> Wanted:
    """Raises NotFound, and Invalid when whole numbers are asked for without a reason."""
    ledger = open_ledger(work, letter)
    is_whole = is_whole and ledger.rule.has_phones
    if is_whole and not reason.strip():
        raise Invalid("请填写需要完整号码的原因。", "reason")
    return Wanted(ledger, filter_of(ledger, query), is_whole, reason.strip()[:200] if is_whole else "")


def count(work: Work, one: Wanted) -> int:
    """How many rows it will be. Raises Conflict for more than a sheet holds."""
    found = SOURCES[one.ledger].count(work, one.filter)
    if found > MOST_ROWS:
        raise Conflict(f"共 {found} 行，超过一张表能放的 {MOST_ROWS} 行，请缩小范围。")
    return found


def at_once(work: Work, one: Wanted) -> tuple[BytesIO, int]:
    """The workbook and its rows. Raises TooLarge."""
    if (found := count(work, one)) > MOST_AT_ONCE:
        raise TooLarge(f"共 {found} 行，超过 {MOST_AT_ONCE} 行，请在台账导出页提交，由系统在后台生成。")
    rows = SOURCES[one.ledger].rows(work, one.filter)
    return workbook(table_of(work, one.ledger, one.filter), rows, stamp(work, one))


def write(
    work: Work,
    one: Wanted,
    target: Path | BytesIO,
    *,
    folder: Path | None = None,
    beat: Callable[[int], None] | None = None,
) -> int:
    """Write it row after row into a file, however many there are; returns how many.

    `beat` is called with the count after each row and may raise to end it; `folder` is where unfinished parts may lie.
    """
    writer = SheetWriter(target, table_of(work, one.ledger, one.filter), stamp(work, one), folder=folder)
    try:
        for row in SOURCES[one.ledger].rows(work, one.filter):
            writer.put(row)
            if beat is not None:
                beat(writer.count)
    except BaseException:
        writer.abandon()
        raise
    return writer.close()


def stamp(work: Work, one: Wanted) -> Stamp:
    """Who, for which office, when, and what it was narrowed to."""
    words = narrowing.words(work, one.ledger, one.query)
    return Stamp(office(work), work.actor.name, work.now, words, one.is_whole)


def record(work: Work, one: Wanted, rows: int) -> None:
    """One entry in the audit log: which ledger, narrowed to what, how many rows, phones how and why."""
    detail: dict[str, Any] = {"filter": one.query, "rows": rows}
    if one.ledger.rule.has_phones:
        detail |= {"phones": WHOLE if one.is_whole else MASKED, "reason": one.reason}
    auditing.record(work, "export", one.ledger.title, **detail)


def file_name(work: Work, ledger: Ledger) -> str:
    return f"{ledger.title}{local_date(work.now):%Y%m%d}.xlsx"


def office(work: Work) -> str:
    """填报单位: the office that the actor takes it out for; empty for the system, to be filled in by hand."""
    actor = work.actor
    if actor.has(Role.SUPERVISOR):
        return "聊城市“助企远航”行动督查室"
    if actor.has(Role.COORDINATOR):
        area = work.settings.areas.get(actor.area_id or 0)
        return f"{area.name}助企办" if area else "市助企办"
    if actor.unit_id is not None:
        return work.session.scalar(select(Unit.name).where(Unit.id == actor.unit_id)) or ""
    if actor.has(Role.LEADER):
        group = select(WorkGroup.name).join(WorkGroupMember, WorkGroupMember.work_group_id == WorkGroup.id)
        own = group.where(WorkGroupMember.account_id == actor.account_id).order_by(WorkGroup.sort)
        return work.session.scalar(own.limit(1)) or ""
    return ""
