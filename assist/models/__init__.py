"""One noun a file. Importing this package registers every table on `Base.metadata`."""

from assist.models.account import Account, FormKey, LoginFailure
from assist.models.area import Area, Category, Chain
from assist.models.attachment import Attachment
from assist.models.audit_entry import AuditEntry
from assist.models.base import Base
from assist.models.calendar import CalendarOverride, CalendarYear, OfficeHours
from assist.models.callback import Callback
from assist.models.channel import Channel
from assist.models.clock import Clock, ClockMove, Pause
from assist.models.contact_record import ContactRecord
from assist.models.document_scan import DocumentScan
from assist.models.enterprise import Enterprise, EnterpriseContact
from assist.models.event import TicketEvent
from assist.models.export import Export
from assist.models.handover import Handover
from assist.models.instruction import Instruction
from assist.models.job import Job, JobRun
from assist.models.message import Delivery, Message, Reminder
from assist.models.pairing import Pairing
from assist.models.request import Request
from assist.models.round import TicketRound
from assist.models.search import TicketSearch
from assist.models.setting import BoardRule, Counter, LadderStep, Limit, Setting, SettingChange
from assist.models.snapshot import (
    Correction,
    CorrectionFigure,
    Publication,
    Seal,
    Snapshot,
    SnapshotFigure,
    SnapshotItem,
    SnapshotName,
    SnapshotPlace,
)
from assist.models.stand_in import StandIn
from assist.models.supervision import Supervision
from assist.models.task import Task, TaskReply
from assist.models.theme import Theme, ThemeTicket
from assist.models.ticket import Ticket
from assist.models.unit import Unit
from assist.models.visit import Visit
from assist.models.work_group import WorkGroup, WorkGroupMember

__all__ = [
    "Account",
    "Area",
    "Attachment",
    "AuditEntry",
    "Base",
    "BoardRule",
    "CalendarOverride",
    "CalendarYear",
    "Callback",
    "Category",
    "Chain",
    "Channel",
    "Clock",
    "ClockMove",
    "ContactRecord",
    "DocumentScan",
    "Correction",
    "CorrectionFigure",
    "Counter",
    "Delivery",
    "Enterprise",
    "EnterpriseContact",
    "Export",
    "FormKey",
    "Handover",
    "Instruction",
    "Job",
    "JobRun",
    "LadderStep",
    "Limit",
    "LoginFailure",
    "Message",
    "OfficeHours",
    "Pairing",
    "Pause",
    "Publication",
    "Reminder",
    "Request",
    "Seal",
    "Setting",
    "SettingChange",
    "Snapshot",
    "SnapshotFigure",
    "SnapshotItem",
    "SnapshotName",
    "SnapshotPlace",
    "StandIn",
    "Supervision",
    "Task",
    "TaskReply",
    "Theme",
    "ThemeTicket",
    "Ticket",
    "TicketEvent",
    "TicketRound",
    "TicketSearch",
    "Unit",
    "Visit",
    "WorkGroup",
    "WorkGroupMember",
]
