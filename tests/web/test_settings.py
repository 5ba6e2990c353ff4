"""What two supervisors change: a look at the words first, then the proposal, then the decision."""

from typing import Any

import pytest
from sqlalchemy import select

from assist.domain.changes import ChangeStatus
from assist.domain.roles import Role
from assist.models import Limit, SettingChange
from tests.cast import Cast, Person, account, person
from tests.make import Make


@pytest.fixture
def second(make: Make) -> Person:
    """Another supervisor."""
    row = account(make.session, "ding", "丁督", Role.SUPERVISOR)
    make.session.commit()
    return person(row)


def changes(make: Make) -> list[SettingChange]:
    make.session.rollback()
    return list(make.session.scalars(select(SettingChange).order_by(SettingChange.id)))


def test_a_supervisor_sees_what_a_change_would_do_before_it_is_proposed(
    browse: Any, make: Make, cast: Cast
) -> None:
    browser = browse(cast.wang)
    page = browser.submit("/settings/limits/acceptance", amount="3", reason="压缩时限", step="preview")
    assert "受理：4个工作小时 → 3个工作小时，自2026年12月1日起对新起算的时限生效" in page.text
    assert changes(make) == []
    page = browser.send(page, step="propose")
    assert "等待另一位督查员审批" in page.text
    assert [one.subject for one in changes(make)] == ["acceptance"]
    assert "王督提出" in browser.get("/settings/limits").text
    assert "撤回" in page.text


def test_the_same_proposal_sent_twice_is_one(browse: Any, make: Make, cast: Cast) -> None:
    browser = browse(cast.wang)
    page = browser.submit("/settings/limits/acceptance", amount="3", reason="压缩时限", step="preview")
    browser.send(page, step="propose")
    browser.send(page, step="propose")
    assert len(changes(make)) == 1


@pytest.mark.parametrize("amount", ["0", "-1", "三", "1.25", "1e400", "nan", "99999", "９９９"])
def test_what_is_no_limit_is_named_and_what_was_typed_stays(amount: str, browse: Any, cast: Cast) -> None:
    page = browse(cast.wang).submit(
        "/settings/limits/acceptance", 400, amount=amount, reason="试一试😀", step="propose"
    )
    form = page.form()
    assert form.values["amount"] == [amount]
    assert form.values["reason"] == ["试一试😀"]
    assert "错误" in page.title


def test_another_supervisor_approves_and_the_page_says_from_when(
    browse: Any, make: Make, cast: Cast, second: Person
) -> None:
    mine = browse(cast.wang)
    mine.send(mine.submit("/settings/limits/opinion", amount="2", reason="与实际不符", step="preview"), step="propose")
    change_id = changes(make)[0].id
    theirs = browse(second)
    page = theirs.get(f"/settings/changes/{change_id}")
    decide = f"/settings/changes/{change_id}/decide"
    refused = theirs.send(page, 400, decide, decision="refuse")
    assert "不批准请写明理由" in refused.text
    done = theirs.send(page, action=decide, decision="approve", note="同意")
    assert "自2026年12月1日起" in done.text
    make.session.rollback()
    assert [row.amount for row in make.session.scalars(select(Limit).where(Limit.kind == "opinion"))] == [1, 2]
    late = theirs.send(page, 409, decide, decision="refuse", note="x")
    assert "丁督" in late.text
    assert "12月1日起 2个工作日" in browse(cast.wang).get("/settings/limits").text


def test_the_proposer_cannot_send_the_decision_either(browse: Any, make: Make, cast: Cast) -> None:
    mine = browse(cast.wang)
    page = mine.send(mine.submit("/settings/limits/opinion", amount="2", reason="急", step="preview"), step="propose")
    change_id = changes(make)[0].id
    token = page.forms[-1].values["csrf_token"][0]
    page = mine.post(f"/settings/changes/{change_id}/decide", 403, csrf_token=token, decision="approve")
    assert "不能由自己审批" in page.text
    assert changes(make)[0].status is ChangeStatus.PROPOSED
    mine.post(f"/settings/changes/{change_id}/withdraw", csrf_token=token)
    assert changes(make)[0].status is ChangeStatus.WITHDRAWN


def test_a_step_of_the_ladder_is_changed_the_same_way(
    browse: Any, make: Make, cast: Cast, second: Person
) -> None:
    mine = browse(cast.wang)
    page = mine.submit(
        "/settings/ladder/resolution.escalate_3",
        amount="6",
        repeat_every="3",
        recipients=["holder", "leader"],
        channels=["email"],
        reason="少打扰",
        step="preview",
    )
    assert "超期满6个工作日，以后每3个工作日一次，告知承担人、工作组领导（站内信、邮件）" in page.text
    mine.send(page, step="propose")
    change_id = changes(make)[0].id
    theirs = browse(second)
    page = theirs.get(f"/settings/changes/{change_id}")
    page = theirs.send(page, action=f"/settings/changes/{change_id}/decide", decision="approve")
    assert "已批准，自2026年12月1日起" in page.text
    assert "12月1日起：超期满6个工作日" in mine.get("/settings/ladder?group=owner").text


def test_the_red_card_has_no_switch(browse: Any, make: Make, cast: Cast) -> None:
    browser = browse(cast.wang)
    page = browser.get("/settings/ladder/resolution.breach")
    assert {"is_on", "unit", "amount"} & page.form().names == set()
    page = browser.send(page, is_on="0", unit="days", amount="9", recipients=["holder"], reason="关掉", step="preview")
    assert "超过时限的第一刻，告知承担人（" in page.text
    assert "停用 →" not in page.text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"amount": "2"}, "应晚于"),
        ({"amount": "三"}, "请填写整数"),
        ({"amount": ""}, "请填写1至30之间的数"),
        ({"unit": "half"}, "请从列出的选项中选择"),
        ({"recipients": []}, "至少选择一类"),
        ({"reason": ""}, "请填写调整理由"),
    ],
)
def test_a_wrong_step_says_what_is_wrong(words: dict[str, Any], sentence: str, browse: Any, cast: Cast) -> None:
    given = {"amount": "4", "reason": "理由", "step": "propose", **words}
    page = browse(cast.wang).submit("/settings/ladder/resolution.escalate_3", 400, **given)
    assert sentence in page.text


def test_the_index_says_who_changed_what_last(browse: Any, make: Make, cast: Cast) -> None:
    browser = browse(cast.wang)
    assert "王督" not in browser.get("/settings/").text.split("您可以维护的")[1]
    browser.send(
        browser.submit("/settings/limits/opinion", amount="2", reason="急", step="preview"), step="propose"
    )
    assert "王督 11月23日 09:30 初步意见：1个工作日 → 2个工作日" in browser.get("/settings/").text
