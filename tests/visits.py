"""Visits for tests: planned and written down by the services, each committed."""

from datetime import date
from typing import Any

from assist.domain.status import Method
from assist.domain.visits import VisitKind
from assist.models import Visit
from assist.models.engine import begin_writing
from assist.services import visiting
from tests.cast import Person
from tests.make import Make

TODAY = date(2026, 11, 23)
SITUATION = "两条生产线满产，订单排到明年1月。"


def done(make: Make, by: Person, deed: Any, *words: Any, **more: Any) -> Any:
    """Any verb of a visit by somebody, committed; `make.session` is rolled back when it is refused."""
    begin_writing(make.session)
    try:
        found = deed(make.work(by), *words, **more)
    except Exception:
        make.session.rollback()
        raise
    make.session.commit()
    return found


def plan(
    make: Make, by: Person, on: date | None = TODAY, enterprise: int | None = None, **more: Any
) -> Visit:
    said = visiting.Plan(more.pop("kind", VisitKind.VISIT), more.pop("purpose", "了解生产经营情况"), on, **more)
    found: Visit = done(make, by, visiting.plan, enterprise or make.cast.jia, said)
    return found


def words(**more: Any) -> visiting.Record:
    return visiting.Record(**{"method": Method.ONSITE, "situation": SITUATION, "visit_on": TODAY, **more})


def went(make: Make, by: Person, on: date = TODAY, enterprise: int | None = None, **more: Any) -> Visit:
    """Written down without having been planned."""
    kind = more.pop("kind", VisitKind.VISIT)
    said = words(visit_on=on, **more)
    found: Visit = done(make, by, visiting.record_new, enterprise or make.cast.jia, kind, said)
    return found
