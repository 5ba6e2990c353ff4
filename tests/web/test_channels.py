"""发送渠道, 定时任务, 提醒记录: set up without ever showing a secret, tested for real, seen by those who must see."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from assist.domain.clock import shanghai
from assist.domain.status import DeliveryStatus
from assist.extensions import db
from assist.jobs import deliver
from assist.jobs.context import Context
from assist.models import Account, AuditEntry, Channel, Delivery, Job, JobRun
from assist.services import delivering, heartbeats, keeping_channels, settings
from assist.services.heartbeats import Run
from tests.cast import Cast
from tests.gateway import Gateway, Reply
from tests.make import Make
from tests.pages import Browser, Page
from tests.reminders import Sweep
from tests.statements import counted

SECRET = "SEC-very-secret-0001"


def saved(browser: Browser, name: str, status: int = 200, **fields: Any) -> Page:
    """The form of a channel, filled in and sent."""
    address = f"/settings/channels/{name}"
    return browser.post(address, status, **{**browser.get(address).form(address).values, **fields})


def sent_test(browser: Browser, name: str, status: int = 200, **fields: Any) -> Page:
    """测试发送 pressed."""
    address = f"/settings/channels/{name}"
    form = browser.get(address).form(f"{address}/test")
    return browser.post(f"{address}/test", status, **{**form.values, **fields})


@pytest.fixture
def dingtalk(browse: Any, cast: Cast, gateway: Gateway) -> Browser:
    """The administrator's browser; the robot is set up and on."""
    browser: Browser = browse(cast.xi)
    saved(browser, "dingtalk", url=f"{gateway.url}/robot", token="TOKEN-0001", secret=SECRET, is_on="1")
    return browser


def test_a_secret_is_kept_encrypted_and_never_shown_again(
    dingtalk: Browser, make: Make, app: Any
) -> None:
    page = dingtalk.get("/settings/channels/dingtalk")
    assert SECRET not in page.html
    assert "TOKEN-0001" not in page.html
    assert "••• 已设置" in page.text
    make.session.rollback()
    row = make.session.scalars(select(Channel).where(Channel.name == "dingtalk")).one()
    assert SECRET not in row.secrets
    assert SECRET not in str(row.fields)
    values = keeping_channels.set_up(make.session, app.config)["dingtalk"].values
    assert (values["secret"], values["token"]) == (SECRET, "TOKEN-0001")
    assert SECRET not in str(keeping_channels.set_up(make.session, app.config))


def test_a_secret_left_empty_stays_and_one_typed_replaces_it(dingtalk: Browser, make: Make, app: Any) -> None:
    saved(dingtalk, "dingtalk", is_on="1")
    make.session.rollback()
    assert keeping_channels.set_up(make.session, app.config)["dingtalk"].values["secret"] == SECRET
    saved(dingtalk, "dingtalk", is_on="1", secret="another")
    make.session.rollback()
    assert keeping_channels.set_up(make.session, app.config)["dingtalk"].values["secret"] == "another"
    log = make.session.scalars(select(AuditEntry).where(AuditEntry.deed == "change_channel")).all()
    assert [entry.detail["secrets"] for entry in log] == [["令牌", "加签密钥"], [], ["加签密钥"]]
    assert all(SECRET not in str(entry.detail) for entry in log)


def test_with_another_key_of_the_house_the_secret_is_lost_and_that_is_said(
    dingtalk: Browser, app: Any, make: Make, database: Any
) -> None:
    kept = app.config["ASSIST_SECRETS_KEY"]
    app.config["ASSIST_SECRETS_KEY"] = "another key altogether, 0123456789abcdef"
    try:
        page = dingtalk.get("/settings/channels/dingtalk")
        assert "请重新填写密钥" in page.text
        assert "密钥失效" in dingtalk.get("/settings/channels").text
        assert "没有发出：密钥无法解开" in sent_test(dingtalk, "dingtalk").text
        assert "令牌" in saved(dingtalk, "dingtalk", 400, is_on="1").text, "it must be typed anew"
    finally:
        app.config["ASSIST_SECRETS_KEY"] = kept


def test_a_channel_switched_on_is_queued_for_at_once_and_off_no_more(
    dingtalk: Browser, make: Make, cast: Cast, sweep: Sweep
) -> None:
    make.session.rollback()
    assert settings.current(make.session).channels == ("dingtalk",)
    make.ticket()
    sweep(shanghai(2026, 11, 23, 10, 30))
    make.session.rollback()
    assert make.session.scalars(select(Delivery.channel)).all() == ["dingtalk"]
    saved(dingtalk, "dingtalk", is_on="0")
    make.session.rollback()
    assert settings.current(make.session).channels == ()


