"""共性问题: gathering tickets of several enterprises, finding one solution, publishing it without anybody's name.

Keepers (coordinators, supervisors) keep the theme; who may group a ticket says the ticket's own table. Each ticket is
still answered by its owner and confirmed by its enterprise. Restricted matters never enter a theme.
"""

from collections.abc import Sequence

from sqlalchemy import func, select

from assist.domain.clock import local
from assist.domain.date_words import moment_text
from assist.domain.errors import Conflict, Forbidden, Invalid, NotFound
from assist.domain.policy import Deed, may
from assist.domain.search_tokens import index_tokens
from assist.domain.status import Status
from assist.domain.themes import (
    HAS_SOLUTION,
    THEME_MOVES,
    ThemeAction,
    ThemeStatus,
    gives_away,
    is_theme_act_legal,
)
from assist.domain.transitions import Action
from assist.models import AuditEntry, Enterprise, Theme, ThemeTicket, Ticket
from assist.models.ticket import is_open
from assist.services import access, auditing, stand_ins, telling, transitions
from assist.services.conversing import words
from assist.services.telling import Note
from assist.services.work import Work

MOST_TITLE = 60
MOST_TICKETS = 200


def make(
    work: Work, title: str, description: str, category_code: str = "", numbers: Sequence[str] = ()
) -> Theme:
    """建立共性问题, with the tickets it begins with. Raises Forbidden, Invalid (naming the field) and Conflict."""
    _keeper(work)
    theme = Theme(
        title=_title(title),
        description=_described(description),
        category_id=_category(work, category_code),
        status=ThemeStatus.OPEN,
        made_by_id=work.actor.account_id,
        made_at=work.now,
        version=1,
    )
    work.session.add(theme)
    work.session.flush()
    _record(work, theme, "make_theme", title=theme.title)
    # From the latest to the earliest, as whoever locks several tickets does.
    for number in sorted({one.strip() for one in numbers if one.strip()}, reverse=True)[:MOST_TICKETS]:
        _add(work, theme, number, "numbers")
    return theme


def edit(
    work: Work, theme_id: int, title: str, description: str, solution: str, *, version: int | None = None
) -> Theme:
    """修改 while it is not public: what it is called, what it is about, the solution as far as there is one."""
    theme = _kept(work, theme_id, ThemeAction.EDIT, version)
    said = solution.strip()
    if theme.status in HAS_SOLUTION or said:
        said = words(solution, "solution", "解决方案")
    theme.title, theme.description, theme.solution = _title(title), _described(description), said
    return _done(work, theme, ThemeAction.EDIT, title=theme.title)


def solve(work: Work, theme_id: int, solution: str, *, version: int | None = None) -> Theme:
    """形成方案: the owners of its open tickets are told, and find it in their answer."""
    theme = _kept(work, theme_id, ThemeAction.SOLVE, version)
    theme.solution = words(solution, "solution", "解决方案")
    theme.solved_at = work.now
    _tell_owners(work, theme)
    return _done(work, theme, ThemeAction.SOLVE)


def publish(work: Work, theme_id: int, public_text: str, *, version: int | None = None) -> Theme:
    """公开 to help others: no name of any grouped enterprise may stand in it, nor in the title. Raises Invalid."""
    theme = _kept(work, theme_id, ThemeAction.PUBLISH, version)
    said = words(public_text, "public_text", "公开内容")
    names = work.session.execute(
        select(Enterprise.name, Enterprise.short_name)
        .join(Ticket, Ticket.enterprise_id == Enterprise.id)
        .join(ThemeTicket, ThemeTicket.ticket_id == Ticket.id)
        .where(ThemeTicket.theme_id == theme.id)
        .distinct()
    )
    known = [name for row in names for name in row if name]
    for where, text in (("公开内容", said), ("标题", theme.title)):
        if found := gives_away(text, known):
            raise Invalid(f"{where}中有“{found}”，公开前请改写，不要出现企业名称、电话和信用代码。", "public_text")
    theme.public_text, theme.published_at = said, work.now
    theme.tokens = index_tokens(f"{theme.title}\n{said}")
    return _done(work, theme, ThemeAction.PUBLISH)


