"""What the form pages of acts show: what is known already, the choices, due times under each difficulty, what was
typed when somebody else was faster. The order of an act is `ticket_actions`.
"""

from datetime import date
from typing import Any

from flask import render_template, request
from wtforms import HiddenField, MultipleFileField
from wtforms.fields.choices import SelectChoice

from assist.domain.clock import local_date
from assist.domain.errors import Conflict, Invalid, StaleTicket
from assist.domain.promises import when_text
from assist.domain.requests import RequestKind
from assist.domain.status import ClockKind, Worded
from assist.domain.themes import HAS_SOLUTION
from assist.domain.transitions import Action
from assist.forms.fields import YesOrNo
from assist.forms.ticket_actions import ActionForm
from assist.models import Ticket
from assist.services import merging, request_objections
from assist.services.merging import Candidate
from assist.services.queries import unit_choices
from assist.services.queries.due_choices import due_choices
from assist.services.queries.ticket_page import TicketPage
from assist.services.request_checks import latest
from assist.services.settings import CategoryEntry, Settings
from assist.services.work import Work
from assist.web import guards, pressing, ticket_words
from assist.web.action_table import Act
from assist.web.request_table import HINTS

# The solution of a theme (共性问题) is offered as the answer once it is found.
SOLVED = frozenset(str(one.value) for one in HAS_SOLUTION)
GRADING = frozenset({Action.ACCEPT, Action.FIRST_RESPONSE})
CALLING = frozenset({Action.CONTACT, Action.FIRST_RESPONSE, Action.CALLBACK})


def known(found: Act, page: TicketPage) -> dict[str, Any]:
    """What stands in a fresh form. A grade or a result is nobody's but the enterprise's to choose."""
    words: dict[str, Any] = {"version": str(page.ticket.version)}
    if found.action in GRADING:
        words["category"] = _category_code(page)
        words["type"] = page.ticket.type
    if found.kind:
        words["kind"] = found.kind
    if found.kind == RequestKind.DIFFICULTY.value:
        words.update(category=_category_code(page), type=page.ticket.type, difficulty=page.ticket.difficulty)
    if found.action in CALLING and page.people.contacts:
        words["person"] = page.people.contacts[0].name
    if found.action is Action.ANSWER:
        words["answer"] = next((one.text for one in page.beside_of("theme") if one.status in SOLVED), "")
    if found.action is Action.CORRECT_ANSWER and page.present:
        words["answer"] = page.present.answer
    if found.action is Action.CONFIRM:
        words["result"] = request.args.get("result")
    if found.action is Action.PROGRESS:
        words["is_visible"] = "1"
    return words


def _category_code(page: TicketPage) -> str:
    return page.ticket.category.code if page.ticket.category else ""


def fill_choices(
    form: ActionForm, work: Work, ticket: Ticket, drawn_in: dict[int, str] | None = None
) -> None:
    """`drawn_in`: the units that have a task of the ticket, where the page knows them already."""
    if "category" in form:
        form["category"].choices = category_choices(work.settings, "请选择")
    if "unit" in form:
        found = unit_choices.choices(work, ticket)
        form["unit"].choices = [
            SelectChoice("", "请选择"),
            *(SelectChoice(str(one.id), one.name, optgroup=one.group) for one in found.units),
        ]
        if request.method == "GET" and form["unit"].data is None and found.usual_id is not None:
            form["unit"].data = str(found.usual_id)
            form["unit"].description = f"按诉求类别建议：{found.usual_name}"
    if "about" in form:
        offered = request_objections.targets(work, ticket)
        form["about"].choices = [
            SelectChoice("", "请选择"),
            *(SelectChoice(one.key, one.words) for one in offered),
        ]
        units = request_objections.units_of(work, ticket) if drawn_in is None else drawn_in
        named = request_objections.parties(units)
        form["party"].choices = [SelectChoice("", "不指明"), *(SelectChoice(word, name) for word, name in named)]


def put(form: ActionForm, error: Invalid | Conflict) -> None:
    """The service's sentence at the field it names, else on top of the form."""
    field = form._fields.get(getattr(error, "field", None) or "")
    if field is not None:
        field.errors = [*field.errors, error.sentence]
    elif error.sentence:
        form.form_errors = [*form.form_errors, error.sentence]


def category_choices(settings: Settings, nothing: str, *, restricted: bool = True) -> list[SelectChoice]:
    """The leaves grouped under their parents; restricted ones only when somebody is named for them."""
    is_named = settings.restricted_owner_id is not None
    leaves = settings.leaves(restricted=restricted and is_named)
    return [SelectChoice(value="", label=nothing), *(_choice(entry) for entry in leaves)]


