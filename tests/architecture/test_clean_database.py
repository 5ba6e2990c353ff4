"""The ground the other tests stand on: each begins with the first configuration and nothing else."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime
from assist.models import Area, AuditEntry, Counter, Setting
from tests.engines import TestDatabase


def leave_traces(session: Session, time: FixedTime) -> None:
    assert session.scalar(select(func.count()).select_from(Counter)) == 0
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0
    area = session.scalars(select(Area)).first()
    assert area is not None
    assert not session.scalar(select(Area).where(Area.name == "改过的名字"))
    session.add(Counter(name="LC-20261123", value=7))
    area.name = "改过的名字"
    session.commit()
    assert session.scalar(select(Counter.id)) == 1


def test_a_test_finds_the_first_configuration_only(session: Session, time: FixedTime) -> None:
    leave_traces(session, time)


def test_a_test_does_not_see_what_another_committed(session: Session, time: FixedTime) -> None:
    leave_traces(session, time)


def test_foreign_keys_hold_on_both_engines(session: Session) -> None:
    with pytest.raises(DBAPIError):
        session.execute(
            text("INSERT INTO category (code, name, sort, parent_id) VALUES ('9999', 'x', 1, 987654)")
        )


def test_a_second_session_sees_commits_only(database: TestDatabase, session: Session) -> None:
    session.add(Setting(name="seen", value=1))
    session.flush()
    with Session(database.engine) as other:
        assert other.scalar(select(Setting).where(Setting.name == "seen")) is None
        session.commit()
        other.rollback()
        assert other.scalar(select(Setting).where(Setting.name == "seen")) is not None
