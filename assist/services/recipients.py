"""Who is meant by the ladder's words, for many tickets at once.

`holder` (who owes it, by the clock's holder: owner and stand-in, the enterprise's contacts, the unit's handler or
staff, whoever decides), `head` (the unit's named head, else the area's coordinators), `enterprise`, `area` (the area's
coordinators, else the city's), `city`, `supervisor`, `leader` (heads of the enterprise's work group). Of a restricted
matter nobody hears but the enterprise, the person named for it and the supervisors.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import or_, select

from assist.domain.roles import Role
from assist.domain.status import ClockHolder, Status, Urgency
from assist.models import (
    Account,
    Clock,
    Enterprise,
    EnterpriseContact,
    Task,
    Ticket,
    Unit,
    WorkGroupMember,
)
from assist.models.account import holds
from assist.services.stand_ins import acting_for
from assist.services.work import Work

WORDS = frozenset({"holder", "head", "enterprise", "area", "city", "supervisor", "leader"})
NOT_FOR_RESTRICTED = frozenset({"area", "city", "leader", "unit", "head"})
HOLDERS = {
    ClockHolder.OWNER: "owner",
    ClockHolder.ENTERPRISE: "enterprise",
    ClockHolder.UNIT: "unit",
    ClockHolder.COORDINATOR: "area",
    ClockHolder.CITY: "city",
    ClockHolder.SUPERVISOR: "supervisor",
    ClockHolder.LEADER: "leader",
}


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
    is_critical: bool


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
            Ticket.urgency,
        )
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .where(Ticket.id.in_(ticket_ids))
    )
    return {
        row[0]: TicketFacts(
            *row[:8],
            row.short_name or row.name,
            row.area_id,
            row.is_imported,
            row.urgency is Urgency.CRITICAL,
        )
        for row in rows
    }


@dataclass(frozen=True)
class TaskFacts:
    """What a reminder of a task's clock needs to know of the task. `names` are what a shielded one must not say."""

    number: str
    unit: str
    is_shielded: bool
    names: tuple[str, ...] = ()


def task_facts(work: Work, task_ids: Collection[int]) -> dict[int, TaskFacts]:
    """The facts of these tasks by id, in one statement; none where there are no ids."""
    if not task_ids:
        return {}
    rows = work.session.execute(
        select(
            Task.id,
            Task.number,
            Unit.name,
            Unit.short_name,
            Task.is_shielded,
            Enterprise.name,
            Enterprise.short_name,
        )
        .join(Unit, Unit.id == Task.unit_id)
        .join(Ticket, Ticket.id == Task.ticket_id)
        .join(Enterprise, Enterprise.id == Ticket.enterprise_id)
        .where(Task.id.in_(task_ids))
    )
    return {row[0]: TaskFacts(row[1], row[3] or row[2], row[4], (row[5], row[6])) for row in rows}


@dataclass(frozen=True)
class Ask:
    """One question: who is meant by these words for this ticket (and unit, and task). See `ask`."""

    ticket: TicketFacts
    words: tuple[str, ...]
    unit_id: int | None = None
    task_id: int | None = None


def ask(ticket: TicketFacts, clock: Clock, words: Iterable[str]) -> Ask:
    """The question for a clock. Raises ValueError for a word that nobody knows."""
    plain = []
    for word in words:
        if word not in WORDS:
            raise ValueError(f"unknown recipient {word!r} in the ladder of {clock.kind.value}")
        if word == "holder":
            word = HOLDERS[clock.holder]
        if ticket.is_restricted and word in NOT_FOR_RESTRICTED:
            word = "supervisor"
        plain.append(word)
    return Ask(ticket, tuple(plain), clock.unit_id, clock.task_id)


@dataclass
class Directory:
    """Everybody who may be meant, read once for a batch."""

    owners: set[int] = field(default_factory=set)
    stand_ins: dict[int, list[int]] = field(default_factory=dict)
    staff: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    heads: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    handlers: dict[int, int] = field(default_factory=dict)
    contacts: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    area_coordinators: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    city_coordinators: list[int] = field(default_factory=list)
    supervisors: list[int] = field(default_factory=list)
    leaders: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def people(self, asked: Ask) -> list[int]:
        """Account ids, each once, in the order of the words."""
        found: dict[int, None] = {}
        for word in asked.words:
            found.update(dict.fromkeys(self._meant(word, asked)))
        return list(found)

    def _meant(self, word: str, asked: Ask) -> list[int]:
        ticket, unit_id = asked.ticket, asked.unit_id or 0
        if word == "owner":
            return self._owner(ticket)
        if word == "unit":
            handler = self.handlers.get(asked.task_id or 0)
            return [handler] if handler is not None else self.staff.get(unit_id, [])
        if word == "head":
            return self.heads.get(unit_id) or self._meant("area", asked)
        if word == "enterprise":
            return self.contacts.get(ticket.enterprise_id, [])
        if word == "area":
            return self.area_coordinators.get(ticket.area_id) or self.city_coordinators
        if word == "city":
            return self.city_coordinators
        if word == "supervisor":
            return self.supervisors
        return self.leaders.get(ticket.enterprise_id, [])

    def _owner(self, ticket: TicketFacts) -> list[int]:
        """The owner and, but for restricted matters, who stands in for him now."""
        if ticket.owner_id is None:
            return []
        present = [ticket.owner_id] if ticket.owner_id in self.owners else []
        return present if ticket.is_restricted else [*present, *self.stand_ins.get(ticket.owner_id, [])]


def directory(work: Work, asks: Iterable[Ask]) -> Directory:
    """Read whoever these questions may mean: at most seven statements. Supervisors are always read."""
    found = Directory()
    words: dict[str, list[TicketFacts]] = defaultdict(list)
    units: set[int] = set()
    tasks: set[int] = set()
    for asked in asks:
        units |= {asked.unit_id} if asked.unit_id is not None else set()
        tasks |= {asked.task_id} if asked.task_id is not None else set()
        for word in asked.words:
            words[word].append(asked.ticket)
    _read_offices(work, found)
    if units:
        _read_units(work, found, units, tasks)
    if "owner" in words:
        owners = {ticket.owner_id for ticket in words["owner"] if ticket.owner_id is not None}
        found.owners = set(
            work.session.scalars(select(Account.id).where(Account.id.in_(owners), Account.is_active))
        )
        found.stand_ins = acting_for(work, owners)
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


def _read_units(work: Work, found: Directory, units: set[int], tasks: set[int]) -> None:
    """Staff and named heads of these units, and who has these tasks in hand."""
    rows = work.session.execute(
        select(Account.unit_id, Account.id, Account.is_head)
        .where(Account.unit_id.in_(units), holds(Role.UNIT), Account.is_active)
        .order_by(Account.id)
    )
    for unit_id, account_id, is_head in rows:
        if unit_id is None:
            continue
        found.staff[unit_id].append(account_id)
        if is_head:
            found.heads[unit_id].append(account_id)
    if tasks:
        handlers = work.session.execute(
            select(Task.id, Task.handler_id)
            .join(Account, Account.id == Task.handler_id)
            .where(Task.id.in_(tasks), Account.is_active)
        )
        found.handlers = {task_id: handler_id for task_id, handler_id in handlers if handler_id is not None}


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
