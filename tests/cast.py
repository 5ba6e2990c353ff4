"""The fixed cast of every test: two enterprises with their officers, those around them, and an outsider.

甲企业 (contact 陈, officer 张), 乙企业 (contact 孙, officer 李), supervisor 王, the city's coordinator 赵 and
that of 甲's area 钱, a unit's handler 周 with its approver 郑, the leader 刘 of 甲's work group, three
administrators, and 吴, an officer without enterprises. Ids and actors only, for any session and any process.
"""

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.roles import Actor, Role
from assist.models import (
    Account,
    Area,
    Enterprise,
    EnterpriseContact,
    Pairing,
    Setting,
    Unit,
    WorkGroup,
    WorkGroupMember,
)
from assist.services import settings

LONG_AGO = shanghai(2026, 1, 5, 9)
PASSWORD = "Yuanhang-2026"
# Of PASSWORD, by argon2 at its cheapest, so that tests sign in quickly.
PASSWORD_HASH = (
    "$argon2id$v=19$m=8,t=1,p=1$E1yh8DjM9xNPFMFjb8D5KA$ECawoiZbDdwWbz0iFDWzyTr49ugGNrWDVXxVtg/ZaPQ"
)


@dataclass(frozen=True)
class Person:
    """One member of the cast; his password is PASSWORD."""

    id: int
    username: str
    name: str
    phone: str
    actor: Actor


@dataclass(frozen=True)
class Cast:
    """Everybody by the name under which tests call them."""

    jia: int  # 甲企业
    yi: int  # 乙企业
    chen: Person  # contact of 甲
    sun: Person  # contact of 乙
    zhang: Person  # officer of 甲
    li: Person  # officer of 乙
    wang: Person  # supervisor
    zhao: Person  # coordinator of the city
    qian: Person  # coordinator of 甲's area (乙 lies elsewhere)
    zhou: Person  # handler in a unit
    zheng: Person  # approver in the same unit
    liu: Person  # leader of 甲's work group
    wu: Person  # outsider: an officer without enterprises
    xi: Person  # system administrator
    an: Person  # security administrator
    shen: Person  # auditor

    def everybody(self) -> list[Person]:
        return [one for one in vars(self).values() if isinstance(one, Person)]


def name_for_restricted(session: Session, account_id: int) -> None:
    """Who handles what is restricted (专项诉求办理人)."""
    session.scalars(select(Setting).where(Setting.name == "restricted_owner_id")).one().value = account_id
    settings.changed(session)
    session.commit()


def account(session: Session, username: str, name: str, *roles: Role, **more: object) -> Account:
    """One account that may sign in at once."""
    row = Account(
        username=username,
        name=name,
        roles=frozenset(roles),
        password_hash=PASSWORD_HASH,
        must_change=False,
        created_at=LONG_AGO,
        **more,
    )
    session.add(row)
    session.flush()
    return row


def person(row: Account) -> Person:
    return Person(row.id, row.username, row.name, row.phone, row.as_actor())


def assemble(session: Session) -> Cast:
    """Put the cast into an empty database; the caller commits."""
    jia_area, yi_area = session.scalars(select(Area).order_by(Area.sort).limit(2)).all()
    unit = Unit(name="聊城市生态环境局", short_name="市生态环境局")
    home = Unit(name="聊城市工业和信息化局", short_name="市工业和信息化局")
    group = WorkGroup(name="第一工作组", sort=1)
    session.add_all([unit, home, group])
    session.flush()
    made = _people(session, jia_area, unit, home)
    jia = _enterprise(session, "聊城甲制造有限公司", "甲企业", "91371500MA00000010", jia_area, group)
    yi = _enterprise(session, "聊城乙化工有限公司", "乙企业", "91371500MA00000029", yi_area, None)
    session.add(WorkGroupMember(work_group_id=group.id, account_id=made["liu"].id, is_head=True))
    for enterprise, contact, officer in ((jia, "chen", "zhang"), (yi, "sun", "li")):
        session.add_all(
            [
                EnterpriseContact(enterprise_id=enterprise.id, account_id=made[contact].id, is_main=True),
                Pairing(enterprise_id=enterprise.id, officer_id=made[officer].id, started_at=LONG_AGO),
            ]
        )
    session.flush()
    return Cast(jia=jia.id, yi=yi.id, **{name: person(row) for name, row in made.items()})


def _people(session: Session, area: Area, unit: Unit, home: Unit) -> dict[str, Account]:
    return {
        "chen": account(session, "chen", "陈桂芳", Role.ENTERPRISE, phone="19906350001"),
        "sun": account(session, "sun", "孙玉兰", Role.ENTERPRISE, phone="19906350002"),
        "zhang": account(
            session, "zhang", "张建华", Role.OFFICER, phone="19906350003", unit_id=home.id, position="科长"
        ),
        "li": account(session, "li", "李明", Role.OFFICER, phone="19906350004", unit_id=home.id),
        "wang": account(session, "wang", "王督", Role.SUPERVISOR, phone="19906350005"),
        "zhao": account(session, "zhao", "赵调度", Role.COORDINATOR, phone="19906350006"),
        "qian": account(session, "qian", "钱调度", Role.COORDINATOR, phone="19906350007", area_id=area.id),
        "zhou": account(session, "zhou", "周承办", Role.UNIT, phone="19906350008", unit_id=unit.id),
        "zheng": account(
            session, "zheng", "郑签发", Role.UNIT, phone="19906350009", unit_id=unit.id, is_approver=True
        ),
        "liu": account(session, "liu", "刘振华", Role.LEADER, phone="19906350010"),
        "wu": account(session, "wu", "吴外人", Role.OFFICER, phone="19906350011", unit_id=home.id),
        "xi": account(session, "xi", "系统管理员", Role.SYSADMIN),
        "an": account(session, "an", "安全管理员", Role.SECADMIN),
        "shen": account(session, "shen", "审计管理员", Role.AUDITOR),
    }


def _enterprise(
    session: Session, name: str, short_name: str, credit_code: str, area: Area, group: WorkGroup | None
) -> Enterprise:
    row = Enterprise(
        name=name,
        short_name=short_name,
        credit_code=credit_code,
        area_id=area.id,
        work_group_id=group.id if group else None,
        created_at=LONG_AGO,
    )
    session.add(row)
    session.flush()
    return row


@pytest.fixture
def cast(session: Session, time: FixedTime) -> Cast:
    """The cast in this test's database, committed."""
    made = assemble(session)
    session.commit()
    return made
