"""Accounts, what they have failed at, and the forms they have sent. Roles are a set on the account itself."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, Dialect, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from assist.domain.roles import Actor, Role
from assist.models.base import Base
from assist.models.unit import Unit


class RoleSet(TypeDecorator[frozenset[Role]]):
    """A small set of roles kept as `,officer,leader,`: one column, found with LIKE '%,officer,%'."""

    impl = String(120)
    cache_ok = True

    def process_bind_param(self, value: frozenset[Role] | str | None, dialect: Dialect) -> str | None:
        if value is None or isinstance(value, str):
            return value
        return "," + ",".join(sorted(role.value for role in value)) + ","

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[Role] | None:
        if value is None:
            return None
        return frozenset(Role(word) for word in value.split(",") if word)


class Account(Base):
    """账号. `session_version` goes up to end every session; `locked_until` holds after too many failures.

    `area_id` narrows a coordinator to one area; None is the whole city. `phone` is where to reach the person.
    `is_approver` signs his unit's replies; `is_head` is his unit's named head, who hears of its red cards.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("username <> ''", name="username_given"),
        Index("ix_account_pinyin", "pinyin", "id"),
        Index("ix_account_name", "name"),
        Index("ix_account_phone", "phone"),
    )

    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    pinyin: Mapped[str] = mapped_column(String(200), default="")
    initials: Mapped[str] = mapped_column(String(60), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str | None] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(160))
    roles: Mapped[frozenset[Role]] = mapped_column(RoleSet)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    position: Mapped[str] = mapped_column(String(40), default="")
    is_approver: Mapped[bool] = mapped_column(default=False)
    is_head: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    inbox_only: Mapped[bool] = mapped_column(default=False)
    must_change: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)
    failed_count: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    unit: Mapped[Unit | None] = relationship(lazy="select")

    def as_actor(self) -> Actor:
        """Who acts; for whom he stands in is added where an entrance begins (`services.stand_ins`)."""
        return Actor(self.id, self.name, self.roles, self.area_id, self.unit_id, self.is_approver)

    def has(self, *roles: Role) -> bool:
        return any(role in self.roles for role in roles)


def holds(role: Role) -> ColumnElement[bool]:
    """SQL condition: the account holds `role`."""
    return Account.roles.like(f"%,{role.value},%")


class LoginFailure(Base):
    """One failed login from an address, kept a short while: five in fifteen minutes lock the address."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("ix_login_failure_address_at", "address", "at"),)

    address: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]


class FormKey(Base):
    """A form that has been acted on, and where it led: the same form sent twice leads there again."""

    __tablename__ = "form_key"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    key: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(index=True)
