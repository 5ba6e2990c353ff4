"""Which ticket is copied to which enterprise, under which number: decided before anything is written.

A copy happens at the very times of its original, so that its due times stay true to the calendar. Originals and
enterprises are those whose officer never changed and for whom one person speaks: everybody's part can then be taken
over one for one. Copies are numbered, and get their ids, in the order in which they were submitted.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from sqlalchemy import Connection, func, select

from assist.domain.clock import local_date
from assist.domain.roles import Role
from assist.domain.search_tokens import index_tokens
from assist.domain.status import OPEN
from assist.models import (
    Account,
    Attachment,
    Clock,
    ContactRecord,
    Enterprise,
    EnterpriseContact,
    Instruction,
    Pairing,
    Request,
    Supervision,
    Task,
    ThemeTicket,
    Ticket,
    WorkGroupMember,
)
from assist.models import Counter as NumberCounter
from assist.models.account import holds

ALWAYS_OPEN, OPEN_SHARE = 70, 0.0055


@dataclass(frozen=True)
class Firm:
    """An enterprise and the people around it whose parts are swapped in a copy."""

    id: int
    area_id: int
    short_name: str
    name_tokens: str
    contact_id: int
    contact_name: str
    officer_id: int
    officer_name: str
    coordinator_id: int
    coordinator_name: str
    leader_id: int


@dataclass(frozen=True, slots=True)
class Copy:
    """One ticket to be: `clock_id` and `contact_id` lie before the first ids of its clocks and contact records."""

    id: int
    base_id: int
    source_id: int
    firm_id: int
    number: str
    is_open: bool
    clock_id: int
    contact_id: int


def firms(connection: Connection) -> dict[int, Firm]:
    """The enterprises that copies may come from and go to, by id."""
    pairs: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for pair in connection.execute(select(Pairing.enterprise_id, Pairing.officer_id, Pairing.ended_at)):
        pairs[pair[0]].append((pair[1], pair[2] is None))
    speakers: dict[int, list[int]] = defaultdict(list)
    for contact in connection.execute(select(EnterpriseContact.enterprise_id, EnterpriseContact.account_id)):
        speakers[contact[0]].append(contact[1])
    names = dict(connection.execute(select(Account.id, Account.name)).all())
    coordinators = dict(
        connection.execute(select(Account.area_id, Account.id).where(holds(Role.COORDINATOR))).all()
    )
    leaders = dict(
        connection.execute(
            select(WorkGroupMember.work_group_id, WorkGroupMember.account_id).where(WorkGroupMember.is_head)
        ).all()
    )
    found = {}
    for row in connection.execute(select(Enterprise.__table__).order_by(Enterprise.id)):
        if len(speakers[row.id]) != 1 or [still for _, still in pairs[row.id]] != [True]:
            continue
        officer, contact_id = pairs[row.id][0][0], speakers[row.id][0]
        coordinator = coordinators[row.area_id]
        found[row.id] = Firm(
            row.id, row.area_id, row.short_name, index_tokens(row.name), contact_id, names[contact_id],
            officer, names[officer], coordinator, names[coordinator], leaders.get(row.work_group_id, 0),
        )  # fmt: skip
    return found


def plan(connection: Connection, among: dict[int, Firm], tickets: int, seed: int = 1) -> Iterator[Copy]:
    """The copies that make so many tickets of those there are, in the order of their ids."""
    rng = random.Random(seed)
    base = connection.execute(
        select(Ticket.id, Ticket.enterprise_id, Ticket.submitted_at, Ticket.status)
    ).all()
    apart = _apart(connection)
    originals = [row for row in base if row.enterprise_id in among and row.id not in apart]
    waiting = [row for row in originals if row.status in OPEN]
    ended = [row for row in originals if row.status not in OPEN]
    count = max(0, tickets - len(base))
    still_open = round(ALWAYS_OPEN + OPEN_SHARE * tickets) - sum(row.status in OPEN for row in base)
    still_open = min(max(0, still_open), count)
    places = list(among)
    rng.shuffle(places)
    liveliness = Counter(row.enterprise_id for row in base)
    weights = [1 + liveliness[place] for place in places]
    # What is open is spread over desks: an officer who helps out at several enterprises has not several desks.
    desks = list({among[place].officer_id: place for place in places}.values())
    chosen = [*islice(cycle(waiting), still_open), *rng.choices(ended, k=count - still_open)]
    goes_to = [
        *islice(cycle(desks), still_open),
        *rng.choices(places, weights=weights, k=count - still_open),
    ]
    order = sorted(range(count), key=lambda at: (chosen[at].submitted_at, at))
    yield from _numbered(connection, [(chosen[at], goes_to[at]) for at in order])


def _apart(connection: Connection) -> set[int]:
    """Tickets with rows of their own that are not copied, or that hang together with another ticket."""
    held = (Attachment, Task, Request, Supervision, Instruction, ThemeTicket)
    found = {id for table in held for id in connection.scalars(select(table.ticket_id))}
    pairs = connection.execute(select(Ticket.id, Ticket.parent_id).where(Ticket.parent_id.is_not(None)))
    return found | {id for pair in pairs for id in pair}


def _numbered(connection: Connection, wanted: list[tuple[Any, int]]) -> Iterator[Copy]:
    used = dict(connection.execute(select(NumberCounter.name, NumberCounter.value)).all())
    clocks = dict(connection.execute(select(Clock.ticket_id, func.count()).group_by(Clock.ticket_id)).all())
    contacts = dict(
        connection.execute(
            select(ContactRecord.ticket_id, func.count()).group_by(ContactRecord.ticket_id)
        ).all()
    )
    ticket_id = connection.scalar(select(func.max(Ticket.id))) or 0
    clock_id = connection.scalar(select(func.max(Clock.id))) or 0
    contact_id = connection.scalar(select(func.max(ContactRecord.id))) or 0
    days: dict[object, str] = {}
    for row, firm_id in wanted:
        at = row.submitted_at
        day = days.get(at) or days.setdefault(at, f"LC-{local_date(at):%Y%m%d}")
        used[day] = used.get(day, 0) + 1
        ticket_id += 1
        yield Copy(
            ticket_id, row.id, row.enterprise_id, firm_id, f"{day}-{used[day]:04d}",
            row.status in OPEN, clock_id, contact_id,
        )  # fmt: skip
        clock_id += clocks.get(row.id, 0)
        contact_id += contacts.get(row.id, 0)
