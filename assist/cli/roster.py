"""`roster …`: checking and importing the roster (ledger B). One line a fault, with its Excel row and column."""

import os
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from assist.cli.workbook_words import echo_findings, refusals, work_of_command
from assist.extensions import db
from assist.models.engine import begin_writing
from assist.services import passwords, work_groups
from assist.services.imports import first_passwords, roster
from assist.services.work import Work
from assist.services.workbooks.account_sheet import write_accounts
from assist.services.workbooks.fault_report import write_fault_report
from assist.services.workbooks.roster_sheet import RosterCheck

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)

group = AppGroup("roster", help="包联台账：检查、导入")


@group.command("check", help="检查包联台账，逐行列出问题，不写入任何内容")
@click.argument("file", type=FILE)
@click.option("--report", type=TARGET, help="另存一份在右侧加“错误原因”列的表格")
def check(file: Path, report: Path | None) -> None:
    with refusals():
        checked = roster.check(work_of_command(), file)
        echo_findings(checked.check)
        if report is not None:
            write_fault_report(checked.sheet, checked.check.faults, report)
            click.echo(f"带错误原因的表格已存为 {report}")
        if checked.check.faults:
            raise SystemExit(1)
        click.echo(f"共{checked.check.row_count}行，没有问题。")


@group.command("import", help="导入包联台账：有问题时一行也不写入，除非注明 --good-rows")
@click.argument("file", type=FILE)
@click.option("--good-rows", is_flag=True, help="有问题的行跳过，导入其余各行")
@click.option("--accounts", type=TARGET, help="新账号的登录名和一次性初始密码存入这个表格（不能已存在）")
def take_over(file: Path, good_rows: bool, accounts: Path | None) -> None:
    with refusals():
        if accounts is not None and accounts.exists():
            click.echo(f"{accounts} 已存在；为免盖掉以前的初始密码，请换一个文件名。", err=True)
            raise SystemExit(1)
        begin_writing(db.session)  # type: ignore[arg-type]
        work = work_of_command()
        checked = roster.check(work, file)
        echo_findings(checked.check)
        _refuse_faulty(checked.check, good_rows)
        outcome = roster.take_over(work, checked)
        db.session.commit()
        click.echo(outcome.sentence())
        if accounts is not None:
            _hand_out(accounts)
        elif outcome.accounts_new:
            click.echo("新账号尚无密码：可由调度员在导入页面发放初始密码，或用 account reset-password 逐个设置。")


def _refuse_faulty(found: RosterCheck, good_rows: bool) -> None:
    if found.faults and not (good_rows and found.rows):
        click.echo("没有写入任何内容。改正后再导入，或用 --good-rows 只导入没有问题的行。", err=True)
        raise SystemExit(1)


def _hand_out(target: Path) -> None:
    """First passwords of all who wait for one, into a file that only its owner may read; nothing when it fails."""
    secrets = passwords.one_time_many(first_passwords.count(work_of_command()))
    if not secrets:
        click.echo("没有等待发放初始密码的账号。")
        return
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        begin_writing(db.session)  # type: ignore[arg-type]
        work: Work = work_of_command()
        lines = first_passwords.hand_out(work, secrets)
        with os.fdopen(handle, "wb") as file:
            file.write(write_accounts(lines, "系统管理员（命令行）", work.now).getvalue())
        db.session.commit()
    except BaseException:
        db.session.rollback()
        target.unlink(missing_ok=True)
        raise
    click.echo(f"{len(lines)}个新账号的登录名和初始密码已存入 {target}，请妥善分发后销毁。")


@group.command("add-leader", help="把工作组领导的账号编入工作组，如：roster add-leader 13900000000 第一工作组")
@click.argument("username")
@click.argument("work_group")
@click.option("--member", is_flag=True, help="作为成员而不是组长")
def add_leader(username: str, work_group: str, member: bool) -> None:
    with refusals():
        begin_writing(db.session)  # type: ignore[arg-type]
        work_groups.add_member(work_of_command(), username, work_group, is_head=not member)
        db.session.commit()
        click.echo(f"{username} 已编入{work_group}{'（成员）' if member else '（组长）'}。")


def register(app: Flask) -> None:
    app.cli.add_command(group)
