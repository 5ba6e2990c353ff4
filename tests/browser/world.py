"""The world whose pages are looked at in a browser: a ticket in every state, and one of everything else there is."""

from datetime import date

import pytest
from sqlalchemy import select

from assist.domain.changes import ChangeKind
from assist.domain.clock import FixedTime, shanghai
from assist.domain.deadlines import Budget
from assist.domain.rates import month
from assist.domain.requests import RequestKind
from assist.domain.status import CallbackResult, Method
from assist.domain.supervision import Addressee, SupervisionLevel
from assist.jobs import sweep
from assist.jobs.context import Context
from assist.models import EnterpriseContact, OfficeHours, Task, Ticket, WorkGroup
from assist.models.engine import begin_writing
from assist.services import (
    calling_back,
    closing,
    conversing,
    export_runs,
    exporting,
    freezing,
    handing_over,
    instructing,
    office_hours,
    proposed_limits,
    proposing,
    publishing,
    standing_in,
    theming,
)
from assist.services.office_hours import HoursWords
from tests import visits
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make
from tests.supervisions import issued, order, proposed

HEARD = calling_back.Talk(Method.PHONE, "陈桂芳", CallbackResult.SOLVED, None, "企业满意。")


@pytest.fixture
def world(database: TestDatabase, cast: Cast, make: Make, time: FixedTime) -> dict[str, object]:
    """A ticket in every state, a week on, with the reminders of that week."""
    late = make.ticket(
        "污水管网没有接通，雨天倒灌进厂区，生产多次中断。", is_pressing=True, pressing_reason="已停产"
    )
    handled = make.handled()
    answered = make.answered()
    closed = make.closed()
    make.act(cast.chen, closed, closing.reopen, "又出现了同样的问题。")
    closed = make.closed(make.answered(closed), comment="办得很快，谢谢。")
    supplementing = make.contacted()
    make.act(cast.zhang, supplementing, conversing.request_supplement, "请补充不动产权证复印件。")
    contacted = make.contacted()
    entered = make.ticket("走访中反映招工难，普工缺口三十人。", by=cast.zhang)
    tickets = {
        "late": late,
        "handled": handled,
        "answered": answered,
        "closed": closed,
        "supplementing": supplementing,
        "contacted": contacted,
        "entered": entered,
    }
    tasked = make.handled()
    task, waiting = make.signed(make.task(tasked)), make.task(make.handled())
    tickets["tasked"] = tasked
    work = {"task": task.number, "waiting": waiting.number, "zhou": cast.zhou.id}
    pressed = pressing(make, cast, tasked, handled, task)
    numbers: dict[str, object] = {name: ticket.number for name, ticket in tickets.items()}
    contact = make.session.scalars(select(EnterpriseContact.id).limit(1)).one()
    more = kept(make, cast) | exported(make, cast) | gathered(make, cast, tasked, waiting)
    months_over(make, cast)
    make.session.close()
    time.at = shanghai(2026, 11, 26, 9, 30)
    sweep.run(Context(database.engine, time))
    numbers |= {**work, **more, **pressed, "liu": cast.liu.id, "li": cast.li.id}
    return {**numbers, "jia": cast.jia, "wu": cast.wu.id, "contact": contact, "unit": cast.zhou.actor.unit_id}


def pressing(make: Make, cast: Cast, tasked: Ticket, handled: Ticket, task: Task) -> dict[str, object]:
    """督办 of each kind, 批示, a coordination that waits, a callback that was made."""
    pressed: dict[str, object] = {
        "notice": issued(make, tasked).id,
        "to_unit": issued(make, tasked, order(SupervisionLevel.ORDER, Addressee.UNIT, task.number)).id,
        "proposal": proposed(make.session, handled).id,
    }
    pressed["difficulty"] = make.asked(RequestKind.DIFFICULTY, tasked).id
    pressed["returning"] = make.asked_for_task(RequestKind.TASK_RETURN, task, unit=cast.wu.actor.unit_id).id
    make.act(cast.liu, tasked, instructing.instruct, instructing.Given("请一周内解决。", date(2026, 11, 27)))
    make.asked(RequestKind.COORDINATION, handled, on=date(2026, 11, 30))
    make.act(cast.wang, make.closed(make.ticket("回访过的")), calling_back.callback, HEARD)
    return pressed


def months_over(make: Make, cast: Cast) -> None:
    """September frozen and signed, October frozen."""
    begin_writing(make.session)
    for number in (9, 10):
        freezing.freeze(make.work(), month(2026, number))
    publishing.publish(make.work(cast.wang), month(2026, 9), "王督", "同意公布。")
    make.session.commit()


def kept(make: Make, cast: Cast) -> dict[str, object]:
    """What the pages of settings show one of: a change that waits, office hours to come, a work group."""
    begin_writing(make.session)
    work = make.work(cast.wang)
    difference = proposed_limits.difference(work, "opinion", Budget.working_days(2))
    change = proposing.propose(work, proposing.Proposal(ChangeKind.LIMIT, "opinion", *difference), "与实际不符")
    office_hours.put(work, HoursWords("夏季", date(2027, 5, 1), date(2027, 9, 30), "08:30-12:00,15:00-18:30"))
    make.session.commit()
    hours = make.session.scalars(select(OfficeHours.id).where(OfficeHours.name == "夏季")).one()
    return {"change": change.id, "hours": hours, "group": make.session.scalars(select(WorkGroup.id)).one()}

def exported(make: Make, cast: Cast) -> dict[str, object]:
    """Two large ledgers, asked for: one waits, one was called off."""
    ids = []
    for _ in range(2):
        begin_writing(make.session)
        work = make.work(cast.wang)
        ids.append(export_runs.ask(work, exporting.wanted(work, "A", {"state": "open"}), 12_345).id)
        make.session.commit()
    begin_writing(make.session)
    export_runs.cancel(make.work(cast.wang), ids[1])
    make.session.commit()
    return {"waiting_export": ids[0], "ended_export": ids[1]}


def gathered(make: Make, cast: Cast, tasked: Ticket, waiting: Task) -> dict[str, object]:
    """A handover that waits, one who stands in, a theme with two tickets, visits written down, planned and joined."""
    to_wu = (cast.jia, cast.wu.id, "岗位调整", "正在扩建二期厂房。")
    handover = visits.done(make, cast.zhao, handing_over.prepare, *to_wu)
    span = (shanghai(2026, 11, 25), shanghai(2026, 11, 28))
    visits.done(make, cast.zhao, standing_in.appoint, cast.li.id, cast.wu.id, *span, "参加培训")
    numbers = [tasked.number, waiting.ticket.number]
    said = ("消防验收排队时间长", "多家企业反映排队超过一个月。", "0502", numbers)
    theme = visits.done(make, cast.zhao, theming.make, *said)
    visits.done(make, cast.zhao, theming.solve, theme.id, "市住建局开通预约窗口，5个工作日内现场验收。")
    went = visits.went(make, cast.zhang, policies="技改补贴", problems="缺少周转仓库。")
    planned = visits.plan(make, cast.zhang, date(2026, 11, 28))
    visits.plan(make, cast.zhou, date(2026, 11, 28))
    ids = {"handover": handover, "theme": theme, "went": went, "planned": planned}
    return {name: row.id for name, row in ids.items()}
