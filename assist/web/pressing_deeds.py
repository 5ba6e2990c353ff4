"""From the forms of 督办, 批示 and 回访 to the services that do them: the deeds of their rows in `action_table`."""

from typing import Any

from assist.models import Ticket, TicketEvent
from assist.services import calling_back, instructing, supervising
from assist.services.work import Work
from assist.web.supervision_table import order_of


def callback(work: Work, ticket: Ticket, form: Any, version: int | None) -> TicketEvent:
    talk = calling_back.Talk(
        form.method.data,
        form.person.data or "",
        form.result.data,
        form.rating.data,
        form.text.data or "",
    )
    return calling_back.callback(work, ticket, talk, version=version)


def supervise(work: Work, ticket: Ticket, form: Any, version: int | None) -> TicketEvent:
    return supervising.issue(work, ticket, order_of(form))[1]


def instruct(work: Work, ticket: Ticket, form: Any, version: int | None) -> TicketEvent:
    given = instructing.Given(
        form.text.data,
        form.due_on.data,
        form.document.data or "",
        _number(form.leader),
        form.leader_name.data or "",
        bool(form.received),
    )
    return instructing.instruct(work, ticket, given)


def reply_instruction(work: Work, ticket: Ticket, form: Any, version: int | None) -> TicketEvent:
    return instructing.reply(work, ticket, form.text.data, _number(form.instruction))


def _number(field: Any) -> int | None:
    text = (field.data or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
