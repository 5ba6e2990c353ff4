"""结对: who serves whom, as dated records. The database holds that at most one officer is active for an enterprise.

A pairing changes the owner of the enterprise's open tickets, by an event in each. From one officer to the next it
goes by a handover (`handing_over`); an import alone changes officers at once (`arrange`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.handovers import HandoverStatus
from assist.domain.roles import Role
from assist.domain.transitions import Action
from assist.models import Account, Enterprise, EnterpriseContact, Handover, Pairing, Ticket
from assist.models.ticket import is_open
from assist.services import auditing, clocks, telling, transitions
from assist.services.telling import Note
from assist.services.work import Work

MANY = 500  # more enterprises than this are looked up without naming each


@dataclass(frozen=True)
class Arranged:
    """What `arrange` did: pairings begun where there was none, officers changed, open tickets passed on."""

    begun: int
    changed: int
    tickets: int


def in_scope(work: Work, enterprise_id: int, *, lock: bool = False) -> Enterprise:
    """The enterprise, if it is the coordinator's to keep (his area's, or any for the city's). Else NotFound.

    `lock`: for pairing, so that of two who pair it at once the second finds the first one's officer. Not its key: an
    act on a ticket holds the ticket and, as a row that points here is written twice, asks for the key afterwards.
    """
    enterprise = work.session.get(
        Enterprise, enterprise_id, with_for_update={"key_share": True} if lock else None
    )
    area_id = work.actor.area_id
    if enterprise is None or (area_id is not None and enterprise.area_id != area_id):
        raise NotFound()
    return enterprise


def pair(work: Work, enterprise_id: int, officer_id: int) -> Pairing:
    """结对 an enterprise that has nobody with an officer; its ownerless open tickets become his, by events.

    Raises NotFound, Invalid (not an active officer) and Conflict (somebody is active already).
    """
    enterprise = in_scope(work, enterprise_id, lock=True)
    officer = ready_officer(work, officer_id)
    present = active(work, enterprise.id)
    if present is not None:
        raise Conflict(f"{enterprise.name} 已有在岗专员 {present.officer.name}，更换专员请办理交接。")
    begun, taken = _begin(work, [(enterprise, officer)])
    auditing.record(work, "pair", enterprise.name, officer=officer.name, tickets=taken)
    return begun[0]


def succeed(work: Work, present: Pairing, officer: Account, why: str) -> int:
    """The successor's pairing begins as the present one ends; open tickets pass straight on. How many; nobody is told.

    For a handover alone, which has its acknowledgements and tells of it itself.
    """
    _close(work, present, why)
    _, passed = _begin_rows(work, [(present.enterprise, officer)])
    return passed.get(present.enterprise_id, 0)


def arrange(work: Work, wanted: Sequence[tuple[Enterprise, Account]], reason: str) -> Arranged:
    """Make each of these pairings the active one, whatever was before: for an import, which logs itself.

    Officers must be active officers; an enterprise stands in `wanted` once.
    """
    ids = [enterprise.id for enterprise, _ in wanted]
    active = {
        row.enterprise_id: row
        for row in work.session.scalars(select(Pairing).where(Pairing.ended_at.is_(None)))
    }
    ended, new = [], []
    for enterprise, officer in wanted:
        present = active.get(enterprise.id)
        if present is not None and present.officer_id == officer.id:
            continue
        if present is not None:
            ended.append((enterprise, present.officer_id, present.id))
            _close(work, present, reason)
        new.append((enterprise, officer))
    assert len(set(ids)) == len(ids)
    _drop_handovers(work, [enterprise.id for enterprise, _, _ in ended])
    _, taken = _begin(work, new)
    _tell_former(work, ended, reason)
    return Arranged(len(new) - len(ended), len(ended), taken)


def end(work: Work, enterprise_id: int, reason: str) -> Pairing:
    """结束结对 without a successor: its open tickets' owner becomes nobody, by events, and stands in red."""
    enterprise = in_scope(work, enterprise_id, lock=True)
    why = reason_words(reason, "结束结对的原因")
    present = active(work, enterprise.id)
    if present is None:
        raise Conflict(f"{enterprise.name} 目前没有在岗专员。")
    _close(work, present, why)
    _drop_handovers(work, [enterprise.id])
    work.session.flush()
    left = _pass_open(work, {enterprise.id: None})[enterprise.id]
    auditing.record(
        work, "end_pairing", enterprise.name, officer=present.officer.name, reason=why, tickets=left
    )
    telling.tell(
        work,
        [*telling.coordinators(work, enterprise.area_id), *telling.supervisors(work), present.officer_id],
        "vacancy",
        f"{enterprise.name} 已无在岗专员，{left}件在办诉求无人主责",
        key=f"unpair:{present.id}",
        body=why,
        tone="late",
        location=f"/roster/enterprises/{enterprise.id}",
    )
    return present


def ready_officer(work: Work, officer_id: int) -> Account:
    """An active officer. Raises Invalid."""
    officer = work.session.get(Account, officer_id)
    if officer is None or not officer.is_active or not officer.has(Role.OFFICER):
        raise Invalid("请选择一位在岗的服务专员。", "officer")
    return officer


