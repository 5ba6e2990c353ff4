"""What a bulletin says beside the figures: which problems came most, common matters, what is open and late.

Restricted matters are never in it; who reads it reads no enterprise's name with its problem.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from assist.domain.papers import Block, Grid, Words
from assist.domain.rates import Period
from assist.domain.shielding import shielded
from assist.domain.status import ClockKind, Status
from assist.domain.themes import ThemeStatus
from assist.models import Account, Clock, Enterprise, Theme, ThemeTicket, Ticket
from assist.models.ticket import is_open
from assist.services.queries.papers.words import day, moment
from assist.services.work import Work

MOST = 30
TYPICAL = 6


def typical(work: Work, period: Period) -> Block:
    """The categories that came most in the period, each with how many are closed and one matter as an example."""
    counted = (
        select(
            Ticket.category_id,
            func.count().label("count"),
            func.count().filter(Ticket.status == Status.CLOSED).label("closed"),
            func.max(Ticket.id).label("example"),
        )
        .where(
            Ticket.submitted_at >= period.start,
            Ticket.submitted_at < period.end,
            Ticket.category_id.is_not(None),
            Ticket.is_restricted.is_(False),
        )
        .group_by(Ticket.category_id)
        .subquery()
    )
    example = aliased(Ticket)
    rows = work.session.execute(
        select(counted, example.title, Enterprise.name, Enterprise.short_name)
        .join(example, example.id == counted.c.example)
        .join(Enterprise, Enterprise.id == example.enterprise_id)
        .order_by(counted.c.count.desc(), counted.c.category_id)
        .limit(TYPICAL)
    ).all()
    if not rows:
        return Words("本月没有新提交的诉求。")
    return Grid(
        ("类别", "提交", "已办结", "例如"),
        tuple((_category(work, row), str(row.count), str(row.closed), _example(work, row)) for row in rows),
    )


def _category(work: Work, row: Any) -> str:
    entry = work.settings.categories.get(row.category_id)
    return entry.name if entry is not None else ""


def _example(work: Work, row: Any) -> str:
    """A title without its enterprise's name; none of a category whose units do not learn the name either."""
    entry = work.settings.categories.get(row.category_id)
    return "—" if entry is not None and entry.is_shielded else shielded(row.title, [row.name, row.short_name])


def themes(work: Work) -> Grid | None:
    """共性问题 that are not withdrawn, with how many enterprises met them."""
    joined = and_(ThemeTicket.theme_id == Theme.id)
    rows = work.session.execute(
        select(
            Theme.title,
            Theme.status,
            func.count(ThemeTicket.id).label("tickets"),
            func.count(Ticket.enterprise_id.distinct()).label("enterprises"),
        )
        .outerjoin(ThemeTicket, joined)
        .outerjoin(Ticket, Ticket.id == ThemeTicket.ticket_id)
        .where(Theme.status != ThemeStatus.CLOSED)
        .group_by(Theme.id, Theme.title, Theme.status)
        .order_by(Theme.id.desc())
        .limit(MOST)
    ).all()
    if not rows:
        return None
    told = tuple((row.title, str(row.enterprises), str(row.tickets), row.status.title) for row in rows)
    return Grid(("共性问题", "企业", "诉求", "进展"), told)


def late(work: Work) -> list[Block]:
    """What is open and late now, the longest first."""
    clock = aliased(Clock)
    query = (
        select(Ticket.number, Ticket.area_id, Account.name, clock.due_at, func.count().over().label("total"))
        .join(clock, clock.ticket_id == Ticket.id)
        .outerjoin(Account, Account.id == Ticket.owner_id)
        .where(
            is_open(),
            Ticket.is_restricted.is_(False),
            clock.kind == ClockKind.RESOLUTION,
            clock.stopped_at.is_(None),
            clock.paused_at.is_(None),
            clock.due_at < work.now,
        )
        .order_by(clock.due_at, Ticket.id)
        .limit(MOST)
    )
    rows = work.session.execute(query).all()
    if not rows:
        return [Words(f"截至{moment(work.now)}，没有超期未办结的诉求。")]
    told = tuple(
        (
            row.number,
            work.settings.areas[row.area_id].name,
            row.name or "无人主责",
            day(row.due_at),
            _days(work, row.due_at),
        )
        for row in rows
    )
    more = f"，列出超期最久的{MOST}件" if rows[0].total > MOST else ""
    words = f"截至{moment(work.now)}，超期未办结{rows[0].total}件{more}："
    return [Words(words), Grid(("诉求编号", "县（市、区）", "责任专员", "办结时限", "超期工作日"), told)]


def _days(work: Work, due_at: datetime) -> str:
    return str(work.settings.calendar.workdays_between(due_at, work.now))
