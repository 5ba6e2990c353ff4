"""Where many acts share a commit, messages and words to find are written with it: the same as if written at once."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.models import Message, TicketSearch
from assist.services import intake, searching, telling
from assist.services.work import Work
from tests.cast import Cast

SAID = ("车间二期消防验收排队已有两个月。", "变压器增容审批迟迟没有答复。")


def lived(session: Session, time: FixedTime, cast: Cast, *, at_once: bool) -> list[tuple[object, ...]]:
    """Two problems, with words that everybody and that the case side alone may find. Returns what was written."""
    work = Work(session, time, cast.chen.actor)
    if not at_once:
        work.postponed, work.unindexed = [], {}
    for said in SAID:
        ticket = intake.submit(work, cast.jia, intake.Submission(said, wish="尽快答复"))
        searching.index(work, ticket, public="供电公司已现场查勘")
        searching.index(work, ticket, internal="街道反映该企业另有欠费")
        telling.tell(work, [cast.zhang.id], "comment", "企业补充了一句话", key=f"again:{ticket.id}", ticket=ticket)
        telling.tell(work.as_system(), [cast.zhang.id], "comment", "同一件事", key=f"again:{ticket.id}")
    telling.post(work)
    searching.write_collected(work)
    return [
        tuple(value.strip() if isinstance(value, str) else value for value in row)
        for table, columns in (
            (Message, (Message.recipient_id, Message.kind, Message.title, Message.body, Message.at)),
            (TicketSearch, (TicketSearch.public_tokens, TicketSearch.internal_tokens)),
        )
        for row in session.execute(select(*columns).order_by(table.id))
    ]


def test_what_is_postponed_is_written_the_same_as_at_once(session: Session, time: FixedTime, cast: Cast) -> None:
    at_once = lived(session, time, cast, at_once=True)
    session.rollback()
    assert lived(session, time, cast, at_once=False) == at_once
    titles = [row[2] for row in at_once if len(row) > 2]
    assert titles.count("企业补充了一句话") == len(SAID)
    assert "同一件事" not in titles


def test_a_message_bears_the_time_at_which_it_became_true(session: Session, time: FixedTime, cast: Cast) -> None:
    said_at = time.at
    postponed: list[tuple[datetime, telling.Note]] = []
    telling.tell(Work(session, time, postponed=postponed), [cast.zhang.id], "comment", "先到的话", key="first")
    assert not list(session.scalars(select(Message)))
    time.at = said_at + timedelta(hours=3)
    telling.write(
        Work(session, time, postponed=postponed),
        [telling.Note(cast.zhang.id, "comment", "后到的话", "second")],
    )
    found = session.execute(select(Message.title, Message.at).order_by(Message.id)).all()
    assert [tuple(row) for row in found] == [("先到的话", said_at), ("后到的话", time.at)]
