"""显示完整电话: who saw whose whole number and why, always in the audit log. The own officer needs no reason.

May see an enterprise's contacts: its active officer and who stands in for him now, its work group, supervisors,
coordinators of its area. An officer's number: supervisors and coordinators who have him in their roster. Others:
NotFound.
"""

from dataclasses import dataclass

from sqlalchemy import select

from assist.domain.errors import Invalid, NotFound
from assist.domain.policy import Deed, may
from assist.domain.roles import Role
from assist.models import Account, Enterprise, EnterpriseContact, Pairing, WorkGroupMember
from assist.services import auditing
from assist.services.queries.officers import officer_in_sight
from assist.services.work import Work

LEAST_REASON = 2


@dataclass(frozen=True)
class Shown:
    """A person with the whole number."""

    name: str
    position: str
    phone: str


def enterprise(work: Work, enterprise_id: int) -> tuple[Enterprise, bool]:
    """(the enterprise, whether a reason must be given). Raises NotFound."""
    found = work.session.get(Enterprise, enterprise_id)
    if found is None:
        raise NotFound()
    if work.actor.has(Role.OFFICER) and _serves(work, found.id):
        return found, False
    if work.actor.has(Role.SUPERVISOR) or (work.actor.has(Role.LEADER) and _in_group(work, found)):
        return found, True
    if work.actor.has(Role.COORDINATOR) and work.actor.area_id in (None, found.area_id):
        return found, True
    raise NotFound()


def _serves(work: Work, enterprise_id: int) -> bool:
    query = select(Pairing.id).where(
        Pairing.enterprise_id == enterprise_id,
        Pairing.officer_id.in_(work.actor.officers),
        Pairing.ended_at.is_(None),
    )
    return work.session.scalar(query) is not None


def _in_group(work: Work, found: Enterprise) -> bool:
    query = select(WorkGroupMember.id).where(
        WorkGroupMember.work_group_id == found.work_group_id,
        WorkGroupMember.account_id == work.actor.account_id,
    )
    return work.session.scalar(query) is not None


def contacts(work: Work, enterprise_id: int, reason: str) -> list[Shown]:
    """The whole numbers of an enterprise's contacts; logged."""
    found, is_asked = enterprise(work, enterprise_id)
    why = _why(reason) if is_asked else "本企业专员"
    rows = work.session.execute(
        select(Account.name, Account.position, Account.phone)
        .join(EnterpriseContact, EnterpriseContact.account_id == Account.id)
        .where(EnterpriseContact.enterprise_id == found.id)
        .order_by(EnterpriseContact.is_main.desc(), EnterpriseContact.id)
    )
    shown = [Shown(row.name, row.position, row.phone) for row in rows]
    auditing.record(work, "see_phones", found.name, people=[one.name for one in shown], reason=why)
    return shown


def officer(work: Work, account_id: int) -> Account:
    """The officer whose number may be asked for. Raises NotFound."""
    if not may(work.actor, Deed.SEE_ROSTER):
        raise NotFound()
    return officer_in_sight(work, account_id)


def officer_phone(work: Work, account_id: int, reason: str) -> Shown:
    """An officer's whole number; logged."""
    found = officer(work, account_id)
    auditing.record(work, "see_phones", found.name, people=[found.name], reason=_why(reason))
    return Shown(found.name, found.position, found.phone)


def _why(reason: str) -> str:
    why = (reason or "").strip()[:200]
    if len(why) < LEAST_REASON:
        raise Invalid("请填写查看完整电话的原因。", "reason")
    return why
