"""The dictionaries: areas, industry chains, categories. Editable configuration, seeded from `assist/defaults`."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assist.models.base import Base, Json


class Area(Base):
    """县（市、区）or development zone. `sort` is the city's usual order, never alphabetical."""

    __tablename__ = "area"

    code: Mapped[str] = mapped_column(String(6), unique=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    sort: Mapped[int]
    is_zone: Mapped[bool] = mapped_column(default=False)
    former_codes: Mapped[list[str]] = mapped_column(Json, default=list)
    aliases: Mapped[list[str]] = mapped_column(Json, default=list)


class Chain(Base):
    """产业链."""

    __tablename__ = "chain"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    sort: Mapped[int]


class Category(Base):
    """诉求类别, two levels. `days` is the resolution limit in working days where it differs.

    `unit_name` is the usual helper, a suggestion only; `属地政府` means the government of the enterprise's area.
    """

    __tablename__ = "category"
    __table_args__ = (UniqueConstraint("code"),)

    code: Mapped[str] = mapped_column(String(4))
    name: Mapped[str] = mapped_column(String(40))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    unit_name: Mapped[str | None] = mapped_column(String(80))
    days: Mapped[int | None]
    is_restricted: Mapped[bool] = mapped_column(default=False)
    is_shielded: Mapped[bool] = mapped_column(default=False)
    is_note_required: Mapped[bool] = mapped_column(default=False)
    guide: Mapped[str | None] = mapped_column(String(400))
    sort: Mapped[int]
