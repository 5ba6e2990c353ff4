"""一企一档: the page that tells everything about one enterprise to those who serve it."""

from typing import Any

import pytest

from assist.services import conversing
from tests.cast import Cast
from tests.make import Make


@pytest.mark.parametrize("name", ["zhang", "wang", "zhao", "liu"])
def test_its_tickets_stand_there_whether_a_time_limit_runs_or_not(
    name: str, cast: Cast, browse: Any, make: Make
) -> None:
    make.handled(make.ticket("二期厂房消防验收排队两个月。"))
    make.closed(make.ticket("物流园区道路破损。"))
    waits = make.contacted(make.ticket("污水管网没有接通。"))
    make.act(cast.zhang, waits, conversing.request_supplement, "请补充不动产权证复印件。")
    make.ticket("走访中反映招工难，普工缺口三十人。", by=cast.zhang)
    make.session.close()
    page = browse(getattr(cast, name)).get(f"/enterprises/{cast.jia}")
    for words in ("二期厂房消防验收", "物流园区道路破损", "污水管网没有接通", "招工难"):
        assert words in page.text
    assert "待补正" in page.text
    assert "已办结" in page.text
