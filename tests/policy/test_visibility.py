"""One answer hides, guards and filters: what a list shows is exactly what may be opened, for everybody."""

import pytest
from sqlalchemy import select

from assist.domain import policy
from assist.domain.errors import Invalid, NotFound
from assist.domain.status import Difficulty, TicketType
from assist.domain.transitions import Action
from assist.models import Setting, Ticket
from assist.services import access, handling, pairing, settings
from tests.cast import Cast, Person
from tests.make import Make

# Who sees what. Rows: people; columns: 甲's ticket, 乙's ticket, 甲's restricted matter, 甲's ticket of after 张 left.
SEEN = """
              jia  yi   restricted  later
chen          x    .    x           x
sun           .    x    .           .
zhang         x    .    .           .
li            x    x    .           x
wang          x    x    x           x
zhao          x    x    .           x
qian          x    .    .           x
liu           x    .    .           x
zhou          .    .    .           .
zheng         .    .    .           .
wu            .    .    .           .
xi            .    .    .           .
an            .    .    .           .
shen          .    .    .           .
"""


def table() -> list[tuple[str, str, bool]]:
    lines = [line.split() for line in SEEN.strip().splitlines()]
    return [
        (row[0], column, mark == "x")
        for row in lines[1:]
        for column, mark in zip(lines[0], row[1:], strict=True)
    ]


@pytest.fixture
def tickets(make: Make, cast: Cast) -> dict[str, Ticket]:
    """Four tickets; afterwards 张 has handed 甲 on to 李."""
    found = {"jia": make.ticket(), "yi": make.ticket(by=cast.sun)}
    row = make.session.scalars(select(Setting).where(Setting.name == "restricted_owner_id")).one()
    row.value = cast.wang.id
    settings.changed(make.session)
    make.session.commit()
    found["restricted"] = make.ticket("专员态度生硬，希望换人处理。", category="1304")
    work = make.work(cast.zhao)
    pairing.end(work, cast.jia, "岗位调整")
    make.session.commit()
    make.time.at = make.time.at.replace(minute=45)
    pairing.pair(make.work(cast.zhao), cast.jia, cast.li.id)
    make.session.commit()
    found["later"] = make.ticket("换专员以后的新问题")
    return found


def test_what_is_listed_is_what_may_be_opened_and_what_the_table_says(
    tickets: dict[str, Ticket], make: Make, cast: Cast
) -> None:
    wrong = []
    for name, column, is_seen in table():
        person: Person = getattr(cast, name)
        ticket = tickets[column]
        work = make.work(person)
        listed = make.session.scalar(
            select(Ticket.id).where(access.visible(person.actor), Ticket.id == ticket.id)
        )
        try:
            access.ticket(work, ticket.number)
            opened = policy.may_see(access.standing(work, ticket))
        except NotFound:
            opened = False
        if (listed is not None, opened) != (is_seen, is_seen):
            wrong.append(f"{name} × {column}: listed {listed is not None}, opened {opened}, table {is_seen}")
    assert wrong == []


def test_a_former_officer_reads_what_was_his_and_does_nothing_to_it(
    tickets: dict[str, Ticket], make: Make, cast: Cast
) -> None:
    work = make.work(cast.zhang)
    ticket = access.ticket(work, tickets["jia"].number)
    assert ticket.owner_id == cast.li.id
    # A 数据异议 is all that is left to him: a card or a verdict of then may be his.
    assert policy.allowed(access.standing(work, ticket)) == [Action.REQUEST]


def test_a_restricted_matter_goes_to_the_person_named_and_never_to_the_officer(
    tickets: dict[str, Ticket], cast: Cast
) -> None:
    assert tickets["restricted"].owner_id == cast.wang.id
    assert tickets["restricted"].is_restricted


def test_a_correction_into_a_restricted_category_takes_the_ticket_from_the_officer(
    tickets: dict[str, Ticket], make: Make, cast: Cast
) -> None:
    ticket = tickets["yi"]
    grading = handling.Grading("1302", TicketType.COMPLAIN, Difficulty.GENERAL, "实为作风问题")
    make.act(cast.li, ticket, handling.accept, grading)
    make.session.refresh(ticket)
    assert ticket.owner_id == cast.wang.id
    with pytest.raises(NotFound):
        access.ticket(make.work(cast.li), ticket.number)


def test_restricted_categories_are_off_until_somebody_is_named(make: Make) -> None:
    with pytest.raises(Invalid, match="不能选择"):
        make.ticket("专员态度生硬", category="1304")
