"""后台导出: a ledger too large to wait for, asked for, written under a lease, given to who asked, thrown away in time.

waiting → running (lease) → done | failed; cancelled by who asked; done → expired after three days. A lease is in the
database's time and is renewed with every word of progress: whoever dies loses it, and another begins anew. Errors:
NotFound for another's, Conflict for too many at a time or for what has ended. Writing itself is `exporting.write`.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from assist.domain.errors import Conflict, NotFound
from assist.domain.ledgers import MOST_AT_A_TIME, ExportStatus, Ledger
from assist.domain.policy import may
from assist.models import Account, Export
from assist.services import exporting, stand_ins, telling
from assist.services.database_time import database_time
from assist.services.exporting import Wanted
from assist.services.queries.ledgers.catalogue import filter_of
from assist.services.telling import Note
from assist.services.work import Work

LEASE = timedelta(minutes=3)
MOST_ATTEMPTS = 3
LISTED = 10
BROKEN = "生成时出错，没有完成。请稍后再导出一次；仍不成功请联系系统管理员。"
INTERRUPTED = "多次生成都被中断，没有完成。请缩小范围后再导出。"
NO_LONGER = "您的账号或权限有变动，没有生成。"
S = ExportStatus


@dataclass(frozen=True)
class Claimed:
    """One that was claimed. `lease` is what it is settled by."""

    export_id: int
    account_id: int
    ledger: Ledger
    query: dict[str, Any]
    is_whole: bool
    reason: str
    lease: datetime


def ask(work: Work, wanted: Wanted, total: int) -> Export:
    """Put it into the queue; logged now, with its reason. Raises Conflict when the actor has too many there."""
    unfinished = select(func.count()).where(
        Export.account_id == work.actor.account_id, Export.status.in_([S.WAITING, S.RUNNING])
    )
    if (work.session.scalar(unfinished) or 0) >= MOST_AT_A_TIME:
        raise Conflict(f"您已有 {MOST_AT_A_TIME} 份台账在生成，请等其中一份完成，或取消后再导出。")
    assert work.actor.account_id is not None
    row = Export(
        account_id=work.actor.account_id,
        ledger=wanted.ledger,
        query=wanted.query,
        is_whole=wanted.is_whole,
        reason=wanted.reason,
        total=total,
        asked_at=work.now,
    )
    work.session.add(row)
    exporting.record(work, wanted, total)
    work.session.flush()
    return row


def one(work: Work, export_id: int, *, lock: bool = False) -> Export:
    """The actor's own. Raises NotFound for another's."""
    query = select(Export).where(Export.id == export_id, Export.account_id == work.actor.account_id)
    found = work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound()
    return found


def own(work: Work) -> list[Export]:
    """The actor's last ones, the newest first."""
    query = select(Export).where(Export.account_id == work.actor.account_id).order_by(Export.id.desc())
    return list(work.session.scalars(query.limit(LISTED)))


def ahead_of(work: Work, row: Export) -> int:
    """How many are written before this one."""
    query = select(func.count()).where(Export.id < row.id, Export.status.in_([S.WAITING, S.RUNNING]))
    return work.session.scalar(query) or 0


def cancel(work: Work, export_id: int) -> Export:
    """Whoever is writing it finds out with his next word. Raises NotFound, Conflict."""
    row = one(work, export_id, lock=True)
    if not row.is_unfinished:
        raise Conflict(f"这份台账已经是“{row.status.title}”，不需要取消。")
    row.status, row.ended_at, row.leased_until = S.CANCELLED, work.now, None
    work.session.flush()
    return row


def is_anything_waiting(work: Work) -> bool:
    """The plain read before any claim."""
    waiting = select(Export.id).where(_may_be_claimed(database_time(work.session)))
    return work.session.scalar(waiting.limit(1)) is not None


def _may_be_claimed(now: datetime) -> Any:
    return or_(Export.status == S.WAITING, and_(Export.status == S.RUNNING, Export.leased_until < now))


