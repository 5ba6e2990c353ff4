"""Tasks by hand: asked from the ticket, done by the unit at its place, accepted by the officer; how it breaks."""

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.tasks import TaskStatus
from assist.models import Attachment, Task, TaskReply, Unit
from assist.services import tasking
from tests.cast import Cast
from tests.files import PDF
from tests.make import Make

WORDS = {"kind": "lead", "text": "请核实排污情况。"}


def fresh(session: Session, task: Task) -> Task:
    session.rollback()
    session.refresh(task)
    return task


def one(session: Session) -> Task:
    session.rollback()
    return session.scalars(select(Task).order_by(Task.id.desc())).first() or pytest.fail("no task")


def test_the_whole_way_by_hand(cast: Cast, make: Make, session: Session, browse: Any) -> None:
    officer, city, unit = browse(cast.zhang), browse(cast.zhao), browse(cast.zhou)
    ticket = make.handled()
    page = officer.submit(
        f"/tickets/{ticket.number}/assign-task", unit=str(cast.zhou.actor.unit_id), due_on="2026-11-30", **WORDS
    )
    assert "市生态环境局" in page.text
    assert "待核发" in page.text
    task = one(session)
    city.submit(f"/tasks/{task.number}/dispatch", note="请抓紧")
    assert unit.get("/unit/").text.count(task.number) == 1
    unit.send(unit.get(f"/tasks/{task.number}"), action=f"/tasks/{task.number}/sign")
    unit.submit(f"/tasks/{task.number}/progress", text="正在现场核查。")
    unit.submit(f"/tasks/{task.number}/reply", result="partly", reply="已整改两处，余一处需厂家到场。")
    page = officer.get(f"/tickets/{ticket.number}")
    assert "反馈部分办理" in page.text
    assert "承办任务还没有办结：市生态环境局" in page.text
    page = officer.submit(f"/tasks/{task.number}/send-back", reason="请写明时间")
    assert "已退回重报" in page.text
    unit.submit(f"/tasks/{task.number}/reply", result="done", reply="三处均已整改。")
    page = officer.get(f"/tickets/{ticket.number}")
    page = officer.send(page, action=f"/tasks/{task.number}/accept-reply")
    assert fresh(session, task).status is TaskStatus.ACCEPTED
    assert "已认可" in page.text
    officer.submit(f"/tickets/{ticket.number}/answer", outcome="solved", answer="已整改。", account="内部")


