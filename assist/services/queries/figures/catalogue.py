"""The catalogue: each rate by name, with its definition in words and what it counts. Rules: design 4, "Rates".

A new rate is a row here; rates, break-downs, trends, lists and the command follow from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import and_, or_, select, true
from sqlalchemy.orm import aliased

from assist.domain.rates import Period
from assist.domain.status import SATISFIED, ClockKind, Result
from assist.models import Callback, Clock, Ticket, TicketRound
from assist.services.queries.figures.facts import (
    AsOf,
    Condition,
    Counted,
    clock_facts,
    entry_counts,
    known,
    last_in,
    not_paused,
    not_void,
    of_kind,
    was_returned,
    within,
)


@dataclass(frozen=True)
class Figure:
    """A rate: its key in URLs, its Chinese name, its definition, and the words for its two sides."""

    key: str
    title: str
    definition: str
    met_words: str
    missed_words: str
    build: Callable[[Period, AsOf], Counted]


def _resolution(period: Period, as_of: AsOf, *, original: bool) -> Counted:
    clock = aliased(Clock)
    facts = clock_facts(clock, as_of, original=original)
    conditions = [
        within(period, facts.counts_at),
        facts.counts_at <= as_of.at,
        not_void(clock, as_of),
        entry_counts(as_of, facts.is_late(as_of)),
        known(as_of),
    ]
    if not original:
        conditions.append(not_paused(clock, as_of))
    return Counted(
        source=clock,
        on=of_kind(clock, ClockKind.RESOLUTION),
        counts=and_(*conditions),
        met=and_(facts.is_met(), ~was_returned(as_of, clock)),
        at=facts.counts_at,
    )


def _timely(period: Period, as_of: AsOf, *, kind: ClockKind) -> Counted:
    clock = aliased(Clock)
    facts = clock_facts(clock, as_of)
    return Counted(
        source=clock,
        on=and_(of_kind(clock, kind), clock.seq == 1),
        counts=and_(
            within(period, facts.counts_at),
            facts.counts_at <= as_of.at,
            not_void(clock, as_of),
            not_paused(clock, as_of),
            entry_counts(as_of, facts.is_late(as_of)),
        ),
        met=facts.is_met(),
        at=facts.counts_at,
    )


Rounds = Any  # TicketRound by another name


def _ended(
    period: Period,
    as_of: AsOf,
    *,
    met: Callable[[Rounds, AsOf], Condition],
    counts: Callable[[Rounds, AsOf], Condition] = lambda ended, as_of: true(),
) -> Counted:
    """The last round confirmed in the period: `counts` narrows it, `met` is what is asked of it."""
    ended = aliased(TicketRound)
    return Counted(
        source=ended,
        on=ended.ticket_id == Ticket.id,
        counts=and_(last_in(period, as_of, ended, "confirmed_at"), counts(ended, as_of)),
        met=met(ended, as_of),
        at=ended.confirmed_at,
    )


def _heard(ended: Rounds, as_of: AsOf) -> Any:
    """What the enterprise said in a callback after its silence had closed the round; NULL when nobody called."""
    called = aliased(Callback)
    return (
        select(called.result)
        .where(
            called.ticket_id == ended.ticket_id,
            called.round_no == ended.no,
            called.entered_at <= as_of.at,
            called.is_reopening.is_(False),
        )
        .order_by(called.entered_at.desc(), called.id.desc())
        .limit(1)
        .correlate(ended)
        .scalar_subquery()
    )


_resolved = partial(
    _ended,
    counts=lambda ended, as_of: or_(ended.result != Result.LAPSED, _heard(ended, as_of).is_not(None)),
    met=lambda ended, as_of: or_(
        ended.result == Result.SOLVED,
        and_(ended.result == Result.LAPSED, _heard(ended, as_of) == Result.SOLVED),
    ),
)
_rated = partial(
    _ended, met=lambda ended, as_of: and_(ended.rating.is_not(None), ended.rated_at <= as_of.at)
)
_self_reported = partial(_ended, met=lambda ended, as_of: ended.outcome == "solved")


def _satisfied(period: Period, as_of: AsOf) -> Counted:
    rated = aliased(TicketRound)
    return Counted(
        source=rated,
        on=rated.ticket_id == Ticket.id,
        # Ratings that the old ledger states were given nobody knows when: their rounds were never confirmed here.
        counts=and_(last_in(period, as_of, rated, "rated_at"), rated.confirmed_at.is_not(None)),
        met=rated.rating.in_(SATISFIED),
        at=rated.rated_at,
    )


FIGURES: dict[str, Figure] = {
    figure.key: figure
    for figure in (
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
        ),
        Figure(
            "solved",
            "解决率",
            "本期办结、且有企业或回访意见的诉求为分母；企业确认或回访中答复“已解决”的为分子。逾期未确认由系统办结且没有回访的两边都不计。",
            "已解决",
            "未完全解决",
            _resolved,
        ),
        Figure(
            "satisfied",
            "满意率",
            "本期收到的评价为分母；非常满意、满意、基本满意为分子。未评价的两边都不计，不视为满意。",
            "满意",
            "不满意",
            _satisfied,
        ),
        Figure(
            "rated",
            "有效评价率",
            "本期办结的诉求为分母；其中企业作出评价的为分子。低于30%时满意率样本不足。",
            "已评价",
            "未评价",
            _rated,
        ),
        Figure(
            "self_reported",
            "专员自报解决率",
            "本期办结的诉求为分母；专员答复结果为“已解决”的为分子，与企业确认的解决率对照。",
            "自报已解决",
            "自报其他结果",
            _self_reported,
        ),
        Figure(
            "acceptance",
            "受理及时率",
            "受理时间与受理时限中较早者落入本期的诉求为分母；按时限受理的为分子。",
            "及时受理",
            "未及时受理",
            partial(_timely, kind=ClockKind.ACCEPTANCE),
        ),
        Figure(
            "contact",
            "首次联系及时率",
            "首次联系登记时间与联系时限中较早者落入本期的诉求为分母；按时限联系的为分子。",
            "及时联系",
            "未及时联系",
            partial(_timely, kind=ClockKind.CONTACT),
        ),
        Figure(
            "opinion",
            "初步意见及时率",
            "初步意见（或答复）时间与其时限中较早者落入本期的诉求为分母；按时限反馈的为分子。",
            "及时反馈",
            "未及时反馈",
            partial(_timely, kind=ClockKind.OPINION),
        ),
    )
}
HEADLINE = ("on_time", "original_on_time", "solved", "satisfied")
