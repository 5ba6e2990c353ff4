"""文书 as pages and as Word: what stands in each, who gets none, and the stamped scans beside it."""

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from docx import Document
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assist.domain.papers import DocumentKind
from assist.domain.requests import RequestKind
from assist.models import AuditEntry, DocumentScan
from assist.models.engine import begin_writing
from assist.services import attachments, conversing, handing_over, handling
from assist.services.file_store import Store
from assist.web.documents import AS_SHEETS, BACK
from tests import files
from tests.cast import Cast
from tests.engines import TestDatabase
from tests.make import Make
from tests.statements import counted
from tests.supervisions import issued, proposed
from tests.tasks import SHIELDED
from tests.visits import went

HOSTILE = "<b>&{{ 7*7 }}{% raise %}😀 =1+1，环评验收无法进行。"


def word_of(browser: Any, address: str) -> str:
    """All the texts of the .docx."""
    answer = browser.client.get(f"{address}.docx", buffered=True)
    assert answer.status_code == 200, (address, answer.status_code)
    assert answer.mimetype.endswith("wordprocessingml.document")
    assert answer.headers["Cache-Control"] == "private, no-store"
    document = Document(io.BytesIO(answer.data))
    texts = [one.text for one in document.paragraphs] + [one.text for one in document.sections[0].footer.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(texts)


def handed(make: Make, cast: Cast) -> int:
    begin_writing(make.session)
    made = handing_over.prepare(make.work(cast.qian), cast.jia, cast.wu.id, "轮岗调整", "企业在扩建二期厂房")
    make.session.commit()
    return made.id


def test_every_kind_says_the_same_as_a_page_and_as_word(make: Make, cast: Cast, browse: Any) -> None:
    closed, to_decline = make.closed().number, make.ticket()
    declined = to_decline.number
    make.decided(make.asked(RequestKind.DECLINE, to_decline), cast.qian)
    asked = make.contacted(make.ticket())
    make.act(cast.zhang, asked, conversing.request_supplement, "请补充环评批复。")
    task = make.replied()
    deferral = make.asked(RequestKind.DEFERRAL, make.handled(), on=date(2026, 12, 11))
    wanted = {
        f"ticket/{closed}": ("企业诉求办理单", "聊城甲制造有限公司", "流转轨迹", "张建华"),
        f"completion/{closed}": ("企业诉求办结报告", "二、办理结果", "已解决", "时限执行", "满意"),
        f"decline/{declined}": ("不予受理告知书", "聊助企不受〔2026〕26", "一、不予受理的原因", "如有异议"),
        f"supplement/{asked.number}": ("补正告知书", "聊助企补〔2026〕26", "请补充环评批复。", "5个工作日"),
        f"task/{task.number}": ("承办任务交办单", task.number, "市生态环境局", "回执联", "办理情况"),
        f"deferral/{deferral.id}": ("延期申请单", "延期原因", "12月11日", "待审批"),
        f"supervision/{issued(make, make.handled()).id}": ("提示函", "聊助企督〔2026〕1号", "回执联", "三、反馈时限"),
        f"handover/{handed(make, cast)}": ("服务专员工作交接单", "企业在扩建二期厂房", "尚未确认", "监交人"),
        f"visit/{went(make, cast.zhang).id}": ("走访记录表", "聊城甲制造有限公司", "走访人签字"),
        f"card/{cast.jia}": ("企业服务卡", "张建华", "我们的承诺", "0635-8888110"),
    }
    make.session.rollback()
    of_figures = {str(kind.value) for kind in AS_SHEETS}  # those are `test_bulletin`'s
    assert {address.split("/")[0] for address in wanted} | of_figures == {str(kind.value) for kind in BACK}
    wang = browse(cast.wang)
    for address, words in wanted.items():
        page, word = wang.get(f"/documents/{address}"), word_of(wang, f"/documents/{address}")
        for one in (*words, "王督"):
            assert one in page.text, (address, one)
            assert one in word, (address, one)
        assert 'src="data:image/svg' in page.html, address


def test_what_the_enterprise_typed_comes_out_as_typed(make: Make, cast: Cast, browse: Any) -> None:
    number = make.ticket(HOSTILE).number
    zhang = browse(cast.zhang)
    assert HOSTILE in word_of(zhang, f"/documents/ticket/{number}")
    assert HOSTILE in zhang.get(f"/documents/ticket/{number}").text


def test_the_enterprises_own_copy_has_nothing_internal(make: Make, cast: Cast, browse: Any) -> None:
    ticket = make.handled()
    make.act(cast.zhang, ticket, handling.progress, "内部进展甲乙丙", is_visible=False)
    make.answered(ticket, account="内部账目丁戊己")
    address = f"/documents/ticket/{ticket.number}"
    chen = browse(cast.chen)
    for text in (chen.get(address).html, word_of(chen, address)):
        assert "甲乙丙" not in text
        assert "丁戊己" not in text
        assert "责任天数" not in text
    assert "丁戊己" in word_of(browse(cast.zhang), address)


def test_a_unit_gets_no_shielded_name_on_paper(make: Make, cast: Cast, browse: Any) -> None:
    ticket = make.handled(make.ticket("甲企业被要求停产整改。"), category=SHIELDED)
    task = make.signed(make.task(ticket))
    number = task.number
    make.session.rollback()
    zhou = browse(cast.zhou)
    for text in (zhou.get(f"/documents/task/{number}").html, word_of(zhou, f"/documents/task/{number}")):
        assert "甲企业" not in text
        assert "聊城甲制造" not in text


def test_there_is_no_report_of_what_is_open_and_no_number_on_a_draft(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    ticket = make.handled()
    wang = browse(cast.wang)
    page = wang.get(f"/documents/completion/{ticket.number}", 404)
    assert "办结后才有办结报告" in page.text
    draft = proposed(session, ticket)
    page = wang.get(f"/documents/supervision/{draft.id}")
    assert "不能作为正式文件" in page.text
    assert "上传扫描件" not in page.text


def test_taking_a_document_for_word_is_logged(make: Make, cast: Cast, browse: Any, session: Session) -> None:
    number = make.ticket().number
    word_of(browse(cast.zhang), f"/documents/ticket/{number}")
    session.rollback()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.deed == "take_document")).one()
    assert (entry.actor_name, entry.detail["number"]) == ("张建华", number)


