"""Who hears of a visit: the enterprise's officer and who acts for him, who goes along, coordinators at the limit."""

from collections.abc import Iterable

from sqlalchemy import select

from assist.models import Account, Enterprise, Pairing, Unit, Visit
from assist.services import auditing, stand_ins, telling
from assist.services.work import Work


def active_officer(work: Work, enterprise_id: int) -> int | None:
    """The account id of the enterprise's officer, None in a vacancy."""
    query = select(Pairing.officer_id).where(Pairing.enterprise_id == enterprise_id, Pairing.ended_at.is_(None))
    return work.session.scalar(query)


def officers(work: Work, enterprise_id: int) -> list[int]:
    """The enterprise's active officer and who stands in for him now."""
    officer = active_officer(work, enterprise_id)
    if officer is None:
        return []
    return [officer, *stand_ins.acting_for(work, [officer])[officer]]


def actor_words(work: Work) -> str:
    """市生态环境局周承办; without a unit the name alone."""
    row = work.session.execute(
        select(Unit.name, Unit.short_name)
        .join(Account, Account.unit_id == Unit.id)
        .where(Account.id == work.actor.account_id)
    ).first()
    return f"{row.short_name or row.name}{work.actor.name}" if row else work.actor.name


def tell(
    work: Work, to: Iterable[int | None], found: Visit, matter: str, title: str, body: str = "", tone: str = "inf"
) -> None:
    """One message about a visit; `matter` says which, told once."""
    telling.tell(
        work,
        to,
        "visit",
        title,
        key=f"visit:{found.id}:{matter}",
        body=body,
        location=f"/visits/{found.id}",
        tone=tone,
    )


def tell_over(work: Work, found: Visit, enterprise: Enterprise, limit: int) -> None:
    """The coordinators hear of every visit above the limit; the audit log keeps who arranged it and why."""
    if not found.over_budget_reason:
        return
    auditing.record(work, "exceed_visits", enterprise.name, visit=found.id, reason=found.over_budget_reason)
    title = f"{enterprise.shown} {found.visit_on.month}月的走访调研超出每月{limit}次的上限"
    body = f"{actor_words(work)}：{found.purpose or found.kind.title}\n理由：{found.over_budget_reason}"
    tell(work, telling.coordinators(work, enterprise.area_id), found, "over", title, body, "soon")
