"""指定代办（AB角）: appointing somebody to act for an officer between two instants, and ending it early.

The owner stays the owner; the stand-in acts for him and every event says so. A stand-in cannot be stood in for, nor
can whoever is stood in for stand in for others at the same time. Who stands in for whom now says `stand_ins`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from assist.domain.clock import local, local_date
from assist.domain.date_words import date_text
from assist.domain.errors import Conflict, Invalid
from assist.models import Account, Enterprise, EnterpriseContact, Pairing, StandIn, Unit
from assist.services import auditing, telling
from assist.services.queries.officers import officer_in_sight, officers_in_sight
from assist.services.telling import Note
from assist.services.work import Work


def appoint(
    work: Work, officer_id: int, stand_in_id: int, started_at: datetime, ended_at: datetime, reason: str
) -> StandIn:
    """指定代办: from `started_at` (at the earliest now) up to, but not including, `ended_at`.

    Raises NotFound (an officer outside the coordinator's roster), Invalid (who or when) and Conflict (it overlaps).
    """
    officer = officer_in_sight(work, officer_id)
    stand_in = work.session.scalar(
        select(Account).where(Account.id == stand_in_id, Account.is_active, *officers_in_sight(work))
    )
    if stand_in is None:
        raise Invalid("请选择一位在岗的服务专员代办。", "stand_in")
    if stand_in.id == officer.id:
        raise Invalid("不能由本人代办，请选择另一位专员。", "stand_in")
    started_at = max(started_at, work.now)
    if ended_at <= started_at:
        raise Invalid("结束日期不能早于开始日期，也不能早于今天。", "until_on")
    why = reason.strip()[:200]
    if not why:
        raise Invalid("请填写代办原因。", "reason")
    _lock(work, officer.id, stand_in.id)
    _refuse_overlaps(work, officer, stand_in, started_at, ended_at)
    made = StandIn(
        officer_id=officer.id,
        stand_in_id=stand_in.id,
        started_at=started_at,
        ended_at=ended_at,
        reason=why,
        made_by_id=work.actor.account_id,
        made_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    span = span_text(made)
    auditing.record(work, "appoint_stand_in", officer.name, stand_in=stand_in.name, span=span, reason=why)
    _tell(
        work,
        made,
        f"stand-in:{made.id}",
        f"{span}，{officer.name}的诉求由您代办",
        f"{span}，您的诉求由{stand_in.name}代办，您仍是责任专员",
        f"{span}，您的服务专员{officer.name}的工作由{stand_in.name}代办",
    )
    return made


def end(work: Work, officer_id: int, record_id: int) -> None:
    """结束代办 from this very moment; one that has not begun yet is taken back. Harmless when there is nothing to end.

    Raises NotFound for an officer outside the coordinator's roster.
    """
    officer = officer_in_sight(work, officer_id)
    found = work.session.get(StandIn, record_id, with_for_update=True)
    if found is None or found.officer_id != officer.id or found.ended_at <= work.now:
        return
    auditing.record(work, "end_stand_in", officer.name, stand_in=found.stand_in.name, span=span_text(found))
    _tell(
        work,
        found,
        f"stand-in-end:{found.id}",
        f"您对{officer.name}诉求的代办已结束",
        f"{found.stand_in.name}的代办已结束，您的诉求由您自己办理",
        f"{found.stand_in.name}的代办已结束，您的服务专员仍是{officer.name}",
    )
    if found.started_at >= work.now:
        work.session.delete(found)
    else:
        found.ended_at = work.now


def of_officer(work: Work, officer_id: int) -> Sequence[StandIn]:
    """Every record in which the officer is stood in for or stands in, the latest first."""
    return work.session.scalars(
        select(StandIn)
        .where(or_(StandIn.officer_id == officer_id, StandIn.stand_in_id == officer_id))
        .order_by(StandIn.started_at.desc(), StandIn.id.desc())
        .limit(50)
    ).all()


def span_text(record: StandIn) -> str:
    """12月1日至12月5日"""
    first = local_date(record.started_at)
    last = local_date(record.ended_at - timedelta(microseconds=1))
    since, until = date_text(first, first.year), date_text(last, first.year)
    return since if first == last else f"{since}至{until}"


def until_text(record: StandIn, now: datetime) -> str:
    """12月5日: the last day."""
    return date_text(local_date(record.ended_at - timedelta(microseconds=1)), local(now).year)


def _lock(work: Work, *account_ids: int) -> None:
    """Of two who appoint the same people at once the second sees the first one's record."""
    work.session.execute(
        select(Account.id)
        .where(Account.id.in_(account_ids))
        .order_by(Account.id)
        .with_for_update(key_share=True)
    )


def _refuse_overlaps(
    work: Work, officer: Account, stand_in: Account, started_at: datetime, ended_at: datetime
) -> None:
    meets = [StandIn.started_at < ended_at, StandIn.ended_at > started_at]

    def found(condition: ColumnElement[bool]) -> StandIn | None:
        return work.session.scalars(select(StandIn).where(condition, *meets).order_by(StandIn.id)).first()

    if (held := found(StandIn.officer_id == officer.id)) is not None:
        raise Conflict(f"{officer.name}在{span_text(held)}已由{held.stand_in.name}代办，同一时间只能有一人代办。")
    if (held := found(StandIn.officer_id == stand_in.id)) is not None:
        raise Conflict(
            f"{stand_in.name}在{span_text(held)}本人由{held.stand_in.name}代办，不能再替别人代办，请另选一位。"
        )
    if (held := found(StandIn.stand_in_id == officer.id)) is not None:
        raise Conflict(
            f"{officer.name}在{span_text(held)}正替{held.officer.name}代办，代办人不能再由他人代办，请先结束那项代办。"
        )


def _tell(work: Work, record: StandIn, key: str, to_stand_in: str, to_officer: str, to_enterprise: str) -> None:
    contacts = work.session.scalars(
        select(EnterpriseContact.account_id)
        .join(Pairing, Pairing.enterprise_id == EnterpriseContact.enterprise_id)
        .join(Enterprise, Enterprise.id == Pairing.enterprise_id)
        .join(Account, Account.id == EnterpriseContact.account_id)
        .where(
            Pairing.officer_id == record.officer_id,
            Pairing.ended_at.is_(None),
            Enterprise.is_active,
            Account.is_active,
        )
        .distinct()
        .order_by(EnterpriseContact.account_id)
    )
    notes = [
        Note(record.stand_in_id, "stand_in", to_stand_in, key, record.reason, location="/desk/"),
        Note(record.officer_id, "stand_in", to_officer, key, record.reason, location="/desk/"),
        *(Note(one, "stand_in", to_enterprise, key, location="/portal/") for one in contacts),
    ]
    telling.write(work, [note for note in notes if note.recipient_id != work.actor.account_id])


def offered(work: Work, officer_id: int) -> list[tuple[int, str, str]]:
    """Active officers of the coordinator's roster who might stand in: (id, name, unit), by spelling."""
    rows = work.session.execute(
        select(Account.id, Account.name, Unit.short_name, Unit.name.label("unit"))
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .where(*officers_in_sight(work), Account.is_active, Account.id != officer_id)
        .order_by(Account.pinyin, Account.id)
        .limit(600)
    )
    return [(row.id, row.name, row.short_name or row.unit or "") for row in rows]