def reason_words(reason: str, what: str) -> str:
    """The reason trimmed; Invalid with a sentence when there is none."""
    why = (reason or "").strip()[:200]
    if not why:
        raise Invalid(f"请填写{what}。", "reason")
    return why


def active(work: Work, enterprise_id: int) -> Pairing | None:
    """The pairing that holds now, with its officer."""
    return work.session.scalars(
        select(Pairing).where(Pairing.enterprise_id == enterprise_id, Pairing.ended_at.is_(None))
    ).one_or_none()


def _close(work: Work, pairing: Pairing, why: str) -> None:
    pairing.ended_at, pairing.ended_by_id, pairing.end_reason = work.now, work.actor.account_id, why


def _drop_handovers(work: Work, enterprise_ids: Sequence[int]) -> None:
    """A handover that was being prepared has lost its ground when the pairing ends another way."""
    if enterprise_ids:
        work.session.execute(
            update(Handover)
            .where(Handover.enterprise_id.in_(enterprise_ids), Handover.status == HandoverStatus.PREPARED)
            .values(status=HandoverStatus.CANCELLED, cancelled_at=work.now)
        )


def _begin(work: Work, pairs: Sequence[tuple[Enterprise, Account]]) -> tuple[list[Pairing], int]:
    """Pairings from now on, what is open passed to them, and both sides told. (the pairings, tickets passed)"""
    begun, passed = _begin_rows(work, pairs)
    _tell_begun(work, pairs, begun, passed)
    return begun, sum(passed.values())


def _begin_rows(
    work: Work, pairs: Sequence[tuple[Enterprise, Account]]
) -> tuple[list[Pairing], dict[int, int]]:
    """(the pairings, how many open tickets passed by enterprise)"""
    work.session.flush()  # what ended must be there before a successor: the active index is partial
    begun = [
        Pairing(
            enterprise_id=enterprise.id,
            officer_id=officer.id,
            started_at=work.now,
            started_by_id=work.actor.account_id,
        )
        for enterprise, officer in pairs
    ]
    work.session.add_all(begun)
    work.session.flush()
    return begun, _pass_open(work, {enterprise.id: officer.id for enterprise, officer in pairs})


def _pass_open(work: Work, owners: dict[int, int | None]) -> dict[int, int]:
    """Give the enterprises' open tickets (restricted ones apart) to another owner; how many each had.

    Whoever keeps the enterprise passes on its tickets, those of an area it lay in before too. The latest first, as a
    merge locks them.
    """
    passed: defaultdict[int, int] = defaultdict(int)
    query = select(Ticket).where(is_open(), Ticket.is_restricted.is_(False))
    if len(owners) <= MANY:
        query = query.where(Ticket.enterprise_id.in_(owners))
    for ticket in work.session.scalars(query.order_by(Ticket.id.desc()).with_for_update(key_share=True)).all():
        if ticket.enterprise_id not in owners or ticket.owner_id == owners[ticket.enterprise_id]:
            continue
        owner = {"owner_id": owners[ticket.enterprise_id]}
        transitions.act(work, ticket, Action.REASSIGN, changes=owner, is_authorised=True)
        clocks.mirror(work, ticket)
        passed[ticket.enterprise_id] += 1
    return passed


def _tell_begun(
    work: Work, pairs: Sequence[tuple[Enterprise, Account]], begun: Sequence[Pairing], passed: dict[int, int]
) -> None:
    contacts: defaultdict[int, list[int]] = defaultdict(list)
    query = select(EnterpriseContact.enterprise_id, EnterpriseContact.account_id)
    if len(pairs) <= MANY:
        query = query.where(EnterpriseContact.enterprise_id.in_([enterprise.id for enterprise, _ in pairs]))
    query = query.join(Account, Account.id == EnterpriseContact.account_id).where(Account.is_active)
    for enterprise_id, account_id in work.session.execute(query):
        contacts[enterprise_id].append(account_id)
    notes = []
    for (enterprise, officer), pairing in zip(pairs, begun, strict=True):
        key, count = f"pair:{pairing.id}", passed.get(enterprise.id, 0)
        body = f"在办诉求{count}件。" if count else ""
        notes.append(
            Note(officer.id, "pairing", f"您已与 {enterprise.name} 结对", key, body, location="/desk/")
        )
        title = f"您的服务专员是 {officer.name}，有问题可随时联系"
        notes += [Note(one, "pairing", title, key, location="/portal/") for one in contacts[enterprise.id]]
    telling.write(work, [note for note in notes if note.recipient_id != work.actor.account_id])


def _tell_former(work: Work, ended: Iterable[tuple[Enterprise, int, int]], why: str) -> None:
    """Officers whose pairing ended with a successor: (enterprise, officer, pairing)."""
    notes = []
    for enterprise, officer_id, pairing_id in ended:
        title = f"您与 {enterprise.name} 的结对已结束"
        notes.append(Note(officer_id, "pairing", title, f"unpair:{pairing_id}", why, location="/desk/"))
    telling.write(work, [note for note in notes if note.recipient_id != work.actor.account_id])
