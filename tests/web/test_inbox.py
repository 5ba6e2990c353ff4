"""What one has been told: one's own alone, unread until opened."""

from typing import Any

from assist.models import Message
from assist.services.queries import inbox
from tests.cast import Cast
from tests.make import Make


def test_opening_a_message_marks_it_read_and_leads_to_its_ticket(make: Make, cast: Cast, browse: Any) -> None:
    ticket = make.ticket("新厂房验收")
    browser = browse(cast.zhang)
    page = browser.get("/inbox/?show=unread")
    assert "提交了新诉求" in page.text
    form = next(one for one in page.forms if one.action.endswith("/open") and "查看" in page.text)
    opened = browser.post(form.action, **form.values)
    assert ticket.number in opened.text
    assert (
        "没有未读消息" in browser.get("/inbox/?show=unread").text
        or "提交了新诉求" not in browser.get("/inbox/?show=unread").text
    )


def test_anothers_message_is_not_found(make: Make, cast: Cast, browse: Any) -> None:
    make.ticket()
    message = make.session.query(Message).filter_by(recipient_id=cast.zhang.id).first()
    assert message is not None
    browser = browse(cast.li)
    token = browser.get("/inbox/").form("/logout").values["csrf_token"]
    browser.post(f"/inbox/{message.id}/open", 404, csrf_token=token)
    browser.post("/inbox/99999999999999999999/open", 404, csrf_token=token)


def test_all_at_once_are_read(make: Make, cast: Cast, browse: Any) -> None:
    make.ticket()
    make.ticket("第二件")
    browser = browse(cast.zhang)
    after = browser.send(browser.get("/inbox/"), action="/inbox/read-all")
    assert "全部消息已标为已读" in after.text
    assert "没有未读消息" in browser.get("/inbox/?show=unread").text


def test_pages_of_messages_follow_each_other_without_gap_or_overlap(make: Make, cast: Cast) -> None:
    for count in range(7):
        make.ticket(f"第{count}件")
    work = make.work(cast.zhang)
    inbox_page, seen = inbox.inbox(work, unread=False), []
    size = inbox.PAGE
    assert len(inbox_page.rows) <= size
    older: int | None = None
    while True:
        rows = inbox.inbox(work, unread=False, older_than=older, size=3).rows
        if not rows:
            break
        seen += [row.id for row in rows]
        older = rows[-1].id
    assert seen == sorted(seen, reverse=True)
    assert seen == [row.id for row in inbox_page.rows]
    back = inbox.inbox(work, unread=False, newer_than=seen[-1], size=3)
    assert [row.id for row in back.rows] == seen[-4:-1]
    assert back.newer_id is not None
