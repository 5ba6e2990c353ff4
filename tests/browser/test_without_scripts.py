"""The whole road in browsers that run no script: everything works, by links and forms alone."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.steps import PROBLEM, TITLE, answer, confirm, first_response, photo, submit
from tests.browser.windows import PHONE, Window
from tests.cast import Cast


def test_a_problem_is_solved_without_any_script(cast: Cast, visit: Callable[..., Window]) -> None:
    enterprise = visit(PHONE, java_script_enabled=False).sign_in(cast.chen)
    submit(enterprise, PROBLEM, photo("现场照片.jpg"))
    enterprise.sees(TITLE, "现场照片.jpg")

    officer = visit(java_script_enabled=False).sign_in(cast.zhang)
    first_response(officer, TITLE)
    answer(officer)

    enterprise.go("/")
    confirm(enterprise)
    enterprise.sees(TITLE)


def test_a_form_sent_twice_makes_one_ticket_even_without_scripts(
    cast: Cast, visit: Callable[..., Window]
) -> None:
    window = visit(PHONE, java_script_enabled=False).sign_in(cast.chen)
    window.press("提交诉求")
    window.fill(遇到了什么问题=PROBLEM)
    window.page.get_by_role("button", name="提交诉求").dblclick()
    window.sees(TITLE)
    window.go("/portal/")
    expect(window.page.get_by_role("heading", name=TITLE)).to_have_count(1)
