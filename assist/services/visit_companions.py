"""一并前往: visits that were merged into another one, so that an enterprise is disturbed once."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from assist.domain.clock import local, local_date
from assist.domain.date_words import date_text
from assist.domain.errors import Conflict, Invalid
from assist.domain.visits import VisitStatus, month_span
from assist.models import Enterprise, Visit
from assist.services.visit_telling import actor_words, tell
from assist.services.work import Work

S = VisitStatus


def target(work: Work, enterprise_id: int, target_id: int, month: date | None = None) -> Visit:
    """Somebody else's plan for this enterprise that is still ahead (in the same month). Raises Invalid, Conflict."""
    query = select(Visit).where(Visit.id == target_id, Visit.enterprise_id == enterprise_id)
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None or found.account_id == work.actor.account_id:
        raise Invalid("请选择要并入的走访。", "joins")
    if found.status is not S.PLANNED:
        raise Conflict(f"您要并入的走访现在是“{found.status.title}”，请重新选择。")
    if found.visit_on < local_date(work.now) or (month and month_span(month) != month_span(found.visit_on)):
        raise Invalid("只能并入同一个月内还没有进行的走访。", "joins")
    return found


def along(work: Work, found: Visit) -> Sequence[Visit]:
    """The visits that were merged into this one, in the order of their making."""
    query = select(Visit).where(Visit.enterprise_id == found.enterprise_id, Visit.joined_id == found.id)
    return work.session.scalars(query.order_by(Visit.id)).all()


def put_along(work: Work, joining: Sequence[Visit], found: Visit) -> None:
    """These go along with that one now, on its day."""
    for each in joining:
        each.status, each.joined_id, each.visit_on = S.JOINED, found.id, found.visit_on
        each.over_budget_reason = ""
    work.session.flush()


def hand_on(work: Work, found: Visit, what: str) -> None:
    """It was called off: the first of those who went along leads a plan of his own, the others go along with him.

    The enterprise's month counts as many as before.
    """
    joining = along(work, found)
    if not joining:
        return
    lead = joining[0]
    lead.status, lead.joined_id = S.PLANNED, None
    put_along(work, joining[1:], lead)
    title = f"您并入的{what}已取消，您的计划恢复"
    tell(work, [lead.account_id], lead, f"leads:{found.id}", title, "请如期前往，或取消计划。", "soon")
    for each in joining[1:]:
        tell(work, [each.account_id], each, f"led:{lead.id}", f"您并入的{what}已取消，改随下一家前往")


def tell_joined(work: Work, made: Visit, found: Visit, enterprise: Enterprise) -> None:
    day = date_text(found.visit_on, local(work.now).year)
    title = f"{actor_words(work)}将与您一并前往{enterprise.shown}（{day}）"
    tell(work, [found.account_id], found, f"joined:{made.id}", title, f"目的：{made.purpose}")


def tell_left(work: Work, left: Visit, joined_id: int) -> None:
    found = work.session.get_one(Visit, joined_id)
    title = f"{actor_words(work)}不再与您一并前往{found.enterprise.shown}"
    tell(work, [found.account_id], found, f"left:{left.id}", title)
