"""What a unit asks about its task, by hand: more time of the owner, to be rid of it, and an objection."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.requests import RequestKind, RequestStatus
from assist.domain.tasks import TaskStatus
from assist.models import Clock, Request, Task, Unit
from assist.models.engine import begin_writing
from assist.services import deciding
from tests.cast import Cast, Person
from tests.make import Make


def only(session: Session) -> Request:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Request)).one()


def decide(make: Make, who: Person, request: Request, *, is_approved: bool, note: str = "同意") -> None:
    request_id = request.id
    begin_writing(make.session)
    deciding.decide(make.work(who), request_id, is_approved, note)
    make.session.commit()


def test_more_time_is_asked_of_the_owner_who_grants_it(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    task = make.signed()
    unit = browse(cast.zhou)
    page = unit.get(f"/tasks/{task.number}")
    assert f"/tasks/{task.number}/request?kind=deferral" in page.links.values()
    page = unit.submit(
        f"/tasks/{task.number}/request?kind=deferral",
        new_due_on="2026-12-02",
        work_done="已现场核查两次。",
        reason="检测报告尚未出具。",
    )
    assert "延期（待审批）" in page.text
    asked = only(session)
    assert (asked.kind, asked.unit_id) == (RequestKind.DEFERRAL, cast.zhou.actor.unit_id)
    assert "延期（待审批）" in browse(cast.zhang).get(f"/tasks/{task.number}").text
    decide(make, cast.zhang, asked, is_approved=True)
    due_at = session.scalars(select(Clock.due_at).where(Clock.task_id == task.id, Clock.kind == "task_reply")).one()
    assert due_at == shanghai(2026, 12, 2, 17, 30)
    assert "延期（已同意）" in unit.get(f"/tasks/{task.number}").text


def test_what_is_missing_is_told_and_nothing_typed_is_lost(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    task = make.signed()
    unit = browse(cast.zhou)
    page = unit.submit(
        f"/tasks/{task.number}/request?kind=deferral", 400, new_due_on="2027-01-29", work_done="在办", reason="来不及"
    )
    assert "每次最多延期7个工作日" in page.text
    assert page.form().values["reason"] == ["来不及"]
    page = unit.submit(f"/tasks/{task.number}/request?kind=task_return", 400, reason="非我职责")
    assert "请填写不属于本单位职责的依据" in page.text
    assert session.scalars(select(Request)).first() is None


def test_a_return_is_asked_once_and_early_and_ends_the_task(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    task = make.signed()
    unit, other = browse(cast.zhou), session.get_one(Unit, cast.zhang.actor.unit_id)
    unit.submit(
        f"/tasks/{task.number}/request?kind=task_return",
        reason="属工信部门职责",
        basis="三定方案第四条",
        unit=str(other.id),
    )
    page = unit.get(f"/tasks/{task.number}/request?kind=task_return")
    assert "等待审批" in page.text
    decide(make, cast.qian, only(session), is_approved=True)
    assert session.get_one(Task, task.id).status is TaskStatus.RETURNED
    assert only(session).status is RequestStatus.APPROVED
    late = make.signed(make.task(make.handled(make.ticket())))
    make.at(shanghai(2026, 11, 25, 9))
    page = unit.get(f"/tasks/{late.number}")
    assert not any("kind=task_return" in link for link in page.links.values())


def test_a_red_card_may_be_objected_to(cast: Cast, make: Make, session: Session, browse: Any) -> None:
    task = make.signed()
    make.at(shanghai(2026, 11, 27, 9))
    unit = browse(cast.zhou)
    number, clock_id = task.number, session.scalars(select(Clock.id).where(Clock.kind == "task_reply")).one()
    session.rollback()
    unit.submit(
        f"/tasks/{number}/request?kind=objection",
        subject="card",
        about=f"clock:{clock_id}",
        reason="系统故障，无法登录。",
    )
    assert only(session).kind is RequestKind.OBJECTION


@pytest.mark.parametrize("kind", ["deferral", "task_return", "objection"])
def test_only_the_units_own_people_ask(kind: str, cast: Cast, make: Make, browse: Any) -> None:
    number = make.signed().number
    make.session.close()
    for person, status in ((cast.zhang, 403), (cast.wang, 403), (cast.chen, 404), (cast.li, 404)):
        browser = browse(person)
        browser.get(f"/tasks/{number}/request?kind={kind}", status)
        token = browser.get("/me").form("/logout").values["csrf_token"]
        browser.post(f"/tasks/{number}/request", status, csrf_token=token, kind=kind)
    browse(cast.zhou).get(f"/tasks/{number}/request?kind=nonsense", 404)
    browse(cast.zhou).get(f"/tasks/{number}/request", 404)