def _choice(entry: CategoryEntry) -> SelectChoice:
    label = f"{entry.name}（{entry.days}个工作日）" if entry.days else entry.name
    return SelectChoice(value=entry.code, label=label, optgroup=entry.parent_name)


def shown(found: Act, page: TicketPage, form: ActionForm, kept: list[Any]) -> dict[str, Any]:
    work = guards.work()
    words = _frame(found, page)
    if found.action is Action.MERGE:
        words["candidates"] = _offer_parents(work, page, form)
    if found.action in pressing.OFFERS:
        words |= pressing.OFFERS[found.action](work, page, form)
    return {
        **words,
        "form": form,
        "kept": kept,
        "today": local_date(work.now),
        "due_words": _due_words(work, page) if found.action in GRADING else {},
        "draft": f"{found.key}-{page.ticket.number}",
        "latest_on": _latest_on(work, page) if found.kind == RequestKind.DEFERRAL.value else None,
        "hints": HINTS if found.action is Action.REQUEST and not found.kind else {},
        "account_id": work.actor.account_id,
    }


def _latest_on(work: Work, page: TicketPage) -> date | None:
    """The last day one deferral may reach."""
    clock = page.clocks.running.get(ClockKind.RESOLUTION)
    return local_date(latest(work, clock)) if clock is not None else None


def _offer_parents(work: Work, page: TicketPage, form: ActionForm) -> list[Candidate]:
    """The earlier tickets of the enterprise as large choices, the similar ones first."""
    offered = merging.candidates(work, page.ticket)
    form["parent"].choices = [SelectChoice(one.number, f"{one.number} {one.title}") for one in offered]
    return offered


def _frame(found: Act, page: TicketPage) -> dict[str, Any]:
    return {
        "layout": "layouts/portal.html" if page.is_contact else "layouts/work.html",
        "act": found,
        "action": found.action,
        "page": page,
        "ticket": page.ticket,
        "kind_words": ticket_words.kind_words(page),
        "said": ticket_words.said(page)[:5],
        "back": request.values.get("back", ""),
        "asked_files": ticket_words.files([one for entry in page.entries[:1] for one in entry.files]),
        "answer_files": ticket_words.files(_answer_files(page)),
    }


def _answer_files(page: TicketPage) -> list[Any]:
    answers = [entry for entry in page.entries if entry.action is Action.ANSWER]
    return list(answers[-1].files) if answers else []


def _due_words(work: Work, page: TicketPage) -> dict[str, Any]:
    """12月2日17:30前办结, for each difficulty; and what goes its own way."""
    due = due_choices(work, page)
    if due.is_fixed:
        return {"note": "办结时限已过，受理不再调整到期时间。" if page.clocks.is_late else ""}
    by_difficulty = {
        str(one.value): f"{when_text(at, work.now)}前办结" for one, at in due.by_difficulty.items()
    }
    by_difficulty["hard"] = f"审定前按复杂计时，{by_difficulty['hard']}"
    special = [f"{name} {when_text(at, work.now)}" for name, at in due.by_category.items()]
    if due.consult:
        special.insert(0, f"类型为咨询 {when_text(due.consult, work.now)}")
    return {
        "by_difficulty": by_difficulty,
        "note": f"不按难度计时的：{'；'.join(special)}。" if special else "",
    }


def typed(form: ActionForm) -> list[tuple[str, str]]:
    """Everything a person filled in, to be copied."""
    kept = []
    for field in form:
        if isinstance(field, HiddenField):
            continue
        text = _as_text(field)
        if text:
            kept.append((field.label.text, text))
    return kept


def _as_text(field: Any) -> str:
    if isinstance(field, YesOrNo):
        return {str(one.value): str(one.label) for one in field.choices}.get(field.data, "")
    if isinstance(field, MultipleFileField):
        return "、".join(one.filename for one in field.data or [] if one.filename)
    if isinstance(field.data, Worded):
        return field.data.title
    if isinstance(field.data, list):
        return "、".join(one.title for one in field.data)
    if isinstance(field.data, date):
        return field.data.isoformat()
    if hasattr(field, "choices"):
        return next((str(one.label) for one in field.choices if one.value == field.data and field.data), "")
    return str(field.data or "")


def stale(found: Act, page: TicketPage, error: StaleTicket, kept: list[tuple[str, str]]) -> str:
    return render_template("ticket_actions/stale.html", error=error, kept_words=kept, **_frame(found, page))
