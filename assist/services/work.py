"""One piece of work: the session, the instant and the actor that every service is given.

A service reads and writes through `work.session`, asks `work.now` for the time and `work.actor` for the person, and
never commits: the entrance (a request, a job, a command) does, once, when the service has returned.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Insert

from assist.domain.clock import TimeSource
from assist.domain.errors import AlreadyDone
from assist.domain.policy import Relation
from assist.domain.roles import SYSTEM, Actor
from assist.domain.status import ClockKind
from assist.models import Clock, FormKey, TicketRound
from assist.models.base import Base

if TYPE_CHECKING:
    from assist.services.settings import Settings
    from assist.services.telling import Note


@dataclass
class Work:
    """`address` is where the request came from, for the audit log; empty for jobs and commands.

    `relations`, `clocks` and `rounds` are what the services of those names have found out already, by ticket;
    `ended` are the clocks that ended last, `contacts` the accounts that speak for an enterprise, `stand_ins` who
    acts for an officer now. `unindexed` collects the words for the search of whoever makes a whole world at once and
    writes them at the end (`searching.write_collected`); None: each act writes its own. `postponed` likewise are the
    messages (and when each became true) of many acts that share a commit (`telling.post`); None: written at once.
    """

    session: Session
    time: TimeSource
    actor: Actor = SYSTEM
    address: str = ""
    relations: dict[int, frozenset[Relation]] = field(default_factory=dict, repr=False)
    clocks: dict[int, dict[ClockKind, Clock]] = field(default_factory=dict, repr=False)
    ended: dict[tuple[int, ClockKind], Clock] = field(default_factory=dict, repr=False)
    rounds: dict[int, TicketRound] = field(default_factory=dict, repr=False)
    contacts: dict[int, list[int]] = field(default_factory=dict, repr=False)
    stand_ins: dict[int, list[int]] = field(default_factory=dict, repr=False)
    unindexed: dict[int, tuple[list[str], list[str]]] | None = field(default=None, repr=False)
    postponed: "list[tuple[datetime, Note]] | None" = field(default=None, repr=False)

    @cached_property
    def now(self) -> datetime:
        """The one instant of this piece of work: all it writes bears the same time."""
        return self.time.now()

    @cached_property
    def settings(self) -> "Settings":
        from assist.services.settings import current

        return current(self.session)

    def as_system(self) -> "Work":
        """The same piece of work done by the system itself."""
        return Work(self.session, self.time, SYSTEM, self.address, unindexed=self.unindexed, postponed=self.postponed)


def insert_unless_there(session: Session, table: type[Base]) -> Insert:
    """`INSERT … ON CONFLICT DO NOTHING` in the words of the engine at hand (returns the statement)."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return insert(table)


def once(work: Work, key: str | None, location: str = "") -> None:
    """Claim a form's key for this account, or raise `AlreadyDone` with where the first one led.

    The claim lives and dies with the transaction. A missing key (an old script) claims nothing.
    """
    if not key or work.actor.account_id is None:
        return
    values = {"account_id": work.actor.account_id, "key": key[:64], "location": location, "at": work.now}
    made = work.session.scalar(insert_unless_there(work.session, FormKey).values(**values).returning(FormKey.id))
    if made is None:
        first = work.session.scalar(
            select(FormKey.location).where(
                FormKey.account_id == work.actor.account_id, FormKey.key == key[:64]
            )
        )
        raise AlreadyDone(first or "/")


def leads_to(work: Work, key: str | None, location: str) -> None:
    """Remember where a claimed form led, once that is known (a new ticket's number)."""
    if not key or work.actor.account_id is None:
        return
    row = work.session.scalar(
        select(FormKey).where(FormKey.account_id == work.actor.account_id, FormKey.key == key[:64])
    )
    if row is not None:
        row.location = location
