"""`account …`: making accounts, resetting passwords, unlocking: the system administrator's, from the command line.

The one-time password is printed once, and nowhere else.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import or_, select
from sqlalchemy.exc import DBAPIError

from assist.domain.errors import Refused
from assist.domain.roles import Actor, Role
from assist.extensions import db
from assist.models import Account, Area
from assist.models.engine import begin_writing
from assist.services import accounts, passwords
from assist.services.work import Work

ROLES = click.Choice([role.value for role in Role])
OPERATOR = Actor(account_id=None, name="命令行")

group = AppGroup("account", help="账号：建立、重置密码、解锁")


@contextmanager
def _writing() -> Iterator[Work]:
    """One piece of work with its commit; a refusal is one sentence and exit 1."""
    try:
        begin_writing(db.session)  # type: ignore[arg-type]  # a proxy of the session
        yield Work(db.session, current_app.extensions["assist_time"], OPERATOR)  # type: ignore[arg-type]
        db.session.commit()
    except Refused as error:
        db.session.rollback()
        click.echo(error.sentence, err=True)
        raise SystemExit(1) from None
    except DBAPIError:
        db.session.rollback()
        click.echo(
            "数据库没有接受这次操作，请先执行 flask --app wsgi db upgrade，并检查 DATABASE_URL。", err=True
        )
        raise SystemExit(1) from None


@group.command("create", help="建立账号，显示一次性密码")
@click.argument("username")
@click.option("--name", required=True, help="姓名")
@click.option("--role", "roles", type=ROLES, multiple=True, required=True, help="角色，可重复")
@click.option("--phone", default="", help="联系电话")
@click.option("--email", default="", help="邮箱")
@click.option("--unit", default="", help="单位名称（承办单位人员必填）")
@click.option("--area", default="", help="县（市、区）名称或代码：区域调度员的范围")
@click.option("--position", default="", help="职务")
@click.option("--approver", is_flag=True, help="承办单位的签发人")
def create(
    username: str,
    name: str,
    roles: tuple[str, ...],
    phone: str,
    email: str,
    unit: str,
    area: str,
    position: str,
    approver: bool,
) -> None:
    secret = passwords.one_time()
    with _writing() as work:
        account = accounts.create(
            work,
            accounts.NewAccount(
                username=username,
                name=name,
                roles=frozenset(Role(role) for role in roles),
                phone=phone,
                email=email or None,
                unit_id=accounts.unit_named(work, unit).id if unit else None,
                area_id=_area_id(work, area) if area else None,
                position=position,
                is_approver=approver,
            ),
            secret,
        )
    titles = "、".join(role.label for role in Role if role in account.roles)
    click.echo(f"已建立账号 {account.username}（{account.name}，{titles}）。")
    _show_once(secret)


@group.command("reset-password", help="重置密码，显示一次性密码；所有登录随之退出，锁定解除")
@click.argument("username")
def reset_password(username: str) -> None:
    secret = passwords.one_time()
    with _writing() as work:
        account = accounts.reset_password(work, accounts.by_username(work, username).id, secret)
    click.echo(f"已重置 {account.username}（{account.name}）的密码。")
    _show_once(secret)


@group.command("unlock", help="解除登录失败造成的锁定")
@click.argument("username")
def unlock(username: str) -> None:
    with _writing() as work:
        account: Account = accounts.unlock(work, accounts.by_username(work, username).id)
    click.echo(f"已解锁 {account.username}（{account.name}）。")


def _area_id(work: Work, text: str) -> int:
    found = work.session.scalar(select(Area.id).where(or_(Area.name == text, Area.code == text)))
    if found is None:
        click.echo(f"没有名称或代码为“{text}”的县（市、区）。", err=True)
        raise SystemExit(1)
    return found


def _show_once(secret: passwords.OneTime) -> None:
    click.echo(f"一次性密码：{secret.plain}")
    click.echo("只显示这一次；首次登录须设置自己的密码。")


def register(app: Flask) -> None:
    app.cli.add_command(group)
