"""共性问题 on its pages: from the suggestion to the answer of each owner and the box of those who type the like."""

from typing import Any

from sqlalchemy import select

from assist.extensions import db
from assist.models import Theme
from tests.cast import Cast
from tests.make import Make
from tests.services.test_theming import SOLUTION, third_enterprise
from tests.statements import counted


def test_from_a_suggestion_to_two_answers_and_a_published_text(cast: Cast, make: Make, browse: Any) -> None:
    first = make.handled()
    second = make.handled(make.ticket("我厂消防验收也排队一个多月了。", by=cast.sun))
    contact, bing = third_enterprise(make)
    make.ticket("车间消防验收排队，新产线投产受影响。", by=contact, enterprise=bing, category="0502")
    one, two = first.number, second.number
    make.session.close()
    wang = browse(cast.wang)
    page = wang.get("/themes/")
    assert "可能的共性问题" in page.text
    page = wang.get(next(url for words, url in page.links.items() if words.startswith("建为共性问题")))
    assert one in page.form().values["numbers"][0]
    page = wang.send(page, title="消防验收排队时间长", description="窗口少。")
    here = page.url
    assert "3 件诉求，3 家企业" in page.text
    page = wang.submit(f"{here}/solve", solution=SOLUTION)
    assert "可据此答复" in page.text
    zhang = browse(cast.zhang)
    seen = zhang.get(here)
    assert "据此答复" in seen.text
    assert "乙企业" not in seen.text
    assert "您可查看 1 件" in seen.text
    assert "消防验收排队时间长" in zhang.get(f"/tickets/{one}").text
    form = zhang.get(f"/tickets/{one}/answer")
    assert form.form().values["answer"] == [SOLUTION]
    zhang.send(form, outcome="solved", account="已按统一方案告知企业。")
    answer = browse(cast.chen).get(f"/tickets/{one}")
    assert SOLUTION in answer.text
    assert "消防验收排队时间长" not in answer.text  # which theme it is in is not the enterprise's to know
    assert "办理中" in wang.get(f"/tickets/{two}").text
    wrong = wang.submit(f"{here}/publish", 400, public_text="甲企业已先行验收。")
    assert "公开前请改写" in wrong.text
    assert wrong.form().values["public_text"] == ["甲企业已先行验收。"]
    assert "已公开" in wang.send(wrong, public_text=SOLUTION).text
    box = browse(cast.sun).get("/portal/similar?description=新厂房消防验收排队太久")
    assert "其他企业也遇到过类似问题" in box.text
    assert SOLUTION in box.text
    assert one not in box.html


def test_the_pages_cost_the_same_whatever_a_theme_holds(cast: Cast, make: Make, browse: Any, app: Any) -> None:
    numbers = [make.handled().number for _ in range(4)]
    make.session.close()
    wang = browse(cast.wang)
    here = wang.submit("/themes/new", title="消防验收排队", numbers="\n".join(numbers)).url
    with app.app_context():
        engine = db.engine
    for place in ("/themes/", here, f"/tickets/{numbers[0]}"):
        with counted(engine) as sent:
            wang.get(place)
        assert len(sent) <= 8, (place, len(sent))


def test_a_stale_page_is_told_who_and_keeps_what_was_typed(cast: Cast, make: Make, browse: Any) -> None:
    wang, zhao = browse(cast.wang), browse(cast.zhao)
    here = wang.submit("/themes/new", title="消防验收排队时间长").url
    old = zhao.get(f"{here}/edit")
    wang.submit(f"{here}/edit", title="消防验收排队", solution="先摸清各县区窗口数。")
    stale = zhao.send(old, 409, title="验收窗口少", solution="我写的一大段。")
    assert "王督 已于11月23日09:30改动过" in stale.text
    assert stale.form().values["solution"] == ["我写的一大段。"]
    assert "已保存" in zhao.send(stale).text
    wang.submit(f"{here}/solve", solution=SOLUTION)
    late = zhao.send(zhao.get(here), action=f"{here}/close")
    assert "已撤销" in late.text
    assert "不能“形成方案”" in wang.get(f"{here}/solve").text


def test_the_same_form_sent_twice_makes_one_and_a_wrong_number_is_named(
    cast: Cast, make: Make, browse: Any
) -> None:
    wang = browse(cast.wang)
    page = wang.get("/themes/new")
    wrong = wang.send(page, 400, title="消防验收😀", numbers="LC-20990101-0001")
    assert "没有找到诉求“LC-20990101-0001”" in wrong.text
    first = wang.send(wrong, title="消防验收😀", numbers="")
    again = wang.send(wrong, title="消防验收😀", numbers="")
    assert first.url == again.url
    assert len(make.session.scalars(select(Theme)).all()) == 1
    refused = wang.send(first, 400, action=f"{first.url}/add", number="LC-1")
    assert "没有找到诉求“LC-1”" in refused.text


def test_who_finds_it(cast: Cast, make: Make, browse: Any) -> None:
    number = make.handled().number
    make.session.close()
    here = browse(cast.zhao).submit("/themes/new", title="消防验收排队", numbers=number).url
    for name in ("wang", "qian", "zhang"):
        browse(getattr(cast, name)).get(here)
    for name in ("wu", "li"):
        found = browse(getattr(cast, name))
        found.get(here, 404)
        assert "消防验收排队" not in found.get("/themes/").text
    for name in ("chen", "liu", "zhou", "xi"):
        browse(getattr(cast, name)).get(here, 404)
    zhang = browse(cast.zhang)
    assert "建立共性问题" not in zhang.get("/themes/").text
    zhang.get("/themes/new", 404)
    token = zhang.get("/me").form("/logout").values
    zhang.post(f"{here}/solve", 403, **token, version="1", solution="越权")
    zhang.get(f"{here}/add", 404)
    zhang.get(f"{here}/burn", 404)
    leader = browse(cast.liu).get(f"/tickets/{number}")
    assert here not in leader.html
