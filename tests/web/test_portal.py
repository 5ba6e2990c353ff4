"""企业端 and 代录诉求: the list as parcels, submitting, own similar cases, files, nothing lost."""

import io
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.domain.roles import Role
from assist.domain.status import Source, Status
from assist.models import Attachment, EnterpriseContact, Setting, Ticket
from assist.services import conversing, pairing, settings
from tests.cast import Cast, account, person
from tests.engines import TestDatabase
from tests.files import PDF, photo
from tests.make import Make
from tests.statements import counted

NEW = "/portal/tickets/new"
ENTRY = "/desk/tickets/new"
WORDS = "车间突然停电，整条产线停了，供电所电话打不通。"


def tickets(session: Session) -> list[Ticket]:
    session.rollback()
    return list(session.scalars(select(Ticket).order_by(Ticket.id)))


def test_the_problem_alone_is_enough(cast: Cast, session: Session, browse: Any) -> None:
    page = browse(cast.chen).submit(NEW, description=WORDS)
    (ticket,) = tickets(session)
    assert page.url == f"/tickets/{ticket.number}"
    assert f"诉求已提交，编号 {ticket.number}" in page.text
    assert "张建华将在今天11:30前与您联系" in page.text
    assert (ticket.title, ticket.owner_id) == ("车间突然停电，整条产线停了，供电所电话打不通", cast.zhang.id)


def test_everything_else_may_be_said_too(cast: Cast, session: Session, browse: Any) -> None:
    browse(cast.chen).submit(
        NEW,
        description=WORDS,
        title="全厂停电",
        wish="今天恢复供电",
        category="0102",
        is_pressing="y",
        pressing_reason="停产",
        files=[(io.BytesIO(photo()), "现场.jpg"), (io.BytesIO(PDF), "合同.pdf")],
    )
    (ticket,) = tickets(session)
    assert (ticket.title, ticket.wish, ticket.is_pressing) == ("全厂停电", "今天恢复供电", True)
    assert ticket.source is Source.SELF
    assert session.scalars(select(Attachment.name).order_by(Attachment.id)).all() == ["现场.jpg", "合同.pdf"]
    page = browse(cast.zhang).get(f"/tickets/{ticket.number}")
    assert "企业标注情况紧急：停产" in page.text
    assert "合同.pdf" in page.text


def test_the_same_submission_sent_twice_makes_one_ticket(cast: Cast, session: Session, browse: Any) -> None:
    browser = browse(cast.chen)
    form = browser.get(NEW)
    places = {browser.send(form, description=WORDS).url for _ in range(2)}
    (ticket,) = tickets(session)
    assert places == {f"/tickets/{ticket.number}"}


def test_a_bad_file_keeps_all_that_was_typed_and_chosen(cast: Cast, session: Session, browse: Any) -> None:
    browser = browse(cast.chen)
    typed = {
        "description": WORDS,
        "wish": "今天恢复",
        "title": "停电",
        "category": "0102",
        "pressing_reason": "停产",
    }
    page = browser.submit(
        NEW,
        400,
        **typed,
        is_pressing="y",
        files=[(io.BytesIO(PDF), "合同.pdf"), (io.BytesIO(b"MZ\x90\x00"), "工具.exe")],
    )
    assert page.title.startswith("错误")
    assert "工具.exe" in page.text
    values = page.form().values
    assert {name: values[name] for name in typed} == {name: [words] for name, words in typed.items()}
    assert values["is_pressing"] == ["y"]
    assert tickets(session) == []
    browser.send(page)
    (ticket,) = tickets(session)
    assert session.scalars(select(Attachment.name)).all() == ["合同.pdf"]
    assert ticket.wish == "今天恢复"


