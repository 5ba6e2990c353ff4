"""工作组: the leaders and members behind a number of enterprises."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assist.models.base import Base


class WorkGroup(Base):
    """`sort` is the leaders' fixed order, never alphabetical."""

    __tablename__ = "work_group"

    name: Mapped[str] = mapped_column(String(60), unique=True)
    sort: Mapped[int] = mapped_column(default=0)


class WorkGroupMember(Base):
    """A leader (`is_head`) or member of a work group, by account."""

    __tablename__ = "work_group_member"
    __table_args__ = (UniqueConstraint("work_group_id", "account_id"),)

    work_group_id: Mapped[int] = mapped_column(ForeignKey("work_group.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    is_head: Mapped[bool] = mapped_column(default=False)
    sort: Mapped[int] = mapped_column(default=0)
