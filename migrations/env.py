"""How Alembic runs here: all or nothing, one server at a time, and the first configuration after the last step.

Called by `flask db …` inside an application context.
"""

from typing import Any

import click
from alembic import context
from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from assist.models.engine import WRITER

FULL_TEXT = "ticket_fts"
VECTORS = ("public_vector", "internal_vector")
LOCK = 726_172_635
applied: list[str] = []


def include_object(_thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Leave out what SQLite's full-text index makes for itself, and what `models.ddl` makes for PostgreSQL's."""
    if kind == "table":
        return not str(name).startswith(FULL_TEXT)
    if kind == "column":
        return name not in VECTORS
    return not (kind == "index" and str(name).startswith("ix_ticket_search_"))


def note_step(step: Any, **_more: Any) -> None:
    if step.is_upgrade:
        applied.append(str(step.up_revision_id))


def leave_out_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no revision when the models have not changed."""
    writes = getattr(context.config.cmd_opts, "autogenerate", False)
    if writes and directives and directives[0].upgrade_ops.is_empty():
        directives[:] = []
        click.echo("表结构没有变化，未生成新的迁移。")


def prepare(connection: Connection) -> None:
    """One migration at a time. SQLite's foreign keys rest while tables are made anew; they are checked after."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))


def check(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise RuntimeError("迁移后有数据违反外键约束，已全部撤销。")


def install_first_configuration(connection: Connection) -> None:
    from assist.services import defaults

    session = Session(bind=connection, join_transaction_mode="create_savepoint")
    if defaults.install(session):
        click.echo("已装入初始配置（县区、类别、时限、提醒阶梯、节假日）。")
    session.commit()


def at_head() -> bool:
    return set(context.get_context().get_current_heads()) == set(context.script.get_heads())


def run() -> None:
    settings = current_app.extensions["migrate"]
    engine = settings.db.engine
    with engine.connect() as fresh:
        raw = fresh.connection.dbapi_connection
        if engine.dialect.name == "sqlite":
            raw.execute("PRAGMA foreign_keys=OFF")
        connection = fresh.execution_options(**{WRITER: True})
        try:
            migrate(connection, dict(settings.configure_args))
        finally:
            if engine.dialect.name == "sqlite":
                fresh.rollback()
                raw.execute("PRAGMA foreign_keys=ON")


def told() -> str:
    """What an upgrade did; nothing for the commands that only look."""
    if applied:
        return f"数据库已升级：{'、'.join(applied)}。"
    function = context.get_context().opts.get("fn")
    return "数据库已是最新版本。" if getattr(function, "__name__", "") == "upgrade" else ""


def migrate(connection: Connection, options: dict[str, Any]) -> None:
    options.setdefault("process_revision_directives", leave_out_empty)
    context.configure(
        connection=connection,
        target_metadata=current_app.extensions["migrate"].db.metadata,
        include_object=include_object,
        on_version_apply=note_step,
        transactional_ddl=True,
        **options,
    )
    applied.clear()
    with context.begin_transaction():
        prepare(connection)
        context.run_migrations()
        if applied:
            check(connection)
            if at_head():
                install_first_configuration(connection)
    if sentence := told():
        click.echo(sentence)


if context.is_offline_mode():
    raise RuntimeError("迁移需要连接数据库，不支持 --sql 离线方式。")
run()
