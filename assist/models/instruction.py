"""批示: a leader's words on a ticket, open until its owner has answered to them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from assist.models.account import Account
from assist.models.base import Base
from assist.models.ticket import Ticket

UNANSWERED = "replied_at IS NULL"


class Instruction(Base):
    """`entered_by_id` is a supervisor who entered it for the leader with the document (an attachment of its event)."""

    __tablename__ = "instruction"
    __table_args__ = (
        CheckConstraint("(replied_at IS NULL) = (reply = '')", name="replied_has_words"),
        Index("ix_instruction_ticket", "ticket_id", "id"),
        Index(
            "ix_instruction_open",
            "leader_id",
            sqlite_where=text(UNANSWERED),
            postgresql_where=text(UNANSWERED),
        ),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    leader_name: Mapped[str] = mapped_column(String(40))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    document: Mapped[str] = mapped_column(String(120), default="")
    given_at: Mapped[datetime]
    event_seq: Mapped[int]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    replied_at: Mapped[datetime | None]

    ticket: Mapped[Ticket] = relationship(lazy="select")
    leader: Mapped[Account | None] = relationship(lazy="select", foreign_keys=[leader_id])