def sent(browser: Any, page: Any, status: int, *uploads: tuple[io.BytesIO, str], key: str | None = None) -> Any:
    form = page.form()
    fields = {**form.values, "files": list(uploads)} | ({"form_key": key} if key else {})
    return browser.post(form.action, status, **fields)


def pdf(name: str = "督办单盖章.pdf", content: bytes = files.PDF) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def test_the_stamped_scan_lies_beside_its_document_once(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    row_id = issued(make, make.handled()).id
    session.rollback()
    address = f"/documents/supervision/{row_id}"
    wang = browse(cast.wang)
    page = wang.get(address)
    key = page.form().values["form_key"]
    done = sent(wang, page, 200, pdf())
    assert "已上传1个扫描件" in done.text
    assert "督办单盖章.pdf" in done.text
    sent(wang, page, 200, pdf(), key=key)  # the same form again
    again = sent(wang, wang.get(address), 200, pdf("同一份.pdf"))  # the same content in a new form
    assert "没有重复上传" in again.text
    session.rollback()
    assert session.scalar(select(func.count(DocumentScan.id))) == 1
    scan = session.scalars(select(DocumentScan)).one()
    assert (scan.kind, scan.no, scan.uploaded_by_name) == (DocumentKind.SUPERVISION, str(row_id), "王督")
    link = f"{address}/scans/{scan.id}"
    answer = browse(cast.zhang).client.get(link, buffered=True)
    assert answer.data == files.PDF
    assert browse(cast.li).client.get(link).status_code == 404
    assert wang.client.get(f"/documents/supervision/{row_id + 99}/scans/{scan.id}").status_code == 404
    assert session.scalar(select(func.count()).where(AuditEntry.deed == "scan_document")) == 1


def test_a_scan_of_a_ticket_comes_along_and_the_enterprise_may_take_it_but_not_bring_it(
    make: Make, cast: Cast, browse: Any
) -> None:
    number = make.closed().number
    address = f"/documents/completion/{number}"
    zhang = browse(cast.zhang)
    sent(zhang, zhang.get(address), 200, pdf("办结报告盖章.pdf"))
    chen = browse(cast.chen)
    page = chen.get(address)
    assert "办结报告盖章.pdf" in page.text
    assert "上传扫描件" not in page.text
    assert "办结报告盖章.pdf" not in chen.get(f"/documents/ticket/{number}").text
    token = chen.get("/me").forms[0].values["csrf_token"]
    chen.post(f"{address}/scans", 403, csrf_token=token, files=[pdf()])
    sun = browse(cast.sun)
    token = sun.get("/me").forms[0].values["csrf_token"]
    sun.post(f"{address}/scans", 404, csrf_token=token, files=[pdf()])


def test_what_is_no_scan_is_refused_with_a_sentence_at_the_field(
    make: Make, cast: Cast, browse: Any, session: Session
) -> None:
    address = f"/documents/ticket/{make.handled().number}"
    zhang = browse(cast.zhang)
    page = zhang.get(address)
    assert "请选择盖章后的扫描件" in sent(zhang, page, 400).text
    assert "PDF、OFD 或图片" in sent(zhang, page, 400, (io.BytesIO(b"PK\x03\x04"), "表.zip")).text
    assert "盖章.pdf" in sent(zhang, page, 400, pdf("盖章.pdf", b"")).text
    session.rollback()
    assert session.scalar(select(func.count(DocumentScan.id))) == 0


def test_a_scan_is_no_orphan_of_the_store(make: Make, cast: Cast, browse: Any, app: Any, session: Session) -> None:
    address = f"/documents/ticket/{make.handled().number}"
    zhang = browse(cast.zhang)
    sent(zhang, zhang.get(address), 200, pdf())
    session.rollback()
    store = Store(Path(app.config["ASSIST_UPLOADS"]), app.config["SECRET_KEY"])
    assert attachments.remove_orphans(session, store, datetime(2100, 1, 1, tzinfo=UTC)) == 0
    assert store.has(session.scalars(select(DocumentScan.digest)).one())


def test_a_document_costs_as_much_as_its_page(
    make: Make, cast: Cast, browse: Any, database: TestDatabase
) -> None:
    number, task = make.closed().number, make.replied().number
    notice = issued(make, make.handled()).id
    make.session.rollback()
    wang = browse(cast.wang)
    of_ticket = (f"ticket/{number}", f"completion/{number}")
    for address in (*of_ticket, f"task/{task}", f"supervision/{notice}", f"card/{cast.jia}"):
        wang.get(f"/documents/{address}")
        with counted(database.others[0]) as found:
            wang.get(f"/documents/{address}")
        assert len(found) <= 8, (address, len(found))
