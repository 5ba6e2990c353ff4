"""Units in a browser: asked by the owner, dispatched by the city, replied and signed; and a request that is decided.

The enterprise looks on from its phone and sees of all this what it may.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.models import Unit
from tests.browser.steps import TITLE
from tests.browser.windows import PHONE, Window
from tests.cast import Cast
from tests.make import Make

ASKED = "请核实并给出验收安排。"
REPLIED = "已核实，定于周四上午现场验收。"
UNIT = "市生态环境局"


def the_owner_asks(officer: Window, number: str, unit: str) -> None:
    """提请承办, from the ticket's page."""
    officer.go(f"/tickets/{number}")
    officer.page.get_by_text("更多", exact=True).first.click()
    officer.press("提请承办")
    officer.page.locator("select[name=unit]").select_option(unit)
    officer.choose("承办方式", "牵头")
    officer.fill(请单位办理的内容=ASKED)
    officer.press("提请承办")
    officer.sees("已提请承办单位。", UNIT, "待核发")


def it_is_signed_and_replied(handler: Window) -> None:
    """签收 and 反馈, which waits for the approver's signature."""
    handler.sees("承办任务", TITLE, "待签收")
    handler.press(TITLE)
    handler.sees(ASKED, "签收")
    handler.press("签收")
    handler.sees("已签收，责任专员会收到通知。")
    handler.press("反馈办理结果")
    handler.sees("须经签发人签发后才发给责任专员")
    handler.choose("办理结果", "已办理")
    handler.page.get_by_label("办理情况").fill(REPLIED)
    handler.press("提交签发")
    handler.sees("反馈已提交。")


def test_a_unit_does_its_part_and_the_owner_answers(
    cast: Cast, make: Make, session: Session, time: FixedTime, visit: Callable[..., Window]
) -> None:
    session.get_one(Unit, cast.zhou.actor.unit_id).needs_signature = True
    session.commit()
    number = make.handled(make.ticket(TITLE)).number
    make.session.close()
    task = f"{number}-01"
    officer, city, handler, approver, enterprise = visit(), visit(), visit(), visit(), visit(PHONE)

    the_owner_asks(officer.sign_in(cast.zhang), number, str(cast.zhou.actor.unit_id))
    city.sign_in(cast.zhao)
    city.sees("调度台", "待核发任务")
    city.row(task).get_by_role("link", name="核发").click()
    city.sees(ASKED, "以市助企办名义发给承办单位")
    city.press("核发")
    city.sees("已核发，承办单位会立即收到。")

    it_is_signed_and_replied(handler.sign_in(cast.zhou))
    officer.go(f"/tickets/{number}")
    officer.never_sees(REPLIED)
    approver.sign_in(cast.zheng)
    approver.sees("待我签发", TITLE)
    approver.press(TITLE)
    approver.press("签发反馈")
    approver.sees("已签发，责任专员会收到反馈。")

    officer.go(f"/tasks/{task}")
    officer.sees(REPLIED)
    officer.press("认可")
    officer.sees("已认可。")
    enterprise.sign_in(cast.chen).go(f"/tickets/{number}")
    enterprise.sees(TITLE, "办理中")
    enterprise.never_sees(ASKED, REPLIED)


def test_a_deferral_is_asked_shown_with_its_consequence_and_decided(
    cast: Cast, make: Make, time: FixedTime, visit: Callable[..., Window]
) -> None:
    number = make.handled(make.ticket(TITLE)).number
    make.session.close()
    time.at = shanghai(2026, 11, 25, 10)
    officer, decider, enterprise = visit(), visit(), visit(PHONE)
    officer.sign_in(cast.zhang).go(f"/tickets/{number}/request?kind=deferral")
    officer.fill(延期至="2026-12-08", 已做的工作="已两次现场协调。")
    officer.page.get_by_label("延期原因").fill("专家复核要到12月4日。")
    officer.choose("是否已告知企业", "已把延期的原因和日期告知企业")
    officer.page.get_by_role("button", name="提交", exact=True).click()
    officer.sees("延期待批")

    decider.sign_in(cast.qian)
    decider.sees("调度台", "待我审批", TITLE)
    decider.row(TITLE).get_by_role("link").first.click()
    decider.sees("专家复核要到12月4日。", "12月2日", "12月8日")
    decider.page.get_by_label("审批意见").fill("情况属实，同意。")
    decider.page.get_by_role("button", name="同意", exact=True).click()
    decider.sees("已同意")

    enterprise.sign_in(cast.chen).go(f"/tickets/{number}")
    enterprise.sees("12月8日17:30前答复办理结果")
