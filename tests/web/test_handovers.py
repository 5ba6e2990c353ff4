"""交接 on its pages: prepared on the roster, acknowledged with one click from the desk, printed, nobody else's."""

from typing import Any

from sqlalchemy import select

from assist.extensions import db
from assist.models import Handover, Pairing
from tests.cast import Cast
from tests.make import Make
from tests.statements import counted


def prepared(browse: Any, cast: Cast) -> str:
    """Where it is, prepared by the city's coordinator for 甲 from 张 to 吴."""
    zhao = browse(cast.zhao)
    page = zhao.submit(
        f"/roster/enterprises/{cast.jia}/hand-over/{cast.wu.id}",
        reason="岗位调整",
        notes="企业在扩建二期厂房。",
    )
    assert "交接清单已生成" in page.text
    return str(page.url)


def test_prepared_acknowledged_by_both_and_everybody_sees_it(cast: Cast, make: Make, browse: Any) -> None:
    task = make.dispatched()
    number, task_number = task.ticket.number, task.number
    make.session.close()
    here = prepared(browse, cast)
    page = browse(cast.zhao).get(here)
    for words in (number, task_number, "市生态环境局 已核发", "企业在扩建二期厂房", "待双方确认"):
        assert words in page.text
    roster = browse(cast.qian).get(f"/roster/enterprises/{cast.jia}")
    assert "正在由张建华交接给吴外人" in roster.text
    zhang = browse(cast.zhang)
    desk = zhang.get("/desk/")
    assert "将由您交接给吴外人" in desk.text
    done = zhang.send(desk, action=f"{here}/acknowledge")
    assert "已确认，等待另一方确认后生效" in done.text
    assert "将由您交接给" not in done.text
    wu = browse(cast.wu)
    assert "交接给您" in wu.get("/desk/").text
    page = wu.send(wu.get(here), action=f"{here}/acknowledge", notes="已与企业通电话。")
    assert "交接已生效，甲企业 现由吴外人负责" in page.text
    assert "吴外人：已与企业通电话。" in page.text
    assert number in wu.get("/desk/").text
    assert "由张建华变更为吴外人" in wu.get(f"/tickets/{number}").text
    assert "答复" not in zhang.get(f"/tickets/{number}").links
    assert "由张建华变更为吴外人" in browse(cast.chen).get("/inbox/").text
    assert "服务专员工作交接单" in zhang.get(here.replace("/handovers/", "/documents/handover/")).text
    make.session.rollback()
    active = make.session.scalars(select(Pairing.officer_id).where(Pairing.ended_at.is_(None)))
    assert set(active) == {cast.wu.id, cast.li.id}


def test_a_coordinator_speaks_for_the_absent_with_a_reason_at_its_field(
    cast: Cast, make: Make, browse: Any
) -> None:
    here = prepared(browse, cast)
    qian = browse(cast.qian)
    page = qian.get(here)
    wrong = qian.send(page, 400, action=f"{here}/acknowledge", side="former", reason="")
    assert "请填写代为确认的原因" in wrong.text
    assert wrong.title.startswith("错误")
    qian.send(page, action=f"{here}/acknowledge", side="former", reason="本人已离岗")
    page = qian.send(page, action=f"{here}/acknowledge", side="successor", reason="在外学习")
    assert "由钱调度代为确认：本人已离岗" in page.text
    assert "交接已生效" in page.text
    stale = qian.post(f"{here}/cancel", 409, **page.form("/logout").values)
    assert "交接已经生效，不能取消" in stale.text


def test_cancelled_by_a_coordinator_alone(cast: Cast, make: Make, browse: Any) -> None:
    here = prepared(browse, cast)
    zhang = browse(cast.zhang)
    assert "取消这次交接" not in zhang.get(here).text
    zhang.post(f"{here}/cancel", 403, **zhang.get("/me").form("/logout").values)
    zhao = browse(cast.zhao)
    assert "交接已取消" in zhao.send(zhao.get(here), action=f"{here}/cancel").text
    page = zhang.post(f"{here}/acknowledge", 409, **zhang.get("/me").form("/logout").values)
    assert "已经取消" in page.text


def test_who_takes_part_and_who_keeps_the_roster_finds_it_and_nobody_else(
    cast: Cast, make: Make, browse: Any
) -> None:
    here = prepared(browse, cast)
    for name in ("zhang", "wu", "wang", "zhao", "qian"):
        seen = browse(getattr(cast, name))
        seen.get(here)
        seen.get(here.replace("/handovers/", "/documents/handover/"))
        assert "聊城甲制造有限公司" in seen.get("/handovers/").text
    li = browse(cast.li)
    assert "没有这样的交接" in li.get("/handovers/").text
    for name in ("li", "chen", "liu", "zhou", "xi"):
        seen = browse(getattr(cast, name))
        seen.get(here, 404)
        seen.post(f"{here}/acknowledge", 404, **seen.get("/me").form("/logout").values)
    wang = browse(cast.wang)
    token = wang.get("/me").form("/logout").values
    wang.post(f"{here}/acknowledge", 403, **token)
    wang.post(f"{here}/delete", 404, **token)


def test_the_same_form_sent_twice_prepares_one(cast: Cast, make: Make, browse: Any) -> None:
    zhao = browse(cast.zhao)
    page = zhao.get(f"/roster/enterprises/{cast.jia}/hand-over/{cast.wu.id}")
    first = zhao.send(page, reason="岗位调整")
    again = zhao.send(page, reason="岗位调整")
    assert first.url == again.url
    assert len(make.session.scalars(select(Handover)).all()) == 1
    wrong = zhao.submit(f"/roster/enterprises/{cast.jia}/hand-over/{cast.wu.id}", 400, reason="再来一次")
    assert "正在确认" in wrong.text
    assert wrong.form().values["reason"] == ["再来一次"]


def test_the_pages_cost_the_same_whatever_the_inventory(cast: Cast, make: Make, browse: Any, app: Any) -> None:
    for _ in range(5):
        make.dispatched()
    make.session.close()
    here = prepared(browse, cast)
    zhang = browse(cast.zhang)
    with app.app_context():
        engine = db.engine
    for place in (here, here.replace("/handovers/", "/documents/handover/"), "/handovers/", "/desk/"):
        with counted(engine) as sent:
            zhang.get(place)
        assert len(sent) <= 8, (place, len(sent))
