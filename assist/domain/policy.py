"""Who may do what: predicates and one table, meant to be read aloud by the programme's owner.

One answer hides the button, guards the POST and filters the list. `Relation` says how a person stands to a ticket;
`services.access` finds the relations in the same query that loads the ticket (and filters lists by the same
words). Restricted matters are not found for anybody but the enterprise, the person named for them and supervisors.
"""

from dataclasses import dataclass
from enum import Enum

from assist.domain.roles import Actor, Role
from assist.domain.status import Status
from assist.domain.supervision import (
    SupervisionAction,
    SupervisionLevel,
    SupervisionStatus,
    is_supervision_act_legal,
)
from assist.domain.tasks import TaskAction, TaskStatus, is_task_act_legal
from assist.domain.transitions import Action, is_legal


class Relation(Enum):
    """How an actor stands to one ticket."""

    CONTACT = "contact"  # a contact of the ticket's enterprise
    OWNER = "owner"  # its owner now: the active officer, or the person named for a restricted matter
    STAND_IN = "stand_in"  # acts for the owner between two dates; the owner stays
    FORMER = "former"  # an officer of this enterprise in the past: reads only
    GROUP = "group"  # a leader or member of the enterprise's work group
    COORDINATOR = "coordinator"  # coordinator of its area, or of the city
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


R = Relation
# The owner, and whoever acts for him now.
OWNERS = frozenset({R.OWNER, R.STAND_IN})
READERS = frozenset(R)
READERS_OF_RESTRICTED = frozenset({R.CONTACT, R.OWNER, R.SUPERVISOR, R.SYSTEM})
INTERNAL_READERS = READERS - {R.CONTACT}

# The table. What a request's kind adds says `domain.requests`; a task has a table of its own below.
TICKET_ACTS: dict[Action, frozenset[Relation]] = {
    Action.COMMENT: OWNERS | {R.CONTACT},
    Action.REQUEST_SUPPLEMENT: OWNERS,
    Action.SUPPLEMENT: frozenset({R.CONTACT}),
    Action.SUPPLEMENT_END: frozenset({R.SYSTEM}),
    Action.ACCEPT: OWNERS,
    Action.CONTACT: OWNERS,
    Action.OPINION: OWNERS,
    Action.FIRST_RESPONSE: OWNERS,
    Action.PROGRESS: OWNERS,
    Action.ANSWER: OWNERS,
    Action.CORRECT_ANSWER: OWNERS,
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
    Action.ASSIGN_TASK: OWNERS,
    Action.REQUEST: OWNERS | {R.CONTACT, R.FORMER, R.COORDINATOR, R.SYSTEM},
    Action.DECIDE: OWNERS | {R.COORDINATOR, R.SUPERVISOR, R.GROUP},
    Action.DROP_REQUEST: frozenset({R.SYSTEM}),
    Action.RESUME: OWNERS,
    Action.REVIEW: frozenset({R.COORDINATOR}),
    Action.MERGE: frozenset({R.COORDINATOR}),
    Action.RECLASSIFY: frozenset({R.SYSTEM}),
    Action.CALLBACK: frozenset({R.SUPERVISOR}),
    Action.OWE_CALLBACK: frozenset({R.SYSTEM}),
    Action.INSTRUCT: frozenset({R.GROUP, R.SUPERVISOR}),
    Action.REPLY_INSTRUCTION: OWNERS,
    Action.SUPERVISE: frozenset({R.SUPERVISOR}),
    Action.REPLY_SUPERVISION: OWNERS | {R.COORDINATOR},
    Action.SETTLE_SUPERVISION: frozenset({R.SUPERVISOR}),
    Action.GROUP: OWNERS | {R.COORDINATOR, R.SUPERVISOR},
}
# Who handled never calls back, and nobody supervises himself: not theirs, whatever other office they hold.
NOT_BY_HANDLERS = frozenset({Action.CALLBACK, Action.SUPERVISE, Action.SETTLE_SUPERVISION})
HANDLERS = OWNERS | {R.FORMER}


class TaskRelation(Enum):
    """How an actor stands to one task. Unit staff see the task, and of its ticket only what the task shows."""

    OWNER = "owner"  # owner of the ticket, or who stands in for him
    UNIT = "unit"  # staff of the unit
    APPROVER = "approver"  # staff of the unit who signs
    CITY = "city"  # coordinator of the city: dispatches
    OVERSEER = "overseer"  # coordinator of the area, supervisor: reads and urges
    READER = "reader"  # others who may read the ticket's internal side


