"""What people do again and again, step by step as on their screens. The windows themselves are `windows`."""

from playwright.sync_api import FilePayload, expect

from tests.browser.windows import Window
from tests.files import picture

PROBLEM = "车间二期消防验收排队已有两个月，影响新产线投产，希望尽快安排。"
TITLE = "车间二期消防验收排队已有两个月"
CALLED = "电话了解到材料已于9月报齐，只等现场验收。"
OPINION = "由市住建局消防科安排现场验收，我全程跟进。"
ANSWER = "现场验收已通过，合格意见书请到园区窗口领取。"
ACCOUNT = "与消防科沟通两次，科长到场协调。"


def photo(name: str) -> FilePayload:
    """A picture as a phone would hand it over."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture(size=(640, 480))}


def choose_files(window: Window, *chosen: FilePayload) -> None:
    window.page.get_by_label("照片和文件").set_input_files(list(chosen))


def submit(window: Window, problem: str, *chosen: FilePayload) -> None:
    """提交诉求 in one box, from one's own list."""
    window.press("提交诉求")
    window.fill(遇到了什么问题=problem)
    choose_files(window, *chosen)
    window.page.get_by_role("button", name="提交诉求").click()
    window.sees("诉求已提交，编号 LC-", "待受理", *(one["name"] for one in chosen))


def first_response(window: Window, title: str) -> None:
    """首联登记 from the desk: called, accepted, with an opinion."""
    window.row(title).get_by_role("link", name="首联登记").click()
    window.sees(title, "三部分可以一次填完")
    window.choose("联系方式", "电话")
    expect(window.page.get_by_label("联系人", exact=True)).to_have_value("陈桂芳")
    window.fill(联系情况=CALLED)
    window.page.get_by_label("诉求类别").select_option(label="消防验收")
    window.choose("诉求类型", "求助")
    window.choose("难度", "一般")
    window.fill(初步意见=OPINION)
    window.press("保存首联登记")
    window.sees("首联登记已保存。", "办理中")


def answer(window: Window) -> None:
    """答复, from the ticket's page."""
    window.press("答复")
    window.choose("办理结果", "已解决")
    window.fill(给企业的答复=ANSWER, 内部办理情况=ACCOUNT)
    window.press("答复")
    window.sees("已答复，等待企业确认。", "企业尚未查看", ACCOUNT)


def confirm(window: Window) -> None:
    """Read the answer, confirm and rate it, from one's own list."""
    window.press("查看答复并确认")
    window.sees(ANSWER)
    window.never_sees(ACCOUNT)
    window.choose("问题解决了吗", "已解决")
    window.choose("您对这次办理满意吗", "非常满意")
    window.press("确认办结")
    window.sees("已确认办结，感谢您的评价。", "已结束的诉求", "非常满意")
