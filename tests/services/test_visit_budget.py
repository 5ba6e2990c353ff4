"""无事不扰: what counts against an enterprise's month, who takes the last place, and going along instead."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.clock import FixedTime, shanghai
from assist.domain.errors import Conflict, Forbidden, Invalid
from assist.domain.visits import VisitKind, VisitStatus
from assist.models import AuditEntry, Setting, Visit
from assist.services import settings, visit_budget, visiting
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make
from tests.services.test_concurrency import at_once
from tests.told import told
from tests.visits import TODAY, done, plan, went

S = VisitStatus


def reload(make: Make, found: Visit) -> Visit:
    make.session.expire_all()
    return make.session.get_one(Visit, found.id)


def test_the_fifth_is_refused_and_a_coordinator_may_with_a_reason(make: Make, cast: Cast) -> None:
    for place, who in enumerate((cast.zhang, cast.zhou, cast.zheng, cast.zhang)):
        plan(make, who, TODAY + timedelta(days=place))
    for who in (cast.zhang, cast.zhou):
        with pytest.raises(Invalid, match=r"11月已安排4次.*上限.*11月23日09:30安排.*联系助企办") as refused:
            plan(make, who, TODAY + timedelta(days=5), over_budget_reason="很急")
        assert refused.value.field == "visit_on"
    with pytest.raises(Invalid, match="填写超出上限的理由") as refused:
        plan(make, cast.qian, TODAY + timedelta(days=5))
    assert refused.value.field == "over_budget_reason"
    found = plan(make, cast.qian, TODAY + timedelta(days=5), over_budget_reason="重大项目观摩")
    assert found.over_budget_reason == "重大项目观摩"
    assert "甲企业 11月的走访调研超出每月4次的上限" in told(make.session, cast.zhao)
    entry = make.session.scalars(select(AuditEntry).where(AuditEntry.deed == "exceed_visits")).one()
    assert (entry.actor_id, entry.detail["reason"]) == (cast.qian.id, "重大项目观摩")
    assert plan(make, cast.zhang, date(2026, 12, 1)).over_budget_reason == ""  # the next month is free


def test_a_coordinator_arranges_for_the_officer_who_is_told(make: Make, cast: Cast) -> None:
    found = plan(make, cast.zhao, is_for_officer=True)
    assert found.account_id == cast.zhang.id
    assert told(make.session, cast.zhang) == ["赵调度 安排您11月23日到甲企业走访"]
    with pytest.raises(Forbidden):
        plan(make, cast.zhou, is_for_officer=True)


def test_what_has_happened_is_always_written_down_above_the_limit_with_a_reason(make: Make, cast: Cast) -> None:
    for _ in range(4):
        went(make, cast.zhou)
    with pytest.raises(Invalid) as refused:
        went(make, cast.zhang)
    assert refused.value.field == "over_budget_reason"
    found = went(make, cast.zhang, over_budget_reason="企业电话请专员到场")
    assert found.status is S.DONE
    assert [one for one in told(make.session, cast.qian) if "超出" in one]


def test_the_month_is_shanghais_and_the_limit_is_a_setting(make: Make, cast: Cast, time: FixedTime) -> None:
    time.at = shanghai(2026, 11, 30, 23, 59)
    make.session.add(Setting(name="visit_budget", value=1))
    settings.changed(make.session)
    make.session.commit()
    went(make, cast.zhang, date(2026, 11, 30))
    with pytest.raises(Invalid, match="上限"):
        plan(make, cast.zhang, date(2026, 11, 30))
    time.at = shanghai(2026, 12, 1, 0, 0)  # 16:00 of 30 November elsewhere
    plan(make, cast.zhang, date(2026, 12, 1))
    work = make.work(cast.zhang)
    assert [visit_budget.used(work, cast.jia, on) for on in (date(2026, 11, 30), date(2026, 12, 31))] == [1, 1]
    assert visit_budget.used(work, cast.jia, date(2027, 1, 1)) == 0


def test_cancelled_and_merged_ones_do_not_count(make: Make, cast: Cast) -> None:
    first = plan(make, cast.zhou)
    plan(make, cast.zhang, None, joins=first.id)
    gone = plan(make, cast.zhang)
    done(make, cast.zhang, visiting.cancel, gone.id)
    plan(make, cast.zhao, kind=VisitKind.REPORT)
    assert visit_budget.used(make.work(cast.zhang), cast.jia, TODAY) == 2


def test_calls_on_the_enterprises_own_tickets_never_count(make: Make, cast: Cast) -> None:
    make.handled()
    assert visit_budget.used(make.work(cast.zhang), cast.jia, TODAY) == 0


def test_of_two_who_take_the_last_place_one_is_told_who_was_faster(
    database: TestDatabase, time: FixedTime, make: Make, cast: Cast
) -> None:
    for _ in range(3):
        went(make, cast.zhang)
    make.session.close()

    def take(day: int) -> Any:
        said = visiting.Plan(VisitKind.SURVEY, "行业调研", TODAY + timedelta(days=day))
        return lambda work: visiting.plan(work, cast.jia, said).id

    came = at_once(database, time, cast.zhou, [take(1), take(2), take(3)])
    refused = [one.sentence for one in came if isinstance(one, Invalid)]
    assert len(refused) == 2
    assert all("最近一次由市生态环境局于11月23日09:30安排" in one for one in refused)
    with Session(database.engine) as session:
        assert session.scalar(select(func.count()).select_from(Visit)) == 4


def test_the_same_plan_twice_is_refused(make: Make, cast: Cast) -> None:
    plan(make, cast.zhang)
    with pytest.raises(Invalid, match="已于11月23日09:30计划了当天的走访"):
        plan(make, cast.zhang)


def test_a_plan_goes_along_with_anothers_and_who_leads_is_told(make: Make, cast: Cast) -> None:
    led = plan(make, cast.zhou, TODAY + timedelta(days=3))
    own = plan(make, cast.zhang, TODAY + timedelta(days=1))
    done(make, cast.zhang, visiting.join, own.id, led.id)
    own = reload(make, own)
    assert (own.status, own.joined_id, own.visit_on) == (S.JOINED, led.id, led.visit_on)
    assert any("张建华将与您一并前往甲企业（11月26日）" in one for one in told(make.session, cast.zhou))
    with pytest.raises(Conflict, match="已合并"):
        done(make, cast.zhang, visiting.join, own.id, led.id)


def test_one_goes_along_only_in_the_same_month_and_with_somebody_else(make: Make, cast: Cast) -> None:
    later = plan(make, cast.zhou, date(2026, 12, 3))
    other = plan(make, cast.zhou, enterprise=cast.yi)
    own = plan(make, cast.zhang)
    for target in (later, other, own):
        with pytest.raises(Invalid):
            done(make, cast.zhang, visiting.join, own.id, target.id)
    done(make, cast.zhou, visiting.cancel, later.id)
    with pytest.raises(Conflict, match="已取消"):
        plan(make, cast.zhang, None, joins=later.id)


def test_when_the_leading_one_is_called_off_the_first_of_the_others_leads(make: Make, cast: Cast) -> None:
    led = plan(make, cast.zhou, TODAY + timedelta(days=3))
    first = plan(make, cast.zhang, None, joins=led.id)
    second = plan(make, cast.zhao, None, joins=led.id)
    used = visit_budget.used(make.work(cast.zhang), cast.jia, TODAY)
    done(make, cast.zhou, visiting.cancel, led.id)
    first, second = reload(make, first), reload(make, second)
    assert (first.status, first.joined_id) == (S.PLANNED, None)
    assert (second.status, second.joined_id) == (S.JOINED, first.id)
    assert visit_budget.used(make.work(cast.zhang), cast.jia, TODAY) == used
    assert "您并入的11月26日到甲企业的走访已取消，您的计划恢复" in told(make.session, cast.zhang)
    done(make, cast.zhao, visiting.cancel, second.id)
    assert reload(make, second).joined_id is None
    assert any("不再与您一并前往" in one for one in told(make.session, cast.zhang))
