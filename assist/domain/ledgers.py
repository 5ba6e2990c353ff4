"""台账: the six fixed sheets by which the offices work, and who may take which out. Their columns: `ledger_tables`."""

from dataclasses import dataclass

from assist.domain.policy import Deed, may
from assist.domain.roles import Actor
from assist.domain.status import Worded

IN_REQUEST = 5_000  # so many rows are written while somebody waits; more by the scheduler
MOST_ROWS = 1_000_000  # what a sheet holds
KEPT_DAYS = 3  # a file that the scheduler wrote
MOST_AT_A_TIME = 3  # of one person, waiting or being written


class Ledger(Worded):
    """By its letter, as it stands in addresses and commands."""

    TICKETS = "A", "企业诉求办理台账"
    ROSTER = "B", "助企远航包联台账"
    VISITS = "C", "走访台账"
    SUPERVISIONS = "D", "督办台账"
    MONTH = "E", "月度通报"
    WEEK = "F", "周调度表"

    @property
    def letter(self) -> str:
        return str(self.value)

    @property
    def rule(self) -> "LedgerRule":
        return RULES[self]


class ExportStatus(Worded):
    """How a ledger stands that the scheduler writes."""

    WAITING = "waiting", "排队中", "inf"
    RUNNING = "running", "正在生成", "inf"
    DONE = "done", "已生成", "ok"
    FAILED = "failed", "没有生成", "late"
    CANCELLED = "cancelled", "已取消"
    EXPIRED = "expired", "已过期"


@dataclass(frozen=True)
class LedgerRule:
    """`deed`: to whom it is open. `says`: what is in it. `dated_by`: of what its period is one."""

    deed: Deed
    says: str
    dated_by: str = ""
    has_phones: bool = False


RULES: dict[Ledger, LedgerRule] = {
    Ledger.TICKETS: LedgerRule(
        Deed.SEE_TICKETS, "每件诉求一行：企业、责任专员、时限、办理进展、是否超期、责任方、满意度。", "提出时间", True
    ),
    Ledger.ROSTER: LedgerRule(
        Deed.SEE_ROSTER, "每家企业一行：牵头领导、工作组、服务专员、联系人。改好可再导入。", "", True
    ),
    Ledger.VISITS: LedgerRule(
        Deed.SEE_VISITS, "每次已登记的走访一行：主要情况、宣讲政策、发现问题、生成的诉求。", "走访日期"
    ),
    Ledger.SUPERVISIONS: LedgerRule(
        Deed.SEE_SUPERVISIONS, "每份签发的提示函、督办单、重点督办单一行：文号、事由、期限、结果。", "签发日"
    ),
    Ledger.MONTH: LedgerRule(
        Deed.SEE_FIGURES, "每个县（市、区）或承办单位一行：应办结、按期、超期、比率、红牌、榜，末行合计。", "统计月份"
    ),
    Ledger.WEEK: LedgerRule(
        Deed.SEE_FIGURES, "每个县（市、区）或承办单位一行：本周新增、办结，在办、超期、下周到期，末行合计。", "统计周"
    ),
}


def named(letter: str) -> Ledger | None:
    """The ledger of a letter, small or capital."""
    return next((one for one in Ledger if one.letter == letter.upper()), None)


def open_to(actor: Actor) -> list[Ledger]:
    """The ledgers that somebody may take out."""
    return [one for one in Ledger if may(actor, one.rule.deed)]