TR, TA = TaskRelation, TaskAction
TASK_ACTS: dict[TaskAction, frozenset[TaskRelation]] = {
    TA.DISPATCH: frozenset({TR.CITY}),
    TA.SIGN: frozenset({TR.UNIT}),
    TA.PASS: frozenset({TR.UNIT}),
    TA.PROGRESS: frozenset({TR.UNIT}),
    TA.REPLY: frozenset({TR.UNIT}),
    TA.SIGN_REPLY: frozenset({TR.APPROVER}),
    TA.HAND_BACK: frozenset({TR.APPROVER}),
    TA.ACCEPT_REPLY: frozenset({TR.OWNER}),
    TA.SEND_BACK: frozenset({TR.OWNER}),
    TA.CANCEL: frozenset({TR.OWNER}),
    TA.NUDGE: frozenset({TR.OWNER, TR.CITY, TR.OVERSEER}),
    TA.REQUEST: frozenset({TR.UNIT}),
}


def may_act_on_task(
    action: TaskAction,
    relations: frozenset[TaskRelation],
    status: TaskStatus,
    *,
    is_promised: bool = False,
    needs_dispatch: bool | None = None,
) -> bool:
    """Whether somebody standing so to a task may do this act to it as it stands now."""
    return bool(relations & TASK_ACTS.get(action, frozenset())) and is_task_act_legal(
        action, status, is_promised=is_promised, needs_dispatch=needs_dispatch
    )


class SupervisionRelation(Enum):
    """How an actor stands to one 督办."""

    SUPERVISOR = "supervisor"
    ADDRESSEE = "addressee"  # owner or stand-in, staff of the unit, coordinators of the area: to whom it is addressed
    READER = "reader"  # others who may read the ticket's internal side, once it is issued


SR, SA = SupervisionRelation, SupervisionAction
SUPERVISION_ACTS: dict[SupervisionAction, frozenset[SupervisionRelation]] = {
    SA.ISSUE: frozenset({SR.SUPERVISOR}),
    SA.DISMISS: frozenset({SR.SUPERVISOR}),
    SA.REPLY: frozenset({SR.ADDRESSEE}),
    SA.ACCEPT: frozenset({SR.SUPERVISOR}),
    SA.RAISE: frozenset({SR.SUPERVISOR}),
    SA.VOID: frozenset({SR.SUPERVISOR}),
}


def may_act_on_supervision(
    action: SupervisionAction,
    relations: frozenset[SupervisionRelation],
    status: SupervisionStatus,
    level: SupervisionLevel,
) -> bool:
    """Whether somebody standing so to a 督办 may do this act to it as it stands now."""
    return bool(relations & SUPERVISION_ACTS[action]) and is_supervision_act_legal(action, status, level)


class Deed(Enum):
    """What one may do that is not about one ticket."""

    ENTER_TICKET = "enter_ticket"  # 代录诉求
    SUBMIT_TICKET = "submit_ticket"
    SEE_TICKETS = "see_tickets"
    SEE_ROSTER = "see_roster"
    KEEP_ROSTER = "keep_roster"  # import, pair, edit enterprises and officers
    SEE_FIGURES = "see_figures"
    OVERSEE = "oversee"
    PUBLISH_MONTHS = "publish_months"  # sign a frozen month, correct it
    RESET_PASSWORD = "reset_password"
    KEEP_CALENDAR = "keep_calendar"
    WORK_ON_TASKS = "work_on_tasks"  # a unit's place
    COORDINATE = "coordinate"  # 调度台: dispatch, decide, merge
    LEAD = "lead"  # a leader's place
    KEEP_UNITS = "keep_units"  # the directory of units: with the roster, and one of the settings
    KEEP_SETTINGS = "keep_settings"  # limits, ladder, categories, units, channels of the programme
    KEEP_ACCOUNTS = "keep_accounts"  # make accounts, put them out of use, set them back
    KEEP_ROLES = "keep_roles"  # who may be what; unlock
    KEEP_CHANNELS = "keep_channels"  # channels, jobs
    READ_AUDIT = "read_audit"
    VISIT = "visit"  # plan and record visits
    KEEP_THEMES = "keep_themes"  # 共性问题
    SEE_VISITS = "see_visits"
    SEE_ENTERPRISES = "see_enterprises"  # 一企一档 of those one serves, served, leads, coordinates or supervises
    SEE_HANDOVERS = "see_handovers"
    SEE_SUPERVISIONS = "see_supervisions"
    SEE_THEMES = "see_themes"
    TAKE_LEDGERS = "take_ledgers"  # 台账; which of them says `domain.ledgers`


