"""Reminders of a task's clocks go to the unit (or the city that has to dispatch), lead to the task and shield it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import shanghai
from assist.models import Account, Message
from tests.cast import Cast
from tests.make import Make
from tests.reminders import Sweep, reminders


def test_the_units_red_card_is_told_to_it_its_head_and_the_area(
    make: Make, session: Session, cast: Cast, sweep: Sweep
) -> None:
    head = session.get_one(Account, cast.zheng.id)
    head.is_head = True
    session.commit()
    task = make.signed()
    sweep(shanghai(2026, 11, 26, 17, 31))
    mine = reminders(session, cast.zhou.id)
    assert mine[-1].title.startswith(f"红牌超期：{task.number} 任务反馈，")
    assert mine[-1].location == f"/tasks/{task.number}"
    assert "甲企业" in mine[-1].body
    assert "承办单位：市生态环境局" in mine[-1].body
    for told in (cast.zheng, cast.qian):
        assert reminders(session, told.id)[-1].title == mine[-1].title
    assert all("任务" not in one.title for one in reminders(session, cast.zhang.id)), "it is the unit's card"


def test_before_anybody_has_it_in_hand_all_of_the_unit_hear(
    make: Make, session: Session, cast: Cast, sweep: Sweep
) -> None:
    make.dispatched()
    sweep(shanghai(2026, 11, 24, 16, 30))
    for one in (cast.zhou, cast.zheng):
        assert "任务签收" in reminders(session, one.id)[-1].title


def test_a_shielded_task_does_not_name_the_enterprise_in_a_reminder(
    make: Make, session: Session, cast: Cast, sweep: Sweep
) -> None:
    make.signed(make.dispatched(make.task(make.handled(make.ticket("甲企业整改设备未到"), category="1202"))))
    sweep(shanghai(2026, 11, 26, 17, 31))
    message = reminders(session, cast.zhou.id)[-1]
    assert "甲" not in message.title + message.body
    assert "该企业整改设备未到" in message.body


def test_a_late_dispatch_is_the_citys(make: Make, session: Session, cast: Cast, sweep: Sweep) -> None:
    task = make.task()
    sweep(shanghai(2026, 11, 23, 11, 31))
    message = reminders(session, cast.zhao.id)[-1]
    assert message.title.startswith(f"红牌超期：{task.number} 任务核发")
    assert message.location == f"/tasks/{task.number}"
    assert not session.scalars(select(Message).where(Message.recipient_id == cast.zhou.id)).all()
