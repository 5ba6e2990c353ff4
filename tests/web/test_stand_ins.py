"""代办 on the roster's pages: appointed by a coordinator, seen by everybody it concerns."""

from typing import Any

from sqlalchemy import select

from assist.domain.clock import FixedTime, shanghai
from assist.models import StandIn
from tests.cast import Cast
from tests.make import Make


def test_a_coordinator_appoints_and_ends_and_everybody_sees_who_acts(
    cast: Cast, make: Make, time: FixedTime, browse: Any
) -> None:
    number = make.ticket().number
    make.session.close()
    zhao = browse(cast.zhao)
    assert f"/roster/officers/{cast.zhang.id}/stand-ins" in zhao.get("/roster/officers").html
    url = f"/roster/officers/{cast.zhang.id}/stand-ins"
    page = zhao.submit(
        url, stand_in=str(cast.wu.id), from_on="2026-11-23", until_on="2026-11-25", reason="参加培训"
    )
    assert "11月23日至11月25日由吴外人代办，各方都已收到消息。" in page.text
    assert "代办中" in page.text
    assert "目前由吴外人代办" in zhao.get(f"/roster/enterprises/{cast.jia}").text
    wu = browse(cast.wu)
    desk = wu.get("/desk/")
    assert "代张建华" in desk.text
    assert "代张建华服务的企业" in desk.text
    assert number in wu.get("/tickets/").text
    wu.submit(f"/tickets/{number}/contact", method="phone", person="陈桂芳", summary="已了解情况。")
    assert "吴外人（代张建华） 记录联系" in browse(cast.chen).get(f"/tickets/{number}").text
    assert "目前由他代办" in browse(cast.chen).get("/portal/").text
    assert "目前代办" in browse(cast.zhang).get(f"/tickets/{number}").text
    # Midnight after the last day: a second earlier he may still act, then there is nothing left to see.
    time.at = shanghai(2026, 11, 25, 23, 59).replace(second=59)
    browse(cast.wu).get(f"/tickets/{number}")
    time.at = shanghai(2026, 11, 26)
    wu = browse(cast.wu)
    wu.get(f"/tickets/{number}", 404)
    assert "代张建华" not in wu.get("/desk/").text
    assert "目前由他代办" not in browse(cast.chen).get("/portal/").text


def test_what_was_typed_is_kept_and_each_mistake_named(cast: Cast, make: Make, browse: Any) -> None:
    zhao = browse(cast.zhao)
    url = f"/roster/officers/{cast.zhang.id}/stand-ins"
    page = zhao.submit(url, 400, reason="培训😀", from_on="", until_on="", stand_in="")
    for sentence in ("请选择代办的专员。", "请填写开始日期。", "请填写结束日期。"):
        assert sentence in page.text
    assert page.title.startswith("错误")
    assert page.form().values["reason"] == ["培训😀"]
    wrong = zhao.submit(
        url, 400, stand_in=str(cast.wu.id), from_on="2026-12-05", until_on="2026-12-01", reason="培训"
    )
    assert "结束日期不能早于开始日期" in wrong.text
    far = zhao.submit(
        url, 400, stand_in=str(cast.wu.id), from_on="2026-12-05", until_on="9999-12-31", reason="培训"
    )
    assert "请填写正确的日期" in far.text


def test_the_same_form_sent_twice_appoints_once_and_ending_is_one_button(
    cast: Cast, make: Make, browse: Any
) -> None:
    zhao = browse(cast.zhao)
    url = f"/roster/officers/{cast.zhang.id}/stand-ins"
    page = zhao.get(url)
    words = {"stand_in": str(cast.wu.id), "from_on": "2026-11-23", "until_on": "2026-11-25", "reason": "培训"}
    zhao.send(page, **words)
    zhao.send(page, **words)
    made = make.session.scalars(select(StandIn)).one()
    make.session.rollback()
    action = f"{url}/{made.id}/end"
    token = zhao.get(url).form(action).values
    assert "代办已结束" in zhao.post(action, **token).text
    zhao.post(action, **token)
    make.session.rollback()
    assert make.session.scalars(select(StandIn)).all() == []  # it had not lasted a moment


def test_a_supervisor_reads_and_others_do_not_find_it(cast: Cast, make: Make, browse: Any) -> None:
    url = f"/roster/officers/{cast.zhang.id}/stand-ins"
    wang = browse(cast.wang)
    assert "指定代办" not in wang.get(url).text
    token = wang.get("/me").form("/logout").values["csrf_token"][0]
    wang.post(url, 404, csrf_token=token)
    wang.post(f"{url}/1/end", 404, csrf_token=token)
    browse(cast.qian).get(f"/roster/officers/{cast.li.id}/stand-ins", 404)
    browse(cast.zhang).get(url, 404)