def withdraw(work: Work, theme_id: int, *, version: int | None = None) -> Theme:
    """撤回公开: others find it no more; the solution stays."""
    theme = _kept(work, theme_id, ThemeAction.WITHDRAW, version)
    theme.published_at = None
    return _done(work, theme, ThemeAction.WITHDRAW)


def close(work: Work, theme_id: int, *, version: int | None = None) -> Theme:
    """撤销: not a common matter after all. Its tickets may be grouped elsewhere."""
    return _done(work, _kept(work, theme_id, ThemeAction.CLOSE, version), ThemeAction.CLOSE)


def add(work: Work, theme_id: int, number: str) -> None:
    """列入诉求, by whoever may group this ticket. Adding it again changes nothing.

    Raises NotFound, Forbidden, Invalid (naming `number`) and Conflict (it belongs to another theme).
    """
    theme = work.session.get(Theme, theme_id)
    if theme is None:
        raise NotFound()
    _add(work, theme, number.strip(), "number")


def remove(work: Work, theme_id: int, number: str) -> None:
    """移出诉求. Harmless when it is not in the theme."""
    theme = work.session.get(Theme, theme_id)
    if theme is None:
        raise NotFound()
    _legal(theme, ThemeAction.REMOVE)
    ticket = access.ticket(work, number, lock=True)
    transitions.check(work, ticket, Action.GROUP, None)
    held = _held(work, ticket)
    if held is None or held.theme_id != theme.id:
        return
    work.session.delete(held)
    fields = {"theme": theme.title, "theme_id": theme.id, "is_removed": True}
    transitions.act(work, ticket, Action.GROUP, fields=fields, is_visible=False)


def _add(work: Work, theme: Theme, number: str, field: str) -> None:
    try:
        ticket = access.ticket(work, number, lock=True)
    except NotFound:
        raise Invalid(f"没有找到诉求“{number[:24]}”，或不在您的查看范围内。", field) from None
    transitions.check(work, ticket, Action.GROUP, None)
    if ticket.is_restricted:
        raise Invalid(f"{number} 是专人办理事项，不能列入共性问题。", field)
    # After the ticket: publishing must not go on beside it, as it looks at whose tickets there are.
    work.session.refresh(theme, with_for_update={"key_share": True})
    _legal(theme, ThemeAction.ADD)
    own = (ticket.enterprise.name, ticket.enterprise.short_name)
    if theme.status is ThemeStatus.PUBLISHED and gives_away(f"{theme.title}\n{theme.public_text}", own):
        raise Conflict(f"公开内容里出现了{ticket.enterprise.shown}的名称，请先撤回公开、改写后再列入。")
    held = _held(work, ticket)
    if held is not None and held.theme_id == theme.id:
        return
    if held is not None:
        other = work.session.get_one(Theme, held.theme_id)
        if other.status is not ThemeStatus.CLOSED:
            raise Conflict(f"{number} 已列入共性问题“{other.title}”，请先从那里移出。")
        held.theme_id, held.added_at, held.added_by_id = theme.id, work.now, work.actor.account_id
    else:
        work.session.add(
            ThemeTicket(
                theme_id=theme.id,
                ticket_id=ticket.id,
                added_at=work.now,
                added_by_id=work.actor.account_id,
            )
        )
    fields = {"theme": theme.title, "theme_id": theme.id}
    transitions.act(work, ticket, Action.GROUP, fields=fields, is_visible=False)
    if theme.status in HAS_SOLUTION and ticket.status is Status.HANDLING:
        title, key = _solved_words(theme, ticket.number), f"theme:{theme.id}:{ticket.id}"
        to = telling.case_side(work, ticket)
        telling.tell(work, to, "theme", title, key=key, body=theme.solution, ticket=ticket)


