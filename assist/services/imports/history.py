"""诉求办理台账 as it was kept before (ledger A): taking its rows over as history, marked 原台账.

An open row goes on here as 办理中 with its officer and one clock, due as stated. A closed row is closed; when it was
answered, by whom it was confirmed and when it was rated is not known, so nothing is said of it and no rate counts it.
What the ledger stated (是否超期 among it) is kept in the ticket's first event. Known numbers are left alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert

from assist.domain.clock import local_date, shanghai
from assist.domain.office_hours import DEFAULT_WINDOWS
from assist.domain.roles import Role
from assist.domain.search_tokens import index_tokens
from assist.domain.status import RoundStart, Source, Status
from assist.domain.text import proposed_title
from assist.models import Enterprise, Ticket, TicketRound, TicketSearch
from assist.services import auditing, numbers, pinyin, telling, transitions
from assist.services.imports import stated_clocks
from assist.services.imports.present import Present, dictionaries, read
from assist.services.imports.roster_scope import at_cell, in_order
from assist.services.searching import MAX_TOKENS
from assist.services.telling import Note
from assist.services.transitions import Arrival
from assist.services.work import Work
from assist.services.workbooks import container
from assist.services.workbooks.history_sheet import HistoryCheck, HistoryRow, check_history, read_history
from assist.services.workbooks.reading import Sheet


@dataclass(frozen=True)
class CheckedHistory:
    """A sheet and what is wrong with it. `new`: its good rows that are not here yet."""

    sheet: Sheet
    check: HistoryCheck
    present: Present = field(repr=False)

    @property
    def new(self) -> list[HistoryRow]:
        return [row for row in self.check.rows if not row.is_known]

    @property
    def known_count(self) -> int:
        return len(self.check.rows) - len(self.new)


@dataclass
class HistoryOutcome:
    """How many tickets came in, and how many were here already."""

    closed: int = 0
    open: int = 0
    late: int = 0
    known: int = 0
    enterprises_new: int = 0

    def sentence(self) -> str:
        if not self.closed + self.open:
            return f"与现有数据一致，没有变化（{self.known}件已在系统中）。"
        beside = f"；{self.known}件已在系统中，未改动" if self.known else ""
        left = f"；{self.enterprises_new}家不在名录中的企业按已退出登记" if self.enterprises_new else ""
        return (
            f"转入历史诉求{self.closed + self.open}件：已办结{self.closed}件，在办{self.open}件"
            f"（其中按时限已超期{self.late}件）{beside}{left}。"
        )


def check(work: Work, source: container.Source) -> CheckedHistory:
    """Read a workbook and compare it with what stands. Raises `WorkbookProblem`; writes nothing."""
    sheet = read_history(source)
    present = read(work)
    known = dictionaries(work, present, with_tickets=True)
    found = check_history(sheet, known, local_date(work.now))
    return CheckedHistory(sheet, _in_area(work, present, sheet, found), present)


def _in_area(work: Work, present: Present, sheet: Sheet, found: HistoryCheck) -> HistoryCheck:
    """An area's coordinator brings in the history of his own area only."""
    own = work.actor.area_id
    if own is None:
        return found
    faults, good = [], []
    for row in found.rows:
        area = present.areas[row.area_code]
        enterprise = present.enterprises.get(row.credit_code)
        if area.id == own and (enterprise is None or enterprise.area_id == own):
            good.append(row)
        else:
            why = f"{area.name}不在您负责的范围内，请由该县（市、区）或市助企办导入"
            faults.append(at_cell(sheet, row.row, "area", area.name, why))
    return replace(found, rows=tuple(good), faults=in_order((*found.faults, *faults)))


def take_over(work: Work, checked: CheckedHistory) -> HistoryOutcome:
    """Write the rows that are new. `checked` must have been made in this very transaction, begun as a writer."""
    outcome = HistoryOutcome(known=checked.known_count)
    rows = checked.new
    if not rows:
        return outcome
    present = checked.present
    _left_enterprises(work, present, rows, outcome)
    made = [(row, _ticket(work, present, row)) for row in rows]
    transitions.take_over(work, [_arrival(row, ticket) for row, ticket in made])
    work.session.add_all([_round(work, row, ticket) for row, ticket in made])
    running = [(row, ticket) for row, ticket in made if not row.dates.is_closed]
    stated_clocks.start(work, [_stated(work, row, ticket) for row, ticket in running])
    _index(work, made)
    _raise_counters(work, rows)
    _tell_owners(work, [ticket for _, ticket in running])
    outcome.open = len(running)
    outcome.closed = len(made) - len(running)
    outcome.late = sum(bool(row.is_late) for row, _ in running)
    auditing.record(work, "import_history", "诉求办理台账", **vars(outcome))
    return outcome


def _left_enterprises(
    work: Work, present: Present, rows: Sequence[HistoryRow], outcome: HistoryOutcome
) -> None:
    """Enterprises that stand in the old ledger alone: kept as having left the programme."""
    for row in rows:
        if row.credit_code in present.enterprises:
            continue
        spelt = pinyin.organisation(row.enterprise_name)
        enterprise = Enterprise(
            name=row.enterprise_name,
            pinyin=spelt.full,
            initials=spelt.initials,
            credit_code=row.credit_code,
            area_id=present.areas[row.area_code].id,
            chain_id=present.chains[row.chain].id if row.chain else None,
            is_active=False,
            created_at=work.now,
        )
        present.enterprises[row.credit_code] = enterprise
        work.session.add(enterprise)
        outcome.enterprises_new += 1
    work.session.flush()


