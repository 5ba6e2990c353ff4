"""答复: the owner's answer to the enterprise, and its correction. Whether it suffices is said in `closing`."""

from assist.domain.errors import Conflict, Invalid
from assist.domain.status import ClockKind, Outcome, Status
from assist.domain.transitions import Action
from assist.models import Ticket, TicketEvent
from assist.services import (
    clocks,
    request_endings,
    rounds,
    searching,
    task_endings,
    telling,
    transitions,
)
from assist.services.conversing import words
from assist.services.queries import merged
from assist.services.work import Work


def answer(
    work: Work, ticket: Ticket, outcome: Outcome, text: str, account: str, *, version: int | None = None
) -> TicketEvent:
    """答复: outcome, words to the enterprise, internal account; contact recorded and no open task (Conflict names it).

    Ends a suspension; what was asked and is not decided falls. Stops resolution; a running opinion clock counts this
    as the opinion; progress ends void.
    """
    transitions.check(work, ticket, Action.ANSWER, version)
    said = words(text, "answer", "给企业的答复")
    kept = words(account, "account", "内部办理情况")
    if ClockKind.CONTACT in clocks.running(work, ticket):
        raise Conflict("还没有联系记录，请先与企业联系并登记，再答复。")
    task_endings.refuse_while_open(work, ticket)
    present = rounds.present(work, ticket)
    event = transitions.act(
        work,
        ticket,
        Action.ANSWER,
        to=Status.ANSWERED,
        version=version,
        fields={"outcome": outcome},
        note=said,
    )
    request_endings.drop_for(work, ticket)
    present.answered_at = work.now
    present.answered_by_id = work.actor.account_id
    present.outcome, present.answer, present.internal_account = outcome, said, kept
    clocks.stop(work, ticket, ClockKind.RESOLUTION)
    clocks.stop(work, ticket, ClockKind.OPINION)
    clocks.void(work, ticket, [ClockKind.PROGRESS])
    clocks.mirror(work, ticket)
    searching.index(work, ticket, public=said, internal=kept)
    _tell(work, ticket, event, f"诉求 {ticket.number} 已答复，请您确认", said)
    return event


def correct_answer(
    work: Work, ticket: Ticket, text: str, reason: str, *, version: int | None = None
) -> TicketEvent:
    """更正答复: a correcting event beside the first words, never an edit; the enterprise's time starts again."""
    transitions.check(work, ticket, Action.CORRECT_ANSWER, version)
    said = words(text, "answer", "更正后的答复")
    why = words(reason, "reason", "更正原因")
    present = rounds.present(work, ticket)
    if said == present.answer:
        raise Invalid("更正后的答复与原答复相同。", "answer")
    event = transitions.act(
        work,
        ticket,
        Action.CORRECT_ANSWER,
        version=version,
        fields={"answer": [present.answer, said], "reason": why},
        note=said,
    )
    present.answer, present.corrected_at, present.opened_at = said, work.now, None
    clocks.void(work, ticket, [ClockKind.CONFIRMATION])
    clocks.start(work, ticket, ClockKind.CONFIRMATION)
    searching.index(work, ticket, public=said)
    _tell(work, ticket, event, f"诉求 {ticket.number} 的答复有更正，请您确认", said)
    return event


def _tell(work: Work, ticket: Ticket, event: TicketEvent, title: str, said: str) -> None:
    """One message, which speaks for whatever was merged into the ticket (并单) as well."""
    if under := merged.numbers_under(work, ticket):
        said = f"{said}\n（{'、'.join(under)} 已并入本件，一并答复。）"
    telling.tell(
        work,
        telling.contacts_of(work, ticket.enterprise_id),
        "answered",
        title,
        key=f"event:{ticket.id}:{event.seq}",
        body=said,
        ticket=ticket,
        tone="soon",
    )
