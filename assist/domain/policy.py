"""Who may do what: predicates and one table, meant to be read aloud by the programme's owner.

One answer hides the button, guards the POST and filters the list. `Relation` says how a person stands to a ticket;
`services.access` finds the relations in the same query that loads the ticket (and filters lists by the same
words). Restricted matters are not found for anybody but the enterprise, the person named for them and supervisors.
"""

from dataclasses import dataclass
from enum import Enum

from assist.domain.roles import Actor, Role
from assist.domain.status import Status
from assist.domain.transitions import Action, is_legal


class Relation(Enum):
    """How an actor stands to one ticket."""

    CONTACT = "contact"  # a contact of the ticket's enterprise
    OWNER = "owner"  # its owner now: the active officer, or the person named for a restricted matter
    FORMER = "former"  # an officer of this enterprise in the past: reads only
    GROUP = "group"  # a leader or member of the enterprise's work group
    COORDINATOR = "coordinator"  # coordinator of its area, or of the city
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


R = Relation
READERS = frozenset(R)
READERS_OF_RESTRICTED = frozenset({R.CONTACT, R.OWNER, R.SUPERVISOR, R.SYSTEM})
INTERNAL_READERS = READERS - {R.CONTACT}

# The table. Acts of requests, tasks and supervision join it with their services.
TICKET_ACTS: dict[Action, frozenset[Relation]] = {
    Action.COMMENT: frozenset({R.CONTACT, R.OWNER}),
    Action.REQUEST_SUPPLEMENT: frozenset({R.OWNER}),
    Action.SUPPLEMENT: frozenset({R.CONTACT}),
    Action.SUPPLEMENT_END: frozenset({R.SYSTEM}),
    Action.ACCEPT: frozenset({R.OWNER}),
    Action.CONTACT: frozenset({R.OWNER}),
    Action.OPINION: frozenset({R.OWNER}),
    Action.FIRST_RESPONSE: frozenset({R.OWNER}),
    Action.PROGRESS: frozenset({R.OWNER}),
    Action.ANSWER: frozenset({R.OWNER}),
    Action.CORRECT_ANSWER: frozenset({R.OWNER}),
    Action.OPEN_ANSWER: frozenset({R.CONTACT}),
    Action.CONFIRM: frozenset({R.CONTACT}),
    Action.RETURN: frozenset({R.CONTACT}),
    Action.LAPSE: frozenset({R.SYSTEM}),
    Action.RATE: frozenset({R.CONTACT}),
    Action.REOPEN: frozenset({R.CONTACT}),
    Action.WITHDRAW: frozenset({R.CONTACT}),
    Action.NUDGE: frozenset({R.CONTACT, R.COORDINATOR, R.SUPERVISOR}),
    Action.VERIFY_ENTRY: frozenset({R.CONTACT}),
    Action.VERIFY_CONTACT: frozenset({R.CONTACT}),
    Action.REASSIGN: frozenset({R.SYSTEM, R.COORDINATOR}),
    Action.ESCALATE: frozenset({R.SYSTEM}),
}


class Deed(Enum):
    """What one may do that is not about one ticket."""

    ENTER_TICKET = "enter_ticket"  # 代录诉求
    SUBMIT_TICKET = "submit_ticket"
    SEE_TICKETS = "see_tickets"
    SEE_ROSTER = "see_roster"
    KEEP_ROSTER = "keep_roster"  # import, pair, edit enterprises and officers
    SEE_FIGURES = "see_figures"
    OVERSEE = "oversee"
    RESET_PASSWORD = "reset_password"
    KEEP_CALENDAR = "keep_calendar"


DEEDS: dict[Deed, frozenset[Role]] = {
    Deed.SUBMIT_TICKET: frozenset({Role.ENTERPRISE}),
    Deed.ENTER_TICKET: frozenset({Role.OFFICER}),
    Deed.SEE_TICKETS: frozenset({Role.OFFICER, Role.LEADER, Role.COORDINATOR, Role.SUPERVISOR}),
    Deed.SEE_ROSTER: frozenset({Role.COORDINATOR, Role.SUPERVISOR}),
    Deed.KEEP_ROSTER: frozenset({Role.COORDINATOR}),
    Deed.SEE_FIGURES: frozenset({Role.SUPERVISOR, Role.COORDINATOR, Role.LEADER}),
    Deed.OVERSEE: frozenset({Role.SUPERVISOR}),
    Deed.RESET_PASSWORD: frozenset({Role.COORDINATOR}),
    Deed.KEEP_CALENDAR: frozenset({Role.SUPERVISOR}),
}

# Where each role's own place is. Those whose place comes later land in their inbox.
HOMES: dict[Role, str] = {
    Role.ENTERPRISE: "portal.index",
    Role.OFFICER: "desk.index",
    Role.SUPERVISOR: "oversight.index",
    Role.COORDINATOR: "roster.index",
}
HOME_WITHOUT_PLACE = "inbox.index"


@dataclass(frozen=True)
class Standing:
    """One actor before one ticket: everything a permission needs to know."""

    relations: frozenset[Relation]
    status: Status
    is_restricted: bool = False


def may(actor: Actor, deed: Deed) -> bool:
    """Whether any of the actor's roles allows the deed."""
    return bool(actor.roles & DEEDS[deed])


def may_see(standing: Standing) -> bool:
    readers = READERS_OF_RESTRICTED if standing.is_restricted else READERS
    return bool(standing.relations & readers)


def may_read_internal(standing: Standing) -> bool:
    """Internal progress, accounts and low ratings' words are not the enterprise's to read."""
    return may_see(standing) and bool(standing.relations & INTERNAL_READERS)


def may_read_rating_words(standing: Standing) -> bool:
    """Words beside a low grade are for supervisors and for who wrote them, not for the officer (design 2)."""
    return bool(standing.relations & {R.SUPERVISOR, R.CONTACT})


def may_act(action: Action, standing: Standing) -> bool:
    """Whether this person may do this act to this ticket as it stands now."""
    return (
        may_see(standing)
        and action in TICKET_ACTS
        and bool(standing.relations & TICKET_ACTS[action])
        and is_legal(action, standing.status)
    )


def allowed(standing: Standing) -> list[Action]:
    """Every act open to this person on this ticket, in the order of the table."""
    return [action for action in TICKET_ACTS if may_act(action, standing)]
