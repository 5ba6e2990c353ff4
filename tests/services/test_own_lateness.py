"""Lateness by who answers for it: officers, areas and units, each number with its list, at any time the same."""

from typing import Any

import pytest

from assist.domain.clock import shanghai
from assist.domain.lateness import Bearer
from assist.domain.rates import Period, Rate
from assist.domain.requests import ObjectionSubject, RequestKind
from assist.models import Ticket
from assist.models.engine import begin_writing
from assist.services import access, merging, request_objections, requesting, task_access
from assist.services.queries import ticket_lists, ticket_page
from assist.services.queries.figures import counting
from assist.services.queries.figures.left_out import left_out
from assist.services.queries.figures.own_lateness import Found, own_late
from assist.services.queries.ticket_lists import TicketFilter
from tests.cast import Cast
from tests.lateness import ask, decide, hand_over, late, november, stand_in, vacate
from tests.make import Make
from tests.services import promises
from tests.statements import counted
from tests.tasks import county_unit

YEAR_END = Period(shanghai(2026, 11, 1), shanghai(2027, 1, 1), "")
SPAN = {"figure": "on_time", "since": "2026-11-01", "until": "2026-12-31"}


def told(make: Make, key: str = "on_time", at: Any = None) -> Found:
    work = make.work(make.cast.wang)
    return own_late(work, key, YEAR_END, counting.as_of(work, at))


def words(make: Make, at: Any = None) -> list[str]:
    return [one.party.word for one in told(make, at=at).lates]


def listed(make: Make, **wanted: str) -> list[str]:
    work = make.work(make.cast.wang)
    page = ticket_lists.page(work, TicketFilter(**SPAN, **wanted))
    return sorted(row.number for row in page.rows)


def test_a_unit_s_delay_shows_as_the_unit_s_and_not_the_officer_s(make: Make, cast: Cast) -> None:
    units, own = make.signed().ticket, make.handled()
    make.closed()
    late(make)
    found = told(make)
    unit = f"unit:{cast.zhou.actor.unit_id}"
    assert {one.ticket_id: one.party.word for one in found.lates} == {
        units.id: unit,
        own.id: f"officer:{cast.zhang.id}",
    }
    me = f"person:{cast.zhang.id}"
    assert (found.count(me), found.count("unit"), found.count(unit), found.count("any")) == (1, 1, 1, 2)
    assert listed(make, party=me) == [own.number]
    assert listed(make, party=unit) == listed(make, party="unit", officer=str(cast.zhang.id)) == [units.number]
    assert len(listed(make, party="any")) == 2
    assert listed(make, party="unit", officer=str(cast.li.id)) == []


def test_all_that_is_late_is_answered_for_once(make: Make, cast: Cast) -> None:
    for _ in range(3):
        make.handled()
    make.returned()
    make.closed()
    late(make)
    work = make.work(cast.wang)
    rate = counting.rates(work, ["on_time"], [YEAR_END], counting.as_of(work))[0]["on_time"]
    assert rate == Rate(1, 5)
    assert told(make).count("any") == 3  # the returned one was in time: it is missed, not late


