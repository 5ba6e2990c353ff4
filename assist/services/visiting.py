"""走访: planning a contact that an enterprise feels, writing down what came of it, calling it off, going along.

Whom one may visit says `visit_access`, what the limit does `visit_budget`; who may do what with a visit is
`domain.visits.VISIT_ACTS`. Each verb locks the enterprise first, then the visit. Making a ticket of what was found is
`visit_problems`. Raises NotFound, Forbidden, Conflict and Invalid (naming the field).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from assist.domain.clock import local, local_date
from assist.domain.date_words import date_text, moment_text
from assist.domain.errors import Forbidden, Invalid
from assist.domain.policy import Deed, may
from assist.domain.status import Method
from assist.domain.visits import (
    PLAN_AHEAD,
    RECORD_BACK,
    VisitAction,
    VisitKind,
    VisitStatus,
    calls_for,
    may_exceed,
    month_span,
)
from assist.models import Enterprise, Visit
from assist.services import auditing, visit_access, visit_budget, visit_companions, visit_problems
from assist.services.conversing import words
from assist.services.visit_telling import active_officer, actor_words, officers, tell, tell_over
from assist.services.work import Work

MOST_LINE = 200
A, S = VisitAction, VisitStatus


@dataclass(frozen=True)
class Plan:
    """`joins`: the id of somebody else's planned visit to go along with, whose day holds then. `is_for_officer`: a
    coordinator or supervisor arranges it for the enterprise's officer.
    """

    kind: VisitKind
    purpose: str
    visit_on: date | None = None
    joins: int | None = None
    is_for_officer: bool = False
    over_budget_reason: str = ""


@dataclass(frozen=True)
class Record:
    """What came of a visit: the columns of ledger C."""

    method: Method
    situation: str
    visit_on: date | None = None
    policies: str = ""
    problems: str = ""
    promises: str = ""
    companions: str = ""
    over_budget_reason: str = ""


def plan(work: Work, enterprise_id: int, said: Plan) -> Visit:
    """计划走访, alone or along with a planned one of this enterprise."""
    enterprise = _enterprise(work, enterprise_id)
    made = Visit(
        enterprise_id=enterprise.id,
        account_id=work.actor.account_id,
        kind=said.kind,
        status=S.PLANNED,
        purpose=_line(words(said.purpose, "purpose", "目的"), "purpose", "目的"),
        planned_at=work.now,
    )
    if said.joins is not None:
        target = visit_companions.target(work, enterprise.id, said.joins)
        made.status, made.joined_id, made.visit_on = S.JOINED, target.id, target.visit_on
        work.session.add(made)
        work.session.flush()
        visit_companions.tell_joined(work, made, target, enterprise)
        return made
    made.visit_on = _ahead(work, said.visit_on)
    if said.is_for_officer:
        made.account_id = _its_officer(work, enterprise)
    _not_twice(work, made)
    made.over_budget_reason = visit_budget.reason_for(
        work, enterprise, made.visit_on, said.over_budget_reason, has_happened=False
    )
    work.session.add(made)
    work.session.flush()
    _tell_planned(work, made, enterprise)
    tell_over(work, made, enterprise, visit_budget.budget(work))
    return made


def record_new(work: Work, enterprise_id: int, kind: VisitKind, said: Record) -> Visit:
    """登记 a visit that was not planned: what has happened is always written down, above the limit with a reason."""
    enterprise = _enterprise(work, enterprise_id)
    on = _happened(work, said.visit_on)
    why = visit_budget.reason_for(work, enterprise, on, said.over_budget_reason, has_happened=True)
    made = Visit(
        enterprise_id=enterprise.id,
        account_id=work.actor.account_id,
        kind=kind,
        status=S.DONE,
        visit_on=on,
        over_budget_reason=why,
        planned_at=work.now,
        recorded_at=work.now,
        **_checked(said),
    )
    work.session.add(made)
    work.session.flush()
    tell_over(work, made, enterprise, visit_budget.budget(work))
    visit_problems.pass_on(work, made, enterprise)
    return made


def record(work: Work, visit_id: int, said: Record) -> Visit:
    """登记走访情况 of a planned one; the day is the one it really was on, and theirs who went along."""
    found = _held(work, visit_id, A.RECORD)
    on = _happened(work, said.visit_on or found.visit_on)
    is_moved = month_span(on) != month_span(found.visit_on)
    if is_moved:
        found.over_budget_reason = visit_budget.reason_for(
            work, found.enterprise, on, said.over_budget_reason, has_happened=True
        )
    if on != found.visit_on:
        for each in visit_companions.along(work, found):
            each.visit_on = on
    _put(found, _checked(said))
    found.visit_on, found.status, found.recorded_at = on, S.DONE, work.now
    work.session.flush()
    if is_moved:
        tell_over(work, found, found.enterprise, visit_budget.budget(work))
    visit_problems.pass_on(work, found, found.enterprise)
    return found


def amend(work: Work, visit_id: int, said: Record) -> Visit:
    """修改登记: the words, never the day; what stood there before is kept in the audit log."""
    found = _held(work, visit_id, A.AMEND)
    new = _checked(said)
    if found.ticket_id is not None and new["problems"] != found.problems:
        raise Invalid("已按“发现问题”生成诉求，这一项不能再改；有补充的请写在诉求里。", "problems")
    old = {name: getattr(found, name) for name, value in new.items() if getattr(found, name) != value}
    if old:
        pairs = {name: [_plain(value), _plain(new[name])] for name, value in old.items()}
        auditing.record(work, "change_visit", found.enterprise.name, visit=found.id, **pairs)
        _put(found, new)
        work.session.flush()
        visit_problems.pass_on(work, found, found.enterprise)
    return found


def cancel(work: Work, visit_id: int, reason: str = "") -> Visit:
    """取消计划, by the visitor or a coordinator (with a reason). Who goes along keeps the place: the first leads."""
    found = _held(work, visit_id, A.CANCEL)
    why = _line(reason.strip(), "reason", "取消原因")
    if found.account_id != work.actor.account_id:
        if not why:
            raise Invalid("请填写取消的原因，走访人会收到。", "reason")
        auditing.record(work, "cancel_visit", found.enterprise.name, visit=found.id, reason=why)
    joined_id = found.joined_id
    found.status, found.cancelled_at, found.joined_id = S.CANCELLED, work.now, None
    work.session.flush()
    what = f"{_day(work, found)}到{found.enterprise.shown}的{found.kind.title}"
    told = {found.account_id, *(officers(work, found.enterprise_id) if joined_id is None else ())}
    tell(work, told, found, "cancelled", f"{what}已由{work.actor.name}取消", why)
    if joined_id is None:
        visit_companions.hand_on(work, found, what)
    else:
        visit_companions.tell_left(work, found, joined_id)
    return found


def join(work: Work, visit_id: int, target_id: int) -> Visit:
    """并入他人的走访: the own plan counts no more; who goes along with it goes along with the other now."""
    found = _held(work, visit_id, A.JOIN)
    target = visit_companions.target(work, found.enterprise_id, target_id, month=found.visit_on)
    visit_companions.put_along(work, [*visit_companions.along(work, found), found], target)
    visit_companions.tell_joined(work, found, target, found.enterprise)
    return found


def _enterprise(work: Work, enterprise_id: int) -> Enterprise:
    if not may(work.actor, Deed.VISIT):
        raise Forbidden("您没有计划和登记走访的权限。")
    return visit_access.enterprise(work, enterprise_id, lock=True)


def _held(work: Work, visit_id: int, action: VisitAction) -> Visit:
    found, relations = visit_access.held(work, visit_id)
    visit_access.check(work, found, relations, action)
    return found


def _ahead(work: Work, on: date | None) -> date:
    today = local_date(work.now)
    if on is None:
        raise Invalid("请填写计划日期。", "visit_on")
    if on < today:
        raise Invalid("计划日期已经过去；已经走访过的，请直接登记。", "visit_on")
    if on > today + PLAN_AHEAD:
        raise Invalid("计划日期请安排在三个月以内。", "visit_on")
    return on


def _happened(work: Work, on: date | None) -> date:
    today = local_date(work.now)
    if on is None:
        raise Invalid("请填写走访日期。", "visit_on")
    if on > today:
        raise Invalid("走访日期还没有到；还没有进行的，请先计划。", "visit_on")
    if on < today - RECORD_BACK:
        raise Invalid("走访日期已超过31天，不能再补登。", "visit_on")
    return on


def _checked(said: Record) -> dict[str, Any]:
    """The columns, trimmed. Raises Invalid naming the field."""
    parts = (("policies", "宣讲政策"), ("problems", "发现问题"), ("promises", "承诺事项"))
    texts = {name: getattr(said, name).strip() for name, _ in parts}
    return {
        "method": said.method,
        "situation": words(said.situation, "situation", "主要情况"),
        "companions": _line(said.companions.strip(), "companions", "同行人员"),
        **{name: words(texts[name], name, what) if texts[name] else "" for name, what in parts},
    }


def _put(found: Visit, columns: dict[str, Any]) -> None:
    for name, value in columns.items():
        setattr(found, name, value)


def _plain(value: Any) -> str:
    return value.title if isinstance(value, Method) else str(value)


def _line(text: str, field: str, what: str) -> str:
    if len(text) > MOST_LINE:
        raise Invalid(f"{what}请控制在{MOST_LINE}字以内，现在有{len(text)}字。", field)
    return text


def _not_twice(work: Work, made: Visit) -> None:
    same = select(Visit.planned_at).where(
        Visit.enterprise_id == made.enterprise_id,
        Visit.account_id == made.account_id,
        Visit.visit_on == made.visit_on,
        Visit.kind == made.kind,
        Visit.status == S.PLANNED,
    )
    at = work.session.scalar(same.limit(1))
    if at is not None:
        when = moment_text(at, local(work.now).year)
        raise Invalid(f"已于{when}计划了当天的{made.kind.title}，不用重复计划。", "visit_on")


def _its_officer(work: Work, enterprise: Enterprise) -> int:
    if not may_exceed(work.actor):
        raise Forbidden("只有助企办调度员和督查员可以为服务专员安排走访。")
    officer = active_officer(work, enterprise.id)
    if officer is None:
        raise Invalid("这家企业目前没有在岗服务专员。", "who")
    return officer


def _day(work: Work, found: Visit) -> str:
    return date_text(found.visit_on, local(work.now).year)


def _tell_planned(work: Work, made: Visit, enterprise: Enterprise) -> None:
    """The officer hears who will come to his enterprise, and whoever a visit was arranged for."""
    where = f"{_day(work, made)}{calls_for(enterprise.shown, made.kind)}"
    if made.account_id != work.actor.account_id:
        tell(work, [made.account_id], made, "arranged", f"{work.actor.name} 安排您{where}", f"目的：{made.purpose}")
    others = [one for one in officers(work, enterprise.id) if one != made.account_id]
    if work.actor.account_id not in others:
        tell(work, others, made, "planned", f"{actor_words(work)}计划{where}", f"目的：{made.purpose}")
