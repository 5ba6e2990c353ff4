"""结对: one active officer an enterprise; open tickets follow by events; areas keep to themselves."""

import pytest
from sqlalchemy import select

from assist.domain.errors import Conflict, Invalid, NotFound
from assist.domain.roles import Role
from assist.domain.transitions import Action
from assist.models import Enterprise, Message, TicketEvent
from assist.services import handing_over, pairing
from tests.cast import Cast, account, person
from tests.make import Make


def told(make: Make, person_id: int, kind: str) -> list[str]:
    return list(
        make.session.scalars(
            select(Message.title)
            .where(Message.recipient_id == person_id, Message.kind == kind)
            .order_by(Message.id)
        )
    )


def reassigned(make: Make, ticket_id: int) -> list[object]:
    events = make.session.scalars(
        select(TicketEvent)
        .where(TicketEvent.ticket_id == ticket_id, TicketEvent.action == Action.REASSIGN)
        .order_by(TicketEvent.seq)
    )
    return [event.fields["owner_id"] for event in events]


def test_ending_a_pairing_leaves_its_open_tickets_without_an_owner(make: Make, cast: Cast) -> None:
    ticket = make.ticket()
    closed = make.closed()
    pairing.end(make.work(cast.zhao), cast.jia, "岗位调整")
    assert ticket.owner_id is None
    assert closed.owner_id == cast.zhang.id
    assert reassigned(make, ticket.id) == [[cast.zhang.id, None]]
    assert "1件在办诉求无人主责" in told(make, cast.wang.id, "vacancy")[0]


def test_the_next_officer_takes_what_is_open(make: Make, cast: Cast) -> None:
    ticket = make.ticket()
    pairing.end(make.work(cast.zhao), cast.jia, "岗位调整")
    pairing.pair(make.work(cast.zhao), cast.jia, cast.wu.id)
    assert ticket.owner_id == cast.wu.id
    assert told(make, cast.wu.id, "pairing") == ["您已与 聊城甲制造有限公司 结对"]
    assert told(make, cast.chen.id, "pairing") == ["您的服务专员是 吴外人，有问题可随时联系"]


def test_an_enterprise_has_one_active_officer(make: Make, cast: Cast) -> None:
    with pytest.raises(Conflict, match="已有在岗专员 张建华"):
        pairing.pair(make.work(cast.zhao), cast.jia, cast.wu.id)


def test_an_area_coordinator_keeps_his_own_area_only(make: Make, cast: Cast) -> None:
    work = make.work(cast.qian)
    with pytest.raises(NotFound):
        pairing.end(work, cast.yi, "越权")
    with pytest.raises(NotFound):
        handing_over.prepare(work, cast.yi, cast.wu.id, "越权")


def test_only_an_officer_can_be_paired(make: Make, cast: Cast) -> None:
    with pytest.raises(Invalid, match="在岗的服务专员"):
        handing_over.prepare(make.work(cast.zhao), cast.jia, cast.zhou.id, "误选")


def test_an_ending_needs_its_reason(make: Make, cast: Cast) -> None:
    with pytest.raises(Invalid, match="请填写结束结对的原因"):
        pairing.end(make.work(cast.zhao), cast.jia, "  ")
    with pytest.raises(Invalid, match="请填写交接原因"):
        handing_over.prepare(make.work(cast.zhao), cast.jia, cast.wu.id, " ")


def test_tickets_of_an_area_left_behind_follow_too(make: Make, cast: Cast) -> None:
    """An enterprise that moved keeps its old tickets in their area; its new coordinator still passes them on."""
    ticket = make.ticket()
    elsewhere = make.session.get(Enterprise, cast.yi)
    assert elsewhere is not None
    ticket.enterprise.area_id = elsewhere.area_id
    row = account(make.session, "sunqu", "孙调度", Role.COORDINATOR, area_id=elsewhere.area_id)
    make.session.commit()
    pairing.end(make.work(person(row)), cast.jia, "属地调整")
    pairing.pair(make.work(person(row)), cast.jia, cast.wu.id)
    assert ticket.owner_id == cast.wu.id
