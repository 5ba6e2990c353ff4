"""代办: who acts for an officer and for whom he acts, appointing somebody for some days, ending it early."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from wtforms.fields.choices import SelectChoice

from assist.domain.clock import local_date, shanghai
from assist.domain.errors import Invalid, Refused
from assist.domain.policy import Deed
from assist.forms.roster import StandInForm
from assist.services import standing_in
from assist.services.queries.officers import officer_in_sight
from assist.services.work import once
from assist.web import guards
from assist.web.roster.place import afresh, blueprint, may_change, refused


@blueprint.get("/officers/<int:account_id>/stand-ins")
@guards.for_deed(Deed.SEE_ROSTER)
def stand_ins(account_id: int) -> Any:
    form = StandInForm(data={"from_on": local_date(guards.work().now)})
    form.form_key.data = secrets.token_hex(16)
    return _page(account_id, form)


@blueprint.post("/officers/<int:account_id>/stand-ins")
@guards.for_deed(Deed.KEEP_ROSTER)
def appoint_stand_in(account_id: int) -> Any:
    work, form = guards.work(), StandInForm()
    here = url_for("roster.stand_ins", account_id=account_id)
    once(work, form.form_key.data, here)
    officer_in_sight(work, account_id)
    _offer(account_id, form)
    if form.validate():
        try:
            made = standing_in.appoint(
                work,
                account_id,
                int(form.stand_in.data),
                _start_of(form.from_on.data),
                _start_of(form.until_on.data) + timedelta(days=1),
                form.reason.data or "",
            )
            words = f"{standing_in.span_text(made)}由{made.stand_in.name}代办，各方都已收到消息。"
            guards.commit()
        except Refused as error:
            refused(form, error)
        else:
            flash(words, "success")
            return redirect(here)
    afresh()
    return _page(account_id, form), 400


@blueprint.post("/officers/<int:account_id>/stand-ins/<int:record_id>/end")
@guards.for_deed(Deed.KEEP_ROSTER)
def end_stand_in(account_id: int, record_id: int) -> Any:
    standing_in.end(guards.work(), account_id, record_id)
    guards.commit()
    flash("代办已结束。", "success")
    return redirect(url_for("roster.stand_ins", account_id=account_id))


def _start_of(on: date) -> datetime:
    """The first instant of a day. Raises Invalid for a day beyond the calendar."""
    if not 2000 <= on.year <= 2100:
        raise Invalid("请填写正确的日期。", "until_on")
    return shanghai(on.year, on.month, on.day)


def _offer(account_id: int, form: StandInForm) -> None:
    people = standing_in.offered(guards.work(), account_id)
    form.stand_in.choices = [
        SelectChoice("", "请选择"),
        *(SelectChoice(str(one), f"{name}（{unit}）" if unit else name) for one, name, unit in people),
    ]


def _page(account_id: int, form: StandInForm) -> str:
    work = guards.work()
    officer = officer_in_sight(work, account_id)
    if may_change(work):
        _offer(account_id, form)
    return render_template(
        "roster/stand_ins.html",
        form=form,
        officer=officer,
        rows=[
            (one, standing_in.span_text(one), _state(one, work.now))
            for one in standing_in.of_officer(work, officer.id)
        ],
        may_change=may_change(work),
        today=local_date(work.now),
    )


def _state(record: Any, now: Any) -> tuple[str, str]:
    """(word, tone) of a record now."""
    if record.ended_at <= now:
        return "已结束", "gr"
    return ("未开始", "soon") if record.started_at > now else ("代办中", "ok")
