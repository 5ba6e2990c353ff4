"""`jobs run`: the scheduler. `jobs once NAME [--at ISO]`: one run of one job, printing one JSON line of counts."""

import json
import logging
import sys
from datetime import UTC, datetime

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from assist.cli.database import require_current
from assist.domain.clock import SHANGHAI, FixedTime, TimeSource, local
from assist.domain.errors import Refused
from assist.extensions import db

group = AppGroup("jobs", help="定时任务：提醒、发送、自动办结、核验、备份", short_help="定时任务")


def _refuse(sentence: str) -> None:
    click.echo(sentence, err=True)
    raise SystemExit(1)


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


@group.command("run", help="运行调度程序，直到被要求停止（TERM 或 Ctrl-C）")
def run() -> None:
    from assist.jobs import scheduler

    _log_to_stderr()
    require_current()
    click.echo("定时任务已启动。")
    scheduler.start(db.engine, current_app.extensions["assist_time"], dict(current_app.config))
    click.echo("定时任务已停止。")


def _moment(text: str) -> datetime:
    """An ISO time; without a zone it is Shanghai's."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            "应是一个时间，如 2026-11-30T09:00 或 2026-11-30T09:00+08:00", param_hint="--at"
        ) from None
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)


@group.command("once", help="运行一次：sweep deliver export lapse digest month anchor housekeeping backup")
@click.argument("name")
@click.option("--at", "at_text", metavar="ISO", help="按这个时间运行（演练、测试），不写时区为北京时间")
def once(name: str, at_text: str | None) -> None:
    from assist.jobs import running, steps
    from assist.jobs.context import Context, JobFault

    step = steps.named(name)
    if step is None:
        known = "、".join(each.name.value for each in steps.STEPS)
        raise click.UsageError(f"没有名为“{name}”的任务，可用：{known}。")
    source: TimeSource = current_app.extensions["assist_time"]
    if at_text is not None:
        source = FixedTime(_moment(at_text))
    _log_to_stderr()
    require_current()
    try:
        made = running.run_once(Context(db.engine, source, dict(current_app.config)), step)
    except Refused as error:
        _refuse(error.sentence)
    except JobFault as error:
        _refuse(str(error))
    except Exception as error:
        logging.getLogger(__name__).exception("job %s failed", name)
        _refuse(f"任务“{name}”没有完成：{type(error).__name__}。")
    told = {"job": name, "at": local(made.started_at).isoformat(timespec="seconds"), **made.counts}
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


def register(app: Flask) -> None:
    app.cli.add_command(group)
