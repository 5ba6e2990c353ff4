"""The two ways to stand behind an officer: one who acts for him now, and one who had the enterprise before him."""

from datetime import timedelta

from sqlalchemy import select

from assist.domain.roles import Role
from assist.models import Pairing, StandIn
from tests.cast import LONG_AGO, Cast, Person, account, person
from tests.make import Make


def stand_in_and_former(make: Make, cast: Cast) -> tuple[Person, Person]:
    """代 stands in for 张 from yesterday till tomorrow; 原 was 甲's officer until 张 came, just now."""
    session, now = make.session, make.time.at
    acting = person(account(session, "dai", "代办人", Role.OFFICER, unit_id=cast.wu.actor.unit_id))
    former = person(account(session, "yuan", "原专员", Role.OFFICER, unit_id=cast.wu.actor.unit_id))
    span = {"started_at": now - timedelta(days=1), "ended_at": now + timedelta(days=1)}
    session.add(StandIn(officer_id=cast.zhang.id, stand_in_id=acting.id, reason="培训", made_at=now, **span))
    session.scalars(select(Pairing).where(Pairing.enterprise_id == cast.jia)).one().started_at = now
    session.add(Pairing(enterprise_id=cast.jia, officer_id=former.id, started_at=LONG_AGO, ended_at=now))
    session.commit()
    return acting, former
