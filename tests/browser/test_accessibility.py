"""Every page, for those who use it, in a real browser: WCAG 2.2 AA, nothing wider than the window, no complaint."""

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.looking import faults
from tests.browser.windows import Window
from tests.cast import Cast

pytestmark = pytest.mark.only_on("sqlite")

# Who looks at what. {names} are those of `world`.
PAGES = {
    "": "/login",
    "chen": """
        /portal/ /portal/tickets/new /inbox/ /inbox/?show=unread /me /password /tickets/LC-20990101-0001
        /tickets/{late} /tickets/{supplementing} /tickets/{handled} /tickets/{answered} /tickets/{closed}
        /documents/ticket/{closed} /documents/completion/{closed} /documents/supplement/{supplementing}
        /tickets/{handled}/comment /tickets/{handled}/nudge /tickets/{late}/withdraw
        /tickets/{supplementing}/supplement /tickets/{answered}/confirm /tickets/{answered}/return
        /tickets/{closed}/reopen /tickets/{entered} /tickets/{entered}/verify-entry
        /tickets/{contacted}/verify-contact /requests/ /tickets/{late}/request
        /tickets/{handled}/request?kind=withdrawal
    """,
    "zhang": """
        /desk/ /desk/tickets/new /tickets/ /tickets/?q=没有这样的词&sort=due /inbox/ /me
        /tickets/{late} /tickets/{supplementing} /tickets/{handled} /tickets/{answered} /tickets/{closed}
        /documents/ticket/{handled} /tickets/{late}/first-response /tickets/{contacted}/accept /tickets/{late}/contact
        /tickets/{contacted}/request-supplement /tickets/{handled}/progress /tickets/{handled}/opinion
        /tickets/{handled}/answer /tickets/{answered}/correct-answer /tickets/{handled}/assign-task
        /documents/card/{jia} /documents/task/{task}
        /tickets/{tasked} /tasks/{task} /tasks/{task}/cancel /tasks/{task}/nudge
        /supervisions/{notice} /tickets/{tasked}/reply-instruction /requests/ /requests/{difficulty}
        /tickets/{handled}/request /tickets/{handled}/request?kind=deferral /tickets/{handled}/request?kind=suspension
        /tickets/{contacted}/request?kind=decline
        /tickets/{tasked}/reminders /handovers/ /handovers/{handover} /documents/handover/{handover}
        /themes/ /themes/{theme} /enterprises/{jia} /visits/ /visits/?q=没有这样的词
        /visits/new?enterprise={jia} /visits/{went} /visits/{went}/amend /documents/visit/{went} /visits/{planned}
        /visits/{planned}/record /visits/{planned}/join /visits/{planned}/cancel
        /ledgers/ /ledgers/A /ledgers/import
    """,
    "wang": """
        /figures/ /figures/officers?least=0&most=0 /figures/screen
        /oversight/ /oversight/callbacks /oversight/deliveries /oversight/figures/on_time
        /oversight/figures/satisfied?by=officer /tickets/?figure=satisfied&part=d&since=2026-11-01&until=2026-11-30
        /tickets/{late} /tickets/{closed} /inbox/ /roster/
        /settings/ /settings/limits /settings/limits/acceptance /settings/ladder /settings/ladder/resolution.escalate_3
        /settings/ladder/resolution.breach /settings/changes/ /settings/changes/{change} /settings/categories
        /settings/categories/new /settings/categories/0502 /settings/values /settings/values/visit_budget
        /settings/calendar /settings/calendar/hours/new /settings/calendar/hours/{hours}/remove
        /oversight/callbacks?state=done /tickets/{closed}/callback /supervisions/ /supervisions/?q=没有这样的词
        /supervisions/{notice} /documents/supervision/{notice} /supervisions/{proposal} /supervisions/dismiss-made-good
        /tickets/{handled}/supervise /tickets/{handled}/instruct
        /requests/ /requests/{difficulty} /requests/{returning} /visits/ /visits/completion /visits/disturbing
        /enterprises/{jia} /themes/new /handovers/
        /ledgers/ /ledgers/A /ledgers/A?q=没有这样的词 /ledgers/E /ledgers/F
        /ledgers/exports/{waiting_export} /ledgers/exports/{ended_export}
        /figures/months/ /figures/months/2026-11 /figures/months/2026-10 /figures/months/2026-10/print
        /documents/bulletin/2026-10 /documents/week/2026-11-23
        /figures/months/2026-10/correct /figures/months/2026-09 /boards/ /boards/?month=now /boards/print
        /boards/?month=now&by=unit /settings/boards /settings/boards/area_order
        /figures/months/times?figure=feedback&part=d&since=2026-11-01&until=2026-11-30
    """,
    "zhao": """
        /roster/ /roster/officers /roster/units /roster/work-groups /roster/import /ledgers/B
        /roster/enterprises/new /roster/enterprises/{jia} /roster/enterprises/{jia}/edit
        /roster/enterprises/{jia}/contacts/new /roster/enterprises/{jia}/contacts/{contact}/remove
        /roster/enterprises/{jia}/end-pairing /roster/enterprises/{jia}/pair /roster/enterprises/{jia}/hand-over/{wu}
        /roster/enterprises/{jia}/phones /roster/officers/new /roster/officers/{wu}/active
        /roster/officers/{wu}/phone /roster/people/{wu}/edit /roster/people/{wu}/password
        /roster/units/new /roster/units/{unit}/edit /roster/units/{unit}/staff /roster/units/{unit}/staff/new
        /roster/work-groups/{group}
        /roster/units/{unit}/staff/{zhou} /tasks/{waiting} /tasks/{waiting}/dispatch
        /coordination/ /requests/{difficulty} /roster/officers/{li}/stand-ins /tickets/{handled}/merge
        /themes/ /themes/new /themes/{theme} /themes/{theme}/edit /themes/{theme}/publish
        /handovers/{handover} /visits/ /visits/new?enterprise={jia} /visits/completion
    """,
    "zhou": """
        /inbox/ /unit/ /unit/?state=ended /unit/?q=没有这样的词 /unit/print /tasks/{task} /tasks/{task}/reply
        /supervisions/ /supervisions/{to_unit} /tasks/{task}/pass /tasks/{task}/progress
        /tasks/{task}/request?kind=deferral /requests/{returning}
        /visits/ /visits/new
    """,
    "xi": """
        /settings/ /settings/accounts /settings/accounts/new /settings/accounts/{wu} /settings/accounts/{wu}/state
        /settings/accounts/{liu}/password /settings/accounts/{liu}/edit
        /settings/channels /settings/channels/email /settings/channels/dingtalk /settings/channels/sms /settings/jobs
    """,
    "an": "/settings/ /settings/accounts /settings/accounts/{liu} /settings/accounts/{liu}/roles /settings/locks",
    "shen": "/audit/ /audit/?who=没有这个人",
    "liu": """
        /figures/
        /leader/ /inbox/ /tickets/ /tickets/{late} /tickets/{handled}/instruct /requests/ /requests/{difficulty}
        /enterprises/{jia} /visits/ /figures/months/ /figures/months/2026-09 /boards/
    """,
    "wu": "/desk/ /handovers/{handover}",
}
# What answers with something else than a page of its own.
NO_PAGES = frozenset(
    {
        "static",
        "home",
        "health.alive",
        "health.ready",
        "health.jobs",
        "supervision_actions.ask",
        "roster.pair",
        "files.download",
        "documents.docx",
        "documents.scan",
        "documents.xlsx",
        "portal.similar",
        "roster.template",
        "roster.fault_report",
        "roster.export",
        "figures.screen_data",
        "ledgers.file",
        "ledgers.progress",
        "ledgers.export_file",
        "ledgers.fault_report",
        "months.content",
    }
)
ELSEWHERE = frozenset({"roster.preview", "ledgers.preview"})  # after an upload, in `test_roster` and `test_ledgers`


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
        if not unquote(page.url).endswith(path):
            found.append(f"{address} leads to {page.url}")
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
