"""The scheduled jobs by name, with what a person calls them. When and how they run is `assist.jobs`."""

from assist.domain.status import Worded


class JobName(Worded):
    SWEEP = "sweep", "时限提醒"
    DELIVER = "deliver", "消息发送"
    LAPSE = "lapse", "到期自动办理"
    DIGEST = "digest", "每日待办提示"
    ANCHOR = "anchor", "流转记录核验"
    HOUSEKEEPING = "housekeeping", "清理"
    BACKUP = "backup", "夜间备份"
