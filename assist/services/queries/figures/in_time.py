"""The figures about time limits: each counts clocks whose min(stop, due) is in the period, and those that were kept."""

from functools import partial
from typing import Any

from sqlalchemy import and_, case, exists, or_
from sqlalchemy.orm import aliased

from assist.domain.rates import Period
from assist.domain.status import OWNER_CLOCKS, TASK_CLOCKS, ClockKind
from assist.models import Clock, Ticket, TicketRound
from assist.services.queries.figures.facts import (
    AsOf,
    ClockFacts,
    Counted,
    clocks_in,
    contact_denied,
    entered,
    entry_counts,
    in_period,
    known,
    no_earlier,
    not_paused,
    not_void,
    of_kind,
)
from assist.services.queries.figures.figure import Figure
from assist.services.queries.figures.objected import card_fell, was_returned


def _resolution(period: Period, as_of: AsOf, *, original: bool, given: Any = None) -> Counted:
    if given is None:
        given = clocks_in(period, as_of, ClockKind.RESOLUTION, round_no=1, original=original)
    clock, facts = given
    conditions = [
        in_period(period, facts, as_of),
        not_void(clock, as_of),
        no_earlier(clock),
        known(as_of),
    ]
    if not original:
        conditions.append(not_paused(clock, as_of))
    late = facts.is_late(as_of)
    own = [clock.kind == ClockKind.RESOLUTION, clock.round_no == 1, *conditions]
    return Counted(
        source=clock,
        on=of_kind(clock, ClockKind.RESOLUTION),
        counts=(counts := and_(*conditions, entry_counts(as_of, late))),
        shared=counts,
        given=given,
        alone=and_(*own, or_(late, ~entered(clock, is_waiting=True))) if as_of.live else None,
        met=and_(facts.is_met(), ~was_returned(as_of, clock)),
        at=facts.counts_at,
        facts=facts,
    )


def _reworked(period: Period, as_of: AsOf) -> Counted:
    """Every later round, each with a time of its own."""
    clock, facts = clocks_in(period, as_of, ClockKind.RESOLUTION)
    return Counted(
        source=clock,
        on=and_(clock.ticket_id == Ticket.id, clock.kind == ClockKind.RESOLUTION, clock.round_no > 1),
        counts=and_(
            in_period(period, facts, as_of), not_void(clock, as_of), not_paused(clock, as_of), known(as_of)
        ),
        met=facts.is_met(),
        at=facts.counts_at,
        facts=facts,
    )


def _base(period: Period, as_of: AsOf) -> Counted:
    """Against 15 working days for every ticket: a time of its own that nothing moves."""
    clock, answered = aliased(Clock), aliased(TicketRound)
    stopped = clock.stopped_at if as_of.live else case((clock.stopped_at <= as_of.at, clock.stopped_at))
    facts = ClockFacts(stopped, clock.base_due_at, clock.base_counts_at)
    was_answered = exists().where(
        answered.ticket_id == clock.ticket_id, answered.no == 1, answered.answered_at == stopped
    )
    return Counted(
        source=clock,
        on=of_kind(clock, ClockKind.RESOLUTION),
        counts=and_(
            clock.base_counts_at.is_not(None),
            in_period(period, facts, as_of),
            or_(stopped.is_(None), stopped > clock.base_due_at, was_answered),
            no_earlier(clock, base=True),
            entry_counts(as_of, facts.is_late(as_of)),
        ),
        met=and_(facts.is_met(), was_answered, ~was_returned(as_of, clock)),
        at=facts.counts_at,
        facts=facts,
    )


def _timely(period: Period, as_of: AsOf, *, kind: ClockKind) -> Counted:
    """The enterprise's own submissions; 代录 stand apart, and so do contacts that it denied."""
    clock, facts = clocks_in(period, as_of, kind, round_no=1)
    conditions = [in_period(period, facts, as_of), not_void(clock, as_of), not_paused(clock, as_of)]
    if kind is ClockKind.CONTACT:
        conditions.append(~contact_denied(as_of, clock.ticket_id))
    own = [clock.kind == kind, clock.round_no == 1, clock.seq == 1, *conditions]
    return Counted(
        source=clock,
        on=and_(of_kind(clock, kind), clock.seq == 1),
        counts=and_(*conditions, Ticket.is_entered.is_(False)),
        alone=and_(*own, ~entered(clock)),
        met=facts.is_met(),
        at=facts.counts_at,
        facts=facts,
    )


def _of_task(period: Period, as_of: AsOf, *, kind: ClockKind, is_first: bool = False) -> Counted:
    """A unit's times, whichever round its ticket is in; `is_first`: of each task the first of that kind."""
    (clock, facts), before = clocks_in(period, as_of, kind), aliased(Clock)
    counts = [in_period(period, facts, as_of), not_void(clock, as_of)]
    own = [clock.kind == kind, clock.unit_id.is_not(None)]
    if is_first:
        counts.append(~exists().where(before.task_id == clock.task_id, before.kind == kind, before.id < clock.id))
    return Counted(
        source=clock,
        on=and_(clock.ticket_id == Ticket.id, *own),
        counts=and_(*counts),
        alone=and_(*own, *counts),
        met=facts.is_met(),
        at=facts.counts_at,
        facts=facts,
        unit=clock.unit_id,
    )


