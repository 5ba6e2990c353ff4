"""无事不扰: how often an enterprise has been and will be disturbed in a calendar month, and what happens at the limit.

Counted are visits, surveys, meetings and demands for reports by anybody, planned or done (setting `visit_budget`).
"""

from datetime import date

from sqlalchemy import ColumnElement, and_, func, select

from assist.domain.clock import local
from assist.domain.date_words import moment_text
from assist.domain.errors import Invalid
from assist.domain.visits import COUNTED, may_exceed, month_span
from assist.models import Account, Enterprise, Unit, Visit
from assist.services.work import Work

MOST_REASON = 200


def budget(work: Work) -> int:
    """How many counted visits an enterprise may have a month."""
    return int(work.settings.value("visit_budget"))


def in_month(on: date) -> ColumnElement[bool]:
    """SQL condition on `Visit`: in the calendar month of a date."""
    first, following = month_span(on)
    return and_(Visit.visit_on >= first, Visit.visit_on < following)


def counted() -> ColumnElement[bool]:
    """SQL condition on `Visit`: it counts against the enterprise's month."""
    return Visit.status.in_(COUNTED)


def used(work: Work, enterprise_id: int, on: date) -> int:
    """How many visits count against an enterprise's month."""
    query = select(func.count()).select_from(Visit)
    return work.session.scalar(query.where(Visit.enterprise_id == enterprise_id, counted(), in_month(on))) or 0


def reason_for(work: Work, enterprise: Enterprise, on: date, reason: str, *, has_happened: bool) -> str:
    """What is kept as the reason for one more in this month: empty below the limit. Ask with the enterprise locked.

    Raises Invalid: at `visit_on` where it is not this person's to plan, else at `over_budget_reason`.
    """
    limit = budget(work)
    there = used(work, enterprise.id, on)
    if there < limit:
        return ""
    said = f"{on.month}月已安排{there}次走访调研，达到每家企业每月{limit}次的上限{_latest(work, enterprise.id, on)}。"
    if not has_happened and not may_exceed(work.actor):
        advice = "请并入已有的走访，或改到下个月；确有必要的请联系助企办调度员，由调度员说明理由后安排。"
        raise Invalid(said + advice, "visit_on")
    why = reason.strip()
    if not why:
        raise Invalid(said + "请填写超出上限的理由，助企办调度员会收到提醒。", "over_budget_reason")
    if len(why) > MOST_REASON:
        raise Invalid(f"理由请控制在{MOST_REASON}字以内。", "over_budget_reason")
    return why


def _latest(work: Work, enterprise_id: int, on: date) -> str:
    """（最近一次由市生态环境局周承办于11月23日09:30安排）"""
    row = work.session.execute(
        select(Visit.planned_at, Account.name, Unit.short_name, Unit.name.label("unit"))
        .join(Account, Account.id == Visit.account_id)
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .where(Visit.enterprise_id == enterprise_id, counted(), in_month(on))
        .order_by(Visit.planned_at.desc(), Visit.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return ""
    when = moment_text(row.planned_at, local(work.now).year)
    who = row.short_name or row.unit or row.name
    return f"（最近一次由{who}于{when}安排）"

