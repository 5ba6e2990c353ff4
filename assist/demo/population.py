"""The people of the demo world: enterprises, their contacts and officers, units, leaders, offices.

These rows are put in as they are; everything that happens to them afterwards is done by services.
"""

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.demo.plan import AREA_SHARES, Plan, apportion
from assist.demo.texts import load, names
from assist.domain.clock import local_date
from assist.domain.credit_code import ALPHABET, check_character
from assist.domain.password_policy import DEMO_PASSWORD
from assist.domain.roles import Role
from assist.models import (
    Account,
    Area,
    Chain,
    Enterprise,
    EnterpriseContact,
    Setting,
    Unit,
    WorkGroup,
    WorkGroupMember,
)
from assist.services import pinyin, settings
from assist.services.passwords import hash_password

if TYPE_CHECKING:
    from assist.demo.case import Case

SECOND_CONTACTS = (0, 4)  # places of enterprises for which two people speak
LIVELY = 1.2  # the first enterprises, which are looked at first, have the richest history
WITH_SIGNATURE = (1, 4, 12)  # units (by their order) whose replies an approver signs
SLOW_AREAS, SLOWER = (5, 8), 0.6  # areas (by their order) where things take longer


@dataclass
class Firm:
    """An enterprise of the demo world with the account ids of those around it. `place` counts from 0."""

    place: int
    id: int
    name: str
    area_id: int
    chain: str
    contacts: list[int]
    officer_id: int
    coordinator_id: int
    liveliness: float = 1.0
    diligence: float = 1.0


@dataclass
class People:
    firms: list[Firm] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    city_coordinator: int = 0
    leaders: list[int] = field(default_factory=list)  # in their fixed order
    supervisors: list[int] = field(default_factory=list)
    coordinators: dict[int, int] = field(default_factory=dict)
    home_units: list[Unit] = field(default_factory=list)
    handlers: dict[int, int] = field(default_factory=dict)  # by unit
    approvers: dict[int, int] = field(default_factory=dict)

    cases: dict[int, "Case"] = field(default_factory=dict)  # by ticket, its story

    def unit(self, name: str) -> Unit | None:
        """The unit of this full name."""
        return next((one for one in self.home_units if one.name == name), None)

    def home_of(self, area_id: int) -> str:
        """The name of an area's own government."""
        return next((one.name for one in self.home_units if one.area_id == area_id), "")


