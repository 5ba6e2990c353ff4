"""Who is meant by the ladder's words, for many tickets at once.

`holder` (who owes it: the owner, or the enterprise's contacts for what the enterprise owes), `enterprise`, `area` (the
area's coordinators, else the city's), `city`, `supervisor`, `leader` (heads of the enterprise's work group). Of a
restricted matter nobody hears but the enterprise, the person named for it and the supervisors.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import or_, select

from assist.domain.ladder import HELD_BY_ENTERPRISE
from assist.domain.roles import Role
from assist.domain.status import ClockKind, Status
from assist.models import Account, Enterprise, EnterpriseContact, Ticket, WorkGroupMember
from assist.models.account import holds
from assist.services.work import Work

WORDS = frozenset({"holder", "enterprise", "area", "city", "supervisor", "leader"})
NOT_FOR_RESTRICTED = frozenset({"area", "city", "leader"})


@dataclass(frozen=True)
class TicketFacts:
    """What a reminder needs to know of its ticket."""

    id: int
    number: str
    title: str
    status: Status
    round_no: int
    is_restricted: bool
    owner_id: int | None
    enterprise_id: int
    enterprise_name: str
    area_id: int
    is_imported: bool


def ticket_facts(work: Work, ticket_ids: Collection[int]) -> dict[int, TicketFacts]:
    """The facts of these tickets by id, in one statement and without locking them."""
    rows = work.session.execute(
        select(
            Ticket.id,
            Ticket.number,
            Ticket.title,
            Ticket.status,
            Ticket.round_no,
            Ticket.is_restricted,
            Ticket.owner_id,
            Ticket.enterprise_id,
            Enterprise.name,
            Enterprise.short_name,
            Ticket.area_id,
            Ticket.is_imported,
        )
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .where(Ticket.id.in_(ticket_ids))
    )
    return {
        row[0]: TicketFacts(*row[:8], row.short_name or row.name, row.area_id, row.is_imported)
        for row in rows
    }


@dataclass(frozen=True)
class Ask:
    """One question: who is meant by these words for this ticket. `holder` is resolved in them; see `ask`."""

    ticket: TicketFacts
    words: tuple[str, ...]


def ask(ticket: TicketFacts, kind: ClockKind, words: Iterable[str]) -> Ask:
    """The question for a kind of clock. Raises ValueError for a word that nobody knows."""
    plain = []
    for word in words:
        if word not in WORDS:
            raise ValueError(f"unknown recipient {word!r} in the ladder of {kind.value}")
        if word == "holder":
            word = "enterprise" if kind in HELD_BY_ENTERPRISE else "owner"
        if ticket.is_restricted and word in NOT_FOR_RESTRICTED:
            word = "supervisor"
        plain.append(word)
    return Ask(ticket, tuple(plain))


@dataclass
class Directory:
    """Everybody who may be meant, read once for a batch."""

    owners: set[int] = field(default_factory=set)
    contacts: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    area_coordinators: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    city_coordinators: list[int] = field(default_factory=list)
    supervisors: list[int] = field(default_factory=list)
    leaders: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def people(self, asked: Ask) -> list[int]:
        """Account ids, each once, in the order of the words."""
        found: dict[int, None] = {}
        for word in asked.words:
            found.update(dict.fromkeys(self._meant(word, asked.ticket)))
        return list(found)

    def _meant(self, word: str, ticket: TicketFacts) -> list[int]:
        if word == "owner":
            return [ticket.owner_id] if ticket.owner_id in self.owners and ticket.owner_id is not None else []
        if word == "enterprise":
            return self.contacts.get(ticket.enterprise_id, [])
        if word == "area":
            return self.area_coordinators.get(ticket.area_id) or self.city_coordinators
        if word == "city":
            return self.city_coordinators
        if word == "supervisor":
            return self.supervisors
        return self.leaders.get(ticket.enterprise_id, [])


def directory(work: Work, asks: Iterable[Ask]) -> Directory:
    """Read whoever these questions may mean: at most four statements. Supervisors are always read."""
    found = Directory()
    words: dict[str, list[TicketFacts]] = defaultdict(list)
    for asked in asks:
        for word in asked.words:
            words[word].append(asked.ticket)
    _read_offices(work, found)
    if "owner" in words:
        owners = {ticket.owner_id for ticket in words["owner"] if ticket.owner_id is not None}
        found.owners = set(
            work.session.scalars(select(Account.id).where(Account.id.in_(owners), Account.is_active))
        )
    if "enterprise" in words:
        _read_contacts(work, found, {ticket.enterprise_id for ticket in words["enterprise"]})
    if "leader" in words:
        _read_leaders(work, found, {ticket.enterprise_id for ticket in words["leader"]})
    return found


def _read_offices(work: Work, found: Directory) -> None:
    rows = work.session.execute(
        select(Account.id, Account.roles, Account.area_id)
        .where(or_(holds(Role.SUPERVISOR), holds(Role.COORDINATOR)), Account.is_active)
        .order_by(Account.id)
    )
    for account_id, roles, area_id in rows:
        if Role.SUPERVISOR in roles:
            found.supervisors.append(account_id)
        elif area_id is None:
            found.city_coordinators.append(account_id)
        else:
            found.area_coordinators[area_id].append(account_id)


def _read_contacts(work: Work, found: Directory, enterprise_ids: set[int]) -> None:
    rows = work.session.execute(
        select(EnterpriseContact.enterprise_id, EnterpriseContact.account_id)
        .join(Account, Account.id == EnterpriseContact.account_id)
        .where(EnterpriseContact.enterprise_id.in_(enterprise_ids), Account.is_active)
        .order_by(EnterpriseContact.is_main.desc(), EnterpriseContact.account_id)
    )
    for enterprise_id, account_id in rows:
        found.contacts[enterprise_id].append(account_id)


def _read_leaders(work: Work, found: Directory, enterprise_ids: set[int]) -> None:
    rows = work.session.execute(
        select(Enterprise.id, WorkGroupMember.account_id)
        .join(WorkGroupMember, WorkGroupMember.work_group_id == Enterprise.work_group_id)
        .join(Account, Account.id == WorkGroupMember.account_id)
        .where(Enterprise.id.in_(enterprise_ids), WorkGroupMember.is_head, Account.is_active)
        .order_by(WorkGroupMember.sort, WorkGroupMember.account_id)
    )
    for enterprise_id, account_id in rows:
        found.leaders[enterprise_id].append(account_id)
