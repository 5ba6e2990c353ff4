"""诉求列表 for the working side: filter, sort, page, export. One ticket is `ticket_page`; enterprises have `portal`."""

from dataclasses import fields
from datetime import date
from typing import Any

from flask import Blueprint, Response, render_template, request, send_file, url_for

from assist.domain.clock import local_date
from assist.domain.deadlines import remaining_text
from assist.domain.lateness import Bearer
from assist.domain.policy import Deed
from assist.domain.status import OPEN, Status
from assist.services import auditing
from assist.services.queries import ticket_lists
from assist.services.queries.figures import left_out
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.ticket_lists import LATENESS, SORTS, TicketFilter
from assist.services.work import Work
from assist.services.workbooks.ticket_sheet import write_tickets
from assist.web import guards, paging

blueprint = Blueprint("tickets", __name__, url_prefix="/tickets")
LONGEST = 100
SPANS = ("今日", "本周", "本月", "本年")


def wanted_filter() -> TicketFilter:
    """The filter of this request's URL; each field cut to a sane length."""
    given = {each.name: request.args.get(each.name, "").strip()[:LONGEST] for each in fields(TicketFilter)}
    return TicketFilter(**{name: value for name, value in given.items() if value})


def shown_row(work: Work, row: Any) -> dict[str, Any]:
    """A row as the list shows it: names from the settings, the time left in words."""
    category = work.settings.categories.get(row.category_id)
    left = None
    if row.status in OPEN and row.due_at is not None:
        left = remaining_text(work.settings.calendar, work.now, row.due_at)
    return {
        "number": row.number,
        "url": url_for("ticket_page.show", number=row.number),
        "title": row.title,
        "enterprise": row.enterprise_short or row.enterprise_name,
        "file_url": url_for("enterprises.show", enterprise_id=row.enterprise_id),
        "area": work.settings.areas[row.area_id].name,
        "category": category.name if category else "类别待定",
        "status": row.status,
        "owner": row.owner_name,
        "submitted_at": row.submitted_at,
        "due_at": row.due_at,
        "left": left,
        "closed_at": row.closed_at,
        "round_no": row.round_no,
        "is_open": row.status in OPEN,
        "is_pressing": row.is_pressing,
        "is_entered": row.is_entered,
        "is_imported": row.is_imported,
    }


@blueprint.get("/")
@guards.for_deed(Deed.SEE_TICKETS)
def index() -> str:
    work = guards.work()
    wanted = wanted_filter()
    query = wanted.as_query()
    page = ticket_lists.page(work, wanted, paging.read(request.args.get("at"), query))
    total, cap = ticket_lists.count(work, wanted), ticket_lists.count_cap(wanted)
    return render_template(
        "tickets/index.html",
        rows=[shown_row(work, row) for row in page.rows],
        wanted=wanted,
        query=query,
        previous_url=_beside(page, wanted, query, back=True),
        next_url=_beside(page, wanted, query, back=False),
        total=total,
        total_text=f"超过{cap}" if total > cap else str(total),
        export_url=url_for("tickets.export", **query),
        export_text=_export_text(total, cap),
        figure=FIGURES.get(wanted.figure),
        part_words=_part_words(wanted),
        spans=_spans(work, wanted),
        choices=_choices(work),
    )


LEFT_OUT_TITLES = left_out.TITLES
PARTY_WORDS = {"any": "", "person": "本人责任", "area": "本县（市、区）责任"}


def _part_words(wanted: TicketFilter) -> str:
    """Which side of the figure the list is."""
    figure = FIGURES.get(wanted.figure)
    if figure is None:
        return ""
    if wanted.party:
        kind = wanted.party.partition(":")[0]
        titles = {**PARTY_WORDS, **{str(one.value): f"责任方：{one.title}" for one in Bearer}}
        words = titles.get(kind, "")
        return f"超期件（{words}）" if words else "超期件"
    if wanted.part in LEFT_OUT_TITLES:
        return f"未计入件：{LEFT_OUT_TITLES[wanted.part]}"
    sides = {"n": f"分子：{figure.met_words}", "missed": f"分母中未计入分子的：{figure.missed_words}"}
    return sides.get(wanted.part, "分母")


def _export_text(total: int, cap: int) -> str:
    """How many rows the button gives, as far as they were counted."""
    if total > cap:
        return f"导出（最多 {ticket_lists.EXPORT_CAP} 条）"
    return f"导出前 {ticket_lists.EXPORT_CAP} 条" if total > ticket_lists.EXPORT_CAP else f"导出 {total} 条"


def _beside(page: ticket_lists.Page, wanted: TicketFilter, query: dict[str, Any], *, back: bool) -> str:
    if not page.rows or not (page.has_previous if back else page.has_next):
        return ""
    cursor = ticket_lists.cursor_at(wanted, page.rows[0 if back else -1], back=back)
    return url_for("tickets.index", **query, at=paging.sign(cursor, query))


def _choices(work: Work) -> dict[str, list[tuple[str, str]]]:
    tops = [entry for entry in work.settings.categories.values() if entry.parent_id is None]
    categories = []
    for top in tops:
        categories.append((top.code, top.name))
        categories += [
            (leaf.code, f"　{leaf.name}") for leaf in work.settings.categories.values() if leaf.parent_id == top.id
        ]
    return {
        "state": [("", "全部状态"), ("open", "在办"), ("ended", "已结束")]
        + [(str(one.value), one.title) for one in Status],
        "area": [("", "全市")] + [(str(one.id), one.name) for one in work.settings.areas.values()],
        "category": [("", "全部类别"), *categories],
        "lateness": [("", "不限时限"), *LATENESS.items()],
        "sort": list(SORTS.items()),
    }


def _spans(work: Work, wanted: TicketFilter) -> list[dict[str, Any]]:
    """今日 本周 本月 本年 as one-click filters by the day of submission."""
    today = local_date(work.now)
    monday = date.fromordinal(today.toordinal() - today.weekday())
    firsts = (today, monday, today.replace(day=1), today.replace(month=1, day=1))
    query = {name: value for name, value in wanted.as_query().items() if name not in ("since", "until")}
    found: list[dict[str, Any]] = [
        {"label": "不限", "url": url_for("tickets.index", **query), "is_current": not (wanted.since or wanted.until)}
    ]
    for label, first in zip(SPANS, firsts, strict=True):
        since, until = first.isoformat(), today.isoformat()
        found.append(
            {
                "label": label,
                "url": url_for("tickets.index", **query, since=since, until=until),
                "is_current": (wanted.since, wanted.until) == (since, until),
            }
        )
    return found


@blueprint.post("/export.xlsx")
@guards.for_deed(Deed.SEE_TICKETS)
def export() -> Response:
    """The list as a workbook: what the filter holds, up to a cap, with who and when; logged."""
    work = guards.work()
    wanted = wanted_filter()
    rows = (shown_row(work, row) for row in ticket_lists.export_rows(work, wanted))
    path, count = write_tickets(rows, work.actor.name, work.now)
    auditing.record(work, "export", "诉求列表", filter=wanted.as_query(), rows=count)
    guards.commit()
    name = f"诉求列表{local_date(work.now):%Y%m%d}.xlsx"
    return send_file(path, as_attachment=True, download_name=name)
