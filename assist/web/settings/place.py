"""What the pages of settings share: the blueprint, and the table of what there is to set, for whom."""

from dataclasses import dataclass

from flask import Blueprint

from assist.domain.policy import Deed
from assist.web.forms_again import afresh, asked, asked_page, refused

__all__ = ["ENTRIES", "KEEPERS", "Entry", "afresh", "asked", "asked_page", "blueprint", "refused"]
blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@dataclass(frozen=True)
class Entry:
    """One line of the index: where, for whom, and the deeds of the audit log that change what stands there."""

    title: str
    text: str
    endpoint: str
    deed: Deed
    audited: tuple[str, ...] = ()


def _two_handed(kind: str) -> tuple[str, ...]:
    return tuple(f"{verb}_{kind}" for verb in ("propose", "approve", "refuse", "withdraw"))


# In the order of the index. Whoever makes a page of settings adds its line.
ENTRIES: tuple[Entry, ...] = (
    Entry(
        "办理时限",
        "受理、联系、办结等各给多少时间；一人提出、另一人批准，次月生效",
        "settings.limits",
        Deed.KEEP_SETTINGS,
        _two_handed("limit"),
    ),
    Entry(
        "提醒阶梯",
        "什么时候提醒、黄牌、红牌、提出督办建议，告知谁；一人提出、另一人批准，次月生效",
        "settings.ladder",
        Deed.KEEP_SETTINGS,
        _two_handed("ladder"),
    ),
    Entry(
        "榜单规则",
        "蓝黄红榜的标准、名称和排名先后，可先看会有什么不同；一人提出、另一人批准，次月生效",
        "settings.board_rules",
        Deed.KEEP_SETTINGS,
        _two_handed("board"),
    ),
    Entry("调整记录", "各项调整由谁提出、谁批准，何时生效", "settings.changes", Deed.KEEP_SETTINGS),
    Entry(
        "诉求类别",
        "类别名称、通常承办单位、办结天数、专项和隐名；专项诉求由谁办理，立即生效",
        "settings.categories",
        Deed.KEEP_SETTINGS,
        ("add_category", "change_category", "name_restricted"),
    ),
    Entry(
        "工作日历",
        "放假安排、调休、办公时间；先看会变动哪些时限，再应用",
        "settings.calendar",
        Deed.KEEP_CALENDAR,
        ("import_calendar", "change_hours"),
    ),
    Entry(
        "单项设置", "电话、企业总数、走访上限、文号代字，立即生效", "settings.values", Deed.KEEP_SETTINGS, ("setting",)
    ),
    Entry(
        "承办单位",
        "名称、其他叫法、级别、是否签发，立即生效",
        "roster.units",
        Deed.KEEP_SETTINGS,
        ("add_unit", "change_unit"),
    ),
    Entry(
        "账号",
        "查找、建立、停用和启用账号，重置密码，结束登录",
        "settings.account_list",
        Deed.KEEP_ACCOUNTS,
        ("create_account", "activate", "deactivate", "reset_password"),
    ),
    Entry(
        "账号与角色",
        "谁是什么角色；启用管理员账号，结束登录",
        "settings.account_list",
        Deed.KEEP_ROLES,
        ("change_roles", "activate"),
    ),
    Entry(
        "锁定与登录失败",
        "哪些账号、哪些地址登录失败；解除锁定",
        "settings.locks",
        Deed.KEEP_ROLES,
        ("unlock_account", "lock_account"),
    ),
    Entry(
        "发送渠道",
        "邮件、企业微信、钉钉、飞书、短信、外部系统推送：设置、测试发送、最近情况，立即生效",
        "settings.channel_list",
        Deed.KEEP_CHANNELS,
        ("change_channel",),
    ),
    Entry(
        "定时任务",
        "提醒、发送、自动办理、核验、备份：最近运行、用时、错误、下次运行",
        "settings.job_list",
        Deed.KEEP_CHANNELS,
    ),
)
KEEPERS = (Deed.KEEP_SETTINGS, Deed.KEEP_ACCOUNTS, Deed.KEEP_ROLES, Deed.KEEP_CHANNELS)
