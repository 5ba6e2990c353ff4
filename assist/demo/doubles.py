"""并单 in the demo world: an enterprise asks a second time about a matter, and the coordinator merges the two."""

from contextlib import suppress
from dataclasses import replace

from assist.demo.case import Case
from assist.demo.stage import Story
from assist.demo.stories import problem
from assist.domain.errors import Refused
from assist.models import Ticket
from assist.services import intake, merging

# (place of the enterprise, working days ago, hour, minute, category); the second comes a working day later.
DOUBLES = (
    (0, 3, 9, 25, "0105"),
    (3, 6, 10, 50, "0503"),
    (24, 12, 14, 35, "0401"),
    (61, 43, 9, 15, "0602"),
    (98, 118, 15, 5, "0102"),
)
AGAIN = "前一天已经提交过，想起来还有一点没有说清楚，再报一次：{}"


def first(case: Case) -> Story:
    """The one that is kept; it lasts long enough for the second to come."""
    case.fate = replace(case.fate, answer_share=max(0.6, case.fate.answer_share), returns=0)
    case.stage.plan(case.office(430), second(case))
    yield from problem(case)


def second(case: Case) -> Story:
    """The same matter once more; merged within two hours."""
    stage, matter = case.stage, case.matter
    words = intake.Submission(
        description=AGAIN.format(matter.template.description),
        title=matter.template.title,
        category=matter.category,
    )
    child: Ticket = stage.act(case.firm.contacts[0], intake.submit, case.firm.id, words)
    yield stage.office(stage.time.at, case.rng.uniform(25, 110))
    with suppress(Refused):
        stage.act(case.firm.coordinator_id, merging.merge, child, case.ticket.number)
