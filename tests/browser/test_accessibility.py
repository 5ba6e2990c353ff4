"""Every page, for those who use it, in a real browser: WCAG 2.2 AA, nothing wider than the window, no complaint."""

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import unquote

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from assist.domain.changes import ChangeKind
from assist.domain.clock import FixedTime, shanghai
from assist.domain.deadlines import Budget
from assist.domain.requests import RequestKind
from assist.domain.status import CallbackResult, Method
from assist.domain.supervision import Addressee, SupervisionLevel
from assist.jobs import sweep
from assist.jobs.context import Context
from assist.models import EnterpriseContact, OfficeHours, Task, Ticket, WorkGroup
from assist.models.engine import begin_writing
from assist.services import (
    calling_back,
    closing,
    conversing,
    instructing,
    office_hours,
    proposed_limits,
    proposing,
)
from assist.services.office_hours import HoursWords
from tests.browser.looking import faults
from tests.browser.windows import Window
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make
from tests.supervisions import issued, order, proposed

pytestmark = pytest.mark.only_on("sqlite")

# Who looks at what. {names} are those of `world`.
PAGES = {
    "": "/login",
    "chen": """
        /portal/ /portal/tickets/new /inbox/ /inbox/?show=unread /me /password /tickets/LC-20990101-0001
        /tickets/{late} /tickets/{supplementing} /tickets/{handled} /tickets/{answered} /tickets/{closed}
        /tickets/{closed}/print /tickets/{handled}/comment /tickets/{handled}/nudge /tickets/{late}/withdraw
        /tickets/{supplementing}/supplement /tickets/{answered}/confirm /tickets/{answered}/return
        /tickets/{closed}/reopen /tickets/{entered} /tickets/{entered}/verify-entry
        /tickets/{contacted}/verify-contact
    """,
    "zhang": """
        /desk/ /desk/tickets/new /tickets/ /tickets/?q=没有这样的词&sort=due /inbox/ /me
        /tickets/{late} /tickets/{supplementing} /tickets/{handled} /tickets/{answered} /tickets/{closed}
        /tickets/{handled}/print /tickets/{late}/first-response /tickets/{contacted}/accept /tickets/{late}/contact
        /tickets/{contacted}/request-supplement /tickets/{handled}/progress /tickets/{handled}/opinion
        /tickets/{handled}/answer /tickets/{answered}/correct-answer /tickets/{handled}/assign-task
        /tickets/{tasked} /tasks/{task} /tasks/{task}/cancel /tasks/{task}/nudge
        /supervisions/{notice} /tickets/{tasked}/reply-instruction
    """,
    "wang": """
        /oversight/ /oversight/callbacks /oversight/deliveries /oversight/figures/on_time
        /oversight/figures/satisfied?by=officer /tickets/?figure=satisfied&part=d&since=2026-11-01&until=2026-11-30
        /tickets/{late} /tickets/{closed} /inbox/ /roster/
        /settings/ /settings/limits /settings/limits/acceptance /settings/ladder /settings/ladder/resolution.escalate_3
        /settings/ladder/resolution.breach /settings/changes/ /settings/changes/{change} /settings/categories
        /settings/categories/new /settings/categories/0502 /settings/values /settings/values/visit_budget
        /settings/calendar /settings/calendar/hours/new /settings/calendar/hours/{hours}/remove
        /oversight/callbacks?state=done /tickets/{closed}/callback /supervisions/ /supervisions/?q=没有这样的词
        /supervisions/{notice} /supervisions/{notice}/print /supervisions/{proposal} /supervisions/dismiss-made-good
        /tickets/{handled}/supervise /tickets/{handled}/instruct
    """,
    "zhao": """
        /roster/ /roster/officers /roster/units /roster/work-groups /roster/import /roster/export
        /roster/enterprises/new /roster/enterprises/{jia} /roster/enterprises/{jia}/edit
        /roster/enterprises/{jia}/contacts/new /roster/enterprises/{jia}/contacts/{contact}/remove
        /roster/enterprises/{jia}/end-pairing /roster/enterprises/{jia}/pair /roster/enterprises/{jia}/pair/{wu}
        /roster/enterprises/{jia}/phones /roster/officers/new /roster/officers/{wu}/active
        /roster/officers/{wu}/phone /roster/people/{wu}/edit /roster/people/{wu}/password
        /roster/units/new /roster/units/{unit}/edit /roster/units/{unit}/staff /roster/units/{unit}/staff/new
        /roster/work-groups/{group}
        /roster/units/{unit}/staff/{zhou} /tasks/{waiting} /tasks/{waiting}/dispatch
    """,
    "zhou": """
        /inbox/ /unit/ /unit/?state=ended /unit/?q=没有这样的词 /unit/print /tasks/{task} /tasks/{task}/reply
        /supervisions/ /supervisions/{to_unit} /tasks/{task}/pass /tasks/{task}/progress
        /tasks/{task}/request?kind=deferral
    """,
    "xi": """
        /settings/ /settings/accounts /settings/accounts/new /settings/accounts/{wu} /settings/accounts/{wu}/state
        /settings/accounts/{liu}/password /settings/accounts/{liu}/edit
    """,
    "an": "/settings/ /settings/accounts /settings/accounts/{liu} /settings/accounts/{liu}/roles /settings/locks",
    "shen": "/audit/ /audit/?who=没有这个人",
    "liu": "/leader/ /inbox/ /tickets/ /tickets/{late} /tickets/{handled}/instruct",
}
HEARD = calling_back.Talk(Method.PHONE, "陈桂芳", CallbackResult.SOLVED, None, "企业满意。")
# What answers with something else than a page of its own.
NO_PAGES = frozenset(
    {
        "static",
        "home",
        "health.alive",
        "health.ready",
        "health.jobs",
        "supervision_actions.ask",
        "files.download",
        "portal.similar",
        "roster.template",
        "roster.fault_report",
    }
)
ELSEWHERE = frozenset({"roster.preview"})  # after an upload, in `test_roster`


