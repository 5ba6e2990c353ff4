"""`flask settings …` and `flask figures …`: single settings, and rates from the command line."""

import json

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from assist.domain.roles import Role
from assist.services import settings, telling
from tests.cast import Cast, account
from tests.make import Make


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words))


def test_a_setting_is_changed_shown_and_seen_by_the_next_page(app: Flask, make: Make) -> None:
    make.session.close()
    done = run(app, "settings", "set", "oversight_phone", "0635-1234567")
    assert (done.exit_code, done.output.strip()) == (0, "已设置 监督电话：0635-1234567")
    assert "0635-1234567" in run(app, "settings", "show").output
    assert settings.current(make.session).oversight_phone == "0635-1234567"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("revision", "9"),
        ("oversight_phone", "打我"),
        ("programme_size", "-3"),
        ("restricted_owner_id", "chen"),
        ("restricted_owner_id", "nobody"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    name: str, value: str, app: Flask, make: Make, cast: Cast
) -> None:
    before = dict(settings.current(make.session).values)
    make.session.close()
    done = run(app, "settings", "set", "--", name, value)
    assert done.exit_code == 1
    assert settings.current(make.session).values == before


def test_naming_somebody_opens_the_restricted_categories(app: Flask, make: Make, cast: Cast) -> None:
    make.session.close()
    assert run(app, "settings", "set", "restricted_owner_id", "wang").exit_code == 0
    assert settings.current(make.session).restricted_owner_id == cast.wang.id
    make.session.close()
    assert run(app, "settings", "set", "restricted_owner_id").exit_code == 0
    assert settings.current(make.session).restricted_owner_id is None


def test_restricted_matters_follow_who_is_named_and_are_never_left_alone(
    app: Flask, make: Make, cast: Cast
) -> None:
    make.session.close()
    run(app, "settings", "set", "restricted_owner_id", "wang")
    ticket = make.ticket("窗口人员推诿", category="1301")
    assert ticket.owner_id == cast.wang.id
    make.session.close()
    refused = run(app, "settings", "set", "restricted_owner_id")
    assert (refused.exit_code, "还有1件专项诉求在办" in refused.output) == (1, True)
    assert run(app, "settings", "set", "restricted_owner_id", "zhao").exit_code == 0
    make.session.add(ticket)
    make.session.refresh(ticket)
    assert ticket.owner_id == cast.zhao.id


def test_figures_are_shown_as_json_and_agree_with_their_recount(app: Flask, make: Make) -> None:
    make.closed()
    make.returned()
    make.session.close()
    words = ("figures", "show", "--from", "2026-11-01", "--to", "2026-11-30", "--by", "month", "--json")
    told = json.loads(run(app, *words).output)
    assert told["figures"]["all"]["on_time"] == {"n": 1, "d": 2, "rate": 0.5}
    assert told["figures"]["2026年11月"]["solved"] == {"n": 1, "d": 1, "rate": 1.0}
    checked = run(app, "figures", "check")
    assert (checked.exit_code, checked.output[:2]) == (0, "一致")


def test_figures_asked_wrongly_are_usage_errors(app: Flask, cast: Cast) -> None:
    assert run(app, "figures", "show", "--from", "2026-11-01").exit_code == 2
    assert run(app, "figures", "show", "--from", "2026-11-30", "--to", "2026-11-01").exit_code == 2
    words = ("figures", "show", "--from", "2026-11-01", "--to", "2026-11-30", "--as-of", "昨天")
    assert run(app, *words).exit_code == 2


def test_a_figure_that_does_not_agree_is_named_and_fails(app: Flask, make: Make) -> None:
    make.closed()
    make.session.execute(text("UPDATE clock SET verdict = 'void' WHERE kind = 'resolution'"))
    make.session.commit()
    make.session.close()
    checked = run(app, "figures", "check")
    assert checked.exit_code == 1
    assert "按期办结率" in checked.output


def test_a_leader_is_put_into_a_work_group_once(app: Flask, make: Make, cast: Cast) -> None:
    leader = account(make.session, "zhu", "朱领导", Role.LEADER).id
    make.session.commit()
    make.session.close()
    assert run(app, "roster", "add-leader", "zhu", "第一工作组").exit_code == 0
    make.handled()
    work = make.work()
    assert leader in telling.leaders(work, cast.jia)
    make.session.close()
    again = run(app, "roster", "add-leader", "zhu", "第一工作组")
    assert (again.exit_code, "已在第一工作组中" in again.output) == (1, True)
    assert run(app, "roster", "add-leader", "zhang", "第一工作组").exit_code == 1
    assert run(app, "roster", "add-leader", "zhu", "没有的组").exit_code == 1
