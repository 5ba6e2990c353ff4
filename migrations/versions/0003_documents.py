"""documents, and what months count. Written by `migrations/write_next.py`, read, and frozen."""

from alembic import op
from alembic.util import CommandError
from sqlalchemy import text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQLITE = [
    """CREATE TABLE document_scan (
	kind VARCHAR(24) NOT NULL, 
	no VARCHAR(32) NOT NULL, 
	name VARCHAR(160) NOT NULL, 
	extension VARCHAR(8) NOT NULL, 
	mime VARCHAR(100) NOT NULL, 
	size INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	uploaded_by_id INTEGER, 
	uploaded_by_name VARCHAR(60) NOT NULL, 
	at DATETIME NOT NULL, 
	id INTEGER NOT NULL, 
	CONSTRAINT pk_document_scan PRIMARY KEY (id), 
	CONSTRAINT uq_document_scan_kind_no_digest UNIQUE (kind, no, digest), 
	CONSTRAINT ck_document_scan_kind CHECK (kind IN ('ticket', 'task', 'deferral', 'decline', 'supplement', 'supervision', 'completion', 'handover', 'visit', 'card', 'bulletin', 'week')), 
	CONSTRAINT fk_document_scan_uploaded_by_id_account FOREIGN KEY(uploaded_by_id) REFERENCES account (id)
)""",
    """CREATE INDEX ix_document_scan_digest ON document_scan (digest)""",
    """CREATE INDEX ix_ticket_entered ON ticket (id) WHERE is_entered = 1""",
    """CREATE INDEX ix_ticket_unverified ON ticket (id) WHERE is_entered = 1 AND entry_verified_at IS NULL""",
    """CREATE INDEX ix_contact_record_denied ON contact_record (ticket_id, id, verified_at) WHERE is_true IS 0""",
    """CREATE INDEX ix_contact_record_entered ON contact_record (entered_at, ticket_id)""",
    """CREATE TABLE new_clock (
	ticket_id INTEGER NOT NULL, 
	task_id INTEGER, 
	request_id INTEGER, 
	supervision_id INTEGER, 
	instruction_id INTEGER, 
	kind VARCHAR(24) NOT NULL, 
	holder VARCHAR(24) NOT NULL, 
	unit_id INTEGER, 
	round_no INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	measure VARCHAR(24) NOT NULL, 
	amount INTEGER NOT NULL, 
	budget_label VARCHAR(40) NOT NULL, 
	started_at DATETIME NOT NULL, 
	due_at DATETIME NOT NULL, 
	original_due_at DATETIME NOT NULL, 
	counts_at DATETIME NOT NULL, 
	original_counts_at DATETIME NOT NULL, 
	base_due_at DATETIME, 
	base_counts_at DATETIME, 
	paused_at DATETIME, 
	waits_since DATETIME, 
	stopped_at DATETIME, 
	verdict VARCHAR(24), 
	version INTEGER NOT NULL, 
	next_fire_at DATETIME, 
	next_step VARCHAR(24) NOT NULL, 
	id INTEGER NOT NULL, 
	CONSTRAINT pk_clock PRIMARY KEY (id), 
	CONSTRAINT uq_clock_ticket_id_kind_round_no_seq UNIQUE (ticket_id, kind, round_no, seq), 
	CONSTRAINT ck_clock_stopped_has_verdict CHECK ((stopped_at IS NULL) = (verdict IS NULL)), 
	CONSTRAINT ck_clock_stopped_is_silent CHECK (stopped_at IS NULL OR next_fire_at IS NULL), 
	CONSTRAINT ck_clock_stopped_is_not_paused CHECK (stopped_at IS NULL OR paused_at IS NULL), 
	CONSTRAINT ck_clock_due_after_start CHECK (due_at >= started_at), 
	CONSTRAINT ck_clock_task_clock_has_task CHECK (kind NOT IN ('task_sign', 'task_reply', 'task_promise') OR task_id IS NOT NULL), 
	CONSTRAINT ck_clock_decision_is_asked CHECK (kind NOT IN ('decision', 'review') OR task_id IS NOT NULL OR request_id IS NOT NULL), 
	CONSTRAINT ck_clock_supervision_clock_has_supervision CHECK ((kind = 'supervision_reply') = (supervision_id IS NOT NULL)), 
	CONSTRAINT ck_clock_instruction_clock_has_instruction CHECK ((kind = 'instruction') = (instruction_id IS NOT NULL)), 
	CONSTRAINT ck_clock_unit_clock_has_unit CHECK ((holder = 'unit') = (unit_id IS NOT NULL)), 
	CONSTRAINT ck_clock_stopped_does_not_wait CHECK (waits_since IS NULL OR stopped_at IS NULL), 
	CONSTRAINT fk_clock_ticket_id_ticket FOREIGN KEY(ticket_id) REFERENCES ticket (id), 
	CONSTRAINT fk_clock_task_id_task FOREIGN KEY(task_id) REFERENCES task (id), 
	CONSTRAINT fk_clock_request_id_request FOREIGN KEY(request_id) REFERENCES request (id), 
	CONSTRAINT fk_clock_supervision_id_supervision FOREIGN KEY(supervision_id) REFERENCES supervision (id), 
	CONSTRAINT fk_clock_instruction_id_instruction FOREIGN KEY(instruction_id) REFERENCES instruction (id), 
	CONSTRAINT ck_clock_kind CHECK (kind IN ('acceptance', 'contact', 'opinion', 'resolution', 'progress', 'confirmation', 'callback', 'supplement', 'task_sign', 'task_reply', 'task_promise', 'decision', 'review', 'supervision_reply', 'instruction')), 
	CONSTRAINT ck_clock_holder CHECK (holder IN ('owner', 'enterprise', 'unit', 'coordinator', 'city', 'supervisor', 'leader')), 
	CONSTRAINT fk_clock_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (id), 
	CONSTRAINT ck_clock_measure CHECK (measure IN ('working_days', 'working_minutes', 'calendar_days', 'any_minutes', 'fixed')), 
	CONSTRAINT ck_clock_verdict CHECK (verdict IN ('met', 'missed', 'void'))
)""",
    """INSERT INTO new_clock (ticket_id, task_id, request_id, supervision_id, instruction_id, kind, holder, unit_id, round_no, seq, measure, amount, budget_label, started_at, due_at, original_due_at, counts_at, original_counts_at, base_due_at, base_counts_at, paused_at, waits_since, stopped_at, verdict, version, next_fire_at, next_step, id) SELECT ticket_id, task_id, request_id, supervision_id, instruction_id, kind, holder, unit_id, round_no, seq, measure, amount, budget_label, started_at, due_at, original_due_at, counts_at, original_counts_at, NULL, NULL, paused_at, waits_since, stopped_at, verdict, version, next_fire_at, next_step, id FROM clock""",
    """DROP TABLE clock""",
    """ALTER TABLE new_clock RENAME TO clock""",
    """CREATE INDEX ix_clock_base_counts ON clock (base_counts_at) WHERE base_counts_at IS NOT NULL""",
    """CREATE INDEX ix_clock_counts ON clock (kind, round_no, counts_at)""",
    """CREATE INDEX ix_clock_fire ON clock (next_fire_at, id) WHERE next_fire_at IS NOT NULL""",
    """CREATE INDEX ix_clock_original_counts ON clock (kind, round_no, original_counts_at)""",
    """CREATE INDEX ix_clock_paused ON clock (kind, round_no) WHERE paused_at IS NOT NULL""",
    """CREATE INDEX ix_clock_running_due ON clock (kind, due_at) WHERE stopped_at IS NULL""",
    """CREATE INDEX ix_clock_unit_counts ON clock (unit_id, kind, counts_at) WHERE unit_id IS NOT NULL""",
    """CREATE UNIQUE INDEX uq_clock_instruction_running ON clock (instruction_id, kind) WHERE stopped_at IS NULL AND instruction_id IS NOT NULL""",
    """CREATE UNIQUE INDEX uq_clock_request_running ON clock (request_id, kind) WHERE stopped_at IS NULL AND request_id IS NOT NULL""",
    """CREATE UNIQUE INDEX uq_clock_running ON clock (ticket_id, kind) WHERE stopped_at IS NULL AND task_id IS NULL AND request_id IS NULL AND supervision_id IS NULL AND instruction_id IS NULL""",
    """CREATE UNIQUE INDEX uq_clock_supervision_running ON clock (supervision_id, kind) WHERE stopped_at IS NULL AND supervision_id IS NOT NULL""",
    """CREATE UNIQUE INDEX uq_clock_task_running ON clock (task_id, kind) WHERE stopped_at IS NULL AND task_id IS NOT NULL""",
]
POSTGRESQL = [
    """CREATE TABLE document_scan (
	kind VARCHAR(24) NOT NULL, 
	no VARCHAR(32) NOT NULL, 
	name VARCHAR(160) NOT NULL, 
	extension VARCHAR(8) NOT NULL, 
	mime VARCHAR(100) NOT NULL, 
	size INTEGER NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	uploaded_by_id INTEGER, 
	uploaded_by_name VARCHAR(60) NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	id SERIAL NOT NULL, 
	CONSTRAINT pk_document_scan PRIMARY KEY (id), 
	CONSTRAINT uq_document_scan_kind_no_digest UNIQUE (kind, no, digest), 
	CONSTRAINT ck_document_scan_kind CHECK (kind IN ('ticket', 'task', 'deferral', 'decline', 'supplement', 'supervision', 'completion', 'handover', 'visit', 'card', 'bulletin', 'week')), 
	CONSTRAINT fk_document_scan_uploaded_by_id_account FOREIGN KEY(uploaded_by_id) REFERENCES account (id)
)""",
    """CREATE INDEX ix_document_scan_digest ON document_scan (digest)""",
    """ALTER TABLE clock ADD COLUMN base_due_at TIMESTAMP WITH TIME ZONE""",
    """ALTER TABLE clock ADD COLUMN base_counts_at TIMESTAMP WITH TIME ZONE""",
    """CREATE INDEX ix_ticket_entered ON ticket (id) WHERE is_entered""",
    """CREATE INDEX ix_ticket_unverified ON ticket (id) WHERE is_entered AND entry_verified_at IS NULL""",
    """CREATE INDEX ix_contact_record_denied ON contact_record (ticket_id, id, verified_at) WHERE is_true IS FALSE""",
    """CREATE INDEX ix_contact_record_entered ON contact_record (entered_at, ticket_id)""",
    """CREATE INDEX ix_clock_base_counts ON clock (base_counts_at) WHERE base_counts_at IS NOT NULL""",
]
# What existing rows hold where a default is not enough; the same on both engines.
FILL: list[str] = []


def upgrade() -> None:
    statements = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in [*statements, *FILL]:
        op.execute(text(statement.replace(":", "\\:")))


def downgrade() -> None:
    raise CommandError("不能再向下退；要回到上一版，请用升级前的备份恢复。")
