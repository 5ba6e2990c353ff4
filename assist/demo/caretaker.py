"""The jobs of the demo world: reminders every hour of the day, and what ends by itself."""

from datetime import timedelta

from sqlalchemy import select

from assist.demo.stage import Stage, Story
from assist.domain.clock import local
from assist.domain.status import ClockKind, Status
from assist.models import Clock, Ticket
from assist.services import closing, conversing


def rounds_of_the_day(stage: Stage) -> Story:
    """Every hour from half past eight to half past five."""
    while True:
        here = local(stage.time.at).replace(minute=31, second=0)
        following = here + timedelta(hours=1) if 8 <= here.hour < 18 else (here + timedelta(hours=14)).replace(hour=8)
        yield following.astimezone(stage.until.tzinfo)
        _lapse(stage)


def _lapse(stage: Stage) -> None:
    ended = stage.session.execute(
        select(Ticket, Clock.kind)
        .join(Clock, Clock.ticket_id == Ticket.id)
        .where(
            Clock.kind.in_([ClockKind.CONFIRMATION, ClockKind.SUPPLEMENT]),
            Clock.stopped_at.is_(None),
            Clock.due_at < stage.time.at,
        )
        .order_by(Ticket.id)
    ).all()
    for ticket, kind in ended:
        if kind is ClockKind.CONFIRMATION and ticket.status is Status.ANSWERED:
            stage.act(None, closing.lapse, ticket)
        elif kind is ClockKind.SUPPLEMENT and ticket.status is Status.SUPPLEMENTING:
            stage.act(None, conversing.end_supplement, ticket)
