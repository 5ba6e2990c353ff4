"""Taking in the city's roster at one's own screen: what is wrong is shown at its cell, what is right is taken in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from assist.domain.roles import Role
from tests.browser.looking import faults
from tests.browser.windows import Window
from tests.cast import Person, account, person

SAMPLES = Path(__file__).parent.parent / "samples"


def upload(window: Window, name: str) -> None:
    window.go("/roster/import")
    window.choose("台账", "包联台账（企业、专员、联系人、结对）")
    window.page.get_by_label("表格文件").set_input_files(SAMPLES / name)
    window.press("上传并检查")
    window.sees("检查结果", "尚未写入任何内容")


@pytest.fixture
def coordinator(session: Session) -> Person:
    """Alone in an empty city: the samples' telephone numbers are nobody's yet."""
    made = person(account(session, "zhao", "赵调度", Role.COORDINATOR))
    session.commit()
    session.close()
    return made


def test_a_roster_is_checked_shown_and_taken_in(coordinator: Person, visit: Callable[..., Window]) -> None:
    window = visit().sign_in(coordinator)
    window.press("企业与结对")
    window.sees("专员到位", "还没有登记企业", "距 200 家还差 200 家")
    upload(window, "roster_faults.xlsx")
    window.sees("需要改正", "第 7 行", "产业链", "有错误的行不会写入")
    with window.page.expect_download() as coming:
        window.press("下载标注错误的表格")
    assert coming.value.suggested_filename == "roster_faults（错误原因）.xlsx"
    window.press("企业与结对")
    window.sees("还没有登记企业")

    upload(window, "roster_200.xlsx")
    window.sees("新增 200 家", "一次写入，要么全部成功，要么一行不动")
    window.press("全部导入 200 行")
    window.sees("包联台账导入完成。")
    window.press("企业与结对")
    window.sees("专员到位", "200 / 200")

    upload(window, "roster_200.xlsx")
    window.sees("与现有数据一致，导入不会有任何变化")


@pytest.mark.only_on("sqlite")
def test_the_preview_stands_in_nobody_s_way(coordinator: Person, visit: Callable[..., Window]) -> None:
    window = visit().sign_in(coordinator)
    upload(window, "roster_faults.xlsx")
    assert faults(window.page) == []
