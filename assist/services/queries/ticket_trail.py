"""流转轨迹: a ticket's events as sentences with unit, person, time, words and files, for one reader.

What the reader may not read is not loaded (internal events and files) or not told (the words beside a low grade).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, select

from assist.domain.clock import local_date
from assist.domain.date_words import date_text
from assist.domain.roles import Role
from assist.domain.status import (
    LOW_RATINGS,
    Difficulty,
    Method,
    Outcome,
    Rating,
    RatingReason,
    Result,
    Source,
    TicketType,
)
from assist.domain.transitions import Action
from assist.models import Account, Attachment, ContactRecord, Ticket, TicketEvent, Unit
from assist.services.queries import trail_words
from assist.services.settings import Settings
from assist.services.work import Work

# What somebody said to somebody, as against moves and looks: these have their words in full on the page.
SAID = frozenset(
    {
        Action.COMMENT,
        Action.REQUEST_SUPPLEMENT,
        Action.SUPPLEMENT,
        Action.CONTACT,
        Action.OPINION,
        Action.PROGRESS,
        Action.ANSWER,
        Action.CORRECT_ANSWER,
        Action.CONFIRM,
        Action.RATE,
        Action.RETURN,
        Action.REOPEN,
        Action.WITHDRAW,
        Action.NUDGE,
    }
)


@dataclass(frozen=True)
class FileLine:
    id: int
    name: str
    size: int


@dataclass(frozen=True)
class CallLine:
    """A contact record and what the enterprise says of it; `is_true` None: not yet asked about."""

    id: int
    at: datetime
    is_true: bool | None


@dataclass
class Entry:
    """One event. `facts` are short (难度：复杂), `words` are somebody's own, `text` is both."""

    seq: int
    action: Action
    actor_id: int | None
    who: str
    unit: str
    at: datetime
    round_no: int
    facts: str
    words: str
    is_internal: bool
    is_own_side: bool  # said by the enterprise
    files: list[FileLine] = field(default_factory=list)
    call: CallLine | None = None

    @property
    def text(self) -> str:
        return "\n".join(part for part in (self.facts, self.words) if part)

    @property
    def is_said(self) -> bool:
        return self.action in SAID

    @property
    def tone(self) -> str:
        return trail_words.TONES.get(self.action, "")


def _events(*, internal: bool) -> Any:
    of_event = and_(Attachment.ticket_id == TicketEvent.ticket_id, Attachment.event_seq == TicketEvent.seq)
    of_call = and_(
        TicketEvent.action == Action.CONTACT,
        ContactRecord.ticket_id == TicketEvent.ticket_id,
        ContactRecord.officer_id == TicketEvent.actor_id,
        ContactRecord.entered_at == TicketEvent.at,
    )
    query = (
        select(
            TicketEvent,
            Account.roles,
            Unit.name.label("unit_name"),
            Unit.short_name.label("unit_short"),
            Attachment.id.label("file_id"),
            Attachment.name.label("file_name"),
            Attachment.size.label("file_size"),
            ContactRecord.id.label("call_id"),
            ContactRecord.is_true.label("call_is_true"),
        )
        .outerjoin(Account, Account.id == TicketEvent.actor_id)
        .outerjoin(Unit, Unit.id == Account.unit_id)
        .outerjoin(Attachment, of_event if internal else and_(of_event, Attachment.is_visible))
        .outerjoin(ContactRecord, of_call)
        .where(TicketEvent.ticket_id == bindparam("ticket_id"))
        .order_by(TicketEvent.seq, Attachment.id, ContactRecord.id)
    )
    return query if internal else query.where(TicketEvent.is_visible)


# Built once: putting a statement of this size together costs more than running it.
EVENTS = {internal: _events(internal=internal) for internal in (True, False)}


def rows(work: Work, ticket: Ticket, *, internal: bool) -> Sequence[Any]:
    """The events this reader may read, each with its author's unit, its files and its call. One statement."""
    found: Sequence[Any] = work.session.execute(EVENTS[internal], {"ticket_id": ticket.id}).all()
    return found


def people_ids(found: Sequence[Any]) -> set[int]:
    """Whose names the sentences need: between whom the ticket was passed, for whom somebody acted."""
    passed = (row.TicketEvent.fields.get("owner_id") for row in found)
    owners = {one for pair in passed if isinstance(pair, list) for one in pair if one is not None}
    return owners | {id for row in found if (id := row.TicketEvent.acting_for_id) is not None}


def entries(
    found: Sequence[Any], settings: Settings, names: dict[int, str], *, rating_words: bool, drafts: bool = False
) -> list[Entry]:
    """The rows as entries, oldest first. `names` of accounts by id; `rating_words`: may read those of a low grade;
    `drafts`: may see the files of a unit's reply that is not signed yet."""
    made: dict[int, Entry] = {}
    for row in found:
        event: TicketEvent = row.TicketEvent
        if event.seq not in made:
            made[event.seq] = _entry(row, event, Teller(settings, names, rating_words))
        entry = made[event.seq]
        if event.fields.get("is_draft") and not drafts:
            continue
        if row.file_id is not None and all(one.id != row.file_id for one in entry.files):
            entry.files.append(FileLine(row.file_id, row.file_name, row.file_size))
    return list(made.values())


