"""`db …`: what Flask-Migrate does not say. Migrating itself is its `db upgrade`."""

import click
from flask import Flask
from flask.cli import with_appcontext
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import DBAPIError

from assist.extensions import db, migrate
from assist.models import Account, Enterprise, Ticket
from assist.services.queries.database_state import DatabaseState, state

SHOWN = (("账号", Account), ("企业", Enterprise), ("诉求", Ticket))


def current_state() -> DatabaseState:
    """The migration state of the configured database. Raises DBAPIError when it cannot be reached."""
    with db.engine.connect() as connection:
        return state(connection, str(migrate.directory))


def require_current() -> None:
    """Say why and exit 1 when the database cannot be reached or lacks a migration."""
    try:
        is_current = current_state().is_current
    except DBAPIError:
        click.echo("连接不上数据库，请检查 DATABASE_URL 和数据库服务。", err=True)
        raise SystemExit(1) from None
    if not is_current:
        click.echo("数据库不是最新版本，请先执行 flask --app wsgi db upgrade。", err=True)
        raise SystemExit(1)


def is_empty() -> bool:
    """Whether nobody has an account yet (or there is no table to hold one)."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table(Account.__tablename__):
            return True
        return connection.scalar(select(Account.id).limit(1)) is None


@click.command("state", help="数据库的引擎、版本和数据量")
@with_appcontext
def show_state() -> None:
    try:
        found = current_state()
        click.echo(f"引擎：{db.engine.dialect.name}")
        click.echo(f"版本：{'、'.join(sorted(found.current)) or '尚未建立'}")
        if not found.is_current:
            click.echo(f"应为：{'、'.join(sorted(found.expected))}，请执行 flask --app wsgi db upgrade")
            raise SystemExit(1)
        for name, model in SHOWN:
            click.echo(f"{name}：{db.session.scalar(select(func.count()).select_from(model))}")
    except DBAPIError:
        click.echo("连接不上数据库，请检查 DATABASE_URL 和数据库服务。", err=True)
        raise SystemExit(1) from None


def register(app: Flask) -> None:
    migrations = app.cli.commands["db"]
    assert isinstance(migrations, click.Group)
    migrations.add_command(show_state)
