"""The figures about what the enterprise said: how a round ended, and how it was rated. Silence is never a word."""

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import and_, or_, select, true
from sqlalchemy.orm import aliased

from assist.domain.rates import Period
from assist.domain.status import SATISFIED, ConfirmedBy, Result
from assist.models import Callback, Ticket, TicketRound
from assist.services.queries.figures.facts import AsOf, Condition, Counted, last_in
from assist.services.queries.figures.figure import Figure

Rounds = Any  # TicketRound by another name


def _ended(
    period: Period,
    as_of: AsOf,
    *,
    met: Callable[[Rounds, AsOf], Condition],
    counts: Callable[[Rounds, AsOf], Condition] = lambda ended, as_of: true(),
    given: Rounds = None,
) -> Counted:
    """The last round confirmed in the period: `counts` narrows it, `met` is what is asked of it."""
    ended = aliased(TicketRound) if given is None else given
    shared, own = last_in(period, as_of, ended, "confirmed_at"), counts(ended, as_of)
    counting = and_(shared, own)
    return Counted(
        source=ended,
        on=ended.ticket_id == Ticket.id,
        counts=counting,
        alone=counting,
        met=met(ended, as_of),
        at=ended.confirmed_at,
        shared=shared,
        own=own,
        given=ended,
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


def _word(period: Period, as_of: AsOf, *, result: Result, given: Rounds = None) -> Counted:
    """What the enterprise said, itself or in a callback after its silence; who said nothing is not among them."""
    return _ended(
        period,
        as_of,
        counts=lambda ended, as_of: or_(ended.result != Result.LAPSED, _heard(ended, as_of).is_not(None)),
        met=lambda ended, as_of: or_(
            ended.result == result, and_(ended.result == Result.LAPSED, _heard(ended, as_of) == result)
        ),
        given=given,
    )


def _by(who: ConfirmedBy) -> Callable[..., Counted]:
    return partial(_ended, met=lambda ended, as_of: ended.confirmed_by == who)


_rated = partial(
    _ended, met=lambda ended, as_of: and_(ended.rating.is_not(None), ended.rated_at <= as_of.at)
)
_self_reported = partial(_ended, met=lambda ended, as_of: ended.outcome == "solved")


def _satisfied(period: Period, as_of: AsOf) -> Counted:
    rated = aliased(TicketRound)
    # Ratings that the old ledger states were given nobody knows when: their rounds were never confirmed here.
    counting = and_(last_in(period, as_of, rated, "rated_at"), rated.confirmed_at.is_not(None))
    return Counted(
        source=rated,
        on=rated.ticket_id == Ticket.id,
        counts=counting,
        alone=counting,
        met=rated.rating.in_(SATISFIED),
        at=rated.rated_at,
    )


FIGURES = (
    Figure(
        "solved",
        "解决率",
        "本期办结、且有企业或回访意见的诉求为分母；企业确认或回访中答复“已解决”的为分子。逾期未确认由系统办结且没有回访的两边都不计。",
        "已解决",
        "未完全解决",
        partial(_word, result=Result.SOLVED),
        family="ended",
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
        family="ended",
    ),
    Figure(
        "self_reported",
        "专员自报解决率",
        "本期办结的诉求为分母；专员答复结果为“已解决”的为分子，与企业确认的解决率对照。",
        "自报已解决",
        "自报其他结果",
        _self_reported,
        family="ended",
    ),
    Figure(
        "partly",
        "部分解决占比",
        "口径同解决率；企业确认或回访中答复“部分解决”的为分子。",
        "部分解决",
        "其他结果",
        partial(_word, result=Result.PARTLY),
        family="ended",
    ),
    Figure(
        "acknowledged",
        "同意办结占比",
        "口径同解决率；企业确认或回访中表示“未解决，但已说明清楚，同意办结”的为分子。",
        "同意办结",
        "其他结果",
        partial(_word, result=Result.ACKNOWLEDGED),
        family="ended",
    ),
    Figure(
        "confirmed",
        "企业确认率",
        "本期办结的诉求为分母；由企业本身确认的为分子。",
        "企业确认",
        "系统办结或回访确认",
        _by(ConfirmedBy.ENTERPRISE),
        family="ended",
    ),
    Figure(
        "lapsed",
        "系统办结占比",
        "本期办结的诉求为分母；企业逾期未确认、由系统办结的为分子。",
        "系统办结",
        "有人确认",
        _by(ConfirmedBy.SYSTEM),
        family="ended",
    ),
    Figure(
        "called",
        "回访确认占比",
        "本期办结的诉求为分母；由回访确认的为分子。",
        "回访确认",
        "企业确认或系统办结",
        _by(ConfirmedBy.CALLBACK),
        family="ended",
    ),
    Figure(
        "reworked",
        "重办率",
        "本期办结的诉求为分母；办结前办理过两轮及以上的为分子。",
        "重办过",
        "一轮办结",
        partial(_ended, met=lambda ended, as_of: ended.no > 1),
        family="ended",
    ),
)