def _entry(row: Any, event: TicketEvent, teller: "Teller") -> Entry:
    is_own_side = row.roles is not None and Role.ENTERPRISE in row.roles
    call = CallLine(row.call_id, event.at, row.call_is_true) if row.call_id is not None else None
    return Entry(
        seq=event.seq,
        action=event.action,
        actor_id=event.actor_id,
        who=teller.who(event),
        unit="企业" if is_own_side else row.unit_short or row.unit_name or "",
        at=event.at,
        round_no=event.round_no,
        facts="；".join(teller.facts(event)),
        words="\n".join(part for part in (event.note, teller.rating_comment(event)) if part),
        is_internal=not event.is_visible,
        is_own_side=is_own_side,
        call=call,
    )


@dataclass(frozen=True)
class Teller:
    """Turns an event's fields into short Chinese facts for one reader."""

    settings: Settings
    names: dict[int, str]
    rating_words: bool

    def who(self, event: TicketEvent) -> str:
        """李明（代张建华）: whoever acted, and for whom."""
        owner = self.names.get(event.acting_for_id or 0)
        return f"{event.actor_name}（代{owner}）" if owner else event.actor_name

    def facts(self, event: TicketEvent) -> list[str]:
        fields = event.fields
        told = {
            Action.SUBMIT: self._submitted,
            Action.ACCEPT: self._accepted,
            Action.CONTACT: self._contacted,
            Action.OPINION: lambda given: self._expected(given, local_date(event.at).year),
            Action.ANSWER: self._answered,
            Action.CORRECT_ANSWER: self._corrected,
            Action.CONFIRM: self._graded,
            Action.LAPSE: self._graded,
            Action.RATE: self._graded,
            Action.VERIFY_ENTRY: self._verified,
            Action.VERIFY_CONTACT: self._verified,
            Action.REASSIGN: self._passed,
        }.get(event.action)
        if told is not None:
            return told(fields)
        beside = trail_words.WORDS.get(event.action)
        return beside(fields, local_date(event.at).year) if beside else []

    def rating_comment(self, event: TicketEvent) -> str:
        comment = str(event.fields.get("rating_comment") or "")
        return comment if comment and self._may_tell_grade(event.fields) else ""

    def _may_tell_grade(self, fields: dict[str, Any]) -> bool:
        rating = fields.get("rating") or fields.get("heard_rating")
        return self.rating_words or not rating or Rating.of(rating) not in LOW_RATINGS

    def _submitted(self, fields: dict[str, Any]) -> list[str]:
        found = ["企业标注情况紧急"] if fields.get("is_pressing") else []
        source = fields.get("source")
        if source and Source.of(source) is not Source.SELF:
            found.append(f"来源：{Source.of(source).title}")
        return found

    def _category(self, category_id: Any) -> str:
        entry = self.settings.categories.get(category_id or 0)
        return entry.name if entry else "未选择"

    def _accepted(self, fields: dict[str, Any]) -> list[str]:
        found = []
        if "category_id" in fields:
            old, new = fields["category_id"]
            changed = (
                f"由“{self._category(old)}”更正为“{self._category(new)}”" if old else self._category(new)
            )
            found.append(f"类别：{changed}")
        if "type" in fields:
            found.append(f"类型：{TicketType.of(fields['type'][1]).title}")
        if "difficulty" in fields:
            found.append(f"难度：{Difficulty.of(fields['difficulty'][1]).title}")
        return found

    def _contacted(self, fields: dict[str, Any]) -> list[str]:
        found = (
            [f"{Method.of(fields['method']).title}联系{fields.get('person', '')}"]
            if "method" in fields
            else []
        )
        if fields.get("claimed_at"):
            found.append(f"补登，称联系时间为{fields['claimed_at']}")
        return found

    def _expected(self, fields: dict[str, Any], year: int) -> list[str]:
        if not fields.get("expected_on"):
            return []
        on = date.fromisoformat(fields["expected_on"])
        return [f"预计{date_text(on, year)}办结"]

    def _answered(self, fields: dict[str, Any]) -> list[str]:
        return [f"办理结果：{Outcome.of(fields['outcome']).title}"] if fields.get("outcome") else []

    def _corrected(self, fields: dict[str, Any]) -> list[str]:
        return [f"更正原因：{fields['reason']}"] if fields.get("reason") else []

    def _graded(self, fields: dict[str, Any]) -> list[str]:
        found = []
        if fields.get("result"):
            found.append(f"结果：{Result.of(fields['result']).title}")
        if fields.get("rating"):
            found.append(f"评价：{Rating.of(fields['rating']).title}")
        if fields.get("rating_reasons") and self._may_tell_grade(fields):
            titles = "、".join(RatingReason.of(one).title for one in fields["rating_reasons"])
            found.append(f"原因：{titles}")
        return found

    def _verified(self, fields: dict[str, Any]) -> list[str]:
        told = fields.get("is_true", (fields.get("entry_is_true") or [None, None])[1])
        return [] if told is None else ["属实" if told else "不属实"]

    def _passed(self, fields: dict[str, Any]) -> list[str]:
        if "owner_id" not in fields:
            return []
        old, new = fields["owner_id"]
        return [f"由{self.names.get(old, '无人')}变更为{self.names.get(new, '无人')}"]
