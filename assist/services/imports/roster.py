"""包联台账 (ledger B): checking it against what stands and taking its rows over.

Enterprises by credit code, people by phone (which is their user name), units and work groups by name, pairings from
now on; a changed officer ends the old pairing and begins the new, and open tickets pass by events. New accounts have
no password until one is handed out (`first_passwords`). One entry in the audit log for the whole import.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

from sqlalchemy import func, select

from assist.domain.cells import name_key
from assist.domain.roles import Role
from assist.models import Account, Enterprise, EnterpriseContact, Unit, WorkGroup
from assist.services import auditing, pairing, pinyin
from assist.services.imports import roster_changes, roster_scope
from assist.services.imports.present import Present, dictionaries, group_name, read
from assist.services.imports.roster_changes import GROUP_BREAK, RosterPlan, RowPlan
from assist.services.work import Work
from assist.services.workbooks.container import Source
from assist.services.workbooks.reading import Sheet
from assist.services.workbooks.roster_sheet import Answers, RosterCheck, RosterRow, check_roster, read_roster

NO_PASSWORD = ""  # fits no password at all; `first_passwords` puts a real hash in its place
REASON = "台账导入更换专员"


@dataclass(frozen=True)
class CheckedRoster:
    """A sheet, what is wrong with it, and what its good rows would change."""

    sheet: Sheet
    check: RosterCheck
    plan: RosterPlan
    present: Present = field(repr=False)


@dataclass
class RosterOutcome:
    """How many of what were made or changed."""

    enterprises_new: int = 0
    enterprises_changed: int = 0
    enterprises_unchanged: int = 0
    officers_new: int = 0
    contacts_new: int = 0
    units_new: int = 0
    groups_new: int = 0
    pairings_new: int = 0
    pairings_changed: int = 0
    tickets_passed: int = 0

    @property
    def is_nothing(self) -> bool:
        return not any(
            getattr(self, each.name) for each in fields(self) if each.name != "enterprises_unchanged"
        )

    @property
    def accounts_new(self) -> int:
        return self.officers_new + self.contacts_new

    def sentence(self) -> str:
        counts = (
            f"企业新增{self.enterprises_new}家、变更{self.enterprises_changed}家、不变{self.enterprises_unchanged}家；"
            f"新增服务专员{self.officers_new}人、企业联系人{self.contacts_new}人、单位{self.units_new}个、"
            f"工作组{self.groups_new}个；新结对{self.pairings_new}对、更换专员{self.pairings_changed}对。"
        )
        return f"与现有数据一致，没有变化（{self.enterprises_unchanged}家）。" if self.is_nothing else counts


def check(work: Work, source: Source, answers: Answers | None = None) -> CheckedRoster:
    """Read a workbook and compare it with what stands. Raises `WorkbookProblem`; writes nothing."""
    sheet = read_roster(source)
    present = read(work)
    found = check_roster(sheet, dictionaries(work, present), _with_registered(present, answers or Answers()))
    found = roster_scope.narrowed(work, present, sheet, found)
    return CheckedRoster(sheet, found, roster_changes.plan(present, found.rows), present)


def _with_registered(present: Present, answers: Answers) -> Answers:
    """A code that was let in once in spite of its check character is not asked about again."""
    registered = {code: row.credit_code_note or "已登记" for code, row in present.enterprises.items()}
    return replace(answers, code_overrides={**registered, **answers.code_overrides})


def take_over(work: Work, checked: CheckedRoster) -> RosterOutcome:
    """Write the good rows. `checked` must have been made in this very transaction, begun as a writer."""
    outcome = RosterOutcome(enterprises_unchanged=checked.plan.unchanged_count)
    rows = [one for one in checked.plan.rows if not one.is_unchanged]
    if not rows:
        return outcome
    writer = _Writer(work, checked.present, outcome)
    told = [one.row for one in rows]
    writer.units(told)
    writer.groups(told)
    writer.people(told, roster_changes.leading_rows(checked.check.rows))
    writer.enterprises(rows)
    writer.contacts(told)
    writer.pairings(told)
    auditing.record(work, "import_roster", "包联台账", **vars(outcome))
    return outcome


class _Writer:
    """The steps of one import, each one flush for all rows."""

    def __init__(self, work: Work, present: Present, outcome: RosterOutcome) -> None:
        self.work = work
        self.present = present
        self.outcome = outcome

    def units(self, rows: Sequence[RosterRow]) -> None:
        for name in dict.fromkeys(row.officer_unit for row in rows):
            if name not in self.present.units:
                self.present.units[name] = unit = new_unit(self.present, name)
                self.work.session.add(unit)
                self.outcome.units_new += 1
        self.work.session.flush()

    def groups(self, rows: Sequence[RosterRow]) -> None:
        last = self.work.session.scalar(select(func.max(WorkGroup.sort))) or 0
        for leader in dict.fromkeys(row.leader for row in rows if row.leader):
            if name_key(leader) in self.present.group_of_leader:
                continue
            last += 1
            group = WorkGroup(name=group_name(leader), sort=last)
            self.present.group_of_leader[name_key(leader)] = group
            self.work.session.add(group)
            self.outcome.groups_new += 1
        self.work.session.flush()

    def people(self, rows: Sequence[RosterRow], leading: dict[str, RosterRow]) -> None:
        """Accounts for those who have none; unit and post of officers as their leading row says."""
        for row in rows:
            officer = self._person(row.officer_phone, row.officer_name, Role.OFFICER)
            if leading[row.officer_phone] is row:
                officer.unit_id = self.present.units[row.officer_unit].id
                officer.position = row.officer_title or officer.position
            if not self._is_new_phone(row):
                self._person(row.contact_phone, row.contact_name, Role.ENTERPRISE)
        self.work.session.flush()

    def _person(self, phone: str, name: str, role: Role) -> Account:
        account = self.present.person(phone, role, name)
        if account is None:
            account = new_account(self.work, phone, name, role)
            self.work.session.add(account)
            self.present.add(account)
            if role is Role.OFFICER:
                self.outcome.officers_new += 1
            else:
                self.outcome.contacts_new += 1
        elif not account.has(role):
            account.roles = account.roles | {role}
        return account

    def _is_new_phone(self, row: RosterRow) -> bool:
        """The main contact stays the same person but has another number: it becomes his, login included."""
        enterprise = self.present.enterprises.get(row.credit_code)
        main = self.present.main_contact(enterprise.id) if enterprise else None
        held = self.present.accounts[main.account_id] if main else None
        if (
            held is None
            or self.present.person(row.contact_phone, Role.ENTERPRISE, row.contact_name) is not None
        ):
            return False
        if name_key(held.name) != name_key(row.contact_name):
            return False
        if held.username == held.phone:
            held.username = row.contact_phone
        held.phone = row.contact_phone
        self.present.add(held)
        return True

    def enterprises(self, rows: Sequence[RowPlan]) -> None:
        for one in rows:
            row = one.row
            enterprise = self.present.enterprises.get(row.credit_code)
            if enterprise is None:
                enterprise = Enterprise(credit_code=row.credit_code, created_at=self.work.now)
                enterprise.credit_code_note = row.code_note[:200] if row.code_note else None
                self.present.enterprises[row.credit_code] = enterprise
                self.work.session.add(enterprise)
            _fill(self.present, enterprise, row)
        self.outcome.enterprises_new = sum(one.is_new for one in rows)
        self.outcome.enterprises_changed = len(rows) - self.outcome.enterprises_new
        self.work.session.flush()

    def contacts(self, rows: Sequence[RosterRow]) -> None:
        """The ledger's contact is the main one; who was it before no longer speaks for the enterprise."""
        session = self.work.session
        wanted = []
        for row in rows:
            enterprise = self.present.enterprises[row.credit_code]
            account = self.present.person(row.contact_phone, Role.ENTERPRISE, row.contact_name)
            main = self.present.main_contact(enterprise.id)
            assert account is not None
            if main is None or main.account_id != account.id:
                wanted.append((enterprise, account))
                if main is not None:
                    session.delete(main)
        session.flush()
        for enterprise, account in wanted:
            held = self.present.contacts.get(enterprise.id, [])
            beside = next((one for one in held if one.account_id == account.id), None)
            if beside is not None:
                beside.is_main = True
            else:
                session.add(
                    EnterpriseContact(enterprise_id=enterprise.id, account_id=account.id, is_main=True)
                )
        session.flush()

    def pairings(self, rows: Sequence[RosterRow]) -> None:
        wanted = []
        for row in rows:
            officer = self.present.person(row.officer_phone, Role.OFFICER, row.officer_name)
            assert officer is not None
            wanted.append((self.present.enterprises[row.credit_code], officer))
        arranged = pairing.arrange(self.work, wanted, REASON)
        self.outcome.pairings_new = arranged.begun
        self.outcome.pairings_changed = arranged.changed
        self.outcome.tickets_passed = arranged.tickets


