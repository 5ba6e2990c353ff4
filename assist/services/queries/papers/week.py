"""周调度表 (ledger F) in one click: what a week brought, by area and by unit, and what is due in the next one."""

from collections.abc import Iterable
from typing import Any

from assist.domain.errors import NotFound
from assist.domain.ledgers import Ledger
from assist.domain.papers import Block, DocumentKind, Grid, Heading, Paper, Words
from assist.services import exporting
from assist.services.queries.ledgers import week as ledger
from assist.services.queries.papers.words import OFFICE, day
from assist.services.queries.ticket_lists import parse_on
from assist.services.work import Work

COLUMNS = {
    "name": "单位",
    "new": "新增",
    "closed": "办结",
    "open": "在办",
    "late": "超期",
    "due_next": "下周到期",
}


def week(work: Work, no: str) -> Paper:
    """周调度表 of the week of a day (2026-11-23; any day of it). Raises NotFound."""
    if parse_on(no) is None:
        raise NotFound()
    exporting.open_ledger(work, Ledger.WEEK.letter)
    wanted = ledger.WeekFilter(no)
    period, told = ledger.period_of(work, wanted), ledger.told_as(work, wanted)
    blocks: list[Block] = [Words(f"{told}。")]
    for by, words in ledger.BY.items():
        rows = list(ledger.rows(work, ledger.WeekFilter(no, by)))
        if rows:
            blocks += [Heading(f"按{words}"), _grid(rows)]
    return Paper(
        kind=DocumentKind.WEEK,
        no=period.first_on.isoformat(),
        title="“助企远航”行动周调度表",
        number=f"{day(period.first_on)}—{day(period.last_on)}",
        about=f"/ledgers/F?week={period.first_on.isoformat()}",
        blocks=tuple(blocks),
        closing=(OFFICE, day(work.now)),
        signers=(),
        code_says="扫码查看",
    )


def _grid(rows: Iterable[dict[str, Any]]) -> Grid:
    lines = [tuple(str(row[key]) for key in COLUMNS) for row in rows]
    sums = tuple(str(sum(int(line[place]) for line in lines)) for place in range(1, len(COLUMNS)))
    return Grid(tuple(COLUMNS.values()), (*lines, ("合计", *sums)))