def claim(work: Work, lease: timedelta = LEASE) -> Claimed | None:
    """The oldest that nobody is writing, under a lease. One whose writers always die is given up."""
    now = database_time(work.session)
    query = select(Export).where(_may_be_claimed(now)).order_by(Export.id).limit(1)
    while (row := work.session.scalar(query.with_for_update(skip_locked=True))) is not None:
        if row.status is S.RUNNING:
            row.attempt_count += 1
        if row.attempt_count < MOST_ATTEMPTS:
            row.status, row.leased_until, row.done_count = S.RUNNING, now + lease, 0
            work.session.flush()
            return Claimed(
                row.id, row.account_id, row.ledger, row.query, row.is_whole, row.reason, now + lease
            )
        row.status, row.leased_until, row.ended_at, row.error = S.FAILED, None, work.now, INTERRUPTED
        _tell(work, row)
        work.session.flush()
    return None


def as_asker(work: Work, claimed: Claimed) -> tuple[Work, Wanted] | None:
    """The same session and time as the person who asked, as he stands now, and what he wanted; None: no longer his."""
    account = work.session.get(Account, claimed.account_id)
    if account is None or not account.is_active or not may(account.as_actor(), claimed.ledger.rule.deed):
        return None
    acts_for = stand_ins.of(work.session, account.id, work.now)
    actor = replace(account.as_actor(), stands_in_for=acts_for)
    wanted = Wanted(claimed.ledger, filter_of(claimed.ledger, claimed.query), claimed.is_whole, claimed.reason)
    return Work(work.session, work.time, actor), wanted


def beat(work: Work, claimed: Claimed, done_count: int, lease: timedelta = LEASE) -> Claimed | None:
    """So many rows are written, and it goes on: the claim with its new lease; None when it was lost or cancelled."""
    until = database_time(work.session) + lease
    if not _settle(work, claimed, done_count=done_count, leased_until=until):
        return None
    return replace(claimed, lease=until)


def done(work: Work, claimed: Claimed, file: str, size: int, rows: int) -> bool:
    """It is there. False when it was lost or cancelled meanwhile: the file is nobody's."""
    return _end(work, claimed, status=S.DONE, file=file, size=size, done_count=rows, total=rows)


def failed(work: Work, claimed: Claimed, sentence: str = BROKEN) -> bool:
    return _end(work, claimed, status=S.FAILED, error=sentence[:200])


def _end(work: Work, claimed: Claimed, **values: Any) -> bool:
    if not _settle(work, claimed, leased_until=None, ended_at=work.now, **values):
        return False
    row = work.session.get(Export, claimed.export_id, populate_existing=True)
    assert row is not None
    _tell(work, row)
    return True


def release(work: Work, claimed: Claimed) -> None:
    """The process ends: it waits for the next one, as if it had not been begun."""
    _settle(work, claimed, status=S.WAITING, leased_until=None, done_count=0)


def _settle(work: Work, claimed: Claimed, **values: Any) -> bool:
    changed = work.session.execute(
        update(Export)
        .where(
            Export.id == claimed.export_id,
            Export.status == S.RUNNING,
            Export.leased_until == claimed.lease,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _tell(work: Work, row: Export) -> None:
    """In the inbox alone: he will come back for it."""
    is_done = row.status is S.DONE
    words = f"已生成，共 {row.done_count} 行" if is_done else "没有生成"
    note = Note(
        row.account_id,
        "export",
        f"{row.ledger.title}{words}",
        f"export:{row.id}",
        "点开下载。文件保留三天。" if is_done else row.error,
        tone="ok" if is_done else "late",
        location=f"/ledgers/exports/{row.id}",
        channels=(),
    )
    telling.write(work.as_system(), [note])


def new_name(claimed: Claimed) -> str:
    """A file's name in the exports' folder; nobody can guess it."""
    return f"{claimed.export_id}-{secrets.token_hex(8)}.xlsx"
