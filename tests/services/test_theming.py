"""共性问题: several enterprises' tickets under one solution; each is answered and confirmed by itself."""

from typing import Any

import pytest
from sqlalchemy import delete, select

from assist.domain.clock import FixedTime, shanghai
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.policy import Deed, may
from assist.domain.roles import Role
from assist.domain.themes import ThemeStatus, gives_away
from assist.domain.transitions import Action
from assist.models import (
    Area,
    Enterprise,
    EnterpriseContact,
    Message,
    Pairing,
    Setting,
    Theme,
    ThemeTicket,
    Ticket,
    TicketEvent,
)
from assist.models.engine import begin_writing
from assist.services import settings, theming
from assist.services.queries import theme_suggestions, themes
from tests.cast import LONG_AGO, Cast, Person, account, person
from tests.engines import TestDatabase
from tests.make import Make
from tests.services.test_concurrency import at_once

SOLUTION = "市住建局自12月起对二期厂房消防验收开通预约窗口，凭备案编号预约，5个工作日内现场验收。"


@pytest.fixture
def two(make: Make, cast: Cast) -> tuple[Ticket, Ticket]:
    """甲's and 乙's tickets about the same matter, both in hand."""
    return make.handled(), make.handled(make.ticket("我厂消防验收也排队一个多月了。", by=cast.sun))


def made(make: Make, by: Person, *tickets: Ticket, title: str = "消防验收排队时间长") -> Theme:
    begin_writing(make.session)
    theme = theming.make(make.work(by), title, "多家企业反映排队超过一个月。", "0502", [one.number for one in tickets])
    make.session.commit()
    return theme


def done(make: Make, by: Person, deed: Any, theme: Theme, *said: Any, **more: Any) -> Theme:
    begin_writing(make.session)
    deed(make.work(by), theme.id, *said, **more)
    make.session.commit()
    return theme


def grouped(make: Make) -> list[tuple[int, int]]:
    rows = make.session.execute(select(ThemeTicket.theme_id, ThemeTicket.ticket_id).order_by(ThemeTicket.id))
    return [(row.theme_id, row.ticket_id) for row in rows]


def test_tickets_are_gathered_by_events_the_enterprise_does_not_read(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket]
) -> None:
    theme = made(make, cast.zhao, *two)
    assert set(grouped(make)) == {(theme.id, one.id) for one in two}
    events = make.session.scalars(select(TicketEvent).where(TicketEvent.action == Action.GROUP)).all()
    assert {(one.ticket_id, one.is_visible, one.fields["theme"]) for one in events} == {
        (one.id, False, theme.title) for one in two
    }


def test_a_solution_is_told_to_each_owner_once_and_closes_nothing(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket]
) -> None:
    theme = made(make, cast.zhao, *two)
    done(make, cast.zhao, theming.solve, theme, SOLUTION)
    for owner, ticket in ((cast.zhang, two[0]), (cast.li, two[1])):
        query = select(Message.title).where(Message.recipient_id == owner.id, Message.kind == "theme")
        assert list(make.session.scalars(query)) == [
            f"共性问题“消防验收排队时间长”已形成方案，可据此答复 {ticket.number}"
        ]
    assert [one.status.value for one in two] == ["handling", "handling"]
    # Who comes later is told, too; the same ticket put in again tells nobody again.
    later = make.handled(make.ticket("再次反映消防验收"))
    for _ in range(2):
        done(make, cast.zhao, theming.add, theme, later.number)
    query = select(Message.title).where(Message.ticket_id == later.id, Message.kind == "theme")
    assert len(list(make.session.scalars(query))) == 1


def test_published_it_helps_others_and_withdrawn_it_does_not(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket]
) -> None:
    theme = made(make, cast.zhao, *two)
    words = "新厂房的消防验收排队太久怎么办"
    done(make, cast.zhao, theming.solve, theme, SOLUTION)
    assert themes.published(make.work(cast.sun), words) == []
    done(make, cast.wang, theming.publish, theme, SOLUTION)
    found = themes.published(make.work(cast.sun), words)
    assert [(one.title, one.text) for one in found] == [("消防验收排队时间长", SOLUTION)]
    assert themes.published(make.work(cast.sun), "员工宿舍门口没有公交车") == []
    done(make, cast.wang, theming.withdraw, theme)
    assert themes.published(make.work(cast.sun), words) == []
    assert (theme.status, theme.solution) == (ThemeStatus.SOLVED, SOLUTION)


