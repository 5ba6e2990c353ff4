"""The slow second path of the figures about how matters went and ended, told from the events alone.

Written apart from `in_course` and `in_words` on purpose. `recount_all` tells them with the headline figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assist.domain.rates import Rate
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.status import OPEN, ConfirmedBy, Difficulty, Outcome, Result, Status
from assist.domain.transitions import Action
from assist.services.queries.figures import recount_steps, recount_tasks
from assist.services.queries.figures.recount import Told, recount
from assist.services.queries.figures.recount_story import Month, Story, Tally, add, month_at
from assist.services.work import Work

A = Action
GRANTS = {"deferred": RequestKind.DEFERRAL, "suspended": RequestKind.SUSPENSION}
WHO = {"confirmed": ConfirmedBy.ENTERPRISE, "lapsed": ConfirmedBy.SYSTEM, "called": ConfirmedBy.CALLBACK}
WORDS = {"partly": Result.PARTLY, "acknowledged": Result.ACKNOWLEDGED}
RECOUNTED = (
    *("on_time", "original_on_time", "base_on_time", "solved", "satisfied"),
    *("deferred", "suspended", "hard", "returned", "withdrawn", "supplemented", "progress", "overdue"),
    *("rated", "self_reported", "reworked", *WHO, *WORDS),
    *(*recount_steps.STEPS, "rework_on_time", *recount_tasks.KEYS),
)


def recount_all(work: Work) -> dict[tuple[str, Month], Rate]:
    """{(figure, month): rate} of every figure in `RECOUNTED`, as of now."""
    of_tasks = recount_tasks.counter(work)

    def everything(story: Story, told: Told, tally: Tally) -> None:
        count(story, told, tally)
        recount_steps.count(story, told, tally)
        of_tasks(story, told, tally)

    return _summed("overdue", recount(work, everything))


def _summed(key: str, found: dict[tuple[str, Month], Rate]) -> dict[tuple[str, Month], Rate]:
    """What stands open at a month's end came in it or in any month before."""
    n = d = 0
    for month in sorted({month for _, month in found}):
        came = found.get((key, month), Rate(0, 0))
        n, d = n + came.n, d + came.d
        found[key, month] = Rate(n, d)
    return found


@dataclass
class Ending:
    """A round that was closed: by whom, with which word, rated or not."""

    month: Month
    round_no: int
    by: str
    result: Result
    outcome: str
    is_rated: bool


def count(story: Story, told: Told, tally: Tally) -> None:
    """What this ticket adds to the months it belongs to."""
    _count_terms(story, told, tally)
    done, at = {event.action for event in told.events}, month_at(story.submitted_at)
    status = told.events[-1].new_status
    add(tally, "withdrawn", at, status is Status.WITHDRAWN)
    add(tally, "supplemented", at, A.REQUEST_SUPPLEMENT in done)
    add(tally, "progress", at, status is Status.CLOSED)
    if status in OPEN:
        term = story.term
        is_running = not term.is_over and term.paused_at is None
        add(tally, "overdue", at, is_running and term.due_at < story.work.now)
    last = {ending.month: ending for ending in endings(told)}
    for month, ending in last.items():
        _count_ending(ending, month, tally)


def _count_terms(story: Story, told: Told, tally: Tally) -> None:
    granted = set(_granted(told))
    for term, month in story.counted("original_on_time", story.work.now):
        for key, kind in GRANTS.items():
            add(tally, key, month, kind in granted)
        add(tally, "hard", month, story.graded.get("difficulty") == Difficulty.HARD.value)
        if term.ended_at or term.void_at:
            add(tally, "returned", month, story.returned_at is not None)


def _granted(told: Told) -> Iterator[RequestKind]:
    for event in told.events:
        is_approved = event.fields.get("decision") == RequestStatus.APPROVED.value
        if event.action is A.DECIDE and is_approved and "task" not in event.fields:
            yield RequestKind.of(event.fields["kind"])


def endings(told: Told) -> list[Ending]:
    """Every round that was closed, in order, with what was said of it later."""
    found: list[Ending] = []
    outcome = ""
    for event in told.events:
        fields = event.fields
        if event.action is A.ANSWER:
            outcome = fields["outcome"]
        if "confirmed_by" in fields:
            result, by = Result.of(fields["result"]), fields["confirmed_by"]
            found.append(
                Ending(month_at(event.at), event.round_no, by, result, outcome, bool(fields.get("rating")))
            )
        elif event.action is A.RATE:
            found[-1].is_rated = True
        elif event.action is A.CALLBACK and found and found[-1].result is Result.LAPSED:
            _heard(found[-1], fields.get("heard"), event.new_status)
    return found


def _heard(ending: Ending, word: str | None, status: Status) -> None:
    """A call after the silence gives the round the enterprise's word, unless it opens the matter again."""
    if status is Status.CLOSED and word:
        ending.result = Result.of(word)


def _count_ending(ending: Ending, month: Month, tally: Tally) -> None:
    add(tally, "rated", month, ending.is_rated)
    add(tally, "self_reported", month, ending.outcome == Outcome.SOLVED.value)
    add(tally, "reworked", month, ending.round_no > 1)
    for key, by in WHO.items():
        add(tally, key, month, ending.by == by.value)
    if ending.result is not Result.LAPSED:
        for key, result in WORDS.items():
            add(tally, key, month, ending.result is result)
