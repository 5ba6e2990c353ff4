"""`demo …`: the demo world and its logins. What is in it: `assist.demo`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.orm import Session

from assist.demo.plan import Plan
from assist.domain.clock import SHANGHAI, local
from assist.domain.errors import Refused
from assist.domain.password_policy import DEMO_PASSWORD
from assist.extensions import db
from assist.models import Account
from assist.services.file_store import Store

group = AppGroup("demo", help="演示数据：一座有两年诉求的城市", short_help="演示数据")
PLACES = (
    ("qiye001", "企业联系人", "提交诉求、确认办理结果并评价（qiye001 至 qiye200）"),
    ("zhuanyuan001", "服务专员", "首联登记、反馈进展、答复（zhuanyuan001 至 zhuanyuan200，与企业同号）"),
    ("duban01", "督查员", "全市办理情况、各项比率（duban01、duban02）"),
    ("diaodu01", "市助企办调度员", "名录、结对（diaodu01 为市级，diaodu02 起为各县市区）"),
    ("lingdao01", "工作组领导", "本工作组企业的诉求（lingdao01 至 lingdao12）"),
    ("chengban01", "承办单位", "承办任务（chengban01 为经办人，chengban01s 为审签人）"),
    ("xitong", "系统管理员", "另有 anquan 安全管理员、shenji 审计管理员"),
)


def _refuse(sentence: str) -> None:
    click.echo(sentence, err=True)
    raise SystemExit(1)


def _store() -> Store:
    return Store(Path(current_app.config["ASSIST_UPLOADS"]), current_app.config["SECRET_KEY"])


def _until(text: str | None) -> datetime:
    if text is None:
        now = local(current_app.extensions["assist_time"].now())
        return now.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            "应是一个时间，如 2026-11-23 或 2026-11-23T08:00", param_hint="--until"
        ) from None
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)


@group.command("load", help="装入演示数据（只装入空的数据库；正式环境不装）")
@click.option("--enterprises", type=click.IntRange(1, 999), default=200, show_default=True, help="企业数")
@click.option("--tickets", type=click.IntRange(0, 20_000), default=2000, show_default=True, help="诉求数")
@click.option("--seed", type=int, default=1, show_default=True, help="随机种子，相同则数据相同")
@click.option("--until", help="数据截止到何时，如 2026-11-23（默认今天零时）")
def load(enterprises: int, tickets: int, seed: int, until: str | None) -> None:
    from assist.demo import world

    if current_app.config["ASSIST_ENV"] == "production":
        _refuse("正式环境不能装入演示数据：演示账号的密码是公开的。")
    plan = Plan(until=_until(until), enterprises=enterprises, tickets=tickets, seed=seed)
    with Session(db.engine, expire_on_commit=False) as session:
        try:
            world.check_empty(session)
            with click.progressbar(length=100, label="正在装入演示数据") as bar:
                made = world.load(
                    session, plan, lambda share: bar.update(int(share * 100) - bar.pos), store=_store()
                )
                bar.update(100 - bar.pos)
        except Refused as error:
            _refuse(error.sentence)
    click.echo(
        f"已装入{made.enterprises}家企业、{made.accounts}个账号、{made.tickets}件诉求、"
        f"{made.events}条流转记录、{made.messages}条消息，截止{local(plan.until - timedelta(seconds=1)):%Y年%m月%d日}。"
    )


@group.command("people", help="列出演示账号")
def people() -> None:
    with Session(db.engine) as session:
        found = session.scalars(select(Account).where(Account.is_demo))
        known = {account.username: account.name for account in found}
    if not known:
        _refuse("没有演示账号，请先执行 flask --app wsgi demo load。")
    click.echo(f"演示账号（密码都是 {DEMO_PASSWORD}）：")
    for username, role, does in PLACES:
        if username in known:
            click.echo(f"  {username:<14}{role}  {known[username]}  {does}")


def register(app: Flask) -> None:
    app.cli.add_command(group)
