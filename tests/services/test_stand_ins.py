"""代办（AB角）: acts for the owner between two instants, the owner stays, and nothing is left a second later."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assist.domain.clock import FixedTime, shanghai
from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.roles import Actor
from assist.models import Message, Setting, StandIn, TicketEvent
from assist.models.engine import begin_writing
from assist.services import access, handling, intake, sessions, settings, standing_in
from assist.services.queries import ticket_page
from assist.services.queries.desk import desk
from assist.services.work import Work
from tests.cast import Cast, Person
from tests.make import Make

START = shanghai(2026, 11, 24)
END = shanghai(2026, 11, 28)


def appoint(make: Make, by: Person, officer: Person, stand_in: Person, *span: Any) -> StandIn:
    begin_writing(make.session)
    since, until = span or (START, END)
    made = standing_in.appoint(make.work(by), officer.id, stand_in.id, since, until, "参加培训")
    make.session.commit()
    return made


def actor(make: Make, person: Person) -> Actor:
    """As a request loads him, at this very moment."""
    found = sessions.load(make.session, person.id, 1, make.time.at)
    assert found is not None
    return found.actor


def told(make: Make, person: Person) -> list[str]:
    query = select(Message.title).where(Message.recipient_id == person.id, Message.kind == "stand_in")
    return list(make.session.scalars(query.order_by(Message.id)))


def test_a_stand_in_acts_for_the_owner_who_stays_and_the_event_says_so(
    make: Make, cast: Cast, time: FixedTime
) -> None:
    ticket = make.handled()
    appoint(make, cast.qian, cast.zhang, cast.wu)
    time.at = START
    work = Work(make.session, time, actor(make, cast.wu))
    begin_writing(make.session)
    handling.progress(work, access.ticket(work, ticket.number, lock=True), "已约好现场查看。", is_visible=True)
    make.session.commit()
    event = make.session.scalars(select(TicketEvent).order_by(TicketEvent.seq.desc())).first()
    assert event is not None
    assert (event.actor_id, event.acting_for_id) == (cast.wu.id, cast.zhang.id)
    assert ticket.owner_id == cast.zhang.id
    seen = ticket_page.load(make.work(cast.chen), access.ticket(make.work(cast.chen), ticket.number))
    assert seen.entries[-1].who == "吴外人（代张建华）"
    people = (seen.people.owner, seen.people.stand_in)
    assert [one.name for one in people if one is not None] == ["张建华", "吴外人"]


def test_his_power_begins_with_the_first_second_and_ends_with_the_last(
    make: Make, cast: Cast, time: FixedTime
) -> None:
    number = make.handled().number
    appoint(make, cast.zhao, cast.zhang, cast.wu)
    moments = {
        START - timedelta(microseconds=1): False,
        START: True,
        END - timedelta(microseconds=1): True,
        END: False,
        END + timedelta(seconds=1): False,
    }
    for moment, may in moments.items():
        time.at = moment
        work = Work(make.session, time, actor(make, cast.wu))
        if may:
            assert access.ticket(work, number).owner_id == cast.zhang.id
        else:
            with pytest.raises(NotFound):
                access.ticket(work, number)


def test_who_was_a_stand_in_when_he_asked_and_waited_past_the_end_does_nothing(
    make: Make, cast: Cast, time: FixedTime
) -> None:
    """A request that waits for the lock acts at the moment it gets it."""
    number = make.handled().number
    appoint(make, cast.zhao, cast.zhang, cast.wu)
    time.at = END - timedelta(seconds=1)
    before = actor(make, cast.wu)
    time.at = END
    with pytest.raises(NotFound):
        access.ticket(Work(make.session, time, before), number, lock=True)


def test_both_and_the_enterprise_are_told_when_it_begins_and_when_it_is_ended_early(
    make: Make, cast: Cast, time: FixedTime
) -> None:
    made = appoint(make, cast.zhao, cast.zhang, cast.wu)
    assert told(make, cast.wu) == ["11月24日至11月27日，张建华的诉求由您代办"]
    assert told(make, cast.zhang) == ["11月24日至11月27日，您的诉求由吴外人代办，您仍是责任专员"]
    assert told(make, cast.chen) == ["11月24日至11月27日，您的服务专员张建华的工作由吴外人代办"]
    time.at = START + timedelta(hours=10)
    for _ in range(2):  # pressed twice
        begin_writing(make.session)
        standing_in.end(make.work(cast.zhao), cast.zhang.id, made.id)
        make.session.commit()
    assert made.ended_at == time.at
    assert told(make, cast.chen)[1:] == ["吴外人的代办已结束，您的服务专员仍是张建华"]
    assert actor(make, cast.wu).stands_in_for == frozenset()


def test_one_that_has_not_begun_is_taken_back(make: Make, cast: Cast) -> None:
    made = appoint(make, cast.zhao, cast.zhang, cast.wu)
    standing_in.end(make.work(cast.zhao), cast.zhang.id, made.id)
    make.session.commit()
    assert make.session.scalars(select(StandIn)).all() == []


def test_there_are_no_chains_and_no_second_stand_in_at_the_same_time(make: Make, cast: Cast) -> None:
    appoint(make, cast.zhao, cast.zhang, cast.wu)
    inside = (START + timedelta(days=1), END + timedelta(days=9))
    with pytest.raises(Conflict, match="张建华在11月24日至11月27日已由吴外人代办"):
        appoint(make, cast.zhao, cast.zhang, cast.li, *inside)
    with pytest.raises(Conflict, match="张建华在11月24日至11月27日本人由吴外人代办，不能再替别人代办"):
        appoint(make, cast.zhao, cast.li, cast.zhang, *inside)
    with pytest.raises(Conflict, match="吴外人在11月24日至11月27日正替张建华代办，代办人不能再由他人代办"):
        appoint(make, cast.zhao, cast.wu, cast.li, *inside)
    # One may act for two at a time, and the day it ends another may begin.
    appoint(make, cast.zhao, cast.li, cast.wu, *inside)
    appoint(make, cast.zhao, cast.zhang, cast.wu, END, END + timedelta(days=2))


@pytest.mark.parametrize(
    ("stand_in", "since", "until", "sentence"),
    [
        ("zhang", START, END, "不能由本人代办"),
        ("zhou", START, END, "在岗的服务专员"),
        ("wu", END, START, "结束日期不能早于开始日期"),
        ("wu", shanghai(2026, 11, 1), shanghai(2026, 11, 23), "也不能早于今天"),
    ],
)
def test_who_and_when_must_make_sense(
    make: Make, cast: Cast, stand_in: str, since: Any, until: Any, sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        appoint(make, cast.zhao, cast.zhang, getattr(cast, stand_in), since, until)


def test_an_area_coordinator_appoints_in_his_own_area_only(make: Make, cast: Cast) -> None:
    with pytest.raises(NotFound):
        appoint(make, cast.qian, cast.li, cast.wu)


def test_the_desk_shows_what_he_stands_in_for_and_whose_it_is(make: Make, cast: Cast, time: FixedTime) -> None:
    ticket = make.ticket()
    appoint(make, cast.zhao, cast.zhang, cast.wu, time.at, END)
    found = desk(Work(make.session, time, actor(make, cast.wu)))
    assert [(one.number, one.owner) for one in [*found.today, *found.mine]] == [(ticket.number, "张建华")]
    assert [(one.name, one.officer) for one in found.enterprises] == [("聊城甲制造有限公司", "张建华")]
    assert [one.owner for one in desk(make.work(cast.zhang)).today] == [""]


def test_what_the_owner_is_told_his_stand_in_is_told_too(make: Make, cast: Cast, time: FixedTime) -> None:
    appoint(make, cast.zhao, cast.zhang, cast.wu, time.at, END)
    ticket = make.ticket()
    make.answered(make.handled(ticket))
    make.closed(ticket)
    for person in (cast.zhang, cast.wu):
        kinds = make.session.scalars(select(Message.kind).where(Message.recipient_id == person.id))
        assert {"submitted", "confirm"} <= set(kinds)


def test_a_restricted_matter_has_no_stand_in(make: Make, cast: Cast, time: FixedTime) -> None:
    row = make.session.scalars(select(Setting).where(Setting.name == "restricted_owner_id")).one()
    row.value = cast.li.id
    settings.changed(make.session)
    make.session.commit()
    appoint(make, cast.zhao, cast.li, cast.wu, time.at, END)
    ticket = make.ticket("对专员有意见，希望换人。", category="1304")
    assert ticket.owner_id == cast.li.id
    work = Work(make.session, time, actor(make, cast.wu))
    with pytest.raises(NotFound):
        access.ticket(work, ticket.number)
    assert desk(work).mine == []
    told_of = make.session.scalars(select(Message.recipient_id).where(Message.ticket_id == ticket.id))
    assert cast.wu.id not in set(told_of)


def test_a_stand_in_enters_a_ticket_for_the_enterprise_he_looks_after(
    make: Make, cast: Cast, time: FixedTime
) -> None:
    appoint(make, cast.zhao, cast.zhang, cast.wu, time.at, END)
    work = Work(make.session, time, actor(make, cast.wu))
    begin_writing(make.session)
    ticket = intake.submit(work, cast.jia, intake.Submission("企业来电：道路施工影响出货"))
    make.session.commit()
    assert ticket.owner_id == cast.zhang.id
    assert ticket.entered_by_id == cast.wu.id