def test_who_stood_in_has_it_among_his_own_and_the_officer_has_not(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    stand_in(make, 30, 40)
    late(make)
    assert listed(make, party=f"person:{cast.wu.id}") == [ticket.number]
    assert listed(make, party=f"person:{cast.zhang.id}") == []
    assert listed(make, party="any", officer=str(cast.zhang.id)) == [ticket.number]


def test_a_vacancy_is_the_area_s_and_no_officer_s(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    make.at(november(24))
    vacate(make)
    late(make)
    (found,) = told(make).lates
    assert (found.party.bearer, found.owner_id, found.party_area_id) == (Bearer.VACANT, None, ticket.area_id)
    assert listed(make, party=f"area:{ticket.area_id}") == [ticket.number]
    assert listed(make, party="any", officer="0") == [ticket.number]


def test_a_county_unit_is_its_area_s_own_and_the_city_s_is_not(make: Make, cast: Cast) -> None:
    county = make.task(make.handled(), county_unit(make.session, cast)).ticket
    city = make.signed().ticket
    late(make)
    assert listed(make, party=f"area:{county.area_id}") == [county.number]
    assert listed(make, party="unit") == sorted([county.number, city.number])


def test_a_handover_leaves_nobody_to_blame_for_five_days(make: Make, cast: Cast) -> None:
    make.handled()
    make.at(november(26))
    hand_over(make)
    late(make)
    assert words(make) == ["handover"]
    assert told(make).count(f"person:{cast.wu.id}") == told(make).count(f"person:{cast.zhang.id}") == 0


def test_a_later_handover_does_not_change_whose_the_figure_was(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    late(make)
    before = counting.by_dimension(
        make.work(cast.wang), "on_time", "officer", YEAR_END, counting.as_of(make.work())
    )
    make.at(november(36))
    hand_over(make)
    work = make.work(cast.wang)
    assert make.session.get_one(Ticket, ticket.id).owner_id == cast.wu.id
    assert counting.by_dimension(work, "on_time", "officer", YEAR_END, counting.as_of(work)) == before
    assert before == {cast.zhang.id: Rate(0, 1)}
    assert words(make) == [f"officer:{cast.zhang.id}"]
    assert listed(make, part="missed", officer=str(cast.zhang.id)) == [ticket.number]


def test_for_a_fixed_time_who_answers_does_not_change(make: Make, cast: Cast) -> None:
    ticket = make.handled()
    task = make.signed(make.task(ticket))
    at = late(make)
    whose = words(make)
    make.at(november(36))
    make.replied(task)
    make.at(november(37)).at(november(38))
    assert words(make, at) == whose == [f"unit:{cast.zhou.actor.unit_id}"]
    assert words(make) == whose


@pytest.mark.parametrize(
    ("subject", "party", "whose"),
    [
        (ObjectionSubject.RESPONSIBILITY, "decider:city", "decider:city"),
        (ObjectionSubject.RESPONSIBILITY, "", "nobody"),
        (ObjectionSubject.VERDICT, "", "nobody"),
        (ObjectionSubject.CARD, "", "officer"),
    ],
)
def test_an_approved_objection_comes_first(
    subject: ObjectionSubject, party: str, whose: str, make: Make, cast: Cast
) -> None:
    ticket = make.handled()
    late(make)
    offered = request_objections.targets(make.work(cast.zhang), ticket)
    about = next(one.key for one in offered if subject in one.subjects and one.words.startswith("办结"))
    request = ask(make, ticket, RequestKind.OBJECTION, None, subject=subject, about=about, party=party)
    assert words(make) == [f"officer:{cast.zhang.id}"]
    before = make.time.at
    make.at(november(34))
    decide(make, cast.wang, request, is_approved=True)
    (found,) = told(make).lates
    assert found.is_of(whose)
    promises.lateness_is_told_alike(make)
    assert words(make, before) == [f"officer:{cast.zhang.id}"]


def test_a_unit_whose_objection_holds_is_not_late_any_more(make: Make, cast: Cast) -> None:
    task = make.signed()
    late(make)
    assert words(make) == [f"unit:{cast.zhou.actor.unit_id}"]
    begin_writing(make.session)
    work = make.work(cast.zhou)
    found = task_access.task(work, task.number, lock=True)
    offered = request_objections.targets(work, found.ticket, found)
    about = next(one.key for one in offered if one.words.startswith("任务反馈"))
    facts = {"subject": ObjectionSubject.VERDICT, "about": about}
    request = requesting.ask(work, found.ticket, RequestKind.OBJECTION, "系统故障，未能反馈。", facts, task=found)
    make.session.commit()
    decide(make, cast.wang, request, is_approved=True)
    assert words(make) == [f"officer:{cast.zhang.id}"]
    promises.lateness_is_told_alike(make)


def test_who_may_be_named_in_an_objection_are_the_units_drawn_in_and_who_decides(make: Make, cast: Cast) -> None:
    ticket = make.task().ticket
    named = request_objections.parties(request_objections.units_of(make.work(cast.zhang), ticket))
    assert named[0] == (f"unit:{cast.zhou.actor.unit_id}", "市生态环境局")
    assert [word for word, _ in named[1:]] == ["decider:coordinator", "decider:city", "decider:leader", "handover"]


def test_the_page_of_a_ticket_and_the_figure_name_the_same(make: Make, cast: Cast) -> None:
    tickets = [make.handled(), make.signed().ticket]
    dispatched = make.task()
    make.at(november(26)).dispatched(dispatched)
    make.replied(make.signed(dispatched))
    tickets.append(dispatched.ticket)
    late(make)
    by_ticket = {one.ticket_id: one.party.bearer for one in told(make).lates}
    titles = {Bearer.OFFICER: "服务专员", Bearer.UNIT: "市生态环境局", Bearer.DECIDER: "市助企办"}
    work = make.work(cast.wang)
    for ticket in tickets:
        page = ticket_page.load(work, access.ticket(work, ticket.number)).responsibility
        assert page is not None
        assert page.late[0].words.startswith(titles[by_ticket[ticket.id]])
    assert set(by_ticket.values()) == set(titles)


def test_however_many_are_late_it_is_one_statement(make: Make, cast: Cast) -> None:
    for _ in range(4):
        make.task()
    late(make)
    work = make.work(cast.wang)
    assert work.settings.areas  # what is configured has been read before
    with counted(make.session) as sent:
        own_late(work, "on_time", YEAR_END, counting.as_of(work))
    assert len(sent) == 1, sent


def test_declined_and_merged_are_left_out_while_not_late_and_each_opens_its_list(make: Make, cast: Cast) -> None:
    declined = make.ticket()
    request = ask(make, declined, RequestKind.DECLINE)
    decide(make, cast.qian, request, is_approved=True)
    parent, child = make.handled(), make.handled()
    make.act(cast.qian, child, merging.merge, parent.number)
    work = make.work(cast.wang)
    found = left_out(work, YEAR_END)
    assert (found.withdrawn, found.declined, found.merged) == (0, 1, 1)
    assert listed(make, part="declined") == [declined.number]
    assert listed(make, part="merged") == [child.number]
    late(make)
    rate = counting.rates(make.work(cast.wang), ["on_time"], [YEAR_END], counting.as_of(make.work()))[0]
    assert rate["on_time"] == Rate(0, 1)