@pytest.mark.parametrize(
    "words",
    [
        "聊城甲制造有限公司已先行验收。",
        "以 甲企业 为例，凭备案编号预约。",
        "甲 企 业已先行验收。",
        "可联系 13800006350。",
        "信用代码91371500MA00000010的企业已验收。",
    ],
)
def test_nothing_that_tells_whose_it_was_is_published(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket], words: str
) -> None:
    theme = made(make, cast.zhao, *two)
    done(make, cast.zhao, theming.solve, theme, SOLUTION)
    with pytest.raises(Invalid, match="公开前请改写"):
        done(make, cast.zhao, theming.publish, theme, words)
    make.session.rollback()
    assert theme.status is ThemeStatus.SOLVED


def test_nor_is_a_title_with_a_name_in_it(make: Make, cast: Cast, two: tuple[Ticket, Ticket]) -> None:
    theme = made(make, cast.zhao, *two, title="乙企业等消防验收排队")
    done(make, cast.zhao, theming.solve, theme, SOLUTION)
    with pytest.raises(Invalid, match="标题中有“乙企业”"):
        done(make, cast.zhao, theming.publish, theme, SOLUTION)


def test_an_enterprise_named_in_what_is_public_does_not_join_it(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket]
) -> None:
    theme = made(make, cast.zhao, two[0])
    done(make, cast.zhao, theming.solve, theme, SOLUTION)
    done(make, cast.zhao, theming.publish, theme, "乙企业园区周边的验收窗口已开通。")
    with pytest.raises(Conflict, match="请先撤回公开"):
        done(make, cast.zhao, theming.add, theme, two[1].number)


def test_a_word_with_points_between_or_wide_letters_hides_nothing() -> None:
    assert gives_away("甲·企·业", ["甲企业"]) == "甲企业"
    assert gives_away("ＡＢＣ公司", ["abc公司"]) == "abc公司"
    assert gives_away("电话 138-0000-6350", []) == "13800006350"
    assert gives_away("2026年12月31日前，凭20261123000700001号预约", ["甲企业"]) == ""


def test_a_restricted_matter_never_enters_a_theme(make: Make, cast: Cast) -> None:
    row = make.session.scalars(select(Setting).where(Setting.name == "restricted_owner_id")).one()
    row.value = cast.li.id
    settings.changed(make.session)
    make.session.commit()
    ticket = make.ticket("对专员有意见，希望换人。", category="1304")
    theme = made(make, cast.wang)
    with pytest.raises(Invalid, match="专人办理事项"):
        done(make, cast.wang, theming.add, theme, ticket.number)
    with pytest.raises(Invalid, match="没有找到诉求"):
        done(make, cast.zhao, theming.add, theme, ticket.number)


def test_a_ticket_belongs_to_one_theme_and_to_another_once_the_first_is_given_up(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket]
) -> None:
    first = made(make, cast.zhao, *two)
    second = made(make, cast.zhao, title="验收窗口少")
    with pytest.raises(Conflict, match="已列入共性问题“消防验收排队时间长”"):
        done(make, cast.zhao, theming.add, second, two[0].number)
    make.session.rollback()
    done(make, cast.zhao, theming.remove, first, two[0].number)
    done(make, cast.zhao, theming.remove, first, two[0].number)
    done(make, cast.zhao, theming.add, second, two[0].number)
    done(make, cast.zhao, theming.close, first)
    done(make, cast.zhao, theming.add, second, two[1].number)
    assert {theme_id for theme_id, _ in grouped(make)} == {second.id}


def test_keepers_keep_it_and_owners_put_their_own_tickets_in(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket]
) -> None:
    theme = made(make, cast.wang, two[0])
    with pytest.raises(Forbidden):
        made(make, cast.zhang, two[0])
    for deed, said in ((theming.solve, (SOLUTION,)), (theming.close, ())):
        with pytest.raises(Forbidden):
            done(make, cast.zhang, deed, theme, *said)
    done(make, cast.zhang, theming.remove, theme, two[0].number)
    done(make, cast.zhang, theming.add, theme, two[0].number)
    with pytest.raises(Invalid, match="不在您的查看范围内"):
        done(make, cast.zhang, theming.add, theme, two[1].number)
    with pytest.raises(NotFound):
        done(make, cast.zhang, theming.remove, theme, two[1].number)
    with pytest.raises(Forbidden):
        done(make, cast.liu, theming.add, theme, two[0].number)