class Population:
    """Makes them one after the other, so that numbers, names and telephones follow from the seed alone."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self.session = session
        self.plan = plan
        self.rng = random.Random(f"{plan.seed}:people")
        self.secret = hash_password(DEMO_PASSWORD)
        self.people = People()
        self.phones = 0
        self.names: set[str] = set()

    def settle(self) -> People:
        """Put everybody in; the caller commits."""
        self._offices()
        self._units()
        groups = self._groups()
        self._firms(groups)
        self.session.flush()
        return self.people

    def account(self, username: str, name: str, *roles: Role, **more: object) -> Account:
        self.phones += 1
        spelt = pinyin.person(name)
        row = Account(
            username=username,
            name=name,
            pinyin=spelt.full,
            initials=spelt.initials,
            phone=f"1990635{self.phones:04d}",
            password_hash=self.secret,
            roles=frozenset(roles),
            is_demo=True,
            must_change=False,
            created_at=self.plan.founded,
            **more,
        )
        self.session.add(row)
        self.people.accounts.append(row)
        return row

    def named(self) -> str:
        """A name that nobody has yet."""
        return names.person_name(self.rng, self.names)

    def _offices(self) -> None:
        city = self.account("diaodu01", self.named(), Role.COORDINATOR, position="市助企办调度员")
        areas = list(self.session.scalars(select(Area).order_by(Area.sort)))
        local = [
            self.account(
                f"diaodu{number:02d}",
                self.named(),
                Role.COORDINATOR,
                area_id=area.id,
                position=f"{area.name}助企办调度员"[:40],
            )
            for number, area in enumerate(areas, start=2)
        ]
        watch = [
            self.account(f"duban{number:02d}", self.named(), Role.SUPERVISOR, position="督查室督查员")
            for number in (1, 2)
        ]
        self.account("xitong", "系统管理员", Role.SYSADMIN)
        self.account("anquan", "安全管理员", Role.SECADMIN)
        self.account("shenji", "审计管理员", Role.AUDITOR)
        self.session.flush()
        self.people.city_coordinator = city.id
        self.people.coordinators = {area.id: row.id for area, row in zip(areas, local, strict=True)}
        self.people.supervisors = [row.id for row in watch]
        self._name_for_restricted(watch[-1].id)

    def _name_for_restricted(self, account_id: int) -> None:
        """Matters of conduct go to one supervisor here, so that this road is seen too."""
        row = self.session.scalars(select(Setting).where(Setting.name == "restricted_owner_id")).one()
        row.value = account_id
        settings.changed(self.session)

    def _units(self) -> None:
        """The departments that the categories name and the governments of the areas; two people in each."""
        areas = {area.code: area.id for area in self.session.scalars(select(Area))}
        units = [
            Unit(
                name=text.name,
                short_name=text.aliases[0] if text.aliases else "",
                aliases=list(text.aliases),
                level=text.level,
                area_id=areas.get(text.area_code or ""),
                sort=number,
                needs_signature=number in WITH_SIGNATURE,
            )
            for number, text in enumerate(load().units, start=1)
        ]
        self.session.add_all(units)
        self.session.flush()
        staff = []
        for number, unit in enumerate(units, start=1):
            username = f"chengban{number:02d}"
            signs = {"position": "分管负责人", "is_approver": True, "is_head": True}
            handler = self.account(username, self.named(), Role.UNIT, unit_id=unit.id, position="承办科室负责人")
            approver = self.account(f"{username}s", self.named(), Role.UNIT, unit_id=unit.id, **signs)
            staff.append((unit.id, handler, approver))
        self.session.flush()
        self.people.handlers = {unit_id: handler.id for unit_id, handler, _ in staff}
        self.people.approvers = {unit_id: approver.id for unit_id, _, approver in staff}
        self.people.home_units = units

    def _groups(self) -> list[WorkGroup]:
        """One group a chain, headed by the leaders in their fixed order."""
        chains = self.session.scalars(select(Chain).order_by(Chain.sort)).all()
        groups = []
        for number, text in enumerate(sorted(load().leaders, key=lambda leader: leader.sort), start=1):
            chain = chains[(number - 1) % len(chains)]
            group = WorkGroup(name=f"{chain.name}产业链工作组", sort=number)
            self.names.add(text.name)
            leader = self.account(f"lingdao{number:02d}", text.name, Role.LEADER, position=text.title)
            self.session.add(group)
            self.session.flush()
            self.session.add(
                WorkGroupMember(work_group_id=group.id, account_id=leader.id, is_head=True, sort=1)
            )
            groups.append(group)
            self.people.leaders.append(leader.id)
        return groups

    def _firms(self, groups: list[WorkGroup]) -> None:
        areas = self.session.scalars(select(Area).order_by(Area.sort)).all()
        counts = apportion(self.plan.enterprises, AREA_SHARES)
        in_order = [area for area, count in zip(areas, counts, strict=True) for _ in range(count)]
        chains = self.session.scalars(select(Chain).order_by(Chain.sort)).all()
        contacts = [self._contact(f"qiye{place:03d}") for place in range(1, len(in_order) + 1)]
        officers = [self._officer(place, area) for place, area in enumerate(in_order, start=1)]
        leaders = [row.name for row in self.people.accounts if Role.LEADER in row.roles]
        self.session.flush()
        for place, area in enumerate(in_order):
            number = self.rng.randrange(len(chains))
            group = number % len(groups)
            row = self._enterprise(area, chains[number], groups[group], leaders[group])
            self.session.add(row)
            self.session.flush()
            speakers = self._speakers(place, row, contacts[place])
            self.people.firms.append(
                Firm(
                    place=place,
                    id=row.id,
                    name=row.name,
                    area_id=area.id,
                    chain=chains[number].name,
                    contacts=speakers,
                    officer_id=officers[place].id,
                    coordinator_id=self.people.coordinators[area.id],
                    liveliness=self.rng.lognormvariate(0, 0.6) + (LIVELY if place < 2 else 0),
                    diligence=self.rng.lognormvariate(0, 0.3) * (SLOWER if area.sort in SLOW_AREAS else 1.0),
                )
            )

    def _contact(self, username: str) -> Account:
        position = self.rng.choice(load().names.contact_titles)
        return self.account(username, self.named(), Role.ENTERPRISE, position=position)

    def _speakers(self, place: int, enterprise: Enterprise, main: Account) -> list[int]:
        """The main contact, and in a few enterprises a second one."""
        speakers = [main]
        if place in SECOND_CONTACTS:
            speakers.append(self._contact(f"{main.username}b"))
            self.session.flush()
        for speaker in speakers:
            self.session.add(
                EnterpriseContact(enterprise_id=enterprise.id, account_id=speaker.id, is_main=speaker is main)
            )
        return [speaker.id for speaker in speakers]

    def _officer(self, place: int, area: Area) -> Account:
        nearby = [unit for unit in self.people.home_units if unit.area_id in (None, area.id)]
        return self.account(
            f"zhuanyuan{place:03d}",
            self.named(),
            Role.OFFICER,
            unit_id=self.rng.choice(nearby).id,
            position=self.rng.choice(load().names.officer_titles),
        )

    def _enterprise(self, area: Area, chain: Chain, group: WorkGroup, leader: str) -> Enterprise:
        name = names.enterprise_name(self.rng, chain.name, self.names)
        spelt = pinyin.organisation(name)
        district = area.code if area.code.isdigit() else "371500"
        first = f"91{district}MA" + "".join(self.rng.choice(ALPHABET) for _ in range(7))
        return Enterprise(
            name=name,
            short_name=name.removeprefix("聊城").removesuffix("有限公司"),
            pinyin=spelt.full,
            initials=spelt.initials,
            credit_code=first + check_character(first),
            area_id=area.id,
            chain_id=chain.id,
            work_group_id=group.id,
            leader_name=leader,
            joined_on=local_date(self.plan.founded),
            created_at=self.plan.founded,
        )
