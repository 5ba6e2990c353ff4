"""The whole journey, by people at their own screens: an enterprise on a phone, its officer, a supervisor.

What is looked for is what a person looks for: words, questions, buttons. Not here: what comes between
(`test_interruptions`), pages one by one (`test_accessibility`), the road without scripts (`test_without_scripts`).
"""

import re
from collections.abc import Callable

from assist.domain.clock import FixedTime, shanghai
from assist.domain.status import Rating, RatingReason, Result
from assist.jobs import sweep
from assist.jobs.context import Context
from tests.browser.steps import (
    CALLED,
    OPINION,
    PROBLEM,
    TITLE,
    answer,
    confirm,
    first_response,
    photo,
    submit,
)
from tests.browser.windows import PHONE, Window
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make

NEWS = "住建局已排定本周四上午现场验收。"
INTERNAL = "消防科反映该企业上次整改不到位，先内部核实。"
OVERSIGHT_PHONE = "0635-8888110"


def figures(window: Window) -> dict[str, str]:
    """The headline rates as n / d, read off the supervisor's tiles."""
    found = {}
    for name in ("按期办结率", "解决率", "满意率"):
        sides = [re.compile(f"^{name}的{side}") for side in ("分子", "分母")]
        parts = [window.page.get_by_role("link", name=side).inner_text() for side in sides]
        found[name] = " / ".join(parts)
    return found


def another_ended_badly(make: Make, cast: Cast) -> None:
    """乙企业's ticket of last week: in time, partly solved, unsatisfied."""
    make.closed(
        make.answered(make.handled(make.ticket("污水管网没有接通", enterprise=cast.yi))),
        Result.PARTLY,
        Rating.UNSATISFIED,
        (RatingReason.SPEED,),
    )
    make.session.close()


def the_call_is_verified(enterprise: Window) -> None:
    """The enterprise sees the promise change and says that he did call."""
    enterprise.go("/")
    enterprise.sees("办理中", "张建华将在11月30日17:30前向您反馈进展。", "12月2日17:30前答复办理结果。")
    enterprise.never_sees("前与您联系。")
    enterprise.sees("专员登记 11月23日 09:50 联系过您，是否属实？")
    enterprise.press("属实")
    enterprise.sees("已记录，谢谢您的核对。")
    enterprise.never_sees("是否属实？")


def progress_is_told(officer: Window, enterprise: Window) -> None:
    """One note for the house, one for the enterprise; the enterprise sees its own only."""
    officer.press("反馈进展")
    officer.fill(进展情况=INTERNAL)
    officer.choose("谁可以看到", "仅内部可见")
    officer.press("反馈进展")
    officer.sees("进展已保存。", INTERNAL)
    officer.press("反馈进展")
    officer.fill(进展情况=NEWS)
    officer.press("反馈进展")
    officer.sees("进展已保存。", NEWS)
    enterprise.press(TITLE)
    enterprise.sees(NEWS, OPINION, CALLED)
    enterprise.never_sees(INTERNAL)


def test_a_problem_is_solved_and_the_rates_move(
    cast: Cast, make: Make, time: FixedTime, visit: Callable[..., Window]
) -> None:
    another_ended_badly(make.at(shanghai(2026, 11, 20, 9)), cast)
    time.at = shanghai(2026, 11, 23, 9, 30)
    enterprise, officer, supervisor = visit(PHONE), visit(), visit()
    supervisor.sign_in(cast.wang)
    assert figures(supervisor) == {"按期办结率": "1 / 1", "解决率": "0 / 1", "满意率": "0 / 1"}

    enterprise.sign_in(cast.chen)
    enterprise.sees("没有正在办理的诉求", "张建华", "19906350003")
    submit(enterprise, PROBLEM, photo("现场照片.jpg"))
    enterprise.sees(TITLE, "张建华将在今天11:30前与您联系。", "12月2日17:30前答复办理结果。")

    time.at = shanghai(2026, 11, 23, 9, 50)
    officer.sign_in(cast.zhang)
    officer.sees("今日工作台", "优先办理", TITLE, "今日到期")
    first_response(officer, TITLE)
    the_call_is_verified(enterprise)
    progress_is_told(officer, enterprise)

    time.at = shanghai(2026, 11, 23, 10, 10)
    answer(officer)
    enterprise.go("/")
    enterprise.sees(f"请您确认：{TITLE}")
    confirm(enterprise)
    enterprise.sees(TITLE)

    supervisor.sign_in(cast.wang)
    assert figures(supervisor) == {"按期办结率": "2 / 2", "解决率": "1 / 2", "满意率": "1 / 2"}
    supervisor.press("满意率的分子")
    supervisor.sees("满意率", "共 1 件", TITLE, "甲企业")
    supervisor.never_sees("污水管网没有接通")
    supervisor.press(TITLE)
    supervisor.sees(TITLE, "已办结", INTERNAL, "张建华", "非常满意")


def test_a_late_ticket_brings_a_reminder_and_the_enterprise_is_told(
    database: TestDatabase, cast: Cast, make: Make, time: FixedTime, visit: Callable[..., Window]
) -> None:
    number = make.ticket(PROBLEM).number
    make.session.close()
    for moment in (shanghai(2026, 11, 23, 11, 31), shanghai(2026, 11, 30, 9, 30)):
        time.at = moment
        assert sweep.run(Context(database.engine, time))["reminders"] > 0

    officer = visit().sign_in(cast.zhang)
    officer.sees("已超期", TITLE, "超期")
    officer.press("消息")
    officer.sees(f"提示函建议：{number} 首次联系，超期5个工作日")
    officer.row(f"红牌超期：{number} 首次联系").get_by_role("button", name="查看").click()
    officer.sees(TITLE, "首联登记", "首次联系超期5个工作日")

    enterprise = visit(PHONE).sign_in(cast.chen)
    enterprise.sees(TITLE, "本件已超过承诺时限，正在督促办理。", "张建华", "监督电话", OVERSIGHT_PHONE)
    enterprise.press(TITLE)
    enterprise.sees("本件已超过承诺时限，正在督促办理。", "监督电话", OVERSIGHT_PHONE)
    enterprise.never_sees("红牌", "提示函")

    supervisor = visit().sign_in(cast.wang)
    supervisor.sees("逾期未受理", "1 件诉求超过受理时限仍未受理")
    supervisor.row("逾期未受理").get_by_role("link", name="查看").click()
    supervisor.sees("共 1 件", TITLE)
