"""Ledger A comes back edited: what the owner wrote is taken over, once; what has become old or is another's is not."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.roles import Actor
from assist.domain.status import ClockKind
from assist.models import AuditEntry, Message, Ticket, TicketEvent
from assist.models.engine import begin_writing
from assist.services import clocks, exporting, handling, stand_ins, standing_in
from assist.services.imports import progress
from assist.services.imports.progress import CheckedProgress, ProgressOutcome
from assist.services.work import Work
from assist.services.workbooks.problem import WorkbookProblem
from tests import ledgers
from tests.cast import Cast, Person
from tests.make import Make
from tests.sheets import edited
from tests.statements import counted

P, R, N, C = "办理进展/结果", "备注", "诉求编号", "统一社会信用代码"


def taken_out(make: Make, who: Person, *, is_whole: bool = False) -> bytes:
    make.session.rollback()
    work = make.work(who)
    wanted = exporting.wanted(work, "A", {}, is_whole=is_whole, reason="核对" if is_whole else "")
    return exporting.at_once(work, wanted)[0].getvalue()


def checked(make: Make, content: bytes, who: Person | None = None) -> CheckedProgress:
    make.session.rollback()
    return progress.check(make.work(who or make.cast.zhang), content)


def sent_in(make: Make, content: bytes, who: Person | None = None, *, is_visible: bool = False) -> ProgressOutcome:
    begin_writing(make.session)
    work = make.work(who or make.cast.zhang)
    outcome = progress.take_over(work, progress.check(work, content), is_visible=is_visible)
    make.session.commit()
    return outcome


def why(found: CheckedProgress) -> list[str]:
    return [f"{fault.column}：{fault.why}" for fault in found.check.faults]


def notes(session: Session, ticket: Ticket) -> list[tuple[str, bool, bool]]:
    session.rollback()
    rows = session.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket.id).order_by(TicketEvent.seq))
    return [
        (row.note, row.is_visible, bool(row.fields.get("is_remark"))) for row in rows if row.action.value == "progress"
    ]


@pytest.fixture
def ticket(make: Make, time: FixedTime) -> Ticket:
    """In hand since 09:30, taken out at 10:00."""
    found = make.handled()
    make.at(shanghai(2026, 11, 23, 10))
    return found


def test_what_the_owner_wrote_goes_in_and_a_second_time_changes_nothing(
    make: Make, cast: Cast, ticket: Ticket, session: Session
) -> None:
    content = edited(taken_out(make, cast.zhang), 4, **{P: "已与住建局对接，\n周五现场验收。", R: "需市里协调"})
    found = checked(make, content)
    assert found.check.faults == ()
    assert [one.words for one in found.edits] == ["办理进展写入“已与住建局对接， 周五现场验收。”；备注写入“需市里协调”"]
    assert notes(session, ticket) == []
    outcome = sent_in(make, content)
    assert (outcome.tickets, outcome.progress, outcome.remarks) == (1, 1, 1)
    assert notes(session, ticket) == [("需市里协调", False, True), ("已与住建局对接，\n周五现场验收。", False, False)]
    again = sent_in(make, content)
    assert again.sentence() == "与现有数据一致，没有变化（1件）。"
    assert len(notes(session, ticket)) == 2
    row = ledgers.rows(taken_out(make, cast.wang))[0]
    assert (row[P], row[R]) == ("已与住建局对接，\n周五现场验收。", "需市里协调")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.deed == "import_progress")).one()
    assert (entry.actor_id, entry.detail["tickets"]) == (cast.zhang.id, 1)


def test_a_sheet_that_was_not_edited_brings_nothing_whatever_stands_in_it(
    make: Make, cast: Cast, session: Session
) -> None:
    odd = make.handled()
    make.act(cast.zhang, odd, handling.progress, "１．第一行\n  第二行，电话13800001234  ", is_visible=False)
    make.act(cast.zhang, odd, handling.progress, "＝备注以等号开头 19906350001", is_visible=False, is_remark=True)
    make.closed()
    make.ticket()
    make.at(shanghai(2026, 11, 23, 10))
    for is_whole in (False, True):
        found = checked(make, taken_out(make, cast.zhang, is_whole=is_whole))
        assert (found.edits, found.check.faults, found.unchanged_count) == ((), (), 3)


def test_progress_for_the_enterprise_to_read_starts_the_next_time(
    make: Make, cast: Cast, ticket: Ticket, session: Session
) -> None:
    content = edited(taken_out(make, cast.zhang), 4, **{P: "已约好周五验收。", R: "内部说明"})
    make.at(shanghai(2026, 11, 25, 9))
    sent_in(make, content, is_visible=True)
    assert notes(session, ticket) == [("内部说明", False, True), ("已约好周五验收。", True, False)]
    told = session.scalars(select(Message.body).where(Message.kind == "progress")).all()
    assert told == ["已约好周五验收。"]
    clock = clocks.running(make.work(cast.zhang), session.get_one(Ticket, ticket.id))[ClockKind.PROGRESS]
    assert clock.started_at == make.time.at


def test_where_both_wrote_since_nothing_is_lost_and_it_is_said_who(
    make: Make, cast: Cast, ticket: Ticket, session: Session
) -> None:
    content = taken_out(make, cast.zhang)
    make.at(shanghai(2026, 11, 23, 11, 5))
    make.act(cast.zhang, ticket, handling.progress, "系统里写的新进展。", is_visible=False)
    make.at(shanghai(2026, 11, 23, 14))
    assert checked(make, content).edits == ()  # untouched and only old: nothing to say
    mine = edited(content, 4, **{P: "我在表里写的。", R: "表里的备注"})
    found = checked(make, mine)
    assert why(found) == [
        "办理进展/结果：这张表导出以后，张建华于11月23日11:05又写了“系统里写的新进展。”，您改的这一格没有写入；"
        "请核对后，按最新的台账修改，或直接在诉求页填写"
    ]
    assert found.edits == ()
    assert [one.remark for one in checked(make, edited(content, 4, **{R: "表里的备注"})).edits] == ["表里的备注"]
    assert notes(session, ticket) == [("系统里写的新进展。", False, False)]


def test_only_the_owner_and_who_stands_in_for_him_may(make: Make, cast: Cast, ticket: Ticket) -> None:
    content = edited(taken_out(make, cast.wang), 4, **{P: "别人写的"})
    assert why(checked(make, content, cast.li)) == ["诉求编号：没有找到这个编号的诉求，或者它不由您办理"]
    assert why(checked(make, content, cast.wang)) == [
        "办理进展/结果：这件诉求由张建华办理，办理进展只能由责任专员（或代办人）写"
    ]
    begin_writing(make.session)
    span = (make.time.at - timedelta(hours=1), make.time.at + timedelta(days=2))
    standing_in.appoint(make.work(cast.zhao), cast.zhang.id, cast.wu.id, *span, "培训")
    make.session.commit()
    stands_in = Work(make.session, make.time, actor_now(make, cast.wu))
    assert [one.progress for one in progress.check(stands_in, content).edits] == ["别人写的"]


def actor_now(make: Make, who: Person) -> Actor:
    return replace(who.actor, stands_in_for=stand_ins.of(make.session, who.id, make.time.at))


def test_by_number_together_with_the_code(make: Make, cast: Cast, ticket: Ticket) -> None:
    content = taken_out(make, cast.zhang)
    other = edited(content, 4, **{C: "91371500MA00000029", P: "改了"})
    found = checked(make, other)
    assert why(found) == ["统一社会信用代码：与诉求编号不是同一家企业，请核对编号和代码"]
    assert found.check.faults[0].suggestion == "91371500MA00000010"
    assert why(checked(make, edited(content, 4, **{N: "LC-20990101-0001"})))[0].startswith("诉求编号：没有找到")
    assert why(checked(make, edited(content, 4, **{N: None})))[0] == "诉求编号：没有填写诉求编号"


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ("ticket", "这件诉求现在是“待受理”，受理以后才能写办理进展"),
        ("answered", "这件诉求现在是“待确认”，办理结果不在台账里改；需要更正请到诉求页办理"),
        ("closed", "这件诉求现在是“已办结”，办理结果不在台账里改；需要更正请到诉求页办理"),
    ],
)
def test_what_is_not_in_hand_is_not_written(made: str, words: str, make: Make, cast: Cast) -> None:
    getattr(make, made)()
    make.at(make.time.at + timedelta(hours=1))
    assert why(checked(make, edited(taken_out(make, cast.zhang), 4, **{P: "又改了"}))) == [f"办理进展/结果：{words}"]


def test_odd_cells_are_told_and_an_empty_one_deletes_nothing(make: Make, cast: Cast, ticket: Ticket) -> None:
    content = taken_out(make, cast.zhang)
    assert why(checked(make, edited(content, 4, **{P: "长" * 2001}))) == ["办理进展/结果：太长（2001字），最多2000字"]
    assert "单元格里是公式" in why(checked(make, edited(content, 4, **{R: "=1+1"})))[0]
    found = checked(make, edited(content, 4, **{P: None}))
    assert (found.edits, found.check.faults) == ((), ())
    assert found.check.notes[0].text.endswith("办理进展被清空；已经写下的不会因此删除")


def test_a_sheet_without_its_time_or_from_the_future_is_refused(make: Make, cast: Cast, ticket: Ticket) -> None:
    def above(words: str) -> bytes:
        book = openpyxl.load_workbook(BytesIO(taken_out(make, cast.zhang)))
        book.active["A2"].value = words
        target = BytesIO()
        book.save(target)
        return target.getvalue()

    with pytest.raises(WorkbookProblem, match="表上没有“导出时间”"):
        checked(make, above("填报单位：我们"))
    with pytest.raises(WorkbookProblem, match="晚于现在"):
        checked(make, above("导出时间：2027-01-01 08:00:00"))


def test_a_batch_of_rows_costs_few_statements(make: Make, cast: Cast, session: Session) -> None:
    for _ in range(3):
        make.handled()
    make.at(shanghai(2026, 11, 23, 10))
    content = taken_out(make, cast.zhang)
    session.rollback()
    with counted(session) as sent:
        progress.check(make.work(cast.zhang), content)
    assert len(sent) <= 2
