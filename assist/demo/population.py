"""The people of the demo world: enterprises, their contacts and officers, units, leaders, offices.

These rows are put in as they are; everything that happens to them afterwards is done by services.
"""

import random
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.demo import words
from assist.demo.plan import AREA_SHARES, PASSWORD, Plan, apportion
from assist.domain.clock import local_date
from assist.domain.credit_code import check_character
from assist.domain.roles import Role
from assist.models import (
    Account,
    Area,
    Category,
    Chain,
    Enterprise,
    EnterpriseContact,
    Unit,
    WorkGroup,
    WorkGroupMember,
)
from assist.services import pinyin
from assist.services.passwords import hash_password

LEADERS = 12
OFFICER_POSITIONS = ("科长", "副科长", "四级调研员", "一级主任科员", "二级主任科员", "三级主任科员", "科员")
CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORDINALS = "一二三四五六七八九十"


@dataclass
class Firm:
    """An enterprise of the demo world with the account ids of those around it. `place` counts from 0."""

    place: int
    id: int
    area_id: int
    chain: str
    contacts: list[int]
    officer_id: int
    coordinator_id: int
    liveliness: float = 1.0


@dataclass
class People:
    firms: list[Firm] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    city_coordinator: int = 0
    supervisors: list[int] = field(default_factory=list)
    coordinators: dict[int, int] = field(default_factory=dict)
    home_units: list[Unit] = field(default_factory=list)


class Population:
    """Makes them one after the other, so that numbers, names and telephones follow from the seed alone."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self.session = session
        self.plan = plan
        self.rng = random.Random(f"{plan.seed}:people")
        self.secret = hash_password(PASSWORD)
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
        while (name := words.person_name(self.rng)) in self.names:
            pass
        self.names.add(name)
        return name

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

    def _units(self) -> None:
        """The departments that the categories name, then the governments of the areas; two people in each."""
        categories = self.session.scalars(select(Category).order_by(Category.sort))
        named = dict.fromkeys(row.unit_name for row in categories if row.unit_name)
        units = [
            Unit(name=name, short_name=_short(name), level="city", sort=number)
            for number, name in enumerate((name for name in named if name and name != "属地政府"), start=1)
        ]
        for area in self.session.scalars(select(Area).order_by(Area.sort)):
            office = "管理委员会" if area.is_zone else "人民政府"
            units.append(
                Unit(
                    name=f"聊城{area.name}{office}" if area.is_zone else f"{area.name}{office}",
                    short_name=f"{area.name}{'管委会' if area.is_zone else '政府'}"[:40],
                    level="county",
                    area_id=area.id,
                    sort=len(units) + 1,
                )
            )
        self.session.add_all(units)
        self.session.flush()
        for number, unit in enumerate(units, start=1):
            self.account(f"chengban{number:02d}", self.named(), Role.UNIT, unit_id=unit.id, position="承办科室负责人")
            self.account(
                f"chengban{number:02d}s", self.named(), Role.UNIT, unit_id=unit.id, position="分管负责人", is_approver=True
            )
        self.people.home_units = units

    def _groups(self) -> list[WorkGroup]:
        chains = list(self.session.scalars(select(Chain).order_by(Chain.sort)))
        groups = []
        for number in range(1, LEADERS + 1):
            chain = chains[(number - 1) % len(chains)]
            group = WorkGroup(name=f"{chain.name}产业链工作组", sort=number)
            leader = self.account(f"lingdao{number:02d}", self.named(), Role.LEADER, position="工作组组长")
            self.session.add(group)
            self.session.flush()
            self.session.add(WorkGroupMember(work_group_id=group.id, account_id=leader.id, is_head=True, sort=1))
            groups.append(group)
        return groups

    def _firms(self, groups: list[WorkGroup]) -> None:
        areas = list(self.session.scalars(select(Area).order_by(Area.sort)))
        counts = apportion(self.plan.enterprises, AREA_SHARES)
        in_order = [area for area, count in zip(areas, counts, strict=True) for _ in range(count)]
        chains = list(self.session.scalars(select(Chain).order_by(Chain.sort)))
        contacts = [self.account(f"qiye{place:03d}", self.named(), Role.ENTERPRISE) for place in range(1, len(in_order) + 1)]
        officers = [self._officer(place, area) for place, area in enumerate(in_order, start=1)]
        self.session.flush()
        leaders = {group.id: row.name for group, row in zip(groups, self._leaders(), strict=True)}
        for place, area in enumerate(in_order):
            chain = self.rng.choice(chains)
            group = groups[chains.index(chain) % len(groups)]
            row = self._enterprise(place, area, chain, group, leaders[group.id])
            self.session.add(row)
            self.session.flush()
            speakers = [contacts[place].id]
            if place in (0, 4):
                second = self.account(f"qiye{place + 1:03d}b", self.named(), Role.ENTERPRISE, position="副总经理")
                self.session.flush()
                speakers.append(second.id)
            for number, speaker in enumerate(speakers):
                self.session.add(EnterpriseContact(enterprise_id=row.id, account_id=speaker, is_main=number == 0))
            self.people.firms.append(
                Firm(
                    place,
                    row.id,
                    area.id,
                    chain.name,
                    speakers,
                    officers[place].id,
                    self.people.coordinators[area.id],
                    liveliness=self.rng.lognormvariate(0, 0.6),
                )
            )

    def _leaders(self) -> list[Account]:
        return [row for row in self.people.accounts if Role.LEADER in row.roles]

    def _officer(self, place: int, area: Area) -> Account:
        nearby = [unit for unit in self.people.home_units if unit.area_id in (None, area.id)]
        return self.account(
            f"zhuanyuan{place:03d}",
            self.named(),
            Role.OFFICER,
            unit_id=self.rng.choice(nearby).id,
            area_id=None,
            position=self.rng.choice(OFFICER_POSITIONS),
        )

    def _enterprise(self, place: int, area: Area, chain: Chain, group: WorkGroup, leader: str) -> Enterprise:
        name, short_name = self._firm_name(area, chain)
        spelt = pinyin.organisation(name)
        district = area.code if area.code.isdigit() else "371500"
        first = f"91{district}MA" + "".join(self.rng.choice(CODE_LETTERS) for _ in range(7))
        return Enterprise(
            name=name,
            short_name=short_name,
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

    def _firm_name(self, area: Area, chain: Chain) -> tuple[str, str]:
        while True:
            short = self.rng.choice(words.BRANDS) + words.TRADES.get(chain.name, "实业")
            if short not in self.names:
                break
            short = self.rng.choice(words.BRANDS) + self.rng.choice(words.BRANDS) + words.TRADES.get(chain.name, "实业")
            if short not in self.names:
                break
        self.names.add(short)
        return f"山东{short}有限公司", short


def _short(name: str) -> str:
    for long, brief in (("国家税务总局聊城市", "市"), ("中共聊城市委", "市委"), ("聊城市", "市")):
        if name.startswith(long):
            return brief + name.removeprefix(long)
    return name
