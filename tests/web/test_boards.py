"""蓝黄红榜 on their pages: frozen with the month, published with it, by rules two supervisors change with a preview."""

from typing import Any

from sqlalchemy import select

from assist.domain.board_rules import BoardRules
from assist.domain.clock import shanghai
from assist.domain.rates import Rate, month
from assist.domain.roles import Role
from assist.extensions import db
from assist.models import BoardRule, SettingChange, Snapshot, SnapshotFigure, SnapshotPlace, Unit
from assist.models.engine import begin_writing
from assist.services import freezing, publishing, sealing
from assist.services.queries import boards
from assist.services.queries.figures import counting
from tests.cast import Cast, account, person
from tests.lateness import late
from tests.make import Make
from tests.statements import counted

FROZEN = shanghai(2026, 12, 7, 17, 30)


def frozen(make: Make, *months: int) -> None:
    make.at(FROZEN)
    begin_writing(make.session)
    for number in months or (11,):
        freezing.freeze(make.work(), month(2026, number))
    make.session.commit()


def busy(make: Make, count: int = 10) -> None:
    for _ in range(count):
        make.closed()


def places(make: Make, board: str = "area") -> dict[str, tuple[int | None, str]]:
    rows = make.session.scalars(select(SnapshotPlace).where(SnapshotPlace.board == board))
    return {row.facts["name"]: (row.place, row.band) for row in rows}


def test_a_frozen_month_bears_its_boards_over_three_months_with_the_month_beside(make: Make) -> None:
    busy(make)
    frozen(make)
    area = make.work().settings.areas
    first = next(iter(area.values())).name
    assert places(make)[first] == (1, "blue")
    assert {place for name, place in places(make).items() if name != first} == {(None, "none")}
    spans = make.session.scalars(select(SnapshotFigure.span).where(SnapshotFigure.figure == "own_on_time"))
    assert set(spans) == {1, 3}
    snapshot = make.session.scalars(select(Snapshot)).one()
    assert sealing.is_whole(make.session, snapshot)


def test_areas_are_compared_by_their_own_lateness(make: Make, cast: Cast) -> None:
    own, of_city = make.handled(), make.handled()
    make.task(of_city)  # it waits for the city's dispatch, which comes too late
    late(make)
    work = make.work(cast.wang)
    found = boards.numbers(work, month(2026, 12), 3, counting.as_of(work))
    assert own.area_id == of_city.area_id
    assert found["own_on_time", "area", own.area_id] == Rate(1, 2)


def test_boards_are_published_with_the_month(make: Make, cast: Cast, browse: Any) -> None:
    busy(make)
    frozen(make)
    leader = browse(cast.liu)
    assert "还没有公布的榜单" in leader.get("/boards/").text
    assert "已冻结，待督查员签发" in browse(cast.wang).get("/boards/").text
    begin_writing(make.session)
    publishing.publish(make.work(cast.wang), month(2026, 11), "王督")
    make.session.commit()
    page = leader.get("/boards/").text
    assert "蓝榜·先进" in page
    assert "2026年9月至2026年11月" in page
    assert "未冻结" not in page


def test_the_place_before_stands_beside(make: Make, cast: Cast, browse: Any) -> None:
    make.at(shanghai(2026, 10, 12, 9))
    busy(make)
    make.at(shanghai(2026, 11, 23, 9))
    busy(make, 2)
    frozen(make, 10, 11)
    november = make.session.scalars(select(Snapshot).order_by(Snapshot.month_on.desc()).limit(1)).one()
    found = boards.read(make.work(cast.wang), november)
    assert next(iter(found.values()))[0].before == 1


def test_units_stand_on_a_board_of_their_own_by_their_replies(make: Make, cast: Cast, browse: Any) -> None:
    for _ in range(10):
        make.replied(make.signed())
    frozen(make)
    assert places(make, "unit") == {"市生态环境局": (1, "blue")}
    page = browse(cast.wang).get("/boards/?by=unit").text
    assert "承办首次反馈率" in page
    assert "10 / 10" in page
    begin_writing(make.session)
    make.session.scalars(select(Unit).where(Unit.id == cast.zhou.actor.unit_id)).one().is_vertical = True
    make.session.commit()
    now = browse(cast.wang).get("/boards/?by=unit&month=now").text
    assert "中央和省驻聊单位（单列）" in now
    assert "未冻结，仅供督查员参考" in now


def test_a_change_of_rules_shows_what_it_would_have_done_and_needs_two_supervisors(
    make: Make, cast: Cast, browse: Any
) -> None:
    second = person(account(make.session, "duban2", "杜察", Role.SUPERVISOR, phone="19906350099"))
    make.session.commit()
    busy(make)
    frozen(make)
    browser = browse(cast.wang)
    page = browser.submit("/settings/boards/least_due", value="11", reason="件数太少", step="preview")
    assert "排名的最少件数：10 → 11，对2027年1月起的月份生效" in page.text
    assert "第1名，蓝榜·先进" in page.text
    assert "不排名" in page.text
    browser.send(page, value="11", reason="件数太少", step="propose")
    assert make.session.scalars(select(BoardRule)).all() == []
    assert "榜单规则" in browse(second).get("/settings/changes/").text
    change = make.session.scalars(select(SettingChange)).one()
    address = f"/settings/changes/{change.id}"
    other = browse(second)
    decided = other.send(other.get(address), action=f"{address}/decide", decision="approve", note="")
    assert "自2027年1月1日起对此后的月份生效" in decided.text
    make.session.rollback()
    row = make.session.scalars(select(BoardRule)).one()
    assert (row.name, row.value, row.from_on.isoformat()) == ("least_due", 11, "2027-01-01")
    settings = make.work().settings
    assert settings.board_rules_on(month(2026, 12).first_on)["least_due"] == 10
    assert settings.board_rules_on(month(2027, 1).first_on)["least_due"] == 11


def test_a_preview_of_other_months_counts_them_as_of_then(make: Make, cast: Cast, browse: Any) -> None:
    busy(make)
    frozen(make)
    page = browse(cast.wang).submit("/settings/boards/months", value="1", reason="只看当月", step="preview")
    assert "不会有任何不同" in page.text


def test_nonsense_is_refused_at_its_field(cast: Cast, browse: Any) -> None:
    browser = browse(cast.wang)
    page = browser.submit("/settings/boards/blue_on_time", 400, value="120", reason="x", step="preview")
    assert "蓝榜：按期率不低于应为0至100的整数。" in page.text
    same = browser.submit("/settings/boards/blue_on_time", 400, value="95", reason="x", step="preview")
    assert "与现行的一致，没有改动。" in same.text
    browser.get("/settings/boards/nothing", 404)


def test_boards_are_read_in_few_statements(make: Make, cast: Cast, browse: Any) -> None:
    busy(make)
    frozen(make, 10, 11)
    browser = browse(cast.wang)
    with browser.client.application.app_context():
        engine = db.engine
    for address in ("/boards/", "/boards/print?by=unit", "/boards/?month=now"):
        browser.get(address)
        with counted(engine) as statements:
            browser.get(address)
        assert len(statements) <= 8, (address, len(statements))


def test_what_is_not_set_is_as_usual() -> None:
    assert BoardRules({})["red_last"] == 2
