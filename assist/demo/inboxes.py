"""Reading: whoever comes to the desk reads what has come since; the last few days are partly unread still."""

from bisect import bisect_left
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from assist.demo.stage import Stage
from assist.models import Account, Message
from assist.models.base import Base

MOST_UNREAD = 5
LOOKS = timedelta(minutes=2)


def read(stage: Stage) -> int:
    """Mark what was read, at the recipient's next act or the next morning. Returns how many are left unread."""
    rows = stage.session.execute(
        select(Message.id, Message.recipient_id, Message.at).order_by(Message.recipient_id, Message.id.desc())
    ).all()
    kept: dict[int, int] = {}
    marks = []
    for message_id, recipient_id, at in rows:
        seen = _seen(stage, recipient_id, at)
        if seen is None and kept.get(recipient_id, 0) < MOST_UNREAD:
            kept[recipient_id] = kept.get(recipient_id, 0) + 1
            continue
        marks.append({"message": message_id, "seen": min(seen or at + LOOKS, stage.until)})
    message = Base.metadata.tables[Message.__tablename__]
    statement = update(message).where(message.c.id == bindparam("message"))
    if marks:
        stage.session.connection().execute(statement.values(read_at=bindparam("seen")), marks)
    stage.session.commit()
    return sum(kept.values())


def note_logins(stage: Stage) -> None:
    """When everybody was last here: at his last act."""
    account = Base.metadata.tables[Account.__tablename__]
    last = [{"who": one, "seen": acts[-1]} for one, acts in sorted(stage.seen_at.items())]
    statement = update(account).where(account.c.id == bindparam("who"))
    stage.session.connection().execute(
        statement.values(last_login_at=bindparam("seen"), last_seen_at=bindparam("seen")), last
    )
    stage.session.commit()


def _seen(stage: Stage, recipient_id: int, at: datetime) -> datetime | None:
    """The recipient's next act; else the second working morning after; None when that is still to come."""
    acts = stage.seen_at.get(recipient_id, [])
    place = bisect_left(acts, at)
    if place < len(acts):
        return acts[place]
    morning = stage.office(stage.calendar.day_due(at, 1), 12)
    return morning if morning < stage.until else None
