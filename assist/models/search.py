"""The words of each ticket as search tokens: what everybody on it may find, and what the case side alone may."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from assist.models.base import Base


class TicketSearch(Base):
    """`id` is the ticket's own id. The full-text index over it is made in `ddl`."""

    __tablename__ = "ticket_search"

    id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    public_tokens: Mapped[str] = mapped_column(Text, default="")
    internal_tokens: Mapped[str] = mapped_column(Text, default="")