@pytest.fixture
def world(database: TestDatabase, cast: Cast, make: Make, time: FixedTime) -> dict[str, object]:
    """A ticket in every state, a week on, with the reminders of that week."""
    late = make.ticket(
        "污水管网没有接通，雨天倒灌进厂区，生产多次中断。", is_pressing=True, pressing_reason="已停产"
    )
    handled = make.handled()
    answered = make.answered()
    closed = make.closed()
    make.act(cast.chen, closed, closing.reopen, "又出现了同样的问题。")
    closed = make.closed(make.answered(closed), comment="办得很快，谢谢。")
    supplementing = make.contacted()
    make.act(cast.zhang, supplementing, conversing.request_supplement, "请补充不动产权证复印件。")
    contacted = make.contacted()
    entered = make.ticket("走访中反映招工难，普工缺口三十人。", by=cast.zhang)
    tickets = {
        "late": late,
        "handled": handled,
        "answered": answered,
        "closed": closed,
        "supplementing": supplementing,
        "contacted": contacted,
        "entered": entered,
    }
    tasked = make.handled()
    task, waiting = make.signed(make.task(tasked)), make.task(make.handled())
    tickets["tasked"] = tasked
    work = {"task": task.number, "waiting": waiting.number, "zhou": cast.zhou.id}
    pressed = pressing(make, cast, tasked, handled, task)
    numbers: dict[str, object] = {name: ticket.number for name, ticket in tickets.items()}
    contact = make.session.scalars(select(EnterpriseContact.id).limit(1)).one()
    more = kept(make, cast)
    make.session.close()
    time.at = shanghai(2026, 11, 26, 9, 30)
    sweep.run(Context(database.engine, time))
    numbers |= {**work, **more, **pressed, "liu": cast.liu.id}
    return {**numbers, "jia": cast.jia, "wu": cast.wu.id, "contact": contact, "unit": cast.zhou.actor.unit_id}


def pressing(make: Make, cast: Cast, tasked: Ticket, handled: Ticket, task: Task) -> dict[str, object]:
    """督办 of each kind, 批示, a coordination that waits, a callback that was made."""
    pressed: dict[str, object] = {
        "notice": issued(make, tasked).id,
        "to_unit": issued(make, tasked, order(SupervisionLevel.ORDER, Addressee.UNIT, task.number)).id,
        "proposal": proposed(make.session, handled).id,
    }
    make.act(cast.liu, tasked, instructing.instruct, instructing.Given("请一周内解决。", date(2026, 11, 27)))
    make.asked(RequestKind.COORDINATION, handled, on=date(2026, 11, 30))
    make.act(cast.wang, make.closed(make.ticket("回访过的")), calling_back.callback, HEARD)
    return pressed


def kept(make: Make, cast: Cast) -> dict[str, object]:
    """What the pages of settings show one of: a change that waits, office hours to come, a work group."""
    begin_writing(make.session)
    work = make.work(cast.wang)
    difference = proposed_limits.difference(work, "opinion", Budget.working_days(2))
    change = proposing.propose(work, proposing.Proposal(ChangeKind.LIMIT, "opinion", *difference), "与实际不符")
    office_hours.put(work, HoursWords("夏季", date(2027, 5, 1), date(2027, 9, 30), "08:30-12:00,15:00-18:30"))
    make.session.commit()
    hours = make.session.scalars(select(OfficeHours.id).where(OfficeHours.name == "夏季")).one()
    return {"change": change.id, "hours": hours, "group": make.session.scalars(select(WorkGroup.id)).one()}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_stands_in_anybody_s_way(
    name: str, world: dict[str, object], cast: Cast, visit: Callable[..., Window]
) -> None:
    window = visit()
    if name:
        window.sign_in(getattr(cast, name))
    found = []
    for address in PAGES[name].split():
        path = address.format(**world)
        page = window.go(path)
        assert unquote(page.url).endswith(path), f"{path} leads to {page.url}"
        found += [f"{address} at {line}" for line in faults(page)]
    assert not found, "\n".join(found)


MISTAKES = (
    ("chen", "/portal/tickets/new", "提交诉求"),
    ("chen", "/tickets/{answered}/confirm", "确认办结"),
    ("zhang", "/tickets/{handled}/answer", "答复"),
    ("zhao", "/roster/enterprises/new", "登记"),
)


@pytest.mark.parametrize(("name", "address", "button"), MISTAKES)
def test_mistakes_are_told_on_top_and_at_their_fields(
    name: str, address: str, button: str, world: dict[str, object], cast: Cast, visit: Callable[..., Window]
) -> None:
    window = visit().sign_in(getattr(cast, name))
    page = window.go(address.format(**world))
    page.evaluate("document.querySelectorAll('main form').forEach(one => { one.noValidate = true; })")
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
    expect(page).to_have_title(re.compile("^错误："))
    first = page.get_by_role("alert").get_by_role("link").first
    first.click()
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid') || document.activeElement.type")
    assert faults(page) == []


def test_every_page_stands_in_the_table(app: Flask, world: dict[str, object]) -> None:
    router = app.url_map.bind("")
    visited = set()
    for addresses in PAGES.values():
        for address in addresses.split():
            endpoint, _ = router.match(address.format(**world).partition("?")[0])
            visited.add(endpoint)
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - visited - NO_PAGES - ELSEWHERE == set()
