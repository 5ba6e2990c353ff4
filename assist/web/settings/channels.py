"""发送渠道 (`/settings/channels`): each channel as it is set up and as it last went; 测试发送. For administrators.

A secret is never shown again. A test line is sent outside of any transaction, and what came of it is said.
"""

import secrets
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from assist.channels import ChannelBusy, Letter, Line, NotSent, make
from assist.domain.channel_specs import SPECS, ChannelSpec
from assist.domain.errors import NotFound, Refused
from assist.domain.phone import is_mobile
from assist.domain.policy import Deed
from assist.extensions import db
from assist.forms.channels import TestLineForm, channel_form
from assist.forms.fields import Shape
from assist.services import delivering, keeping_channels
from assist.services.queries import channels as queries
from assist.services.work import Work
from assist.web import guards
from assist.web.settings.place import afresh, blueprint, refused

TEST_TITLE = "测试发送：聊城市助企远航服务平台"
TEST_SMS = "这是一条测试短信，收到即表示短信渠道可用。"


def _key() -> str:
    return str(current_app.config["ASSIST_SECRETS_KEY"])


def _spec(name: str) -> ChannelSpec:
    if name not in SPECS:
        raise NotFound()
    return SPECS[name]


@blueprint.get("/channels")
@guards.for_deed(Deed.KEEP_CHANNELS)
def channel_list() -> str:
    work = guards.work()
    return render_template("settings/channels.html", rows=queries.channels(work, current_app.config))


@blueprint.route("/channels/<name>", methods=["GET", "POST"])
@guards.for_deed(Deed.KEEP_CHANNELS)
def channel(name: str) -> Any:
    spec, work = _spec(name), guards.work()
    row = keeping_channels.row_of(work, name)
    form = channel_form(spec, row.fields, keeping_channels.known_secrets(row, _key()))()
    form.is_on.data = form.is_on.data if request.method == "POST" else "1" if row.is_on else "0"
    if request.method == "POST" and form.validate():
        words = {one.name: str(form[one.name].data or "") for one in spec.fields}
        try:
            keeping_channels.put(work, name, words, is_on=form.is_on.is_yes, key=_key())
            _publish(work)
            guards.commit()
        except Refused as error:
            refused(form, error)
        else:
            flash(f"{spec.name.title}已保存，{'立即生效' if form.is_on.is_yes else '现为停用'}。", "success")
            return redirect(url_for("settings.channel", name=name))
    return _page(spec, form, TestLineForm(formdata=None))


def _publish(work: Work) -> None:
    """Let messages be queued for the channels that are on now, without waiting for the next run."""
    session: Session = work.session
    session.flush()
    known = keeping_channels.set_up(session, current_app.config)
    delivering.publish_channels(work, [name for name, one in known.items() if one.is_on])


def _page(spec: ChannelSpec, form: Shape, test: TestLineForm, result: tuple[str, str] | None = None) -> Any:
    """`result`: what came of a test line, (tone, sentence)."""
    work = afresh()
    found = queries.channel(work, spec.name.value, current_app.config)
    test.to.label.text = f"发给（{spec.to}）"
    text = render_template("settings/channel.html", spec=spec, form=form, test=test, found=found, result=result)
    is_wrong = bool(form.errors or form.form_errors or test.errors or test.form_errors)
    return (text, 400) if is_wrong else text


@blueprint.post("/channels/<name>/test")
@guards.for_deed(Deed.KEEP_CHANNELS)
def test_channel(name: str) -> Any:
    """测试发送: really sends one line now by what is saved, whether switched on or not."""
    spec, work = _spec(name), guards.work()
    row = keeping_channels.row_of(work, name)
    form = channel_form(spec, row.fields, keeping_channels.known_secrets(row, _key()))(formdata=None)
    form.is_on.data = "1" if row.is_on else "0"
    test = TestLineForm()
    if not spec.to:
        test.to.data = ""
    elif not test.validate() or (spec.to == "手机号" and not is_mobile(test.to.data or "")):
        if not test.errors:
            test.to.errors = ["请填写11位手机号。"]
        return _page(spec, form, test)
    sent_up = keeping_channels.set_up(work.session, current_app.config).get(name)
    if sent_up is None or sent_up.why_not:
        why = sent_up.why_not if sent_up else "还没有设置，请先填写并保存。"
        return _page(spec, form, test, ("late", f"没有发出：{why}"))
    db.session.rollback()
    tone, sentence, silent = _try(name, sent_up.values, test.to.data or "", work.now)
    guards.start_writing()
    is_sent = tone == "ok"
    keeping_channels.note_test(guards.work(), name, "" if is_sent else sentence, silent)
    guards.commit()
    return _page(spec, form, test, (tone, sentence))


def _try(name: str, values: dict[str, Any], to: str, now: Any) -> tuple[str, str, int]:
    """(tone, what to say, for how many seconds the other side asked for silence)."""
    base = str(current_app.config.get("ASSIST_BASE_URL") or "")
    lines = (Line(TEST_TITLE, "inf", base),)
    letter = Letter(secrets.token_hex(16), to, TEST_TITLE, f"{TEST_TITLE}\n\n{base}\n", now, lines, TEST_SMS)
    try:
        sender = make(name, values)
        try:
            receipt = sender.send(letter)
        finally:
            sender.close()
    except ChannelBusy as error:
        return "late", f"没有发出：{error}", error.seconds
    except NotSent as error:
        return "late", f"没有发出：{error}", 0
    except (KeyError, ValueError):
        return "late", "没有发出：设置不完整，请重新填写并保存。", 0
    return "ok", f"已发出，对方答复：{receipt or '已接收'}", 0
