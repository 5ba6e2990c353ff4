"""远航企业 and the people who speak for them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assist.models.account import Account
from assist.models.area import Area, Chain
from assist.models.base import Base


class Enterprise(Base):
    """One of the 200. `leader_name` and `group_names` are as ledger B gives them."""

    __tablename__ = "enterprise"
    __table_args__ = (Index("ix_enterprise_pinyin", "pinyin", "id"),)

    name: Mapped[str] = mapped_column(String(80), index=True)
    short_name: Mapped[str] = mapped_column(String(40), default="")
    pinyin: Mapped[str] = mapped_column(String(400), default="")
    initials: Mapped[str] = mapped_column(String(80), default="")
    credit_code: Mapped[str] = mapped_column(String(18), unique=True)
    credit_code_note: Mapped[str | None] = mapped_column(String(200))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    chain_id: Mapped[int | None] = mapped_column(ForeignKey("chain.id"))
    work_group_id: Mapped[int | None] = mapped_column(ForeignKey("work_group.id"), index=True)
    leader_name: Mapped[str] = mapped_column(String(40), default="")
    group_names: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(120), default="")
    honour: Mapped[str] = mapped_column(String(80), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    joined_on: Mapped[date | None]
    created_at: Mapped[datetime]

    area: Mapped[Area] = relationship(lazy="select")
    chain: Mapped[Chain | None] = relationship(lazy="select")

    @property
    def shown(self) -> str:
        return self.short_name or self.name


class EnterpriseContact(Base):
    """企业联系人: an account that speaks for an enterprise; one main contact and up to two more."""

    __tablename__ = "enterprise_contact"
    __table_args__ = (
        UniqueConstraint("enterprise_id", "account_id"),
        Index(
            "uq_enterprise_contact_main",
            "enterprise_id",
            unique=True,
            sqlite_where=text("is_main"),
            postgresql_where=text("is_main"),
        ),
    )

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    is_main: Mapped[bool] = mapped_column(default=False)

    enterprise: Mapped[Enterprise] = relationship(lazy="select")
    account: Mapped[Account] = relationship(lazy="select")
