"""Which known officer a name in the old ledger means. It has no phones, so a name shared by several is asked.

A name nobody known bears, or bears only in another unit, stays a name: history keeps the words it came with.
"""

from collections import defaultdict

from assist.domain.cells import Unreadable, name_key
from assist.services.workbooks.dictionaries import Dictionaries, KnownOfficer


class OfficerNames:
    """Built once for a sheet."""

    def __init__(self, dictionaries: Dictionaries) -> None:
        self._by_name: defaultdict[str, list[KnownOfficer]] = defaultdict(list)
        for officer in dictionaries.officers:
            self._by_name[name_key(officer.name)].append(officer)

    def phone(self, name: str, unit: str) -> str | None:
        """The phone of the one officer meant; None when it is nobody known."""
        bearers = self._by_name.get(name_key(name), [])
        in_unit = [officer for officer in bearers if unit and name_key(officer.unit) == name_key(unit)]
        found = in_unit or [officer for officer in bearers if not unit or not officer.unit]
        if len(found) > 1:
            raise Unreadable(
                f"有{len(found)}名服务专员都叫“{name}”，请写明专员单位，或在姓名后加括号注明是哪一位"
            )
        return found[0].phone if found else None
