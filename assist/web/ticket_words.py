"""A ticket's page as the components want it: events as lines of a timeline, acts as buttons. No rules, no queries."""

from typing import Any

from flask import url_for

from assist.domain.transitions import Action
from assist.services.queries.ticket_page import TicketPage
from assist.services.queries.ticket_trail import Entry, FileLine
from assist.web.filters import day_time, size_text

SHORT = 60
# What brings the ticket on; other acts are never the blue button.
FORWARD = frozenset(
    {
        Action.FIRST_RESPONSE,
        Action.ACCEPT,
        Action.CONTACT,
        Action.OPINION,
        Action.ANSWER,
        Action.SUPPLEMENT,
        Action.RATE,
    }
)
# As the enterprise would say it.
OWN_WORDS = {Action.RETURN: "未解决，请继续办理", Action.NUDGE: "催办"}


def files(lines: list[FileLine]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "url": url_for("files.download", attachment_id=one.id),
            "size_text": size_text(one.size),
        }
        for one in lines
    ]


def line(entry: Entry, *, is_short: bool = False) -> dict[str, Any]:
    """One event for `timeline`; `is_short` cuts words that stand in full elsewhere on the page."""
    words = entry.words
    if is_short and entry.is_said and len(words) > SHORT:
        words = f"{words[:SHORT]}…"
    title = f"{entry.who} {entry.action.title}"
    return {
        "title": f"{title}（仅内部）" if entry.is_internal else title,
        "meta": " · ".join(part for part in (day_time(entry.at), entry.unit) if part),
        "text": "\n".join(part for part in (entry.facts, words) if part),
        "tone": entry.tone,
        "attachments": files(entry.files),
    }


def trail(page: TicketPage, *, is_short: bool = False) -> list[dict[str, Any]]:
    """All events, newest first; the newest stands out."""
    found = [line(entry, is_short=is_short) for entry in reversed(page.entries)]
    if found and not found[0]["tone"]:
        found[0]["tone"] = "now"
    return found


def said(page: TicketPage) -> list[dict[str, Any]]:
    """What was said, newest first, in full."""
    return [line(entry) for entry in reversed(page.said)]


def button(page: TicketPage, action: Action) -> dict[str, Any]:
    label = OWN_WORDS.get(action, action.title) if page.is_contact else action.title
    url = url_for("ticket_actions.act", number=page.ticket.number, slug=action.slug)
    open_kinds = [kind for kind, obstacle in page.offered.items() if not obstacle]
    if action is Action.REQUEST and len(open_kinds) == 1:
        return {"label": open_kinds[0].verb, "url": f"{url}?kind={open_kinds[0].value}"}
    return {"label": label, "url": url}


def bar(page: TicketPage) -> dict[str, Any]:
    """The one or two acts that come next, the rest behind 更多, and what is blocked and why."""
    # Where the large choices stand on the page, the bar does not repeat them.
    hidden = {Action.CONFIRM, Action.RETURN} if page.is_contact else set()
    shown = [action for action in (*page.acts.first, *page.acts.more) if action not in hidden]
    first = [button(page, action) for action in shown[:2]]
    is_next = bool(shown) and shown[0] in FORWARD
    if page.is_contact and not page.is_open:
        first.append({"label": "另提新诉求", "url": url_for("portal.new", linked=page.ticket.number)})
    return {
        "primary": first[:1] if is_next else [],
        "secondary": first[1:] if is_next else first,
        "more": [button(page, action) for action in shown[2:]],
        "note": "；".join(page.acts.blocked),
    }


def kind_words(page: TicketPage) -> str:
    """LC-… · 企业 · 类别 · 类型 · 难度 · 来源, as far as known."""
    ticket = page.ticket
    parts = [
        ticket.number,
        ticket.enterprise.name,
        ticket.category.name if ticket.category else "类别待定",
        ticket.type.title if ticket.type else "",
        ticket.difficulty.title if ticket.difficulty else "",
        ticket.source.title,
        f"第{ticket.round_no}轮" if ticket.round_no > 1 else "",
    ]
    return " · ".join(part for part in parts if part)
