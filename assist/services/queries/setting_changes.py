"""调整 of limits, ladder and boards as they are read: what waits, what was decided by whom. `proposing` writes."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from assist.domain.changes import ChangeStatus
from assist.domain.errors import NotFound
from assist.models import Account, SettingChange
from assist.services.work import Work

PAGE = 50
proposer = aliased(Account, name="proposer")
decider = aliased(Account, name="decider")


def _rows() -> Select[Any]:
    columns: tuple[Any, ...] = (
        SettingChange,
        proposer.name.label("proposed_by"),
        decider.name.label("decided_by"),
    )
    return (
        select(*columns)
        .join(proposer, proposer.id == SettingChange.proposed_by_id)
        .outerjoin(decider, decider.id == SettingChange.decided_by_id)
    )


def waiting(work: Work, kind: str) -> dict[str, Any]:
    """By subject the change of a kind that waits to be decided."""
    query = _rows().where(SettingChange.status == ChangeStatus.PROPOSED, SettingChange.kind == kind)
    return {row.SettingChange.subject: row for row in work.session.execute(query)}


def to_decide(work: Work) -> int:
    """How many wait for another supervisor than the reader proposed them."""
    query = select(func.count()).where(
        SettingChange.status == ChangeStatus.PROPOSED, SettingChange.proposed_by_id != work.actor.account_id
    )
    return work.session.scalar(query) or 0


def changes(work: Work, page: int = 1) -> tuple[list[Any], int]:
    """(one page of all changes, those that wait first and then the newest; how many there are)."""
    query = _rows().add_columns(func.count().over().label("total"))
    query = query.order_by(
        (SettingChange.status == ChangeStatus.PROPOSED).desc(), SettingChange.id.desc()
    ).limit(PAGE)
    rows = list(work.session.execute(query.offset((max(page, 1) - 1) * PAGE)))
    return rows, (rows[0].total if rows else 0)


def change(work: Work, change_id: int) -> Any:
    """One change with the names of who proposed and decided it. Raises NotFound."""
    row = work.session.execute(_rows().where(SettingChange.id == change_id)).one_or_none()
    if row is None:
        raise NotFound()
    return row