def test_nobody_sees_anothers_ticket_through_a_theme(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket]
) -> None:
    theme = made(make, cast.wang, *two)
    for reader, seen in ((cast.zhang, [two[0]]), (cast.qian, [two[0]]), (cast.wang, [two[1], two[0]])):
        page = themes.theme(make.work(reader), theme.id)
        assert [one.number for one in page.tickets] == [one.number for one in seen]
        assert page.ticket_count == 2
    with pytest.raises(NotFound):
        themes.theme(make.work(cast.wu), theme.id)
    done(make, cast.wang, theming.solve, theme, SOLUTION)
    done(make, cast.wang, theming.publish, theme, SOLUTION)
    page = themes.theme(make.work(cast.wu), theme.id)
    assert (page.is_whole, page.tickets) == (False, [])


def test_what_must_be_said_is_asked_for(make: Make, cast: Cast) -> None:
    with pytest.raises(Invalid, match="请填写标题"):
        made(make, cast.zhao, title=" ")
    with pytest.raises(Invalid, match="60字以内"):
        made(make, cast.zhao, title="长" * 61)
    theme = made(make, cast.zhao)
    with pytest.raises(Invalid, match="2000字以内"):
        done(make, cast.zhao, theming.solve, theme, "长" * 10_000)
    make.session.rollback()
    with pytest.raises(Conflict, match="不能“公开”"):
        done(make, cast.zhao, theming.publish, theme, SOLUTION)


def test_of_two_keepers_one_wins_and_the_other_is_told_who(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    theme = made(make, cast.zhao)
    theme_id, version = theme.id, theme.version
    make.session.close()

    def solve(work: Any) -> Any:
        return theming.solve(work, theme_id, SOLUTION, version=version).version

    came = at_once(database, time, cast.zhao, [solve, solve, solve])
    refused = [one.sentence for one in came if isinstance(one, Conflict)]
    assert len(refused) == 2
    assert all("赵调度 已于11月23日09:30改动过" in one for one in refused)


def test_the_same_category_and_words_from_three_enterprises_are_suggested(
    make: Make, cast: Cast, two: tuple[Ticket, Ticket], time: FixedTime
) -> None:
    assert theme_suggestions.suggestions(make.work(cast.wang)) == []
    contact, bing = third_enterprise(make)
    make.ticket("车间消防验收排队，新产线投产受影响。", by=contact, enterprise=bing, category="0502")
    make.ticket("门口的路灯坏了很久没人修。", by=contact, enterprise=bing, category="0502")
    (found,) = theme_suggestions.suggestions(make.work(cast.wang))
    assert found.enterprise_count == 3
    assert len(found.tickets) == 3
    assert theme_suggestions.suggestions(make.work(cast.qian)) == []  # of his area there are fewer
    made(make, cast.wang, two[0])
    assert theme_suggestions.suggestions(make.work(cast.wang)) == []
    make.session.execute(delete(ThemeTicket))
    time.at = shanghai(2027, 3, 1, 9)
    assert theme_suggestions.suggestions(make.work(cast.wang)) == []


def third_enterprise(make: Make) -> tuple[Person, int]:
    """丙企业's contact and its id; 吴 serves it."""
    session = make.session
    row = account(session, "zhu", "朱联系", Role.ENTERPRISE, phone="19906350099")
    area = session.scalars(select(Area).order_by(Area.sort.desc())).first()
    assert area is not None
    firm = Enterprise(
        name="聊城丙食品有限公司", short_name="丙企业", credit_code="91371500MA00000037",
        area_id=area.id, created_at=LONG_AGO,
    )  # fmt: skip
    session.add(firm)
    session.flush()
    session.add(EnterpriseContact(enterprise_id=firm.id, account_id=row.id, is_main=True))
    session.add(Pairing(enterprise_id=firm.id, officer_id=make.cast.wu.id, started_at=LONG_AGO))
    session.commit()
    found = person(row)
    assert not may(found.actor, Deed.SEE_THEMES)
    return found, firm.id
