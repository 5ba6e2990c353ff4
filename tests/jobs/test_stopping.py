"""Asked to end while letters are on their way: what is in hand is finished, the rest is given back, nothing is lost."""

import signal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assist.domain.clock import SystemTime
from assist.domain.outward import Sending
from assist.domain.status import DeliveryStatus
from assist.models import Account, Delivery
from assist.models.engine import begin_writing
from assist.services import delivering, keeping_channels, telling
from assist.services.telling import Note
from assist.services.work import Work
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.gateway import Gateway, Reply
from tests.jobs.test_scheduler import environ, migrated, run_until

__all__ = ["environ", "migrated"]
LETTERS = 30


def test_the_letter_in_hand_is_finished_and_the_others_are_given_back_untouched(
    environ: dict[str, str], database: TestDatabase, session: Session, cast: Cast, gateway: Gateway
) -> None:
    gateway.answer = lambda received: Reply(sleep=0.5)
    begin_writing(session)
    work = Work(session, SystemTime(), cast.xi.actor)
    words = {"url": gateway.url, "secret": "shared"}
    keeping_channels.put(work, "webhook", words, is_on=True, key=environ["ASSIST_SECRETS_KEY"].strip())
    delivering.publish_channels(work, ["webhook"])
    session.execute(update(Account).values(inbox_only=False))
    notes = [
        Note(cast.zhang.id, "reminder", f"红牌超期：第{number}件", f"k{number}", sending=Sending(is_urgent=True))
        for number in range(LETTERS)
    ]
    telling.write(work, notes)
    session.commit()
    code, said = run_until(environ, lambda: bool(gateway.received), with_signal=signal.SIGTERM)
    assert code == 0, said
    assert said.rstrip().endswith("定时任务已停止。")
    assert "Traceback" not in said
    session.rollback()
    rows: list[Any] = list(session.scalars(select(Delivery)))
    sent = [row for row in rows if row.status is DeliveryStatus.SENT]
    left = [row for row in rows if row.status is DeliveryStatus.PENDING]
    assert len(rows) == len(sent) + len(left) == LETTERS
    assert {row.parcel_key for row in sent} == set(gateway.keys())
    assert {(row.attempt_count, row.leased_until, row.parcel_key) for row in left} == {(0, None, "")}
    assert set(gateway.keys().values()) == {1}
