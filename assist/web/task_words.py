"""A task's page as the components want it: events as lines of a timeline, acts as buttons. No rules, no queries."""

import secrets
from datetime import date
from typing import Any

from flask import url_for

from assist.domain.masking import mask_phone
from assist.domain.requests import RequestKind
from assist.domain.tasks import TASK_MOVES, TaskAction
from assist.models import Request
from assist.services.queries.task_page import ReplyLine, TaskPage
from assist.web import ticket_words
from assist.web.filters import day, day_time
from assist.web.task_table import ACTS

# What brings the task on; other acts are never the blue button.
FORWARD = frozenset(
    {
        TaskAction.DISPATCH,
        TaskAction.SIGN,
        TaskAction.REPLY,
        TaskAction.SIGN_REPLY,
        TaskAction.ACCEPT_REPLY,
    }
)


def shown(page: TaskPage) -> dict[str, Any]:
    """What every template of a task draws."""
    return {
        "page": page,
        "task": page.task,
        "ticket": page.ticket,
        "kind_words": kind_words(page),
        "replies": [reply(one) for one in page.replies],
        "requests": [request_line(one) for one in page.requests],
        "files": ticket_words.files(page.files),
        "trail": trail(page),
        "masked": [mask_phone(one.phone) for one in page.contacts],
        "bar": bar(page),
    }


def kind_words(page: TaskPage) -> str:
    """LC-…-01 · 市生态环境局 · 牵头 · 甲企业"""
    enterprise = "企业名称不公开" if page.is_hidden else page.ticket.enterprise.name
    return " · ".join((page.task.number, page.task.unit.shown, page.task.kind.title, enterprise))


def button(page: TaskPage, action: TaskAction) -> dict[str, Any]:
    """A link to the form, or (where nothing has to be said) a button that does it."""
    url = url_for("task_actions.act", number=page.task.number, slug=action.slug)
    act = ACTS.get(action.slug)
    if act is None or act.needs_words:
        return {"label": action.title, "url": url}
    version = str(page.task.version) if TASK_MOVES[action].versioned else None
    return {"label": action.title, "url": url, "post": True, "key": secrets.token_hex(16), "version": version}


def bar(page: TaskPage) -> dict[str, Any]:
    acts = [button(page, action) for action in page.acts if action is not TaskAction.REQUEST]
    asks = [
        {
            "label": f"申请{kind.title}" if kind is not RequestKind.OBJECTION else kind.title,
            "url": url_for("task_requests.ask", number=page.task.number, kind=kind.value),
        }
        for kind in page.request_kinds
    ]
    is_next = bool(page.acts) and page.acts[0] in FORWARD
    return {
        "primary": acts[:1] if is_next else [],
        "secondary": acts[1:3] if is_next else acts[:2],
        "more": [*(acts[3:] if is_next else acts[2:]), *asks],
    }


def reply(line: ReplyLine) -> dict[str, Any]:
    """One reply for `timeline`."""
    facts = [f"承诺{day(line.promised_on)}办结" if line.promised_on else "", line.basis and f"依据：{line.basis}"]
    back = f"退回原因：{line.back_reason}" if line.back_reason else ""
    signed = f"签发 {line.signer}" if line.signer and line.signer != line.writer else ""
    return {
        "title": f"第{line.no}次反馈：{line.result.title}（{line.state}）",
        "meta": " · ".join(
            part for part in (day_time(line.sent_at or line.written_at), f"拟稿 {line.writer}", signed) if part
        ),
        "text": "\n".join(part for part in (line.text, *facts, back) if part),
        "tone": line.tone if line.tone in ("late", "soon", "ok") else "",
    }


def request_line(one: Request) -> dict[str, Any]:
    """One request of the unit for `timeline`."""
    decided = f"{one.decided_by_name or '系统'} {day_time(one.decided_at)}：{one.note}" if one.decided_at else ""
    wanted = one.facts.get("new_due_on")
    facts = [
        f"延期至{day(date.fromisoformat(wanted))}" if wanted else "",
        f"建议由{one.facts['unit']}承办" if one.facts.get("unit") else "",
    ]
    return {
        "title": f"{one.kind.title}（{one.status.title}）",
        "meta": f"{day_time(one.asked_at)} · {one.asked_by_name}",
        "text": "\n".join(part for part in (*facts, one.reason, decided) if part),
        "tone": one.status.tone if one.status.tone in ("late", "soon", "ok") else "",
    }


def trail(page: TaskPage) -> list[dict[str, Any]]:
    """What was done to the task, newest first; the words of its replies stand in full elsewhere on the page."""
    found = []
    for entry in reversed(page.entries):
        line = ticket_words.line(entry, is_short=True)
        line["title"] = f"{entry.who} {entry.action.title}"
        found.append(line)
    if found and not found[0]["tone"]:
        found[0]["tone"] = "now"
    return found


