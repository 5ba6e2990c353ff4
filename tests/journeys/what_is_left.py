"""What one long story leaves behind: every clock's verdict, whose lateness it was, and the rates."""

from assist.domain.rates import Rate, month
from assist.domain.status import ClockKind, ConfirmedBy, Result, RoundStart, Verdict
from assist.models import TicketRound
from assist.services.queries import invariants
from assist.services.queries.figures import counting
from assist.services.queries.figures.own_lateness import own_late
from assist.services.queries.figures.recount import recount
from assist.services.work import Work
from tests.journeys.telling import PROBLEM, Telling

K, V = ClockKind, Verdict
MET, MISSED = V.MET, V.MISSED


def what_is_left_is_true(story: Telling) -> None:
    rounds = {one.no: one for one in story.session.query(TicketRound).filter_by(ticket_id=story.ticket.id)}
    assert rounds[1].returned_at is not None
    assert (rounds[2].started_by, rounds[2].result) == (RoundStart.RETURN, Result.LAPSED)
    assert rounds[2].confirmed_by is ConfirmedBy.SYSTEM
    assert rounds[2].rating is None, "silence is never satisfaction"
    assert [one for one in story.verdicts() if one[0] is not K.PROGRESS] == [
        (K.ACCEPTANCE, 1, MET),
        (K.CONTACT, 1, MET),
        (K.OPINION, 1, MET),
        (K.RESOLUTION, 1, MISSED),
        (K.DECISION, 1, MET),  # the county unit's wish to be rid of its task
        (K.DECISION, 1, MET),  # the deferral: decided in time, though after the due time
        (K.SUPERVISION_REPLY, 1, MET),
        (K.CONFIRMATION, 1, MET),
        (K.RESOLUTION, 2, MET),
        (K.CONFIRMATION, 2, MISSED),  # the enterprise's own; nobody's card
    ]
    assert story.verdicts(of_tasks=True) == [
        (K.DECISION, 1, MET),  # the dispatch
        (K.TASK_SIGN, 1, V.VOID),
        (K.TASK_REPLY, 1, V.VOID),  # what was given back in time is nobody's miss
        (K.TASK_SIGN, 1, MET),
        (K.TASK_REPLY, 1, MET),
        (K.TASK_REPLY, 1, MET),
        (K.TASK_PROMISE, 1, MET),
    ]
    # The unit kept all its times and the decision was in time: it is his who was the owner when it fell due.
    story.sees("wang", "/tickets/{no}", "超期责任方", "张建华", "市生态环境局", "李明")
    the_rates_say_the_same(story)


def the_rates_say_the_same(story: Telling) -> None:
    work = Work(story.session, story.time, story.cast.wang.actor)
    keys = ["on_time", "original_on_time", "solved", "satisfied"]
    december = counting.rates(work, keys, [month(2026, 12)], counting.as_of(work))[0]
    assert december["on_time"] == Rate(0, 1), "due on the 2nd, answered on the 8th and sent back"
    assert december["original_on_time"] == Rate(0, 1)
    assert december["solved"] == Rate(1, 1), "by the word in the callback"
    assert december["satisfied"] == Rate(0, 0), "a callback's grade is no rating of the enterprise's own"
    slow = recount(work)
    for key in keys:
        assert slow.get((key, (2026, 12)), Rate(0, 0)) == december[key]
    late = own_late(work, "on_time", month(2026, 12), counting.as_of(work))
    assert [one.party.word for one in late.lates] == [f"officer:{story.cast.zhang.id}"]
    story.session.rollback()
    story.sees("wang", "/oversight/", "0 / 1")
    story.sees("liu", "/leader/", "按期办结率")
    story.sees("liu", "/tickets/{no}", PROBLEM)
    assert list(invariants.broken(story.session)) == []
