"""`make run`: a living system from nothing. Migrates, loads the demo world into an empty database, starts Procfile.

For a developer's or a visitor's machine. In production the processes of `Procfile` are started by the system's own
supervisor (see docs/deployment).
"""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import click
import flask_migrate
from flask import Flask
from sqlalchemy import URL, select
from sqlalchemy.exc import DBAPIError

from assist.cli.database import is_empty
from assist.cli.demo import PLACES
from assist.domain.password_policy import DEMO_PASSWORD
from assist.extensions import db
from assist.models import Account
from config import PROJECT, ConfigError

STOPPED = {128 + signal.SIGINT, 128 + signal.SIGTERM}


def main() -> int:
    os.chdir(PROJECT)
    # The sentence about a wrong environment is `wsgi`'s; that nothing is served yet keeps its demo check for later.
    os.environ["FLASK_RUN_FROM_CLI"] = "true"
    from wsgi import app

    try:
        host, port = address(os.environ)
        prepare(app)
        greet(app, host, port)
        return start(os.environ)
    except ConfigError as error:
        click.echo(f"无法启动：{error}", err=True)
        return 1
    except DBAPIError:
        click.echo("无法启动：数据库连接不上，或不能写入，请检查 DATABASE_URL。", err=True)
        return 1
    except KeyboardInterrupt:
        click.echo("\n已停止。")
        return 130


def address(environ: Mapping[str, str]) -> tuple[str, int]:
    """HOST and PORT, known to be free at this moment. Raises ConfigError."""
    host = environ.get("HOST", "").strip() or "127.0.0.1"
    text = environ.get("PORT", "").strip() or "8000"
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise ConfigError(f"PORT 的值“{text}”不对，应是 1 至 65535 之间的端口号。")
    port = int(text)
    try:
        family, kind, _protocol, _name, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen()
    except socket.gaierror:
        raise ConfigError(f"HOST 的值“{host}”不是本机的地址。") from None
    except PermissionError:
        raise ConfigError(f"端口 {port} 需要管理员权限，请换一个，例如 make run PORT=8000。") from None
    except OSError:
        raise ConfigError(
            f"地址 {host} 的端口 {port} 已被占用或不可用；"
            f"请关闭占用它的程序，或换一个端口，例如 make run PORT={port + 1}。"
        ) from None
    return host, port


def prepare(app: Flask) -> None:
    """The newest tables, and a world to look at when there is none."""
    with app.app_context():
        flask_migrate.upgrade()
        empty = is_empty()
        db.engine.dispose()
    if empty and app.config["ASSIST_ENV"] != "production":
        click.echo("数据库是空的，正在装入演示数据，需要几分钟……")
        load_demo(app.config["SQLALCHEMY_DATABASE_URI"])


def load_demo(url: URL) -> None:
    """Load the demo world whole or not at all: a SQLite file takes its place only when it is complete."""
    if url.get_backend_name() != "sqlite":
        run_command(url, "demo", "load")
        return
    target = Path(str(url.database))
    draft = target.with_name(f"{target.name}.loading")
    discard(draft)
    try:
        run_command(url.set(database=str(draft)), "db", "upgrade", quiet=True)
        run_command(url.set(database=str(draft)), "demo", "load")
        with closing(sqlite3.connect(draft)) as finished:
            finished.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        discard(target)
        draft.rename(target)
    finally:
        discard(draft)


def discard(file: Path) -> None:
    """Remove a SQLite file and what stands beside it."""
    for suffix in ("", "-wal", "-shm"):
        file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)


def run_command(url: URL, *words: str, quiet: bool = False) -> None:
    """Run one of the commands on a database in a process of its own. Raises ConfigError when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        env={**os.environ, "DATABASE_URL": url.render_as_string(hide_password=False)},
        stdout=subprocess.DEVNULL if quiet else None,
        check=False,
    )
    if done.returncode:
        raise ConfigError(f"{' '.join(words)} 没有完成，原因见上。")


def greet(app: Flask, host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"\n助企远航服务平台    http://{shown}:{port}/    按 Ctrl-C 停止")
    with app.app_context():
        known = set(db.session.scalars(select(Account.username).where(Account.is_demo)))
        db.session.remove()
        db.engine.dispose()
    if known:
        click.echo(f"演示账号（密码都是 {DEMO_PASSWORD}）：")
        for username, role, does in PLACES:
            if username in known:
                click.echo(f"  {username:<14}{role}：{does}")
    click.echo("")


def start(environ: Mapping[str, str]) -> int:
    """Run what `Procfile` names until Ctrl-C, or until one of them ends; then none is left."""
    from honcho.environ import parse_procfile
    from honcho.manager import Manager

    own = os.path.dirname(sys.executable)
    inherited = {name: value for name, value in environ.items() if name != "FLASK_RUN_FROM_CLI"}
    inherited |= {"PATH": f"{own}{os.pathsep}{environ.get('PATH', os.defpath)}", "PYTHONUNBUFFERED": "1"}
    manager = Manager()
    processes = parse_procfile((PROJECT / "Procfile").read_text(encoding="utf-8")).processes
    for name, command in processes.items():
        manager.add_process(name, command, env=inherited, cwd=str(PROJECT))
    manager.loop()
    if manager.returncode in STOPPED:
        click.echo("已停止。")
        return 0
    click.echo("有一个进程意外结束，全部已停止，原因见上。", err=True)
    return int(manager.returncode or 1)


if __name__ == "__main__":
    sys.exit(main())
