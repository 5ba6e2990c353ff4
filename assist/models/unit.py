"""承办单位: departments that do the substance of a matter."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from assist.models.base import Base, Json


class Unit(Base):
    """A department. `level` is `city` or `county`; `area_id` is set for a county's own.

    `needs_signature`: its replies leave it only when an approver has signed. `is_vertical`: 中央和省驻聊单位.
    """

    __tablename__ = "unit"
    __table_args__ = (CheckConstraint("level IN ('city', 'county')", name="level"),)

    name: Mapped[str] = mapped_column(String(80), unique=True)
    short_name: Mapped[str] = mapped_column(String(40), default="")
    aliases: Mapped[list[str]] = mapped_column(Json, default=list)
    level: Mapped[str] = mapped_column(String(8), default="city")
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    is_active: Mapped[bool] = mapped_column(default=True)
    needs_signature: Mapped[bool] = mapped_column(default=False)
    is_vertical: Mapped[bool] = mapped_column(default=False)
    sort: Mapped[int] = mapped_column(default=0)

    @property
    def shown(self) -> str:
        return self.short_name or self.name
