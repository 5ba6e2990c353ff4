"""承办人员 on the roster: the coordinator who keeps a unit makes its people's accounts; they sign in and work."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.models import Account, Task, Unit
from tests.cast import Cast
from tests.make import Make
from tests.tasks import county_unit


def test_a_coordinator_takes_somebody_on_who_then_signs_in(
    cast: Cast, session: Session, browse: Any, app: Any
) -> None:
    city = browse(cast.zhao)
    unit_id = cast.zhou.actor.unit_id
    page = city.submit(
        f"/roster/units/{unit_id}/staff/new", name="新来的", phone="13806351234", position="科员", signs="1", heads="1"
    )
    assert "已建立账号" in page.text
    made = session.scalars(select(Account).where(Account.username == "13806351234")).one()
    assert (made.unit_id, made.is_approver, made.is_head, made.must_change) == (unit_id, True, True, True)
    assert "新来的" in city.get(f"/roster/units/{unit_id}/staff").text
    page = city.submit(f"/roster/units/{unit_id}/staff/new", 400, name="重号", phone="13806351234")
    assert "这个电话已是“新来的”的" in page.text


def test_an_areas_coordinator_keeps_the_units_of_his_area_only(
    cast: Cast, session: Session, browse: Any
) -> None:
    own = county_unit(session, cast)
    area = browse(cast.qian)
    area.submit(f"/roster/units/{own}/staff/new", name="区里的", phone="13806351235")
    area.get(f"/roster/units/{cast.zhou.actor.unit_id}/staff", 404)
    area.get(f"/roster/units/{cast.zhou.actor.unit_id}/staff/{cast.zhou.id}", 404)
    area.get(f"/roster/units/{own}/staff/{cast.zhou.id}", 404)


def test_the_last_who_signs_cannot_be_taken_away_and_who_leaves_leaves_his_tasks_behind(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    unit_id = cast.zhou.actor.unit_id
    task = make.signed()
    session.get_one(Unit, unit_id).needs_signature = True
    session.commit()
    city = browse(cast.zhao)
    page = city.submit(f"/roster/units/{unit_id}/staff/{cast.zheng.id}", 409, signs="0", heads="0", active="1")
    assert "至少要有一名在用的签发人" in page.text
    city.submit(f"/roster/units/{unit_id}/staff/{cast.zhou.id}", signs="0", heads="0", active="0")
    session.rollback()
    assert not session.get_one(Account, cast.zhou.id).is_active
    assert session.get_one(Task, task.id).handler_id is None


def test_a_coordinator_helps_a_units_person_with_a_new_password(cast: Cast, browse: Any) -> None:
    city = browse(cast.zhao)
    token = city.get("/me").form("/logout").values["csrf_token"]
    page = city.post(f"/roster/people/{cast.zhou.id}/password", csrf_token=token)
    assert "密码已重置" in page.text
