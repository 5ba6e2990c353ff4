"""The nine roles, which of them exclude each other, and the `Actor` that every act carries.

Not here: what a role may do (`policy`).
"""

from dataclasses import dataclass, field
from enum import Enum


class Role(Enum):
    """A role with its Chinese title. An account holds one or more within `EXCLUSIONS`."""

    ENTERPRISE = "enterprise"
    OFFICER = "officer"
    UNIT = "unit"
    LEADER = "leader"
    COORDINATOR = "coordinator"
    SUPERVISOR = "supervisor"
    SYSADMIN = "sysadmin"
    SECADMIN = "secadmin"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.ENTERPRISE: "企业联系人",
    Role.OFFICER: "服务专员",
    Role.UNIT: "承办单位",
    Role.LEADER: "工作组领导",
    Role.COORDINATOR: "助企办调度员",
    Role.SUPERVISOR: "督查员",
    Role.SYSADMIN: "系统管理员",
    Role.SECADMIN: "安全管理员",
    Role.AUDITOR: "审计管理员",
}

ADMINISTRATORS = frozenset({Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR})


def conflicting(roles: frozenset[Role]) -> str | None:
    """Why these roles may not be held by one account, as a Chinese sentence; None when they may.

    Design 2: supervisor and coordinator are separate offices; the three administrators exclude each other
    and everything else; an enterprise's contact holds no office.
    """
    if not roles:
        return "请至少选择一个角色。"
    if roles & ADMINISTRATORS and len(roles) > 1:
        return "系统、安全、审计管理员互相独立，也不能兼任其他角色。"
    if {Role.SUPERVISOR, Role.COORDINATOR} <= roles:
        return "督查员与助企办调度员分属两个办公室，不能由一人兼任。"
    if Role.ENTERPRISE in roles and len(roles) > 1:
        return "企业联系人不能兼任工作端角色。"
    return None


@dataclass(frozen=True)
class Actor:
    """Who acts. `account_id` is None only for the system itself.

    `area_id` narrows a coordinator to one area (None: the whole city). `unit_id` is the unit of staff.
    `stands_in_for` are the officers for whom this one acts at this very moment (代办).
    """

    account_id: int | None
    name: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    area_id: int | None = None
    unit_id: int | None = None
    is_approver: bool = False
    stands_in_for: frozenset[int] = frozenset()

    @property
    def officers(self) -> frozenset[int]:
        """Himself and those for whom he acts now."""
        return self.stands_in_for | ({self.account_id} if self.account_id is not None else set())

    @property
    def is_system(self) -> bool:
        return self.account_id is None

    def has(self, *roles: Role) -> bool:
        return any(role in self.roles for role in roles)


SYSTEM = Actor(account_id=None, name="系统")
