"""A document as .docx: what was typed comes out as typed, and the file opens."""

from io import BytesIO
from typing import Any

import segno
from docx import Document

from assist.documents.word import word
from assist.domain.papers import DocumentKind, Form, Grid, Heading, Paper, Receipt, Words

HOSTILE = "<b>&{{ 7*7 }}{% raise %}{%p if x %}😀 =1+1\x01\ufffe"
SEEN = "<b>&{{ 7*7 }}{% raise %}{%p if x %}😀 =1+1"


def paper(**more: Any) -> Paper:
    blocks = (
        Heading(f"一、{HOSTILE}"),
        Words(f"{HOSTILE}\n第二段"),
        Form((("诉求内容", HOSTILE), ("县区", HOSTILE, "专员", "王五"))),
        Grid(("时间", "内容", "备注", "人员"), (("今天", HOSTILE, "", "王五"), ("昨天", "短", "", "李四"))),
    )
    given: dict[str, Any] = {"title": HOSTILE, "number": "聊助企督〔2026〕3号", "blocks": blocks, **more}
    return Paper(DocumentKind.SUPERVISION, "1", given.pop("title"), given.pop("number"), "/supervisions/1", **given)


def opened(one: Paper) -> Any:
    code = BytesIO()
    segno.make("https://zqyh.example.gov.cn/supervisions/1").save(code, kind="png")
    return Document(BytesIO(word(one, code.getvalue(), HOSTILE, f"打印人：{HOSTILE}")))


def lines(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def cells(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_what_was_typed_is_never_read_as_a_tag_and_comes_out_as_typed() -> None:
    document = opened(paper(receipt=Receipt(HOSTILE, Form((("办理情况", HOSTILE),)))))
    assert lines(document).count(SEEN) >= 2  # the title, the receipt's title
    assert f"一、{SEEN}" in lines(document)
    assert "第二段" in lines(document)
    form, grid, *_ = document.tables
    assert cells(form)[0][1] == SEEN
    assert cells(form)[1] == ["县区", SEEN, "专员", "王五"]
    assert cells(grid) == [["时间", "内容", "备注", "人员"], ["今天", SEEN, "", "王五"], ["昨天", "短", "", "李四"]]
    assert f"打印人：{SEEN}" in document.sections[0].footer.paragraphs[0].text


def test_ten_thousand_characters_stay_ten_thousand() -> None:
    long = "长" * 10_000
    document = opened(paper(blocks=(Form((("诉求内容", long),)),)))
    assert cells(document.tables[0])[0][1] == long


def test_a_table_repeats_its_head_and_gives_long_texts_the_room() -> None:
    rows = tuple(("今天", "很长的内容" * 20, "短", "王五") for _ in range(3))
    grid = opened(paper(blocks=(Grid(("时间", "内容", "备注", "人员"), rows),))).tables[0]
    assert grid._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader")
    widths = [cell.width for cell in grid.rows[1].cells]
    assert max(widths) == widths[1]
    assert len(set(widths)) > 1


def test_an_official_letter_has_its_office_number_addressee_and_day() -> None:
    document = opened(
        paper(office="聊城市“助企远航”行动督查室", addressee="东昌府区助企办", closing=("督查室", "2026年11月26日"))
    )
    said = lines(document)
    assert said[0] == "聊城市“助企远航”行动督查室"
    assert said[1] == "聊助企督〔2026〕3号"
    assert "东昌府区助企办：" in said
    assert "2026年11月26日" in "".join(said)
    assert len(document.inline_shapes) == 1


def test_a_form_has_its_number_beneath_the_title_and_no_red_head() -> None:
    document = opened(paper(title="企业诉求办理单", signers=()))
    said = [line for line in lines(document) if line]
    assert said[:2] == ["企业诉求办理单", "聊助企督〔2026〕3号"]
    assert "拟稿" not in [text for table in document.tables for row in cells(table) for text in row]