def test_the_categorys_usual_unit_is_proposed_and_nothing_is_chosen_by_it(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    unit = Unit(name="聊城市住房和城乡建设局", short_name="市住建局")
    session.add(unit)
    session.commit()
    ticket = make.handled(category="0502")
    officer = browse(cast.zhang)
    page = officer.get(f"/tickets/{ticket.number}/assign-task")
    assert page.form().values["unit"] == [str(unit.id)]
    assert "按诉求类别建议：聊城市住房和城乡建设局" in page.text
    page = officer.post(page.url, 400, **{**page.form().values, "unit": "", "kind": "lead", "text": "请核实"})
    assert "请选择承办单位" in page.text


def test_the_local_government_is_that_of_the_enterprises_area(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    units = [
        Unit(name=f"{name}人民政府", level="county", area_id=area)
        for name, area in (("甲区", cast.qian.actor.area_id), ("乙县", (cast.qian.actor.area_id or 0) + 1))
    ]
    session.add_all(units)
    session.commit()
    ticket = make.handled(category="0601")
    page = browse(cast.zhang).get(f"/tickets/{ticket.number}/assign-task")
    assert page.form().values["unit"] == [str(units[0].id)]


def test_bad_input_is_told_at_its_field_and_nothing_typed_is_lost(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    task = make.signed()
    unit = browse(cast.zhou)
    page = unit.submit(f"/tasks/{task.number}/reply", 400, result="continuing", reply="还在等设备😀")
    assert "请填写承诺办结日期" in page.text
    assert page.form().values["reply"] == ["还在等设备😀"]
    page = unit.submit(
        f"/tasks/{task.number}/reply", 400, result="continuing", reply="还在等", promised_on="2026-11-20"
    )
    assert "日期不能早于今天" in page.text
    page = unit.submit(f"/tasks/{task.number}/reply", 400, result="beyond_powers", reply="不归我局管")
    assert "请填写职权所限的依据" in page.text
    page = unit.submit(f"/tasks/{task.number}/reply", 400, result="done", reply="很" * 10_000)
    assert "2000字以内" in page.text
    page = unit.submit(f"/tasks/{task.number}/pass", 400, handler=str(cast.zhang.id))
    assert "请从列出的选项中选择" in page.text
    assert session.scalars(select(TaskReply)).first() is None


def test_a_stale_page_changes_nothing_says_who_and_keeps_the_words(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    task = make.signed()
    officer = browse(cast.zhang)
    page = officer.get(f"/tasks/{task.number}/cancel")
    make.replied(task)
    page = officer.send(page, 409, reason="改由区里办理")
    assert "周承办 已于11月23日09:30办理了“承办反馈”" in page.text
    assert page.form().values["reason"] == ["改由区里办理"]
    assert fresh(session, task).status is TaskStatus.REPLIED
    back = officer.get(f"/tasks/{task.number}/send-back")
    make.task_act(cast.zhang, task, tasking.accept_reply)
    page = officer.send(back, 409, reason="没有附图纸")
    assert "情况已有变化" in page.text
    assert "没有附图纸" in page.text


def test_an_act_of_the_owner_without_a_version_changes_nothing(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    task = make.replied()
    officer = browse(cast.zhang)
    token = officer.get("/me").form("/logout").values["csrf_token"][0]
    officer.post(f"/tasks/{task.number}/accept-reply", 400, csrf_token=token)
    assert fresh(session, task).status is TaskStatus.REPLIED


def test_the_same_form_sent_twice_is_one_reply(cast: Cast, make: Make, session: Session, browse: Any) -> None:
    task = make.signed()
    unit = browse(cast.zhou)
    page = unit.get(f"/tasks/{task.number}/reply")
    for _ in range(2):
        sent = unit.send(page, result="done", reply="已办理。")
        assert sent.url == f"/tasks/{task.number}"
    session.rollback()
    assert len(session.scalars(select(TaskReply)).all()) == 1


def test_an_act_that_is_not_open_leads_back_with_the_reason(cast: Cast, make: Make, browse: Any) -> None:
    task = make.signed()
    assert "现在是“已签收”，不能“签收”" in browse(cast.zhou).get(f"/tasks/{task.number}/sign").text
    browse(cast.zhou).get(f"/tasks/{task.number}/delete", 404)


def test_the_draft_of_a_reply_is_the_units_own_until_it_is_signed(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    session.get_one(Unit, cast.zhou.actor.unit_id).needs_signature = True
    session.commit()
    task = make.signed()
    unit, approver, officer = browse(cast.zhou), browse(cast.zheng), browse(cast.zhang)
    page = unit.get(f"/tasks/{task.number}/reply")
    page = unit.send(page, result="done", reply="初稿：已办妥。", files=(BytesIO(PDF), "初稿.pdf"))
    assert "初稿.pdf" in page.text
    assert "待签发" in page.text
    assert "初稿" not in officer.get(f"/tasks/{task.number}").text
    assert "初稿" not in officer.get(f"/tickets/{task.ticket.number}").text
    assert "待我签发" in approver.get("/unit/").text
    approver.submit(f"/tasks/{task.number}/hand-back", reason="补充数据")
    assert "补充数据" in unit.get(f"/tasks/{task.number}").text
    page = unit.get(f"/tasks/{task.number}/reply")
    unit.send(page, result="done", reply="二稿：已办妥。", files=(BytesIO(PDF), "二稿.pdf"))
    session.rollback()
    second = session.scalars(select(Attachment).order_by(Attachment.id.desc())).first()
    assert second is not None
    address = f"/files/{second.id}"
    assert officer.client.get(address).status_code == 404
    session.rollback()
    approver.send(approver.get(f"/tasks/{task.number}"), action=f"/tasks/{task.number}/sign-reply")
    text = officer.get(f"/tickets/{task.ticket.number}").text
    assert "二稿：已办妥。" in text
    assert "二稿.pdf" in text
    assert "初稿" not in text
    with officer.client.get(address) as answer:
        assert answer.status_code == 200


def test_the_enterprise_sees_nothing_of_its_tickets_tasks(cast: Cast, make: Make, browse: Any) -> None:
    task = make.replied()
    enterprise = browse(cast.chen)
    for place in ("/tickets/", "/documents/ticket/"):
        text = enterprise.get(f"{place}{task.ticket.number}").text
        assert "生态环境局" not in text
        assert "承办" not in text


def test_the_desk_says_who_has_what_and_since_when(cast: Cast, make: Make, browse: Any) -> None:
    officer = browse(cast.zhang)
    task = make.task()
    assert "市助企办" in officer.get("/desk/").text
    make.signed(task)
    text = officer.get("/desk/").text
    assert "待单位反馈" in text
    assert "11月23日 09:30送达" in text
    make.replied(task)
    assert "单位已反馈，待我认可" in officer.get("/desk/").text
