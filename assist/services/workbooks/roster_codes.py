"""Credit codes of a roster against each other and against what is registered.

Two rows with one code: the row that the registered name or the code's own region speaks for stands, the other is
at fault and names it. Where nothing speaks for either, both are asked. Not here: a code by itself (`credit_code`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Protocol

from assist.domain.cells import name_key
from assist.services.workbooks.dictionaries import AreaName, Dictionaries
from assist.services.workbooks.findings import Findings
from assist.services.workbooks.reading import SheetRow


class CodedRow(Protocol):
    """The part of a roster row that is looked at here."""

    @property
    def row(self) -> int: ...
    @property
    def enterprise_name(self) -> str: ...
    @property
    def credit_code(self) -> str: ...


Coded = tuple[SheetRow, CodedRow]


def check_codes(
    parsed: Sequence[Coded], areas: Mapping[int, AreaName], dictionaries: Dictionaries, findings: Findings
) -> None:
    by_code: defaultdict[str, list[Coded]] = defaultdict(list)
    for pair in parsed:
        if pair[1].credit_code:
            by_code[pair[1].credit_code].append(pair)
    code_of = {name_key(name): code for code, name in dictionaries.enterprises.items()}
    for code, pairs in by_code.items():
        if len(pairs) > 1:
            _same_code(pairs, dictionaries.enterprises.get(code, ""), areas, code_of, findings)
    _same_name(parsed, findings)
    _registered_otherwise(parsed, dictionaries.enterprises, code_of, findings)


def _same_code(
    pairs: list[Coded],
    registered: str,
    areas: Mapping[int, AreaName],
    code_of: Mapping[str, str],
    findings: Findings,
) -> None:
    """The first of the best supported stands; if equals differ in name, none does."""
    support = [_support(row, registered, areas.get(row.row)) for _, row in pairs]
    best = [pair for pair, points in zip(pairs, support, strict=True) if points == max(support)]
    is_clear = len({name_key(row.enterprise_name) for _, row in best}) == 1
    standing = best[0][1] if is_clear else None
    for source, row in pairs:
        if row is standing:
            continue
        other = standing or next(item for _, item in pairs if item is not row)
        named = f"“{other.enterprise_name}”" if other.enterprise_name else ""
        why = f"与第{other.row}行{named}的统一社会信用代码相同，请核对这一行的代码"
        known = code_of.get(name_key(row.enterprise_name))
        findings.fault(source, "credit_code", why, known if known != row.credit_code else None)


def _support(row: CodedRow, registered: str, area: AreaName | None) -> int:
    points = 2 if registered and name_key(registered) == name_key(row.enterprise_name) else 0
    region = row.credit_code[2:8]
    if area is not None and region in (area.code, *area.former_codes):
        points += 1
    return points


def _same_name(parsed: Sequence[Coded], findings: Findings) -> None:
    first: dict[str, CodedRow] = {}
    for source, row in parsed:
        key = name_key(row.enterprise_name)
        if not key or findings.is_faulted(source, "credit_code"):
            continue
        other = first.setdefault(key, row)
        if other.credit_code != row.credit_code:
            why = f"第{other.row}行已有同名企业，但统一社会信用代码不同；请核对是否同一家"
            findings.fault(source, "enterprise_name", why)


def _registered_otherwise(
    parsed: Sequence[Coded], name_of: Mapping[str, str], code_of: Mapping[str, str], findings: Findings
) -> None:
    """A known name under another code is asked. A known code under a new name is a change of name: said."""
    for source, row in parsed:
        name = name_of.get(row.credit_code)
        code = code_of.get(name_key(row.enterprise_name))
        if code is not None and code != row.credit_code:
            why = f"“{row.enterprise_name}”已登记的统一社会信用代码与这里不同，请核对"
            findings.fault(source, "credit_code", why, code)
        elif name is not None and code is None and row.enterprise_name and not findings.has_fault(row.row):
            findings.note(row.row, f"该代码已登记为“{name}”，导入后企业名称改为“{row.enterprise_name}”")