def test_the_job_sends_by_what_was_set_up_on_the_page(
    dingtalk: Browser, make: Make, cast: Cast, sweep: Sweep, gateway: Gateway, app: Any, database: Any
) -> None:
    ticket = make.ticket()
    sweep(shanghai(2026, 11, 23, 10, 30))
    make.at(shanghai(2026, 11, 23, 10, 30))
    assert deliver.run(Context(database.engine, make.time, app.config))["sent"] == 1
    (got,) = gateway.received
    assert got.query["access_token"] == "TOKEN-0001"
    assert ticket.number in got.json["markdown"]["text"]
    page = dingtalk.sign_in(cast.xi).get("/settings/channels/dingtalk").text
    assert "累计 发出 1 条，失败 0 次" in page


def test_a_test_line_is_really_sent_and_its_answer_shown(
    dingtalk: Browser, gateway: Gateway, make: Make
) -> None:
    assert "已发出，对方答复：errcode=0" in sent_test(dingtalk, "dingtalk").text
    assert "测试发送" in gateway.received[0].json["markdown"]["text"]
    gateway.answer = lambda received: Reply(body='{"errcode":310000,"errmsg":"sign not match"}')
    page = sent_test(dingtalk, "dingtalk").text
    assert "没有发出：对方没有接收（310000）：sign not match" in page
    assert "启用，最近失败" in dingtalk.get("/settings/channels").text
    make.session.rollback()
    row = make.session.scalars(select(Channel).where(Channel.name == "dingtalk")).one()
    assert (row.sent_count, row.failed_count) == (1, 1)
    logged = make.session.scalars(select(AuditEntry.deed).where(AuditEntry.deed == "test_channel")).all()
    assert len(logged) == 2