def _ticket(work: Work, present: Present, row: HistoryRow) -> Ticket:
    enterprise = present.enterprises[row.credit_code]
    category = work.settings.by_code(row.category_code) if row.category_code else None
    is_restricted = bool(category and category.is_restricted)
    ticket = Ticket(
        number=row.number,
        enterprise_id=enterprise.id,
        area_id=present.areas[row.area_code].id,
        owner_id=work.settings.restricted_owner_id if is_restricted else _owner(present, enterprise, row),
        title=proposed_title(row.description)[:60],
        description=row.description,
        wish=row.wish,
        category_id=category.id if category else None,
        asked_category_id=category.id if category else None,
        is_restricted=is_restricted,
        is_imported=True,
        source=row.source or Source.SELF,
        submitted_at=_midnight(row.dates.submitted_on),
        accepted_at=_midnight(row.dates.accepted_on) if row.dates.accepted_on else None,
        closed_at=_close(work, row.dates.closed_on) if row.dates.is_closed and row.dates.closed_on else None,
        updated_at=work.now,
        round_no=1,
        version=1,
        event_seq=0,
        head_hash="",
    )
    ticket.enterprise = enterprise
    return ticket


def _owner(present: Present, enterprise: Enterprise, row: HistoryRow) -> int | None:
    """Of an open one the officer who is active now; of a closed one the officer named, if he is known."""
    pairing = present.pairings.get(enterprise.id)
    if not row.dates.is_closed:
        return pairing.officer_id if pairing else None
    named = present.person(row.officer_phone, Role.OFFICER, row.officer_name) if row.officer_phone else None
    return named.id if named else None


def _arrival(row: HistoryRow, ticket: Ticket) -> Arrival:
    dates = row.dates
    stated: dict[str, Any] = {
        "owner_id": ticket.owner_id,
        "stated_officer": row.officer_name,
        "stated_officer_unit": row.officer_unit,
        "stated_contact": row.contact_name,
        "stated_helpers": list(row.helper_units),
        "stated_responsible": row.responsible,
        "stated_due_on": str(dates.due_on) if dates.due_on else None,
        "stated_extended_due_on": str(dates.extended_due_on) if dates.extended_due_on else None,
        "stated_late": row.stated_late,
        "stated_rating": row.rating,
        "remark": row.remark,
    }
    told = {name: value for name, value in stated.items() if value not in (None, "", [])}
    status = Status.CLOSED if dates.is_closed else Status.HANDLING
    return Arrival(ticket, status, row.progress, told)


def _round(work: Work, row: HistoryRow, ticket: Ticket) -> TicketRound:
    """The one round there was. A rating is kept as stated; it came to be known here now."""
    is_rated = row.dates.is_closed and row.rating is not None
    return TicketRound(
        ticket_id=ticket.id,
        no=1,
        started_at=ticket.submitted_at,
        started_by=RoundStart.SUBMIT,
        rating=row.rating if is_rated else None,
        rated_at=work.now if is_rated else None,
    )


def _index(work: Work, made: Sequence[tuple[HistoryRow, Ticket]]) -> None:
    """The words of all of them at once, as `searching.index` would add them one by one."""
    rows = []
    for row, ticket in made:
        own = (row.number, ticket.enterprise.name, ticket.title, row.description, row.wish, row.progress)
        rows.append(
            {
                "id": ticket.id,
                "public_tokens": index_tokens("\n".join(own))[:MAX_TOKENS],
                "internal_tokens": index_tokens(row.remark)[:MAX_TOKENS],
            }
        )
    work.session.execute(insert(TicketSearch), rows)


def _stated(work: Work, row: HistoryRow, ticket: Ticket) -> stated_clocks.StatedDue:
    dates = row.dates
    due_on = dates.due_on or dates.extended_due_on
    assert due_on is not None  # an open row without one is a fault
    extended = _close(work, dates.extended_due_on) if dates.extended_due_on else None
    return stated_clocks.StatedDue(ticket, _close(work, due_on), extended)


def _midnight(on: date) -> datetime:
    """The ledger knows days only."""
    return shanghai(on.year, on.month, on.day)


def _close(work: Work, on: date) -> datetime:
    """The end of office on a stated day, a day off or not."""
    closes = (work.settings.calendar.windows_on(on) or DEFAULT_WINDOWS)[-1].closes
    return shanghai(on.year, on.month, on.day, closes // 60, closes % 60)


def _raise_counters(work: Work, rows: Sequence[HistoryRow]) -> None:
    """Numbers like ours are used up, so that none is given out a second time."""
    last: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        series, _, number = row.number.rpartition("-")
        if series.startswith("LC-") and number.isdigit():
            last[series] = max(last[series], int(number))
    numbers.at_least(work.session, last)


def _tell_owners(work: Work, tickets: Sequence[Ticket]) -> None:
    owned: defaultdict[int, list[Ticket]] = defaultdict(list)
    for ticket in tickets:
        if ticket.owner_id is not None and ticket.owner_id != work.actor.account_id:
            owned[ticket.owner_id].append(ticket)
    notes = [
        Note(
            owner_id,
            "imported",
            f"原台账转入{len(held)}件在办诉求，请继续办理",
            f"import:{held[0].id}",
            "、".join(ticket.number for ticket in held[:20]),
            location="/tickets/?state=open",
        )
        for owner_id, held in owned.items()
    ]
    telling.write(work, notes)