def test_each_mistake_is_named_at_its_field(cast: Cast, session: Session, browse: Any) -> None:
    browser = browse(cast.chen)
    page = browser.submit(NEW, 400, description="  ", is_pressing="y")
    assert "遇到了什么问题：请填写遇到了什么问题。" in page.text
    page = browser.submit(NEW, 400, description=WORDS, is_pressing="y")
    assert "紧急的原因：选择了情况紧急，请说明原因。" in page.text
    page = browser.submit(NEW, 400, description=WORDS, category="9999")
    assert "请从列出的选项中选择" in page.text
    long = "长" * 10_000
    page = browser.submit(NEW, 400, description=long)
    assert "2000字以内" in page.text
    assert page.form().values["description"] == [long]
    assert tickets(session) == []


def test_two_thousand_characters_with_line_ends_fit(cast: Cast, session: Session, browse: Any) -> None:
    browse(cast.chen).submit(NEW, description="\r\n".join(["行"] * 1000) + "完")
    (ticket,) = tickets(session)
    assert len(ticket.description) == 2000


def test_a_ticket_is_for_ones_own_enterprise_only(cast: Cast, session: Session, browse: Any) -> None:
    browse(cast.chen).submit(NEW, 400, description=WORDS, enterprise=str(cast.yi))
    assert tickets(session) == []
    browse(cast.zhang).get(NEW, 404)
    browse(cast.chen).get(ENTRY, 404)


