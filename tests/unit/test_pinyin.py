"""A name is found by its spelling and its initials, surnames as people say them, and sorted by them."""

import random

import openpyxl
import pytest
from pypinyin import Style, lazy_pinyin

from assist.services import pinyin
from assist.services.pinyin import organisation, person
from tests.sheets import ROSTER


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("单雄信", "shanxiongxin"),
        ("曾国藩", "zengguofan"),
        ("仇英", "qiuying"),
        ("解缙", "xiejin"),
        ("区寄", "ouji"),
        ("查良镛", "zhaliangyong"),
        ("覃爱", "qinai"),
        ("尉迟恭", "yuchigong"),
        ("万俟卨", "moqixie"),
        ("朴志华", "piaozhihua"),
        ("任丰", "renfeng"),
        ("华秀兰", "huaxiulan"),
        ("盖叫天", "gejiaotian"),
        ("乐毅", "yueyi"),
        ("长孙无忌", "zhangsunwuji"),
        ("万明", "wanming"),
    ],
)
def test_surnames_are_read_as_surnames(name: str, spelt: str) -> None:
    assert person(name).full.split(" ")[0] == spelt


def test_the_usual_reading_is_found_too() -> None:
    found = person("单雄信")
    assert found.full.split(" ") == ["shanxiongxin", "danxiongxin"]
    assert found.initials.split(" ") == ["sxx", "dxx"]


def test_a_surname_character_inside_a_name_is_read_as_usual() -> None:
    assert person("王解放").full == "wangjiefang"


def test_lv_is_found_by_lv_and_by_lu() -> None:
    assert person("吕布").full.split(" ") == ["lvbu", "lubu"]


def test_places_and_works_of_the_city_are_read_right() -> None:
    assert organisation("东阿县").full.startswith("dongexian")
    assert organisation("莘县").full.startswith("shenxian")
    assert organisation("聊城长顺重工机械有限公司").full.startswith("liaochengchangshunzhonggong")
    assert organisation("单县银行").initials.endswith("xyh")


def test_letters_digits_and_signs_keep_or_lose_their_place() -> None:
    assert organisation("3M（中国）公司").full == "3mzhongguogongsi"
    assert person("何芳（女）").initials == "hfn"
    assert person("").full == ""
    assert organisation("😀").sort_key == ""


def test_spellings_fit_their_columns() -> None:
    found = person("庄" * 200)
    assert len(found.full) <= 200
    assert len(found.initials) <= 60
    company = organisation("庄长" * 200)
    assert len(company.full) <= 400
    assert len(company.initials) <= 80


def test_sorting_goes_by_spelling_and_keeps_a_surname_together() -> None:
    names = ["安然", "昂山", "曾亮", "单青", "张伟", "章伟", "张燕", "章燕", "赵一"]
    shuffled = names[:]
    random.Random(1).shuffle(shuffled)
    ordered = sorted(shuffled, key=lambda name: person(name).sort_key)
    assert ordered[:2] == ["安然", "昂山"]
    assert ordered.index("单青") < ordered.index("曾亮")  # shan before zeng
    assert "".join(name[0] for name in ordered if name[0] in "张章") in ("张张章章", "章章张张")


def test_names_spelt_word_by_word_are_spelt_as_a_whole() -> None:
    book = openpyxl.load_workbook(ROSTER, read_only=True)
    names = {str(cell) for row in book.active.iter_rows(min_row=4, values_only=True) for cell in row if cell}
    names |= {"聊城重庆银行行长123号ABC公司", "〇一乐园é", "😀行"}
    for name in names:
        plain = name.lower()
        whole = lazy_pinyin(plain, style=Style.NORMAL, errors=pinyin._one_each)
        assert pinyin._syllables(plain) == ["".join(c for c in one.lower() if c.isalnum()) for one in whole], name