def _held(work: Work, ticket: Ticket) -> ThemeTicket | None:
    return work.session.scalars(select(ThemeTicket).where(ThemeTicket.ticket_id == ticket.id)).one_or_none()


def _keeper(work: Work) -> None:
    if not may(work.actor, Deed.KEEP_THEMES):
        raise Forbidden("共性问题由助企办调度员和督查员维护。")


def _kept(work: Work, theme_id: int, action: ThemeAction, version: int | None) -> Theme:
    """The theme, locked, if the actor keeps it, has read it as it stands, and the act is legal (in this order)."""
    theme = work.session.get(Theme, theme_id, with_for_update=True)
    if theme is None:
        raise NotFound()
    _keeper(work)
    if version is not None and version != theme.version:
        raise _stale(work, theme)
    _legal(theme, action)
    return theme


def _legal(theme: Theme, action: ThemeAction) -> None:
    if not is_theme_act_legal(action, theme.status):
        raise Conflict(f"这个共性问题现在是“{theme.status.title}”，不能“{action.title}”。")


def _stale(work: Work, theme: Theme) -> Conflict:
    """Who was faster, and when."""
    last = work.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.deed.like("%_theme"), AuditEntry.subject == _subject(theme))
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).first()
    who = f"{last.actor_name} 已于{moment_text(last.at, local(work.now).year)}改动过" if last else "刚刚有了变化"
    return Conflict(f"这个共性问题{who}，您这次的操作没有生效，请核对最新内容后再办。")


def _subject(theme: Theme) -> str:
    return f"共性问题{theme.id}"


def _record(work: Work, theme: Theme, deed: str, **detail: object) -> None:
    auditing.record(work, deed, _subject(theme), **detail)


def _done(work: Work, theme: Theme, action: ThemeAction, **detail: object) -> Theme:
    theme.status = THEME_MOVES[action].target or theme.status
    theme.version += 1
    work.session.flush()
    _record(work, theme, f"{action.value}_theme", **detail)
    return theme


def _title(title: str) -> str:
    said = words(title, "title", "标题")
    if len(said) > MOST_TITLE:
        raise Invalid(f"标题请控制在{MOST_TITLE}字以内。", "title")
    return said


def _described(description: str) -> str:
    return words(description, "description", "问题说明") if description.strip() else ""


def _category(work: Work, code: str) -> int | None:
    if not code:
        return None
    found = work.settings.by_code(code)
    if found is None or found.is_restricted:
        raise Invalid("请选择诉求类别。", "category")
    return found.id


def _solved_words(theme: Theme, number: str) -> str:
    return f"共性问题“{theme.title}”已形成方案，可据此答复 {number}"


def _tell_owners(work: Work, theme: Theme) -> None:
    """One message a ticket for its owner and whoever acts for him: two statements, however many tickets."""
    rows = work.session.execute(
        select(Ticket.id, Ticket.number, Ticket.owner_id)
        .join(ThemeTicket, ThemeTicket.ticket_id == Ticket.id)
        .where(ThemeTicket.theme_id == theme.id, is_open(), Ticket.status != Status.ANSWERED)
        .where(Ticket.owner_id.is_not(None))
        .order_by(Ticket.id)
    ).all()
    acting = stand_ins.for_officers(work.session, {row.owner_id for row in rows}, work.now)
    notes = [
        Note(
            person,
            "theme",
            _solved_words(theme, row.number),
            f"theme:{theme.id}:{row.id}",
            theme.solution,
            row.id,
            location=f"/tickets/{row.number}",
        )
        for row in rows
        for person in (row.owner_id, *acting.get(row.owner_id, []))
        if person != work.actor.account_id
    ]
    telling.write(work, notes)


def ticket_count(work: Work, theme_id: int) -> int:
    """How many tickets are in it, whoever may see them."""
    counted = select(func.count()).select_from(ThemeTicket).where(ThemeTicket.theme_id == theme_id)
    return work.session.scalar(counted) or 0
