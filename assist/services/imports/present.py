"""The roster as it stands, read once for an import: enterprises, people, units and work groups by their keys.

Also a frozen picture of it for the checks (`dictionaries`). Not here: what a sheet says, and any writing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from assist.domain.cells import name_key
from assist.domain.roles import Role
from assist.models import (
    Account,
    Area,
    Chain,
    Enterprise,
    EnterpriseContact,
    Pairing,
    Ticket,
    Unit,
    WorkGroup,
    WorkGroupMember,
)
from assist.services.work import Work
from assist.services.workbooks.dictionaries import (
    AreaName,
    Dictionaries,
    KnownContact,
    KnownOfficer,
    UnitName,
)


@dataclass
class Present:
    """Rows of the session by the words that a sheet uses for them. An import adds to it what it makes."""

    areas: dict[str, Area]
    chains: dict[str, Chain]
    units: dict[str, Unit]
    groups: dict[str, WorkGroup]
    group_of_leader: dict[str, WorkGroup]
    enterprises: dict[str, Enterprise]
    pairings: dict[int, Pairing]
    contacts: dict[int, list[EnterpriseContact]]
    accounts: dict[int, Account]
    by_phone: dict[str, list[Account]]
    usernames: dict[str, Account]

    def person(self, phone: str, role: Role, name: str) -> Account | None:
        """Whose phone it is: rather one who holds the role, rather one of that name."""
        found = self.by_phone.get(phone, [])
        ranked = sorted(
            found,
            key=lambda one: (
                not one.has(role),
                name_key(one.name) != name_key(name),
                not one.is_active,
                one.id,
            ),
        )
        return ranked[0] if ranked else None

    def add(self, account: Account) -> None:
        """A person who was just made (his id may still be to come)."""
        self.usernames[account.username] = account
        self.by_phone.setdefault(account.phone, []).append(account)

    def main_contact(self, enterprise_id: int) -> EnterpriseContact | None:
        return next((one for one in self.contacts.get(enterprise_id, []) if one.is_main), None)


def read(work: Work) -> Present:
    """Everything, in a handful of statements: the programme is some hundred enterprises."""
    session = work.session
    accounts = list(session.scalars(select(Account).options(joinedload(Account.unit)).order_by(Account.id)))
    by_phone: defaultdict[str, list[Account]] = defaultdict(list)
    for account in accounts:
        if account.phone:
            by_phone[account.phone].append(account)
    contacts: defaultdict[int, list[EnterpriseContact]] = defaultdict(list)
    for contact in session.scalars(select(EnterpriseContact).order_by(EnterpriseContact.id)):
        contacts[contact.enterprise_id].append(contact)
    groups = list(session.scalars(select(WorkGroup).order_by(WorkGroup.sort, WorkGroup.id)))
    return Present(
        areas={row.code: row for row in session.scalars(select(Area))},
        chains={row.name: row for row in session.scalars(select(Chain))},
        units={row.name: row for row in session.scalars(select(Unit))},
        groups={row.name: row for row in groups},
        group_of_leader=_groups_by_leader(work, groups),
        enterprises={row.credit_code: row for row in session.scalars(select(Enterprise))},
        pairings={
            row.enterprise_id: row
            for row in session.scalars(select(Pairing).where(Pairing.ended_at.is_(None)))
        },
        contacts=dict(contacts),
        accounts={row.id: row for row in accounts},
        by_phone=dict(by_phone),
        usernames={row.username: row for row in accounts},
    )


def group_name(leader: str) -> str:
    """What the work group of a leader is called when the ledger is all we know of it."""
    return f"{leader}工作组"


def _groups_by_leader(work: Work, groups: Iterable[WorkGroup]) -> dict[str, WorkGroup]:
    """The one group that a leader of this name heads; two leaders of one name are nobody's."""
    by_id = {group.id: group for group in groups}
    heads: defaultdict[str, set[int]] = defaultdict(set)
    rows = work.session.execute(
        select(Account.name, WorkGroupMember.work_group_id)
        .join(Account, Account.id == WorkGroupMember.account_id)
        .where(WorkGroupMember.is_head)
    )
    for name, group_id in rows:
        heads[name_key(name)].add(group_id)
    found = {name: by_id[min(ids)] for name, ids in heads.items() if len(ids) == 1}
    for group in groups:
        if group.name.endswith("工作组"):
            found.setdefault(name_key(group.name.removesuffix("工作组")), group)
    return found


def dictionaries(work: Work, present: Present, *, with_tickets: bool = False) -> Dictionaries:
    """The picture that the checks of a sheet are given."""
    tickets: dict[str, str] = {}
    if with_tickets:
        rows = work.session.execute(
            select(Ticket.number, Enterprise.credit_code).join(
                Enterprise, Enterprise.id == Ticket.enterprise_id
            )
        )
        tickets = {row.number: row.credit_code for row in rows}
    accounts = present.accounts.values()
    return Dictionaries(
        areas=tuple(
            AreaName(row.code, row.name, tuple(row.aliases), tuple(row.former_codes))
            for row in sorted(present.areas.values(), key=lambda area: area.sort)
        ),
        chains=tuple(row.name for row in sorted(present.chains.values(), key=lambda chain: chain.sort)),
        categories={
            entry.name: entry.code
            for entry in work.settings.categories.values()
            if entry.parent_id is not None
        },
        units=tuple(
            UnitName(row.name, tuple(filter(None, (row.short_name, *row.aliases))))
            for row in present.units.values()
        ),
        enterprises={code: row.name for code, row in present.enterprises.items()},
        officers=tuple(
            KnownOfficer(row.name, row.phone, row.unit.name if row.unit else "")
            for row in accounts
            if row.has(Role.OFFICER)
        ),
        contacts=tuple(KnownContact(row.name, row.phone) for row in accounts if row.has(Role.ENTERPRISE)),
        tickets=tickets,
        phones=_phones(present),
    )


def _phones(present: Present) -> dict[str, tuple[str, str]]:
    """By credit code the numbers of the officer and of the main contact now; empty where there is none."""
    found = {}
    for code, enterprise in present.enterprises.items():
        pairing, main = present.pairings.get(enterprise.id), present.main_contact(enterprise.id)
        ids = (pairing.officer_id if pairing else None, main.account_id if main else None)
        officer, contact = ("" if one is None else present.accounts[one].phone for one in ids)
        found[code] = (officer, contact)
    return found
