"""The officer's desk: what to do today, in order, with one click to the form."""

from typing import Any

from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.extensions import db
from assist.services import conversing, handling
from tests.cast import Cast
from tests.make import Make
from tests.statements import counted

LIMIT = 8


def test_late_comes_before_today_before_the_rest(make: Make, cast: Cast, browse: Any) -> None:
    make.handled(make.ticket("第一件：已经晚了"))
    make.at(shanghai(2026, 12, 3, 9))
    make.ticket("第二件：今天要联系")
    make.at(shanghai(2026, 12, 3, 9, 20))
    page = browse(cast.zhang).get("/desk/").text
    assert page.index("第一件：已经晚了") < page.index("第二件：今天要联系")
    assert "超期3个工作日" in page
    assert "首联登记" in page


def test_what_waits_for_the_enterprise_is_not_the_officers_to_do(make: Make, cast: Cast, browse: Any) -> None:
    ticket = make.contacted(make.ticket("要补材料的事"))
    make.act(cast.zhang, ticket, conversing.request_supplement, "请补充合同")
    page = browse(cast.zhang).get("/desk/").text
    assert "等企业补充材料" in page
    assert "待办 0" in page


def test_a_desk_without_tickets_shows_the_months_duty(cast: Cast, browse: Any) -> None:
    page = browse(cast.zhang).get("/desk/").text
    assert "没有需要您办理的诉求" in page
    assert "本月还需联系1次" in page
    assert "聊城甲制造有限公司" in page


def test_an_officer_without_an_enterprise_is_told_so(cast: Cast, browse: Any) -> None:
    assert "目前没有与您结对的企业" in browse(cast.wu).get("/desk/").text


def test_the_enterprises_phone_is_masked(cast: Cast, browse: Any) -> None:
    page = browse(cast.zhang).get("/desk/")
    assert cast.chen.phone not in page.html


def test_the_desk_costs_the_same_whatever_its_length(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    browser = browse(cast.zhang)
    for number in range(6):
        make.act(
            cast.zhang, make.handled(make.ticket(f"第{number}件")), handling.progress, "在办", is_visible=True
        )
    session.close()
    with browser.client.application.app_context():
        engine = db.engine
    browser.get("/desk/")
    with counted(engine) as statements:
        browser.get("/desk/")
    assert len(statements) <= LIMIT, statements