def test_an_sms_asks_whom_to_send_the_test_line(browse: Any, cast: Cast, gateway: Gateway) -> None:
    browser = browse(cast.xi)
    assert "还没有设置" in sent_test(browser, "sms", to="13800000000").text
    gateway.answer = lambda received: Reply(body='{"code":0}')
    saved(browser, "sms", url=gateway.url, phone_field="mobile", text_field="content", signature="【聊城助企】")
    assert "11位手机号" in sent_test(browser, "sms", 400, to="12345").text
    assert "已发出" in sent_test(browser, "sms", to="13800000000").text
    assert gateway.received[0].form["mobile"] == "13800000000"


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("dingtalk", {"url": "ftp://x"}, "以 http:// 或 https:// 开头"),
        ("dingtalk", {"url": "https://user:word@host/x"}, "不含账号"),
        ("dingtalk", {}, "请填写令牌"),
        ("webhook", {"url": "", "secret": "x"}, "请填写接收地址"),
        ("email", {"host": "mail server", "sender": "a@b.cn"}, "应是主机名或地址"),
        ("email", {"host": "mail.gov.cn", "port": "99999", "sender": "a@b.cn"}, "1至65535"),
        ("email", {"host": "mail.gov.cn", "sender": "nobody"}, "应是邮箱地址"),
        ("sms", {"url": "https://x", "phone_field": "手机"}, "英文字母"),
        ("sms", {"url": "https://x", "more": "account"}, "字段名=值"),
        ("sms", {"url": "https://x/" + "y" * 10_000}, "请控制在"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_saved(
    name: str, fields: dict[str, str], said: str, browse: Any, cast: Cast, make: Make
) -> None:
    assert said in saved(browse(cast.xi), name, 400, is_on="1", **fields).text
    make.session.rollback()
    assert make.session.scalars(select(Channel).where(Channel.fields.is_not(None))).all() == []


def test_mail_from_the_environment_is_shown_as_such_and_the_page_overrides_it(
    browse: Any, cast: Cast, app: Any, make: Make
) -> None:
    app.config["ASSIST_SMTP_URL"] = "smtp://mail.example.gov.cn"
    try:
        browser = browse(cast.xi)
        assert "由环境变量设置" in browser.get("/settings/channels").text
        saved(browser, "email", host="other.example.gov.cn", port="25", is_tls="0", sender="a@b.cn", is_on="0")
        make.session.rollback()
        found = keeping_channels.set_up(make.session, app.config)["email"]
        assert (found.is_on, found.values["host"]) == (False, "other.example.gov.cn")
        assert "由环境变量设置" not in browser.get("/settings/channels").text
    finally:
        app.config["ASSIST_SMTP_URL"] = ""


def test_only_a_system_administrator_changes_or_tests_a_channel(
    browse: Any, cast: Cast, gateway: Gateway, dingtalk: Browser
) -> None:
    for person in (cast.an, cast.wang, cast.zhang, cast.chen):
        browser = browse(person)
        token = browser.get("/me").forms[0].values["csrf_token"]
        browser.post("/settings/channels/dingtalk/test", 404, csrf_token=token)
        browser.post("/settings/channels/dingtalk", 404, csrf_token=token, url="https://elsewhere")
    assert gateway.received == []


# 定时任务


def test_a_silent_job_stands_in_red_and_a_failed_run_says_why(make: Make, cast: Cast, browse: Any) -> None:
    browser = browse(cast.xi)
    assert "从未在这个数据库上启动" in browser.get("/settings/jobs").text
    work = make.work()
    heartbeats.register(work, {"sweep": 30, "deliver": 5, "digest": 3600})
    make.session.flush()
    done = Run("sweep", work.now, 1234, {"clocks": 2, "reminders": 3})
    broken = Run("deliver", work.now, 80, {}, "OperationalError: 磁盘已满")
    for run in (done, broken):
        heartbeats.beat(work, run)
        heartbeats.record(work, run)
    make.session.commit()
    make.at(make.time.at + timedelta(seconds=20))
    page = browser.get("/settings/jobs")
    assert "静默" not in page.text.replace("停了就没有人会被提醒", "")
    assert "到点时限2个，提醒3条" in page.text
    assert "1.2秒" in page.text
    assert "OperationalError: 磁盘已满" in page.text
    make.at(make.time.at + timedelta(minutes=10))
    assert "静默：时限提醒、消息发送 没有按时完成" in browser.get("/settings/jobs").text
    only = browser.get("/settings/jobs?show=failed").text
    assert "到点时限2个" not in only
    assert make.session.query(Job).count() == 3
    assert make.session.query(JobRun).count() == 2


# 提醒记录


def test_the_ticket_says_who_was_told_what_when_by_which_channel_and_with_what_result(
    make: Make, cast: Cast, browse: Any, sweep: Sweep
) -> None:
    delivering.publish_channels(make.work(), ["email", "sms", "wecom"])
    make.session.execute(update(Account).where(Account.id == cast.zhang.id).values(email="zhang@example.gov.cn"))
    make.session.commit()
    ticket = make.ticket()
    sweep(shanghai(2026, 11, 23, 10, 30))
    sweep(shanghai(2026, 11, 24, 12, 0))
    make.session.execute(
        update(Delivery)
        .where(Delivery.channel == "email")
        .values(status=DeliveryStatus.DEAD, error="邮件服务器拒收：550", attempt_count=6)
    )
    make.session.commit()
    page = browse(cast.wang).get(f"/tickets/{ticket.number}/reminders?show=reminders")
    assert f"黄牌预警：{ticket.number} 首次联系" in page.text
    assert "张建华" in page.text
    assert "企业微信（工作群）" in page.text
    assert "邮件服务器拒收：550" in page.text
    assert "未读" in page.text
    assert "已有更高一级的提醒" in page.text
    assert cast.zhang.phone not in page.html
    whole = browse(cast.zhang).get(f"/tickets/{ticket.number}/reminders").text
    assert "提醒记录" in browse(cast.zhang).get(f"/tickets/{ticket.number}").text
    assert "有新诉求" in whole or "新诉求" in whole
    browse(cast.chen).get(f"/tickets/{ticket.number}/reminders", 404)
    browse(cast.li).get(f"/tickets/{ticket.number}/reminders", 404)


def test_these_pages_stay_within_eight_statements(
    make: Make, cast: Cast, browse: Any, sweep: Sweep, app: Any
) -> None:
    delivering.publish_channels(make.work(), ["wecom", "sms"])
    make.session.commit()
    number = make.ticket().number
    sweep(shanghai(2026, 12, 9, 9, 0))
    with app.app_context():
        engine = db.engine
    for person, address in (
        (cast.xi, "/settings/channels"),
        (cast.xi, "/settings/channels/sms"),
        (cast.xi, "/settings/jobs"),
        (cast.wang, f"/tickets/{number}/reminders"),
        (cast.wang, "/oversight/deliveries"),
    ):
        browser = browse(person)
        browser.get(address)
        with counted(engine) as statements:
            browser.get(address)
        assert len(statements) <= 8, (address, statements)
