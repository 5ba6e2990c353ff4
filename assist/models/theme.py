"""共性问题: several enterprises' tickets under one solution; each is still confirmed by its own enterprise."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assist.domain.themes import ThemeStatus
from assist.models.base import Base, enum_column
from assist.models.ticket import Ticket


class Theme(Base):
    """`public_text` is what other enterprises may read once it is published: no name of any enterprise in it."""

    __tablename__ = "theme"
    __table_args__ = (
        CheckConstraint(
            "status NOT IN ('solved', 'published') OR solution <> ''", name="solved_has_solution"
        ),
        CheckConstraint("(published_at IS NOT NULL) = (status = 'published')", name="published_has_time"),
        Index("ix_theme_status", "status", "id"),
    )

    title: Mapped[str] = mapped_column(String(60))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    status: Mapped[ThemeStatus] = mapped_column(enum_column(ThemeStatus, "status"), default=ThemeStatus.OPEN)
    description: Mapped[str] = mapped_column(Text, default="")
    solution: Mapped[str] = mapped_column(Text, default="")
    public_text: Mapped[str] = mapped_column(Text, default="")
    tokens: Mapped[str] = mapped_column(Text, default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    solved_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class ThemeTicket(Base):
    """A ticket belongs to one theme at most."""

    __tablename__ = "theme_ticket"
    __table_args__ = (UniqueConstraint("ticket_id"), Index("ix_theme_ticket_theme", "theme_id"))

    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    ticket: Mapped[Ticket] = relationship(lazy="select")
