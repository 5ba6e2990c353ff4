"""工作日历 (`/settings/calendar`): years, special days, office hours; a change is looked at first, then applied.

Between the two steps the change itself lies in the page, signed together with the calendar it was looked at with and
with the account; the address is good for a day.
"""

import json
from datetime import date
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from assist.domain.clock import local_date
from assist.domain.errors import Invalid, Refused
from assist.domain.office_hours import YearStatus, windows_text
from assist.domain.policy import Deed
from assist.forms.kept_settings import ApplyForm, HoursForm, YearForm
from assist.services import calendar_moves, calendars, office_hours
from assist.services.calendar_moves import MovedClock, Parts
from assist.services.calendars import CalendarChange
from assist.services.office_hours import HoursWords
from assist.services.queries import calendar_rows
from assist.services.work import Work
from assist.web import guards
from assist.web.settings.place import afresh, blueprint, refused

KEPT_SECONDS = 24 * 3600
MOST_BYTES = 256 * 1024
LISTED = 500


@blueprint.get("/calendar")
@guards.for_deed(Deed.KEEP_CALENDAR)
def calendar() -> Any:
    return _shown(YearForm())


def _shown(form: YearForm) -> Any:
    work = afresh()
    today = local_date(work.now)
    wanted = request.args.get("year", today.year, type=int)
    years = calendar_rows.years(work, today.year)
    text = render_template(
        "settings/calendar.html",
        form=form,
        years=years,
        year=wanted,
        days=calendar_rows.special_days(work, wanted),
        hours=[
            {"row": row, "text": windows_text(row.windows), "is_to_come": bool(row.from_on and row.from_on > today)}
            for row in calendar_moves.parts(work).hours
        ],
        ids=calendar_rows.hours_ids(work),
        status=YearStatus,
    )
    return text, 400 if form.errors or form.form_errors else 200


@blueprint.post("/calendar/year")
@guards.for_deed(Deed.KEEP_CALENDAR)
def preview_year() -> Any:
    """What a year's file would change and move. Writes nothing."""
    form = YearForm()
    if not form.validate():
        return _shown(form)
    try:
        content = _content(form)
        change, now = calendars.preview_year(guards.work(), content)
    except Refused as error:
        refused(form, error)
        return _shown(form)
    return _previewed(_year_words(change), change.moved, change.is_nothing, _sign("year", content, now))


def _content(form: YearForm) -> Any:
    sent = form.file.data.stream.read(MOST_BYTES + 1)
    if len(sent) > MOST_BYTES:
        raise Invalid("文件太大，不像一年的放假安排。", "file")
    try:
        return json.loads(sent.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Invalid("文件不是有效的 JSON（UTF-8 编码）。", "file") from None


def _year_words(change: CalendarChange) -> str:
    return f"{change.year}年放假安排（{change.status.title}）：{change.days_changed}天与现有日历不同"


@blueprint.route("/calendar/hours/new", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_CALENDAR)
def add_hours() -> Any:
    form = HoursForm()
    if request.method == "POST" and form.validate():
        words = HoursWords(
            form.name.data or "", form.from_on.data, form.to_on.data, form.windows.data or ""
        )
        try:
            change, now = office_hours.preview(guards.work(), words)
        except Refused as error:
            refused(form, error)
        else:
            kept = [words.name, str(words.from_on), str(words.to_on or ""), words.windows]
            return _previewed(change.words, change.moved, False, _sign("hours", kept, now))
    is_wrong = bool(form.errors or form.form_errors)
    return render_template("settings/hours.html", form=form), 400 if is_wrong else 200


@blueprint.get("/calendar/hours/<int:hours_id>/remove")
@guards.for_deed(Deed.KEEP_CALENDAR)
def remove_hours(hours_id: int) -> Any:
    change, now = office_hours.preview_removal(guards.work(), hours_id)
    return _previewed(change.words, change.moved, False, _sign("removal", hours_id, now))


def _previewed(words: str, moved: tuple[MovedClock, ...], is_nothing: bool, token: str) -> str:
    form = ApplyForm(formdata=None, data={"token": token})
    return render_template(
        "settings/calendar_preview.html",
        form=form,
        words=words,
        moved=moved[:LISTED],
        total=len(moved),
        is_nothing=is_nothing,
    )


@blueprint.post("/calendar/apply")
@guards.for_deed(Deed.KEEP_CALENDAR)
def apply_calendar() -> Any:
    """The second step: exactly what was looked at, or nothing when the calendar is another one by now."""
    kind, kept, fingerprint = _signed(ApplyForm().token.data or "")
    work = guards.work()
    words, count = _applied(work, kind, kept, fingerprint)
    guards.commit()
    flash(f"已应用：{words}，{count}个正在计时的时限顺延。", "success")
    return redirect(url_for("settings.calendar"))


def _applied(work: Work, kind: str, kept: Any, fingerprint: str) -> tuple[str, int]:
    if kind == "year":
        change = calendars.import_year(work, kept, fingerprint)
        return _year_words(change), len(change.moved)
    if kind == "hours":
        name, since, until, windows = kept
        words = HoursWords(
            name, date.fromisoformat(since), date.fromisoformat(until) if until else None, windows
        )
        done = office_hours.put(work, words, fingerprint)
    else:
        done = office_hours.remove(work, kept, fingerprint)
    return done.words, len(done.moved)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="calendar")


def _sign(kind: str, kept: Any, now: Parts) -> str:
    return str(_serializer().dumps([kind, kept, now.fingerprint(), guards.actor().account_id]))


def _signed(token: str) -> tuple[str, Any, str]:
    try:
        kind, kept, fingerprint, account_id = _serializer().loads(token, max_age=KEPT_SECONDS)
    except (BadData, ValueError):
        raise Invalid("这次预览已过期，请重新查看后再应用。") from None
    if account_id != guards.actor().account_id:
        raise Invalid("这次预览已过期，请重新查看后再应用。")
    return kind, kept, fingerprint