def _red_cards(period: Period, as_of: AsOf, *, kinds: tuple[ClockKind, ...], of_unit: bool) -> Counted:
    """Every time that was due or kept in the period, whichever round; met are those that brought a red card."""
    clock, facts = clocks_in(period, as_of, *kinds)
    return Counted(
        source=clock,
        on=and_(clock.ticket_id == Ticket.id, clock.kind.in_(kinds)),
        counts=and_(
            in_period(period, facts, as_of),
            not_void(clock, as_of),
            not_paused(clock, as_of),
            known(as_of),
            Ticket.is_imported.is_(False),
        ),
        met=and_(facts.is_late(as_of), ~card_fell(as_of, clock)),
        at=facts.counts_at,
        unit=clock.unit_id if of_unit else None,
        facts=facts,
    )


FIGURES = (
    Figure(
        "on_time",
        "按期办结率",
        "以首次答复时间与办结时限中较早者落入本期的诉求为分母；首次答复不晚于办结时限、且未被企业退回的为分子。"
        "未答复而已到期的，自到期当日起计为超期；到期前已暂停计时的不计，另列。",
        "按期",
        "超期或被退回",
        partial(_resolution, original=False),
    ),
    Figure(
        "original_on_time",
        "原时限按期办结率",
        "口径同按期办结率，但只按最初确定的办结时限计算，延期、挂账不改变它；暂停计时的仍计入分母。",
        "按原时限办结",
        "未按原时限办结",
        partial(_resolution, original=True),
        family="original",
    ),
    Figure(
        "base_on_time",
        "基准按期办结率",
        "不论类别、难度、延期、挂账和补正，一律按提交后15个工作日计算；首次答复时间与它之中较早者落入本期的诉求为分母，"
        "在它以前首次答复、且未被企业退回的为分子。用来看定级对按期率有多大影响。",
        "15个工作日内办结",
        "超过15个工作日或被退回",
        _base,
    ),
    Figure(
        "rework_on_time",
        "重办按期率",
        "第二轮及以后各轮，答复时间与该轮办结时限中较早者落入本期的为分母（按轮计）；按时限答复的为分子。",
        "按期重办",
        "重办超期",
        _reworked,
        counts_times=True,
    ),
    Figure(
        "acceptance",
        "受理及时率",
        "受理时间与受理时限中较早者落入本期的诉求为分母；按时限受理的为分子。代录的诉求不计，另列。",
        "及时受理",
        "未及时受理",
        partial(_timely, kind=ClockKind.ACCEPTANCE),
    ),
    Figure(
        "contact",
        "首次联系及时率",
        "首次联系登记时间与联系时限中较早者落入本期的诉求为分母；按时限联系的为分子。代录的、企业表示没有接到联系的不计，另列。",
        "及时联系",
        "未及时联系",
        partial(_timely, kind=ClockKind.CONTACT),
    ),
    Figure(
        "opinion",
        "初步意见及时率",
        "初步意见（或答复）时间与其时限中较早者落入本期的诉求为分母；按时限反馈的为分子。代录的诉求不计，另列。",
        "及时反馈",
        "未及时反馈",
        partial(_timely, kind=ClockKind.OPINION),
    ),
    Figure(
        "feedback",
        "承办首次反馈率",
        "承办单位首次反馈时间与反馈时限中较早者落入本期的承办任务为分母；按时限首次反馈的为分子。退回重报后的再次反馈不计。",
        "按时首次反馈",
        "未按时首次反馈",
        partial(_of_task, kind=ClockKind.TASK_REPLY, is_first=True),
        counts_times=True,
    ),
    Figure(
        "promise",
        "承诺兑现率",
        "承办单位反馈“需继续办理”时承诺的日期（或再次反馈的时间，较早者）落入本期的承诺为分母；在承诺日期以前再次反馈的为分子。",
        "按时兑现",
        "未按时兑现",
        partial(_of_task, kind=ClockKind.TASK_PROMISE),
        counts_times=True,
    ),
    Figure(
        "signing",
        "签收率",
        "签收时间与签收时限中较早者落入本期的承办任务为分母；按时限签收的为分子。",
        "按时签收",
        "未按时签收",
        partial(_of_task, kind=ClockKind.TASK_SIGN),
        counts_times=True,
    ),
    Figure(
        "red_cards",
        "红牌率",
        "受理、首次联系、初步意见、办结、进展反馈各项时限中，本期到期或完成的为分母（不分轮次，暂停计时的不计）；"
        "超期得红牌的为分子，异议审核成立的除外。越低越好。",
        "红牌",
        "没有红牌",
        partial(_red_cards, kinds=OWNER_CLOCKS, of_unit=False),
        counts_times=True,
    ),
    Figure(
        "unit_red_cards",
        "承办单位红牌率",
        "签收、反馈、承诺各项承办时限中，本期到期或完成的为分母；超期得红牌的为分子，异议审核成立的除外。越低越好。",
        "红牌",
        "没有红牌",
        partial(_red_cards, kinds=TASK_CLOCKS, of_unit=True),
        counts_times=True,
    ),
)
