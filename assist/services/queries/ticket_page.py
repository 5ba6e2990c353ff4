"""Everything the page of one ticket needs, for one reader, in six statements whatever the ticket's length.

The ticket itself has been loaded by `services.access`. What the reader may not read is not in the answer, so that a
template cannot show it by mistake. Its parts: `ticket_trail` (events as sentences), `ticket_rounds`, `ticket_clocks`,
`ticket_people`, `ticket_tasks`, `ticket_beside`, `ticket_acts`, and `lateness`, which reads nothing of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assist.domain import policy
from assist.domain.clock import local
from assist.domain.policy import Relation, Standing
from assist.domain.promises import Promise, promises
from assist.domain.requests import RequestKind
from assist.domain.road import Stage, road
from assist.domain.status import OPEN, Status
from assist.domain.transitions import Action
from assist.models import Ticket
from assist.services import access
from assist.services.queries import (
    lateness,
    merged,
    ticket_acts,
    ticket_beside,
    ticket_clocks,
    ticket_people,
    ticket_requests,
    ticket_rounds,
    ticket_tasks,
    ticket_trail,
)
from assist.services.queries.lateness import Responsibility
from assist.services.queries.merged import ParentAnswer
from assist.services.queries.ticket_acts import Acts
from assist.services.queries.ticket_beside import Beside
from assist.services.queries.ticket_clocks import ClockLines
from assist.services.queries.ticket_people import People
from assist.services.queries.ticket_requests import RequestLine
from assist.services.queries.ticket_rounds import RoundLine
from assist.services.queries.ticket_tasks import TaskLine
from assist.services.queries.ticket_trail import CallLine, Entry
from assist.services.work import Work


@dataclass(frozen=True)
class TicketPage:
    """What the templates draw. `ticket` has its enterprise, owner and category loaded, and nothing more."""

    ticket: Ticket
    standing: Standing
    area: str
    rounds: list[RoundLine]
    entries: list[Entry]
    clocks: ClockLines
    acts: Acts
    road: list[Stage]
    promises: list[Promise]
    people: People
    parent: ParentAnswer | None
    tasks: list[TaskLine]
    beside: Sequence[Beside]
    responsibility: Responsibility | None
    requests: list[RequestLine]
    offered: dict[RequestKind, str]

    def beside_of(self, what: str) -> list[Beside]:
        """The rows of one kind (`theme`, …) that stand beside the ticket."""
        return [one for one in self.beside if one.what == what]

    @property
    def is_contact(self) -> bool:
        return Relation.CONTACT in self.standing.relations

    @property
    def is_owner(self) -> bool:
        return self.standing.is_case_owner

    @property
    def is_open(self) -> bool:
        return self.ticket.status in OPEN

    @property
    def is_vacant(self) -> bool:
        return self.is_open and self.ticket.owner_id is None

    @property
    def present(self) -> RoundLine | None:
        return self.rounds[-1] if self.rounds else None

    @property
    def last_answer(self) -> RoundLine | None:
        """The latest answer there is, be it of an earlier round."""
        return next((one for one in reversed(self.rounds) if one.answered_at is not None), None)

    @property
    def is_unopened(self) -> bool:
        """An answer waits for the enterprise and has not been opened: the first opening is written down."""
        now = self.present
        return self.ticket.status is Status.ANSWERED and now is not None and now.opened_at is None

    @property
    def said(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.is_said]

    @property
    def asks_entry(self) -> bool:
        """Whether the enterprise is still asked if what was entered for it is true."""
        return self.is_contact and self.ticket.is_entered and self.ticket.entry_is_true is None

    @property
    def asked_call(self) -> CallLine | None:
        """The oldest contact record the enterprise has not yet been heard about."""
        calls = [one.call for one in self.entries if one.call and one.call.is_true is None]
        return min(calls, key=lambda call: call.id) if self.is_contact and calls else None


def load(work: Work, ticket: Ticket, *, is_form: bool = False) -> TicketPage:
    """The page of a ticket that `access.ticket` has loaded for this actor. `is_form`: for the form of an act, which
    shows nothing of what stands beside the ticket and has a statement of its own to spend (its choices).
    """
    standing = access.standing(work, ticket)
    internal, grade = policy.may_read_internal(standing), policy.may_read_rating_words(standing)
    events = ticket_trail.rows(work, ticket, internal=internal)
    way = merged.way(work, ticket)
    own = merged.rounds_of(way, ticket)
    rounds = ticket_rounds.read(work, ticket, internal=internal, grade=grade, known=own)
    starts = {one.no: one.started_by for one in rounds}
    beside = [] if is_form else ticket_beside.read(work, ticket, internal=internal)
    requests = ticket_requests.lines(work, [one for one in beside if one.what == "request"])
    waiting = ticket_requests.waiting(requests)
    timed = ticket_clocks.read(work, ticket)
    clocks = ticket_clocks.lines(work, ticket, timed, starts, internal=internal, waiting=waiting)
    offered = ticket_requests.offered(work, ticket, standing, requests)
    people = ticket_people.read(work, ticket, ticket_trail.people_ids(events))
    entries = ticket_trail.entries(events, work.settings, people.names, rating_words=grade)
    tasks = ticket_tasks.read(work, ticket, standing) if internal else []
    facts = _facts(work, ticket, rounds, entries, clocks, tasks, offered, beside)
    return TicketPage(
        ticket=ticket,
        standing=standing,
        area=work.settings.areas[ticket.area_id].name,
        rounds=rounds,
        entries=entries,
        clocks=clocks,
        acts=ticket_acts.acts(work, ticket, standing, facts),
        road=road(
            ticket.status, was_accepted=ticket.accepted_at is not None, notes=_notes(ticket, rounds, people)
        ),
        promises=_promises(work, ticket, people, clocks),
        people=people,
        parent=merged.parent_of(way, is_contact=Relation.CONTACT in standing.relations),
        tasks=tasks,
        beside=beside,
        responsibility=lateness.of(work, ticket, events, timed, tasks, beside, people)
        if internal and not is_form
        else None,
        requests=requests,
        offered=offered,
    )


def _promises(work: Work, ticket: Ticket, people: People, clocks: ClockLines) -> list[Promise]:
    return promises(
        work.settings.calendar,
        work.now,
        ticket.status,
        people.owner.name if people.owner else None,
        list(clocks.running.values()),
        is_suspended=ticket.suspended_at is not None,
    )


def _facts(
    work: Work,
    ticket: Ticket,
    rounds: list[RoundLine],
    entries: list[Entry],
    clocks: ClockLines,
    tasks: list[TaskLine],
    offered: dict[RequestKind, str],
    beside: Sequence[Beside],
) -> ticket_acts.Facts:
    me = work.actor.account_id
    nudges = [one.at for one in entries if one.action is Action.NUDGE and one.actor_id == me]
    return ticket_acts.Facts(
        running=frozenset(clocks.running),
        nudged_at=nudges[-1] if nudges else None,
        is_rated=bool(rounds) and rounds[-1].rating is not None,
        is_suspended=ticket.suspended_at is not None,
        may_request=any(not why for why in offered.values()),
        is_instructed=any(one.what == "instruction" and one.status == "open" for one in beside),
        open_tasks=tuple(one.open_words for one in tasks if one.is_open),
    )


def _notes(ticket: Ticket, rounds: list[RoundLine], people: People) -> tuple[str, ...]:
    """What stands under the stages of the road: when each was reached, and who has it now."""
    answered_at = rounds[-1].answered_at if rounds else None
    owner = f"责任专员 {people.owner.name}" if people.owner else ""
    moments = (ticket.submitted_at, ticket.accepted_at, None, answered_at, ticket.closed_at)
    notes = [f"{local(at):%m-%d %H:%M}" if at else "" for at in moments]
    if ticket.status in (Status.SUBMITTED, Status.SUPPLEMENTING):
        notes[1] = owner or "暂无在岗专员"
    notes[2] = (owner or "暂无在岗专员") if ticket.status is Status.HANDLING else ""
    ended_at = ticket.withdrawn_at or ticket.closed_at
    return (*notes[:4], f"{local(ended_at):%m-%d %H:%M}" if ended_at else "")