def _fill(present: Present, enterprise: Enterprise, row: RosterRow) -> None:
    spelt = pinyin.organisation(row.enterprise_name)
    enterprise.name = row.enterprise_name
    enterprise.pinyin, enterprise.initials = spelt.full, spelt.initials
    enterprise.area_id = present.areas[row.area_code].id
    enterprise.is_active = True
    if row.chain:
        enterprise.chain_id = present.chains[row.chain].id
    if row.leader:
        enterprise.leader_name = row.leader
        enterprise.work_group_id = present.group_of_leader[name_key(row.leader)].id
    if row.members:
        enterprise.group_names = GROUP_BREAK.join(row.members)[:200]


def new_unit(present: Present, name: str) -> Unit:
    """A unit that the ledger names first: a county's own when an area's name begins it, else the city's."""
    area = next(
        (one for one in present.areas.values() if name.removeprefix("聊城市").startswith(one.name)), None
    )
    short = name.removeprefix("聊城") if name.startswith("聊城市") and area is None else ""
    return Unit(
        name=name[:80],
        short_name=short[:40],
        aliases=[],
        level="county" if area else "city",
        area_id=area.id if area else None,
    )


def new_account(work: Work, phone: str, name: str, role: Role) -> Account:
    """A person of the roster: his phone is his user name; he has no password until one is handed out."""
    spelt = pinyin.person(name)
    return Account(
        username=phone,
        name=name,
        pinyin=spelt.full,
        initials=spelt.initials,
        phone=phone,
        password_hash=NO_PASSWORD,
        roles=frozenset({role}),
        position="",
        must_change=True,
        created_at=work.now,
    )
