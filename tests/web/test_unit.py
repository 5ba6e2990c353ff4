"""承办: what a unit sees of its tasks, in its list, on paper and on the page of one; and what it never sees."""

from io import BytesIO
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.tasks import TaskResult
from assist.models import Attachment, Task, Ticket, Unit
from assist.services import tasking
from tests.cast import Cast
from tests.files import PDF
from tests.make import Make
from tests.statements import counted
from tests.tasks import SHIELDED


def test_a_shielded_task_shows_the_problem_and_not_whose_it_is(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    words = "甲企业（聊城甲制造有限公司）被要求整改，联系陈桂芳19906350001。"
    ticket = make.handled(make.ticket(words), category=SHIELDED)
    task = make.replied(make.signed(make.task(ticket, text="请核实甲制造的整改要求")))
    unit = browse(cast.zhou)
    for place in ("/unit/", "/unit/print", f"/tasks/{task.number}", f"/tasks/{task.number}/nudge"):
        status = 403 if place.endswith("nudge") else 200
        text = unit.get(place, status).text
        assert not any(word in text for word in ("甲", "陈桂芳", "19906350001")), place
    text = unit.get(f"/tasks/{task.number}").text
    assert "该企业（该企业）被要求整改" in text
    assert "企业名称不公开" in text
    assert "聊城甲制造有限公司" in browse(cast.zhang).get(f"/tasks/{task.number}").text
    assert unit.get("/unit/?q=甲企业").text.count(task.number) == 0


def test_a_unit_reads_its_task_and_nothing_else_that_was_said(cast: Cast, make: Make, browse: Any) -> None:
    from assist.services import conversing, handling

    ticket = make.handled()
    make.act(cast.zhang, ticket, handling.progress, "内部：该单位一向拖拉", is_visible=False)
    make.act(cast.chen, ticket, conversing.comment, "我只和专员说")
    task = make.signed(make.task(ticket))
    text = browse(cast.zhou).get(f"/tasks/{task.number}").text
    assert "一向拖拉" not in text
    assert "我只和专员说" not in text
    assert "消防验收排队" in text
    assert "为什么任务反馈时限是11月26日 17:30" in text


def test_files_of_the_submission_and_of_its_own_task_are_the_units_and_no_others(
    cast: Cast, make: Make, session: Session, browse: Any, app: Any
) -> None:
    ticket = make.handled()
    task = make.signed(make.task(ticket))
    unit, officer = browse(cast.zhou), browse(cast.zhang)
    page = unit.get(f"/tasks/{task.number}/reply")
    unit.send(page, result="done", reply="见附件。", files=(BytesIO(PDF), "核查报告.pdf"))
    officer.submit(f"/tickets/{ticket.number}/comment", text="只给企业", files=(BytesIO(PDF), "留言.pdf"))
    session.rollback()
    report, other = session.scalars(select(Attachment).order_by(Attachment.id)).all()
    assert not report.is_visible
    first = Attachment(
        **{
            name: getattr(other, name)
            for name in ("ticket_id", "extension", "mime", "size", "digest", "uploaded_by_id", "at")
        },
        event_seq=1,
        name="诉求材料.pdf",
    )
    session.add(first)
    session.commit()

    def fetched(browser: Any, file: Attachment) -> int:
        with browser.client.get(f"/files/{file.id}") as answer:
            code: int = answer.status_code
        return code

    assert [fetched(unit, one) for one in (report, other, first)] == [200, 404, 200]
    assert fetched(officer, report) == 200
    assert fetched(browse(cast.chen), report) == 404
    session.rollback()
    session.get_one(Task, task.id).is_shielded = True
    session.commit()
    assert [fetched(unit, one) for one in (report, first)] == [200, 404]


def test_places_of_tasks_cost_few_statements_however_many_there_are(
    cast: Cast, make: Make, database: Any, browse: Any
) -> None:
    tasks = [make.replied(make.signed(make.task(make.handled(make.ticket())))) for _ in range(4)]
    in_hand = make.signed(make.task(make.handled(make.ticket()))).number
    number, ticket = tasks[0].number, tasks[0].ticket.number
    for person, places in (
        (cast.zhou, ("/unit/", "/unit/print", "/unit/?state=ended", f"/tasks/{number}", f"/tasks/{in_hand}/reply")),
        (cast.zhang, ("/desk/", f"/tasks/{number}", f"/tickets/{ticket}", f"/tickets/{ticket}/assign-task")),
        (cast.wang, (f"/tasks/{number}", f"/tickets/{ticket}")),
    ):
        browser = browse(person)
        for place in places:
            browser.get(place)
            with counted(database.others[0]) as sent:
                browser.get(place)
            assert len(sent) <= 8, (place, sent)


def test_the_units_list_is_late_first_filtered_and_exported(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    late = make.signed()
    make.at(shanghai(2026, 11, 27, 9))
    late_number = late.number
    new = make.dispatched(make.task(make.handled(make.ticket("另一件事"))))
    done = make.replied(make.signed(make.task(make.handled(make.ticket("第三件")))), TaskResult.DONE)
    make.task_act(cast.zhang, done, tasking.accept_reply)
    unit = browse(cast.zhou)
    page = unit.get("/unit/")
    assert page.text.index(late_number) < page.text.index(new.number)
    assert done.number not in page.text
    assert done.number in unit.get("/unit/?state=ended").text
    mine = unit.get("/unit/?mine=1").text
    assert late_number in mine
    assert new.number not in mine
    assert new.number in unit.get("/unit/?q=另一件").text
    assert late_number not in unit.get("/unit/?q=另一件").text
    form = page.form("/unit/export.xlsx")
    answer = unit.client.post("/unit/export.xlsx", data={"csrf_token": form.values["csrf_token"][0]})
    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"


def test_a_ticket_of_somebody_elses_unit_is_not_in_the_list(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    county = Unit(name="东昌府区住建局", level="county", area_id=cast.qian.actor.area_id)
    session.add(county)
    session.commit()
    task = make.task(unit=county.id)
    assert task.number not in browse(cast.zhou).get("/unit/").text
    browse(cast.zhou).get(f"/tasks/{task.number}", 404)
    assert session.get_one(Ticket, task.ticket_id).number in task.number
