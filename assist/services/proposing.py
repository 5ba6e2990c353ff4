"""调整的提出和审批: limits, ladder and boards are changed by two supervisors, from the next month on.

One proposes, another approves or refuses; the proposer may withdraw. Running clocks keep what they were given: rows
are read by date (`settings`), and what is written here never lies in the past. Every step is in the audit log. What a
change of one kind is made of says its own module (`proposed_limits`, `proposed_ladder`, `proposed_boards`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from assist.domain.changes import ChangeKind, ChangeStatus, first_of_next_month, in_force_from
from assist.domain.clock import local, local_date
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.policy import Deed, may
from assist.models import Account, SettingChange
from assist.services import auditing, proposed_boards, proposed_ladder, proposed_limits, settings, telling
from assist.services.work import Work

WRITERS: dict[str, Callable[[Work, SettingChange], None]] = {
    ChangeKind.LIMIT.value: proposed_limits.write,
    ChangeKind.LADDER.value: proposed_ladder.write,
    ChangeKind.BOARD.value: proposed_boards.write,
}
MOST = 400


@dataclass(frozen=True)
class Proposal:
    """What would stand in which row, and in `words` what would be different."""

    kind: ChangeKind
    subject: str
    new: dict[str, Any]
    old: dict[str, Any]
    words: str


def for_date(work: Work) -> Any:
    """From when a change that is proposed now would hold."""
    return first_of_next_month(local_date(work.now))


def check_different(proposal: Proposal) -> None:
    """Raises Invalid for a change that changes nothing."""
    if proposal.new == proposal.old:
        raise Invalid("与现行的一致，没有改动。")


def propose(work: Work, proposal: Proposal, reason: str) -> SettingChange:
    """提出. Raises Forbidden, Invalid (no reason, nothing different), Conflict (one waits already)."""
    _keeper(work)
    if not reason.strip():
        raise Invalid("请填写调整理由。", "reason")
    check_different(proposal)
    change = SettingChange(
        kind=proposal.kind.value,
        subject=proposal.subject,
        payload={"new": proposal.new, "old": proposal.old, "words": proposal.words},
        reason=reason.strip()[:MOST],
        from_on=for_date(work),
        proposed_by_id=work.actor.account_id,
        proposed_at=work.now,
    )
    try:
        with work.session.begin_nested():
            work.session.add(change)
    except IntegrityError:
        raise Conflict("这一项已有一项调整待批准，请先审批或撤回。") from None
    _record(work, "propose", change)
    telling.tell(
        work,
        telling.supervisors(work),
        "setting_change",
        f"{work.actor.name}提出调整：{proposal.words}"[:110],
        key=f"change:{change.id}",
        body=f"自{_date_words(change)}起生效。理由：{change.reason}",
        location=f"/settings/changes/{change.id}",
    )
    return change


def decide(work: Work, change_id: int, is_approved: bool, note: str) -> SettingChange:
    """批准 or 不批准, by another supervisor than who proposed. Raises NotFound, Forbidden, Conflict, Invalid."""
    change = _waiting(work, change_id)
    if change.proposed_by_id == work.actor.account_id:
        raise Forbidden("自己提出的调整不能由自己审批，请另一位督查员审批。")
    if not is_approved and not note.strip():
        raise Invalid("不批准请写明理由。", "note")
    change.status = ChangeStatus.APPROVED if is_approved else ChangeStatus.REFUSED
    change.decided_by_id, change.decided_at, change.note = work.actor.account_id, work.now, note.strip()[:MOST]
    if is_approved:
        change.from_on = in_force_from(change.from_on, local_date(work.now))
        WRITERS[change.kind](work, change)
        settings.changed(work.session)
        work.__dict__.pop("settings", None)
    _record(work, "approve" if is_approved else "refuse", change)
    telling.tell(
        work,
        [change.proposed_by_id],
        "setting_change",
        f"您提出的调整{change.status.title}：{change.payload['words']}"[:110],
        key=f"change:{change.id}:decided",
        body=change.note or (f"自{_date_words(change)}起{in_force_words(change)}。" if is_approved else ""),
        location=f"/settings/changes/{change.id}",
    )
    return change


def withdraw(work: Work, change_id: int) -> SettingChange:
    """撤回, by who proposed it."""
    change = _waiting(work, change_id)
    if change.proposed_by_id != work.actor.account_id:
        raise Forbidden("只有提出人可以撤回。")
    change.status = ChangeStatus.WITHDRAWN
    change.decided_by_id, change.decided_at = work.actor.account_id, work.now
    _record(work, "withdraw", change)
    return change


def _keeper(work: Work) -> None:
    if not may(work.actor, Deed.KEEP_SETTINGS):
        raise Forbidden()


def _waiting(work: Work, change_id: int) -> SettingChange:
    """The change, locked, if it still waits: of two who decide at once the second is told who was first."""
    _keeper(work)
    change = work.session.scalar(
        select(SettingChange)
        .where(SettingChange.id == change_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if change is None:
        raise NotFound()
    if change.status is not ChangeStatus.PROPOSED:
        who = work.session.get(Account, change.decided_by_id or 0)
        at = f"{local(change.decided_at):%m月%d日%H:%M}" if change.decided_at else ""
        raise Conflict(f"这项调整已由{who.name if who else '他人'}于{at}处理：{change.status.title}。")
    return change


def in_force_words(change: SettingChange) -> str:
    """What a change holds for."""
    return "对此后的月份生效" if change.kind == ChangeKind.BOARD.value else "对新起算的时限生效"


def _date_words(change: SettingChange) -> str:
    return f"{change.from_on.year}年{change.from_on.month}月{change.from_on.day}日"


def _record(work: Work, verb: str, change: SettingChange) -> None:
    work.session.flush()
    auditing.record(
        work,
        f"{verb}_{change.kind}",
        change.payload["words"],
        change=change.id,
        kind=change.kind,
        row=change.subject,
        old=change.payload["old"],
        new=change.payload["new"],
        from_on=change.from_on.isoformat(),
        reason=change.reason,
        note=change.note,
    )
