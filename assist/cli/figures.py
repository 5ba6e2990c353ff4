"""`figures show` tells rates for a time; `figures check` recounts them from the events, month by month."""

import json
from collections import Counter
from datetime import date, datetime
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from assist.domain import months
from assist.domain.clock import SHANGHAI, local, local_date
from assist.domain.errors import Refused
from assist.domain.rates import Period, Rate, days, month
from assist.extensions import db
from assist.models import Ticket
from assist.models.engine import begin_writing
from assist.services import freezing, sealing
from assist.services.queries.figures import counting
from assist.services.queries.figures.catalogue import FIGURES
from assist.services.queries.figures.own_lateness import own_late
from assist.services.queries.figures.recount_course import RECOUNTED, recount_all
from assist.services.queries.figures.recount_lateness import recount_lateness
from assist.services.work import Work

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("figures", help="统计数字：查看与核对")
def group() -> None:
    pass


def _work() -> Work:
    return Work(db.session, current_app.extensions["assist_time"])  # type: ignore[arg-type]


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("时间应如 2026-11-23T09:30") from None
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def _told(rate: Rate) -> dict[str, Any]:
    return {"n": rate.n, "d": rate.d, "rate": None if rate.value is None else round(rate.value, 4)}


@group.command("show", help="某段时间的各项比率，可按县区、类别、专员或月份分列")
@click.option("--from", "first", type=DAY, required=True, help="起始日期，如 2026-11-01")
@click.option("--to", "last", type=DAY, required=True, help="截止日期（含）")
@click.option("--as-of", "as_of", help="按某一时刻的情况统计，缺省为现在")
@click.option("--by", type=click.Choice(["area", "category", "officer", "month"]), help="分列")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@with_appcontext
def show(first: datetime, last: datetime, as_of: str | None, by: str | None, as_json: bool) -> None:
    if last < first:
        raise click.BadParameter("截止日期早于起始日期")
    work = _work()
    at = counting.as_of(work, _instant(as_of))
    period = days(first.date(), last.date())
    rows: dict[str, dict[str, Rate]] = {"": counting.rates(work, list(FIGURES), [period], at)[0]}
    if by == "month":
        each_month = _months(first.date(), last.date())
        found = counting.rates(work, list(FIGURES), each_month, at)
        rows |= {each.label: rates for each, rates in zip(each_month, found, strict=True)}
    elif by is not None:
        rows |= _by(work, by, period, at)
    if as_json:
        told = {
            name or "all": {key: _told(rate) for key, rate in rates.items()} for name, rates in rows.items()
        }
        click.echo(json.dumps({"as_of": at.at.isoformat(), "figures": told}, ensure_ascii=False))
        return
    for name, rates in rows.items():
        click.echo(name or f"{period.label}（{len(rates)}项）")
        for key, rate in rates.items():
            click.echo(f"  {FIGURES[key].title}　{rate.fraction} = {rate.percent}")


def _months(first: date, last: date) -> list[Period]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [month(first.year, first.month + number) for number in range(count)]


def _by(work: Work, dimension: str, period: Period, at: Any) -> dict[str, dict[str, Rate]]:
    rows: dict[str, dict[str, Rate]] = {}
    for key in FIGURES:
        found = counting.by_dimension(work, key, dimension, period, at)
        names = counting.names_of(work, dimension, list(found))
        for value, rate in found.items():
            rows.setdefault(names.get(value, "未定"), {})[key] = rate
    return rows


@group.command("check", help="从流转记录逐件重新统计，与页面上的数字核对")
@with_appcontext
def check() -> None:
    work = _work()
    slow = recount_all(work)
    counted_months = sorted({at for _, at in slow})
    wrong = []
    for year, number in counted_months:
        rates = counting.rates(
            work, RECOUNTED, [month(year, number)], counting.as_of(work), Ticket.is_imported.is_(False)
        )[0]
        for key in RECOUNTED:
            told, counted = rates[key], slow.get((key, (year, number)), Rate(0, 0))
            if told != counted:
                wrong.append(
                    f"{year}年{number}月 {FIGURES[key].title}：统计 {told.fraction}，重算 {counted.fraction}"
                )
    wrong += _wrong_lateness(work, counted_months)
    wrong += [f"{one.month_on:%Y年%m月}的数据与封存时不符。" for one in sealing.broken(work.session)]
    for line in wrong:
        click.echo(line, err=True)
    if wrong:
        click.echo(f"有{len(wrong)}处不一致。", err=True)
        raise SystemExit(1)
    click.echo(f"一致：{len(counted_months)}个月、{len(RECOUNTED)}项比率和超期责任方，截至{local_date(work.now)}。")


def _wrong_lateness(work: Work, counted_months: list[tuple[int, int]]) -> list[str]:
    """Where whose lateness it was differs from its recount."""
    slow, wrong = recount_lateness(work), []
    own = Ticket.is_imported.is_(False)
    for year, number in counted_months:
        found = own_late(work, "on_time", month(year, number), counting.as_of(work), own)
        told, counted = Counter(one.party.word for one in found.lates), slow.get((year, number), Counter())
        wrong += [
            f"{year}年{number}月 超期责任方 {word}：统计 {told[word]}，重算 {counted[word]}"
            for word in sorted(told.keys() | counted.keys())
            if told[word] != counted[word]
        ]
    return wrong


@group.command("freeze", help="冻结一个月的数据，如 2026-11；已冻结的不变，未到时间的不冻结")
@click.argument("month_word", metavar="YYYY-MM")
@with_appcontext
def freeze(month_word: str) -> None:
    period = months.parse(month_word)
    if period is None:
        raise click.BadParameter("月份应如 2026-11", param_hint="YYYY-MM")
    work = _work()
    begin_writing(work.session)
    was_there = period.first_on in work.settings.frozen_months
    try:
        snapshot = freezing.freeze(work, period)
    except Refused as error:
        click.echo(error.sentence, err=True)
        raise SystemExit(1) from None
    is_whole = sealing.is_whole(work.session, snapshot)
    work.session.commit()
    told = local(snapshot.told_at)
    state = "此前已冻结，没有改变" if was_there else "已冻结"
    click.echo(f"{period.label}{state}，数据截至{told:%Y-%m-%d %H:%M}。")
    if not is_whole:
        click.echo(f"{period.label}的数据与封存时不符。", err=True)
        raise SystemExit(1)


def register(app: Flask) -> None:
    app.cli.add_command(group)
