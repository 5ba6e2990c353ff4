"""Categories are kept by one supervisor, at once; tickets and running clocks keep what they were given."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from assist.domain.clock import shanghai
from assist.domain.errors import Forbidden, Invalid, NotFound
from assist.domain.status import ClockKind
from assist.models import AuditEntry, Category, Clock, Ticket, Unit
from assist.models.engine import begin_writing
from assist.services import categories, closing, configuring, units
from assist.services.categories import CategoryWords
from assist.services.queries.figures import recount
from assist.services.units import UnitWords
from tests.cast import Cast, Person
from tests.make import Make

CODE = "0502"


def words_of(row: Category) -> CategoryWords:
    return CategoryWords(
        row.name,
        row.unit_name or "",
        row.days,
        row.is_restricted,
        row.is_shielded,
        row.is_note_required,
        row.guide or "",
    )


def change(make: Make, who: Person, code: str = CODE, **more: Any) -> Category:
    begin_writing(make.session)
    work = make.work(who)
    found = categories.change(work, code, replace(words_of(categories.leaf(work, code)), **more))
    make.session.commit()
    return found


def resolution(make: Make, ticket: Ticket) -> Clock:
    query = select(Clock).where(Clock.ticket_id == ticket.id, Clock.kind == ClockKind.RESOLUTION)
    return make.session.scalars(query).one()


def test_new_days_are_given_to_what_is_submitted_from_now_on(make: Make, cast: Cast) -> None:
    before = make.ticket(category=CODE)
    due_at = resolution(make, before).due_at
    change(make, cast.wang, days=3)
    make.session.expire_all()
    assert resolution(make, before).due_at == due_at
    after = make.ticket(by=cast.sun, category=CODE)
    assert resolution(make, after).budget.text == "3个工作日"


def test_the_recount_knows_the_days_that_held_then(make: Make, cast: Cast) -> None:
    make.handled(make.ticket(category=CODE), category=CODE)
    make.at(shanghai(2026, 11, 24, 10))
    change(make, cast.wang, days=2)
    make.handled(make.ticket(by=cast.sun, category=CODE), category=CODE)
    make.at(shanghai(2026, 11, 30, 10))
    change(make, cast.wang, days=1)
    # By now the second is late (two days), the first is not (seven).
    told = recount.recount(make.work())
    assert (told["on_time", (2026, 11)].n, told["on_time", (2026, 11)].d) == (0, 1)


def test_every_change_is_logged_with_old_and_new(make: Make, cast: Cast) -> None:
    change(make, cast.wang, days=3, is_shielded=True)
    entry = make.session.scalars(select(AuditEntry).where(AuditEntry.deed == "change_category")).one()
    assert (entry.detail["days"], entry.detail["is_shielded"]) == ([None, 3], [False, True])
    change(make, cast.wang, days=3)
    assert len(make.session.scalars(select(AuditEntry)).all()) == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "规划施工许可"}, "name"),
        ({"days": 0}, "days"),
        ({"days": 121}, "days"),
        ({"unit_name": "没有的单位"}, "unit_name"),
        ({"is_restricted": True}, "is_restricted"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(
    more: dict[str, Any], field: str, make: Make, cast: Cast
) -> None:
    with pytest.raises(Invalid) as caught:
        change(make, cast.wang, **more)
    assert caught.value.field == field


def test_only_supervisors_keep_categories(make: Make, cast: Cast) -> None:
    for who in (cast.zhao, cast.xi, cast.zhang):
        with pytest.raises(Forbidden):
            change(make, who, days=3)
        make.session.rollback()
    with pytest.raises(NotFound):
        change(make, cast.wang, "05")


def test_a_category_made_restricted_leaves_the_tickets_that_are_there_as_they_are(
    make: Make, cast: Cast
) -> None:
    ticket = make.ticket(category=CODE)
    begin_writing(make.session)
    configuring.name_for_restricted(make.work(cast.wang), cast.wang.id)
    make.session.commit()
    change(make, cast.wang, is_restricted=True)
    make.session.refresh(ticket)
    assert (ticket.is_restricted, ticket.owner_id) == (False, cast.zhang.id)
    later = make.ticket(by=cast.sun, category=CODE)
    assert (later.is_restricted, later.owner_id) == (True, cast.wang.id)


def test_a_restricted_matter_reopened_goes_to_who_is_named_now(make: Make, cast: Cast) -> None:
    begin_writing(make.session)
    configuring.name_for_restricted(make.work(cast.wang), cast.wang.id)
    make.session.commit()
    ticket = make.answered(make.handled(make.ticket("窗口人员推诿", category="1301"), category="1301"))
    make.closed(ticket)
    begin_writing(make.session)
    assert configuring.name_for_restricted(make.work(cast.wang), cast.zhao.id) == 0
    make.session.commit()
    assert ticket.owner_id == cast.wang.id
    make.act(cast.chen, ticket, closing.reopen, "又出现了")
    assert ticket.owner_id == cast.zhao.id


def test_only_a_supervisor_or_coordinator_can_be_named(make: Make, cast: Cast) -> None:
    begin_writing(make.session)
    for who in (cast.zhang, cast.liu, cast.xi, cast.chen):
        with pytest.raises(Invalid):
            configuring.name_for_restricted(make.work(cast.wang), who.id)
    with pytest.raises(Forbidden):
        configuring.name_for_restricted(make.work(cast.zhao), cast.wang.id)


def test_a_new_category_stands_last_in_its_group_with_the_next_code(make: Make, cast: Cast) -> None:
    begin_writing(make.session)
    made = categories.add_leaf(make.work(cast.wang), "05", CategoryWords("涉外许可", days=10))
    make.session.commit()
    assert made.code == "0505"
    order = [one.code for one in make.work().settings.leaves()]
    assert order[order.index("0504") + 1] == "0505"
    assert order[order.index("0505") + 1] == "0601"
    assert resolution(make, make.ticket(category="0505")).amount == 10


def test_a_unit_that_is_renamed_stays_the_usual_one(make: Make, cast: Cast) -> None:
    change(make, cast.wang, unit_name="聊城市生态环境局")
    unit = make.session.scalars(select(Unit).where(Unit.name == "聊城市生态环境局")).one()
    begin_writing(make.session)
    units.change(make.work(cast.wang), unit.id, UnitWords("聊城市生态局"))
    make.session.commit()
    entry = make.work().settings.by_code(CODE)
    assert entry is not None
    assert entry.unit_name == "聊城市生态局"
