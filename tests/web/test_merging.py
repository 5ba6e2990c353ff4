"""并单 on its page: the earlier tickets to choose from, what both tickets show afterwards."""

from typing import Any

from assist.domain.clock import FixedTime, shanghai
from assist.extensions import db
from tests.cast import Cast
from tests.make import Make
from tests.statements import counted


def test_a_coordinator_merges_and_the_enterprise_finds_the_answer_on_both(
    cast: Cast, make: Make, time: FixedTime, browse: Any, app: Any
) -> None:
    first = make.handled()
    time.at = shanghai(2026, 11, 24, 10)
    second = make.ticket("消防验收还在排队，二期车间不能投产。")
    one, two = first.number, second.number
    make.session.rollback()
    qian = browse(cast.qian)
    page = qian.get(f"/tickets/{two}/merge")
    assert one in page.text
    assert "内容相近" in page.text
    assert "请选择并入哪一件" in qian.send(page, 400).text
    assert "请打开" in qian.post(f"/tickets/{one}/merge", 400, parent=two, **_hidden(qian, one)).text
    page = qian.send(page, parent=one)
    assert "已并单" in page.text
    assert f"这件诉求已并入 {one}" in page.text
    assert f"{two} 并入本件" in browse(cast.zhang).get(f"/tickets/{one}").text
    chen = browse(cast.chen)
    assert "已并单" in chen.get("/portal/").text
    make.answered(first, answer="请领取合格意见书。")
    make.session.rollback()
    own = chen.get(f"/tickets/{two}")
    assert f"请到 {one} 查看并确认" in own.text
    assert "请领取合格意见书" not in own.text
    chen.get(f"/tickets/{one}")  # opens the answer
    own = chen.get(f"/tickets/{two}")
    assert "请领取合格意见书" in own.text
    with app.app_context(), counted(db.engine) as sent:
        chen.get(f"/tickets/{two}")
    assert len(sent) <= 8


def _hidden(browser: Any, number: str) -> dict[str, Any]:
    values = browser.get(f"/tickets/{number}/merge").form().values
    return {name: values[name] for name in ("csrf_token", "form_key", "version")}


def test_where_there_is_nothing_to_merge_into_the_page_says_so(cast: Cast, make: Make, browse: Any) -> None:
    number = make.ticket().number
    make.session.rollback()
    page = browse(cast.zhao).get(f"/tickets/{number}/merge")
    assert "没有可以并入的诉求" in page.text