def test_the_portal_shows_each_parcel_with_its_next_promise(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    make.at(shanghai(2026, 11, 20, 9))
    make.closed(make.ticket("已经办完的老问题。"))
    make.answered(make.ticket("等待确认的问题。"), answer="已经办好了，请领取。")
    make.handled(make.ticket("正在办理的问题。"))
    make.at(shanghai(2026, 11, 23, 9, 30))
    make.ticket("刚刚提交的问题。")
    browser = browse(cast.chen)
    page = browser.get("/portal/")
    order = [
        page.text.index(words) for words in ("等待确认", "刚刚提交", "正在办理", "我的服务专员", "已经办完")
    ]
    assert order == sorted(order)
    assert "张建华将在今天11:30前与您联系。" in page.text
    assert "已经办好了" not in page.text, "an answer is opened, not glanced at"
    browser.get(page.links["查看答复并确认：等待确认的问题"])
    page = browser.get("/portal/")
    assert "已经办好了，请领取。" in page.text
    assert "未解决，但已说明清楚，同意办结：等待确认的问题" in page.links


def test_another_enterprises_tickets_are_not_on_the_portal(cast: Cast, make: Make, browse: Any) -> None:
    make.ticket("乙企业的秘密问题。", enterprise=cast.yi)
    assert "秘密" not in browse(cast.chen).get("/portal/").text
    assert "秘密" not in browse(cast.chen).get(f"/portal/?enterprise={cast.yi}").text


def test_an_enterprise_without_an_officer_is_told_so(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    pairing.end(make.work(cast.zhao), cast.jia, "调离")
    session.commit()
    page = browse(cast.chen).submit(NEW, description=WORDS)
    assert "暂无在岗服务专员，已通知助企办尽快安排" in page.text
    assert "暂无在岗服务专员" in browse(cast.chen).get("/portal/").text


def test_one_who_speaks_for_two_enterprises_sees_them_apart(
    cast: Cast, make: Make, session: Session, browse: Any
) -> None:
    both = account(session, "both", "赵两头", Role.ENTERPRISE)
    for enterprise in (cast.jia, cast.yi):
        session.add(EnterpriseContact(enterprise_id=enterprise, account_id=both.id))
    session.commit()
    make.ticket("甲的问题。")
    make.ticket("乙的问题。", enterprise=cast.yi)
    browser = browse(person(both))
    page = browser.get("/portal/")
    assert "甲的问题" in page.text
    assert "乙的问题" in page.text
    page = browser.get(f"/portal/?enterprise={cast.yi}")
    assert "甲的问题" not in page.text
    assert "乙的问题" in page.text
    page = browser.submit(NEW, 400, description=WORDS)
    assert "请选择企业" in page.text
    browser.send(page, enterprise=str(cast.yi))
    assert tickets(session)[-1].enterprise_id == cast.yi


def test_ended_tickets_come_by_pages(cast: Cast, make: Make, browse: Any) -> None:
    for number in range(12):
        make.closed(make.ticket(f"第{number}件老问题。"))
    browser = browse(cast.chen)
    page = browser.get("/portal/")
    assert "第11件" in page.text
    assert "第1件" not in page.text
    page = browser.get(next(where for words, where in page.links.items() if "下一页" in words))
    assert "第1件" in page.text
    assert "第11件" not in page.text


def test_own_similar_cases_show_while_typing_and_never_anothers(cast: Cast, make: Make, browse: Any) -> None:
    mine = make.ticket("消防验收排队时间太长，影响投产。")
    make.ticket("消防验收排队时间太长，影响乙企业投产。", enterprise=cast.yi)
    page = browse(cast.chen).get("/portal/similar?description=消防验收又要排队，时间太长")
    assert mine.title in page.text
    assert "乙企业" not in page.text
    assert browse(cast.chen).get("/portal/similar?description=x").text == ""
    browse(cast.wang).get("/portal/similar?description=消防验收排队", 404)


def test_a_word_about_the_officer_goes_to_the_person_named_for_it(
    cast: Cast, session: Session, browse: Any
) -> None:
    browser = browse(cast.chen)
    page = browser.get("/portal/")
    assert "对服务专员有意见，请拨打监督电话 0635-8888110" in page.text
    assert "对服务专员的意见" not in browser.get(NEW).text
    session.scalars(select(Setting).where(Setting.name == "restricted_owner_id")).one().value = cast.zhao.id
    settings.changed(session)
    session.commit()
    page = browser.get("/portal/")
    form = browser.get(page.links["对服务专员有意见"])
    assert form.form().values["category"] == ["1304"]
    browser.send(form, description="多次不接电话。")
    (ticket,) = tickets(session)
    assert (ticket.is_restricted, ticket.owner_id) == (True, cast.zhao.id)


def test_an_officer_enters_a_ticket_for_his_enterprise(cast: Cast, session: Session, browse: Any) -> None:
    browser = browse(cast.zhang)
    page = browser.submit(ENTRY, 400, description=WORDS, source="visit")
    assert "请先与企业核对内容" in page.text
    assert page.form().values["source"] == ["visit"]
    browser.send(page, is_checked="y")
    (ticket,) = tickets(session)
    assert (ticket.enterprise_id, ticket.is_entered, ticket.source) == (cast.jia, True, Source.VISIT)
    assert ticket.status is Status.SUBMITTED


def test_an_officer_without_enterprises_is_told_why_he_cannot_enter_one(cast: Cast, browse: Any) -> None:
    assert "您目前没有结对的企业" in browse(cast.wu).get(ENTRY).text


def test_a_new_ticket_may_follow_an_ended_one(cast: Cast, make: Make, session: Session, browse: Any) -> None:
    old = make.closed()
    page = browse(cast.chen).submit(f"{NEW}?linked={old.number}", description="验收通过后又被要求重来。")
    assert f"关联诉求 {old.number}" in page.text


def test_the_portal_costs_no_more_with_many_tickets(
    cast: Cast, make: Make, database: TestDatabase, browse: Any
) -> None:
    for number in range(6):
        make.closed(make.ticket(f"第{number}件老问题。"))
        make.answered(make.ticket(f"第{number}件待确认。"))
        ticket = make.contacted(make.ticket(f"第{number}件新问题。"))
        make.act(cast.zhang, ticket, conversing.request_supplement, "请补充。")
    browser = browse(cast.chen)
    for place in ("/portal/", NEW, "/portal/similar?description=消防验收排队时间太长"):
        browser.get(place)
        with counted(database.others[0]) as sent:
            browser.get(place)
        assert len(sent) <= 8, sent
