"""A hidden phone number cannot be read back, nor a hidden name."""

import pytest

from assist.domain.masking import mask_enterprise, mask_person, mask_phone, mask_phones_in


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"),
        (" 138-1234-5678 ", "138****5678"),
        ("0635-8234567", "0635-***4567"),
        ("0635-8234567-801", "0635-***4567"),
        ("010-62345678", "010-****5678"),
        ("", ""),
        ("1234", "****"),
        ("12345678", "******78"),
    ],
)
def test_the_middle_of_a_phone_is_hidden(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


def test_phones_inside_a_text_are_hidden_and_other_numbers_stay() -> None:
    text = "张三13812345678、0635-8234567，诉求LC-20261123-0007，代码91350100M000100Y43，500万元"
    hidden = mask_phones_in(text)
    assert "13812345678" not in hidden
    assert "8234567" not in hidden
    assert "LC-20261123-0007" in hidden
    assert "91350100M000100Y43" in hidden


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("聊城甲制造有限公司", "聊城****有限公司"),
        ("山东鲁西重工集团股份有限公司", "山东****集团股份有限公司"),
        ("甲企业", "甲****"),
        ("东阿镇粮食合作社", "东阿****合作社"),
        ("有限公司", "有****公司"),
        ("", ""),
    ],
)
def test_an_enterprise_keeps_its_place_and_legal_form(name: str, shown: str) -> None:
    assert mask_enterprise(name) == shown


def test_a_person_keeps_the_first_character_whatever_the_length() -> None:
    names = ("张建华", "李明", "欧阳修文", "王", " ")
    assert [mask_person(name) for name in names] == ["张**", "李**", "欧**", "王**", ""]
