"""结对: who serves whom, as dated records. The database holds that at most one officer is active for an enterprise.

A pairing changes the owner of the enterprise's open tickets, by an event in each. A handover with its inventory and
its two acknowledgements comes with the next stage; until then a coordinator ends one pairing and begins another.
"""

from sqlalchemy import select

from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.roles import Role
from assist.domain.status import OPEN
from assist.domain.transitions import Action
from assist.models import Account, Enterprise, Pairing, Ticket
from assist.services import auditing, clocks, telling, transitions
from assist.services.work import Work


def in_scope(work: Work, enterprise_id: int) -> Enterprise:
    """The enterprise, if it is the coordinator's to keep (his area's, or any for the city's). Else NotFound."""
    enterprise = work.session.get(Enterprise, enterprise_id)
    area_id = work.actor.area_id
    if enterprise is None or (area_id is not None and enterprise.area_id != area_id):
        raise NotFound()
    return enterprise


def pair(work: Work, enterprise_id: int, officer_id: int) -> Pairing:
    """结对 an enterprise that has nobody with an officer; its ownerless open tickets become his, by events.

    Raises NotFound, Invalid (not an active officer) and Conflict (somebody is active already).
    """
    enterprise = in_scope(work, enterprise_id)
    officer = work.session.get(Account, officer_id)
    if officer is None or not officer.is_active or not officer.has(Role.OFFICER):
        raise Invalid("请选择一位在岗的服务专员。", "officer")
    active = _active(work, enterprise.id)
    if active is not None:
        raise Conflict(f"{enterprise.name} 已有在岗专员 {active.officer.name}，请先结束原结对。")
    pairing = Pairing(
        enterprise_id=enterprise.id,
        officer_id=officer.id,
        started_at=work.now,
        started_by_id=work.actor.account_id,
    )
    work.session.add(pairing)
    work.session.flush()
    taken = _pass_open(work, enterprise, officer.id)
    auditing.record(work, "pair", enterprise.name, officer=officer.name, tickets=taken)
    key = f"pair:{pairing.id}"
    telling.tell(
        work,
        [officer.id],
        "pairing",
        f"您已与 {enterprise.name} 结对",
        key=key,
        body=f"在办诉求{taken}件。" if taken else "",
        location="/desk/",
    )
    telling.tell(
        work,
        telling.contacts_of(work, enterprise.id),
        "pairing",
        f"您的服务专员是 {officer.name}，有问题可随时联系",
        key=key,
        location="/portal/",
    )
    return pairing


def end(work: Work, enterprise_id: int, reason: str) -> Pairing:
    """结束结对 without a successor: its open tickets' owner becomes nobody, by events, and stands in red."""
    enterprise = in_scope(work, enterprise_id)
    why = (reason or "").strip()[:200]
    if not why:
        raise Invalid("请填写结束结对的原因。", "reason")
    active = _active(work, enterprise.id)
    if active is None:
        raise Conflict(f"{enterprise.name} 目前没有在岗专员。")
    active.ended_at, active.ended_by_id, active.end_reason = work.now, work.actor.account_id, why
    work.session.flush()
    left = _pass_open(work, enterprise, None)
    auditing.record(work, "end_pairing", enterprise.name, officer=active.officer.name, reason=why, tickets=left)
    key = f"unpair:{active.id}"
    telling.tell(
        work,
        [*telling.coordinators(work, enterprise.area_id), *telling.supervisors(work), active.officer_id],
        "vacancy",
        f"{enterprise.name} 已无在岗专员，{left}件在办诉求无人主责",
        key=key,
        body=why,
        tone="late",
        location=f"/roster/enterprises/{enterprise.id}",
    )
    return active


def _active(work: Work, enterprise_id: int) -> Pairing | None:
    return work.session.scalars(
        select(Pairing).where(Pairing.enterprise_id == enterprise_id, Pairing.ended_at.is_(None))
    ).one_or_none()


def _pass_open(work: Work, enterprise: Enterprise, owner_id: int | None) -> int:
    """Give the enterprise's open tickets (restricted ones apart) to another owner; how many there were."""
    found = work.session.scalars(
        select(Ticket)
        .where(
            Ticket.enterprise_id == enterprise.id,
            Ticket.status.in_(OPEN),
            Ticket.is_restricted.is_(False),
        )
        .order_by(Ticket.id)
        .with_for_update(key_share=True)
    ).all()
    for ticket in found:
        transitions.act(work, ticket, Action.REASSIGN, changes={"owner_id": owner_id})
        clocks.mirror(work, ticket)
    return len(found)
