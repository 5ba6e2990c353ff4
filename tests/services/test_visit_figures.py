"""走访完成率 and who disturbs most: what counts, as of when, and that each number is its list."""

from datetime import date, timedelta

from sqlalchemy import select

from assist.domain.clock import FixedTime, shanghai
from assist.domain.rates import month_of
from assist.domain.visits import VisitKind
from assist.models import ContactRecord, Pairing, Setting
from assist.services import settings, visiting
from assist.services.queries import visit_figures, visits
from assist.services.queries.desk import desk
from assist.services.queries.visits import VisitFilter
from tests.cast import Cast, Person
from tests.make import Make
from tests.services.test_theming import third_enterprise
from tests.visits import TODAY, done, plan, went, words


def rate(make: Make, who: Person | None = None) -> tuple[int, int]:
    found = visit_figures.completion(make.work(who or make.cast.wang)).rate
    return found.n, found.d


def names(make: Make, part: str) -> list[int]:
    return [row.id for row in visit_figures.completion_rows(make.work(make.cast.wang), part, month_of(make.time.at))]


def test_a_contact_on_a_ticket_or_a_recorded_visit_fulfils_the_month(make: Make, cast: Cast) -> None:
    assert rate(make) == (0, 2)
    make.contacted()
    assert rate(make) == (1, 2)
    plan(make, cast.li, enterprise=cast.yi)
    assert rate(make) == (1, 2)  # planned is not done
    went(make, cast.li, enterprise=cast.yi)
    assert rate(make) == (2, 2)
    assert (names(make, "n"), names(make, "missed")) == ([cast.jia, cast.yi], [])


def test_a_denied_contact_and_a_units_visit_fulfil_nothing(make: Make, cast: Cast, time: FixedTime) -> None:
    make.contacted()
    record = make.session.scalars(select(ContactRecord)).one()
    record.is_true, record.verified_at = False, time.at + timedelta(hours=1)
    make.session.commit()
    went(make, cast.zhou)
    assert rate(make) == (1, 2)  # not denied yet
    time.at += timedelta(hours=2)
    assert rate(make) == (0, 2)
    assert desk(make.work(cast.zhang)).enterprises[0].contacts_owed == 1


def test_who_goes_along_has_been_there_once_it_is_written_down(make: Make, cast: Cast) -> None:
    led = plan(make, cast.zhou)
    plan(make, cast.zhang, None, joins=led.id)
    assert rate(make) == (0, 2)
    done(make, cast.zhou, visiting.record, led.id, words())
    assert rate(make) == (1, 2)
    assert desk(make.work(cast.zhang)).enterprises[0].contacts_owed == 0


def test_the_denominator_is_who_has_an_officer_and_the_scope_the_readers(
    make: Make, cast: Cast, time: FixedTime
) -> None:
    third_enterprise(make)
    assert rate(make) == (0, 3)
    assert rate(make, cast.qian) == (0, 1)
    pairing = make.session.scalars(select(Pairing).where(Pairing.enterprise_id == cast.jia)).one()
    pairing.ended_at = time.at
    make.session.commit()
    assert rate(make) == (0, 2)
    before = visit_figures.completion(make.work(cast.wang), month_of(time.at, 1))
    assert before.rate.d == 3  # as it was at the end of October


def test_the_number_of_contacts_asked_for_is_a_setting(make: Make, cast: Cast) -> None:
    went(make, cast.zhang)
    make.session.add(Setting(name="monthly_contacts", value=2))
    settings.changed(make.session)
    make.session.commit()
    assert rate(make) == (0, 2)
    assert desk(make.work(cast.zhang)).enterprises[0].contacts_owed == 1
    went(make, cast.zhang)
    assert rate(make) == (1, 2)


def test_an_evening_in_shanghai_belongs_to_its_own_month(make: Make, cast: Cast, time: FixedTime) -> None:
    time.at = shanghai(2026, 11, 30, 23, 30)
    went(make, cast.zhang, date(2026, 11, 30))
    assert rate(make) == (1, 2)
    time.at = shanghai(2026, 12, 1, 0, 30)
    assert rate(make) == (0, 2)
    assert visit_figures.completion(make.work(cast.wang), month_of(time.at, 1)).rate.n == 1


def test_every_number_of_who_disturbs_most_is_its_list(make: Make, cast: Cast) -> None:
    went(make, cast.zhou)
    went(make, cast.zheng, kind=VisitKind.SURVEY)
    went(make, cast.zhou, enterprise=cast.yi)
    led = plan(make, cast.zhang)
    plan(make, cast.zhou, None, joins=led.id)
    plan(make, cast.zhao, TODAY + timedelta(days=2))
    went(make, cast.zheng, over_budget_reason="企业邀请")
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    work = make.work(cast.wang)
    found = visit_figures.disturbing(work, first, last)
    assert [(one.name, one.total) for one in found.units] == [
        ("市生态环境局", 4), ("助企办", 1), ("服务专员（全体）", 1),
    ]  # fmt: skip
    assert {(one.name, one.total) for one in found.people} == {
        ("周承办", 2), ("郑签发", 2), ("张建华", 1), ("赵调度", 1),
    }  # fmt: skip
    assert [(one.name, one.total, one.over_months) for one in found.enterprises] == [
        ("聊城甲制造有限公司", 5, 1), ("聊城乙化工有限公司", 1, 0),
    ]  # fmt: skip
    span = {"state": "counted", "since": first.isoformat(), "until": last.isoformat()}
    for one in found.units:
        name, _, value = one.key.partition("=")
        assert visits.counts(work, VisitFilter(**{**span, name: value})).all == one.total
    for tally in found.people:
        assert visits.counts(work, VisitFilter(**span, who=tally.key)).all == tally.total
    for tally in found.enterprises:
        wanted = VisitFilter(**span, enterprise=tally.key)
        assert visits.counts(work, wanted).all == len(visits.page(work, wanted).rows) == tally.total


def test_pages_by_keyset_hold_every_visit_once(make: Make, cast: Cast) -> None:
    for back in range(7):
        went(make, cast.zhang, TODAY - timedelta(days=back // 2), over_budget_reason="测试需要")
    work, wanted = make.work(cast.wang), VisitFilter()
    first = visits.page(work, wanted, size=3)
    seen = [row.Visit.id for row in first.rows]
    page = first
    while page.has_next:
        page = visits.page(work, wanted, visits.cursor_at(page.rows[-1], back=False), size=3)
        seen += [row.Visit.id for row in page.rows]
    assert len(seen) == len(set(seen)) == 7
    assert page.has_previous
    back_to = visits.page(work, wanted, visits.cursor_at(page.rows[0], back=True), size=3)
    assert [row.Visit.id for row in back_to.rows] == seen[3:6]
    again = visits.page(work, wanted, visits.cursor_at(back_to.rows[0], back=True), size=3)
    assert ([row.Visit.id for row in again.rows], again.has_previous) == (seen[:3], False)