DEEDS: dict[Deed, frozenset[Role]] = {
    Deed.SUBMIT_TICKET: frozenset({Role.ENTERPRISE}),
    Deed.ENTER_TICKET: frozenset({Role.OFFICER}),
    Deed.SEE_TICKETS: frozenset({Role.OFFICER, Role.LEADER, Role.COORDINATOR, Role.SUPERVISOR}),
    Deed.SEE_ROSTER: frozenset({Role.COORDINATOR, Role.SUPERVISOR}),
    Deed.KEEP_ROSTER: frozenset({Role.COORDINATOR}),
    Deed.SEE_FIGURES: frozenset({Role.SUPERVISOR, Role.COORDINATOR, Role.LEADER}),
    Deed.OVERSEE: frozenset({Role.SUPERVISOR}),
    Deed.PUBLISH_MONTHS: frozenset({Role.SUPERVISOR}),
    Deed.RESET_PASSWORD: frozenset({Role.COORDINATOR}),
    Deed.KEEP_CALENDAR: frozenset({Role.SUPERVISOR}),
    Deed.WORK_ON_TASKS: frozenset({Role.UNIT}),
    Deed.COORDINATE: frozenset({Role.COORDINATOR}),
    Deed.LEAD: frozenset({Role.LEADER}),
    Deed.KEEP_UNITS: frozenset({Role.COORDINATOR, Role.SUPERVISOR}),
    Deed.KEEP_SETTINGS: frozenset({Role.SUPERVISOR}),
    Deed.KEEP_ACCOUNTS: frozenset({Role.SYSADMIN}),
    Deed.KEEP_ROLES: frozenset({Role.SECADMIN}),
    Deed.KEEP_CHANNELS: frozenset({Role.SYSADMIN}),
    Deed.READ_AUDIT: frozenset({Role.AUDITOR}),
    Deed.VISIT: frozenset({Role.OFFICER, Role.UNIT, Role.COORDINATOR, Role.SUPERVISOR}),
    Deed.KEEP_THEMES: frozenset({Role.COORDINATOR, Role.SUPERVISOR}),
    Deed.SEE_VISITS: frozenset({Role.OFFICER, Role.COORDINATOR, Role.SUPERVISOR, Role.LEADER, Role.UNIT}),
    Deed.SEE_ENTERPRISES: frozenset({Role.OFFICER, Role.COORDINATOR, Role.SUPERVISOR, Role.LEADER}),
    Deed.SEE_HANDOVERS: frozenset({Role.OFFICER, Role.COORDINATOR, Role.SUPERVISOR}),
    Deed.SEE_SUPERVISIONS: frozenset(
        {Role.OFFICER, Role.UNIT, Role.LEADER, Role.COORDINATOR, Role.SUPERVISOR}
    ),
    Deed.SEE_THEMES: frozenset({Role.OFFICER, Role.COORDINATOR, Role.SUPERVISOR}),
    Deed.TAKE_LEDGERS: frozenset(
        {Role.OFFICER, Role.UNIT, Role.LEADER, Role.COORDINATOR, Role.SUPERVISOR}
    ),
}

# Where each role's own place is. Those whose place comes later land in their inbox.
HOMES: dict[Role, str] = {
    Role.ENTERPRISE: "portal.index",
    Role.OFFICER: "desk.index",
    Role.SUPERVISOR: "oversight.index",
    Role.COORDINATOR: "coordination.index",
    Role.UNIT: "unit.index",
    Role.LEADER: "leader.index",
    Role.SYSADMIN: "settings.index",
    Role.SECADMIN: "settings.account_list",
    Role.AUDITOR: "audit.index",
}
HOME_WITHOUT_PLACE = "inbox.index"


@dataclass(frozen=True)
class Standing:
    """One actor before one ticket: everything a permission needs to know."""

    relations: frozenset[Relation]
    status: Status
    is_restricted: bool = False

    @property
    def is_case_owner(self) -> bool:
        """The owner, or who acts for him (never of a restricted matter, which has no stand-in)."""
        return R.OWNER in self.relations or (R.STAND_IN in self.relations and not self.is_restricted)


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
    return may_see(standing) and is_theirs(action, standing.relations) and is_legal(action, standing.status)


def is_theirs(action: Action, relations: frozenset[Relation]) -> bool:
    """Whether the act is one for somebody standing so to a ticket, whatever its status."""
    if action in NOT_BY_HANDLERS and relations & HANDLERS:
        return False
    return bool(relations & TICKET_ACTS.get(action, frozenset()))


def allowed(standing: Standing) -> list[Action]:
    """Every act open to this person on this ticket, in the order of the table."""
    return [action for action in TICKET_ACTS if may_act(action, standing)]
