"""What comes between: two windows at once, a lost connection, a wrong file, a second press. Nothing typed is lost."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.steps import PROBLEM, TITLE, choose_files, photo
from tests.browser.windows import PHONE, Window
from tests.cast import Cast
from tests.make import Make

REASON = "材料涉及住建、消防两家，需要联合踏勘。"


def fill_in_acceptance(window: Window, reason: str) -> None:
    window.page.get_by_label("诉求类别").select_option(label="消防验收")
    window.choose("诉求类型", "求助")
    window.choose("难度", "复杂")
    window.fill(说明=reason)


def test_of_two_who_accept_at_once_one_wins_and_the_other_keeps_his_words(
    cast: Cast, make: Make, visit: Callable[..., Window]
) -> None:
    number = make.contacted(make.ticket(PROBLEM)).number
    make.session.close()
    windows = [visit().sign_in(cast.zhang) for _ in range(2)]
    for at, window in enumerate(windows):
        window.go(f"/tickets/{number}")
        window.press("受理")
        fill_in_acceptance(window, f"{REASON}第{at + 1}个窗口")
    for window in windows:
        window.page.get_by_role("button", name="受理").click(no_wait_after=True)
    for window in windows:
        window.sees_one_of("已受理。", "情况已有变化")
    lost = [at for at, window in enumerate(windows) if "情况已有变化" in window.text()]
    assert len(lost) == 1
    window = windows[lost[0]]
    window.sees(
        "这件事刚刚有了变化，您的操作没有提交",
        "张建华 已于11月23日09:30办理了“受理”",
        f"{REASON}第{lost[0] + 1}个窗口",
    )
    window.press("查看最新情况")
    window.sees("办理中", TITLE)


def test_what_was_typed_survives_a_lost_connection(cast: Cast, visit: Callable[..., Window]) -> None:
    window = visit(PHONE).sign_in(cast.chen)
    window.press("提交诉求")
    window.fill(遇到了什么问题=PROBLEM)
    with window.without_connection(), window.page.expect_event("requestfailed"):
        window.page.get_by_role("button", name="提交诉求").click()
    window.go("/portal/tickets/new")
    window.sees("已恢复您上次在本机填写、尚未提交的内容。")
    expect(window.page.get_by_label("遇到了什么问题")).to_have_value(PROBLEM)
    window.page.get_by_role("button", name="提交诉求").click()
    window.sees("诉求已提交", TITLE)
    window.go("/portal/tickets/new")
    expect(window.page.get_by_label("遇到了什么问题")).to_have_value("")


def test_one_bad_file_loses_neither_the_words_nor_the_good_file(
    cast: Cast, visit: Callable[..., Window]
) -> None:
    window = visit(PHONE).sign_in(cast.chen)
    window.press("提交诉求")
    window.fill(遇到了什么问题=PROBLEM)
    program = photo("现场视频.exe")
    choose_files(window, photo("现场照片.jpg"), program)
    window.page.get_by_role("button", name="提交诉求").click()
    window.sees("现场视频.exe", "现场照片.jpg", "已收到，取消勾选即不提交")
    assert window.page.title().startswith("错误：")
    expect(window.page.get_by_label("遇到了什么问题")).to_have_value(PROBLEM)
    window.page.get_by_role("button", name="提交诉求").click()
    window.sees("诉求已提交", "现场照片.jpg")
    window.never_sees("现场视频.exe")


def test_back_and_again_does_not_make_a_second_ticket(cast: Cast, visit: Callable[..., Window]) -> None:
    window = visit(PHONE).sign_in(cast.chen)
    window.press("提交诉求")
    window.fill(遇到了什么问题=PROBLEM)
    window.page.get_by_role("button", name="提交诉求").dblclick()
    window.sees("诉求已提交")
    window.go("/portal/")
    expect(window.page.get_by_role("heading", name=TITLE)).to_have_count(1)
