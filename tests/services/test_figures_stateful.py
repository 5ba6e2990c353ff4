"""Figures over random histories: told as of a time they never change, and nothing that is done makes them look better.

The histories are those of `test_road_stateful`; what is asked here is asked after every step.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.domain.rates import Period, Rate, days
from assist.domain.transitions import Action
from assist.models import Ticket, TicketEvent, TicketRound
from assist.services.queries.figures import counting, frozen, time_rows
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.figures.dimensions import DIMENSIONS
from assist.services.queries.figures.facts import AsOf
from assist.services.queries.figures.left_out import left_out
from tests.cast import Cast
from tests.make import Make
from tests.services import promises
from tests.services.test_road_stateful import Road
from tests.services.walking import walk

ALL = tuple(FIGURES)
EVER: Period = days(date(2026, 1, 1), date(2030, 12, 31))
BY = {"city": ALL, **dict.fromkeys(DIMENSIONS, ALL)}
KEPT = 0.2
Numbers = dict[tuple[str, str, int], Rate]


def told(make: Make, at: datetime, *, live: bool) -> Numbers:
    """Every figure by every dimension, over all time."""
    work = make.work(make.cast.wang)
    found = frozen.now_by(work, BY, EVER, AsOf(at, live))
    make.session.rollback()
    return {place: rate for place, rate in found.items() if rate.d}


class Told(Road):
    """The road, with somebody who tells figures all the time."""

    kept: list[tuple[datetime, Numbers]]

    def something_is_done(self) -> None:
        if self.rng.random() < KEPT:
            self.kept.append((self.make.time.at, told(self.make, self.make.time.at, live=True)))
            self.make.time.at += timedelta(seconds=1)
        before, beside = self.rates(), self.beside()
        super().something_is_done()
        after = self.rates()
        if self.session.scalar(select(func.count(TicketEvent.id))) and self.what_was_done() in IMPROVERS:
            rose = (after.value or 0) > (before.value or 0) if before.d else False
            assert not rose or self.beside() > beside, (before, after)

    def time_goes_by(self) -> None:
        """Nobody does anything: what falls due can only lower the rate, and does unless there was nothing to lower."""
        before = self.rates("on_time")
        super().time_goes_by()
        after = self.rates("on_time")
        assert after.n == before.n
        assert after.d >= before.d
        if after.d > before.d:
            assert before.value in (None, 0) or (after.value or 0) < before.value

    def rates(self, key: str = "original_on_time") -> Rate:
        work = self.make.work(self.cast.wang)
        rate = counting.rates(work, [key], [EVER], counting.as_of(work))[0][key]
        self.session.rollback()
        return rate

    def beside(self) -> int:
        """How many are left out, as it stands beside the rates."""
        found = left_out(self.make.work(self.cast.wang), EVER)
        self.session.rollback()
        return found.withdrawn + found.declined + found.merged + found.unverified

    def what_was_done(self) -> Action | None:
        """The last act on the ticket, if it was at this very moment."""
        query = select(TicketEvent.action).where(TicketEvent.at == self.make.time.at)
        found = self.session.scalars(query.order_by(TicketEvent.id.desc()).limit(1)).first()
        self.session.rollback()
        return found


# Extending, suspending, regrading, declining, merging, withdrawing: decisions and ends.
IMPROVERS = frozenset(
    {Action.DECIDE, Action.MERGE, Action.WITHDRAW, Action.RECLASSIFY, Action.RESUME, Action.REVIEW, Action.CALLBACK}
)


def what_was_told_is_told_again(make: Make, kept: list[tuple[datetime, Numbers]]) -> None:
    for at, before in kept:
        again = told(make, at, live=False)
        assert again == before, {
            place: (before.get(place), again.get(place))
            for place in before.keys() | again.keys()
            if before.get(place) != again.get(place)
        }


def each_number_opens_its_list(make: Make) -> None:
    """By nothing, and by every value of every dimension: exactly n, d and missed rows."""
    work = make.work(make.cast.wang)
    at = counting.as_of(work)
    for (key, dimension, value), rate in told(make, at.at, live=True).items():
        narrowed = {dimension: [value]} if dimension != "city" else {}
        for part, count in (("n", rate.n), ("d", rate.d), ("missed", rate.d - rate.n)):
            assert rows_of(make, key, part, narrowed) == count, (key, dimension, value, part)


def rows_of(make: Make, key: str, part: str, narrowed: dict[str, list[int]]) -> int:
    """How many rows the list has that a number opens."""
    work = make.work(make.cast.wang)
    at = counting.as_of(work)
    if FIGURES[key].counts_times:
        return time_rows.behind(work, key, part, EVER, at, narrowed, 1).total
    condition = counting.tickets_behind(key, part, EVER, at, narrowed)
    return make.session.scalar(select(func.count()).select_from(Ticket).where(condition)) or 0


def supplements_are_seen(make: Make) -> None:
    """Whoever was asked for a supplement is in 补正率."""
    asked = select(TicketEvent.ticket_id).where(TicketEvent.action == Action.REQUEST_SUPPLEMENT).distinct()
    count = make.session.scalar(select(func.count()).select_from(asked.subquery()))
    work = make.work(make.cast.wang)
    rate = counting.rates(work, ["supplemented"], [EVER], counting.as_of(work))[0]["supplemented"]
    assert rate.n == count


def silence_is_no_satisfaction(make: Make) -> None:
    """Behind 满意率 stands nobody who has not rated."""
    work = make.work(make.cast.wang)
    condition = counting.tickets_behind("satisfied", "d", EVER, counting.as_of(work))
    rated = select(TicketRound.ticket_id).where(TicketRound.rating.is_not(None))
    assert make.session.scalars(select(Ticket.id).where(condition, Ticket.id.not_in(rated))).all() == []


def test_figures_hold_whatever_people_do(session: Session, time: FixedTime, cast: Cast) -> None:
    class Here(Told):
        make = Make(session, time, cast)
        kept: list[tuple[datetime, Numbers]] = []

    walk(Here, cast, examples=(5, 12), steps=30)
    assert Here.kept
    what_was_told_is_told_again(Here.make, Here.kept)
    each_number_opens_its_list(Here.make)
    supplements_are_seen(Here.make)
    silence_is_no_satisfaction(Here.make)
    time.at += timedelta(days=400)
    promises.figures_equal_their_recount(Here.make)
    what_was_told_is_told_again(Here.make, Here.kept)
    each_number_opens_its_list(Here.make)
