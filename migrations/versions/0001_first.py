"""Every table, the append-only triggers and the full-text index of the first release.

Written by `migrations/write_first.py`; not edited by hand.
"""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

from assist.models import ddl

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('area',
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('sort', sa.Integer(), nullable=False),
    sa.Column('is_zone', sa.Boolean(), nullable=False),
    sa.Column('former_codes', sa.Text(), nullable=False),
    sa.Column('aliases', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area')),
    sa.UniqueConstraint('code', name=op.f('uq_area_code')),
    sa.UniqueConstraint('name', name=op.f('uq_area_name'))
    )
    op.create_table('calendar_year',
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('official', 'provisional', 'absent', name='status', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_year')),
    sa.UniqueConstraint('year', name=op.f('uq_calendar_year_year'))
    )
    op.create_table('category',
    sa.Column('code', sa.String(length=4), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('unit_name', sa.String(length=80), nullable=True),
    sa.Column('days', sa.Integer(), nullable=True),
    sa.Column('is_restricted', sa.Boolean(), nullable=False),
    sa.Column('is_shielded', sa.Boolean(), nullable=False),
    sa.Column('is_note_required', sa.Boolean(), nullable=False),
    sa.Column('guide', sa.String(length=400), nullable=True),
    sa.Column('sort', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['category.id'], name=op.f('fk_category_parent_id_category')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_category')),
    sa.UniqueConstraint('code', name=op.f('uq_category_code'))
    )
    op.create_table('chain',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('sort', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chain')),
    sa.UniqueConstraint('name', name=op.f('uq_chain_name'))
    )
    op.create_table('counter',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_counter')),
    sa.UniqueConstraint('name', name=op.f('uq_counter_name'))
    )
    op.create_table('job',
    sa.Column('name', sa.String(length=24), nullable=False),
    sa.Column('every_seconds', sa.Integer(), nullable=False),
    sa.Column('first_started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_run_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_success_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=False),
    sa.Column('last_duration_ms', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('name', name=op.f('uq_job_name'))
    )
    op.create_table('job_run',
    sa.Column('name', sa.String(length=24), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('counts', sa.Text(), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_run'))
    )
    op.create_index('ix_job_run_name_at', 'job_run', ['name', 'started_at'], unique=False)
    op.create_table('ladder_step',
    sa.Column('kind', sa.Enum('acceptance', 'contact', 'opinion', 'resolution', 'progress', 'confirmation', 'callback', 'supplement', 'task_sign', 'task_reply', 'task_promise', 'decision', 'review', 'supervision_reply', 'instruction', name='kind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('step', sa.Enum('early', 'warning', 'breach', 'escalate_1', 'escalate_2', 'escalate_3', name='step', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('unit', sa.String(length=8), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('repeat_every', sa.Integer(), nullable=True),
    sa.Column('recipients', sa.Text(), nullable=False),
    sa.Column('channels', sa.Text(), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("unit IN ('days', 'hours', 'half', 'due')", name=op.f('ck_ladder_step_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ladder_step')),
    sa.UniqueConstraint('kind', 'step', name=op.f('uq_ladder_step_kind_step'))
    )
    op.create_table('limit_rule',
    sa.Column('kind', sa.Enum('acceptance', 'contact', 'opinion', 'resolution', 'progress', 'confirmation', 'callback', 'supplement', 'task_sign', 'task_reply', 'task_promise', 'decision', 'review', 'supervision_reply', 'instruction', name='kind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('for_case', sa.String(length=24), nullable=False),
    sa.Column('measure', sa.Enum('working_days', 'working_minutes', 'calendar_days', 'any_minutes', 'fixed', name='measure', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_limit_rule_amount_positive')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_limit_rule')),
    sa.UniqueConstraint('kind', 'for_case', 'from_on', name=op.f('uq_limit_rule_kind_for_case_from_on'))
    )
    op.create_table('login_failure',
    sa.Column('address', sa.String(length=60), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_failure'))
    )
    op.create_index('ix_login_failure_address_at', 'login_failure', ['address', 'at'], unique=False)
    op.create_table('office_hours',
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.Column('windows', sa.Text(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_office_hours')),
    sa.UniqueConstraint('from_on', name=op.f('uq_office_hours_from_on'))
    )
    op.create_table('setting',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_setting')),
    sa.UniqueConstraint('name', name=op.f('uq_setting_name'))
    )
    op.create_table('work_group',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('sort', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_group')),
    sa.UniqueConstraint('name', name=op.f('uq_work_group_name'))
    )
    op.create_table('calendar_override',
    sa.Column('day_on', sa.Date(), nullable=False),
    sa.Column('year_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('is_working', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['year_id'], ['calendar_year.id'], name=op.f('fk_calendar_override_year_id_calendar_year')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_override')),
    sa.UniqueConstraint('day_on', name=op.f('uq_calendar_override_day_on'))
    )
    op.create_index(op.f('ix_calendar_override_year_id'), 'calendar_override', ['year_id'], unique=False)
    op.create_table('enterprise',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('short_name', sa.String(length=40), nullable=False),
    sa.Column('pinyin', sa.String(length=400), nullable=False),
    sa.Column('initials', sa.String(length=80), nullable=False),
    sa.Column('credit_code', sa.String(length=18), nullable=False),
    sa.Column('credit_code_note', sa.String(length=200), nullable=True),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('chain_id', sa.Integer(), nullable=True),
    sa.Column('work_group_id', sa.Integer(), nullable=True),
    sa.Column('leader_name', sa.String(length=40), nullable=False),
    sa.Column('group_names', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=120), nullable=False),
    sa.Column('honour', sa.String(length=80), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('joined_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_enterprise_area_id_area')),
    sa.ForeignKeyConstraint(['chain_id'], ['chain.id'], name=op.f('fk_enterprise_chain_id_chain')),
    sa.ForeignKeyConstraint(['work_group_id'], ['work_group.id'], name=op.f('fk_enterprise_work_group_id_work_group')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enterprise')),
    sa.UniqueConstraint('credit_code', name=op.f('uq_enterprise_credit_code'))
    )
    op.create_index(op.f('ix_enterprise_area_id'), 'enterprise', ['area_id'], unique=False)
    op.create_index(op.f('ix_enterprise_name'), 'enterprise', ['name'], unique=False)
    op.create_index('ix_enterprise_pinyin', 'enterprise', ['pinyin', 'id'], unique=False)
    op.create_index(op.f('ix_enterprise_work_group_id'), 'enterprise', ['work_group_id'], unique=False)
    op.create_table('unit',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('short_name', sa.String(length=40), nullable=False),
    sa.Column('aliases', sa.Text(), nullable=False),
    sa.Column('level', sa.String(length=8), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('sort', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("level IN ('city', 'county')", name=op.f('ck_unit_level')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_unit_area_id_area')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    sa.UniqueConstraint('name', name=op.f('uq_unit_name'))
    )
    op.create_table('account',
    sa.Column('username', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('pinyin', sa.String(length=200), nullable=False),
    sa.Column('initials', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('email', sa.String(length=120), nullable=True),
    sa.Column('password_hash', sa.String(length=160), nullable=False),
    sa.Column('roles', sa.String(length=120), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('area_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.String(length=40), nullable=False),
    sa.Column('is_approver', sa.Boolean(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.Column('inbox_only', sa.Boolean(), nullable=False),
    sa.Column('must_change', sa.Boolean(), nullable=False),
    sa.Column('session_version', sa.Integer(), nullable=False),
    sa.Column('failed_count', sa.Integer(), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_login_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("username <> ''", name=op.f('ck_account_username_given')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_account_area_id_area')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_account_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('username', name=op.f('uq_account_username'))
    )
    op.create_index(op.f('ix_account_area_id'), 'account', ['area_id'], unique=False)
    op.create_index('ix_account_name', 'account', ['name'], unique=False)
    op.create_index('ix_account_phone', 'account', ['phone'], unique=False)
    op.create_index('ix_account_pinyin', 'account', ['pinyin', 'id'], unique=False)
    op.create_index(op.f('ix_account_unit_id'), 'account', ['unit_id'], unique=False)
    op.create_table('audit_entry',
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_name', sa.String(length=60), nullable=False),
    sa.Column('address', sa.String(length=60), nullable=False),
    sa.Column('deed', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('prev_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['account.id'], name=op.f('fk_audit_entry_actor_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry')),
    sa.UniqueConstraint('seq', name=op.f('uq_audit_entry_seq'))
    )
    op.create_index('ix_audit_entry_at', 'audit_entry', ['at'], unique=False)
    op.create_table('enterprise_contact',
    sa.Column('enterprise_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('is_main', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_enterprise_contact_account_id_account')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], name=op.f('fk_enterprise_contact_enterprise_id_enterprise')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enterprise_contact')),
    sa.UniqueConstraint('enterprise_id', 'account_id', name=op.f('uq_enterprise_contact_enterprise_id_account_id'))
    )
    op.create_index(op.f('ix_enterprise_contact_account_id'), 'enterprise_contact', ['account_id'], unique=False)
    op.create_index('uq_enterprise_contact_main', 'enterprise_contact', ['enterprise_id'], unique=True, sqlite_where=sa.text('is_main'), postgresql_where=sa.text('is_main'))
    op.create_table('form_key',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('location', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_form_key_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_key')),
    sa.UniqueConstraint('account_id', 'key', name=op.f('uq_form_key_account_id_key'))
    )
    op.create_index(op.f('ix_form_key_at'), 'form_key', ['at'], unique=False)
    op.create_table('pairing',
    sa.Column('enterprise_id', sa.Integer(), nullable=False),
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('end_reason', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('ended_at IS NULL OR ended_at >= started_at', name=op.f('ck_pairing_ends_after_start')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['account.id'], name=op.f('fk_pairing_ended_by_id_account')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], name=op.f('fk_pairing_enterprise_id_enterprise')),
    sa.ForeignKeyConstraint(['officer_id'], ['account.id'], name=op.f('fk_pairing_officer_id_account')),
    sa.ForeignKeyConstraint(['started_by_id'], ['account.id'], name=op.f('fk_pairing_started_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pairing'))
    )
    op.create_index('ix_pairing_enterprise', 'pairing', ['enterprise_id', 'started_at'], unique=False)
    op.create_index('ix_pairing_officer', 'pairing', ['officer_id', 'ended_at'], unique=False)
    op.create_index('uq_pairing_active', 'pairing', ['enterprise_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('ticket',
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('enterprise_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('status', sa.Enum('submitted', 'supplementing', 'handling', 'answered', 'closed', 'declined', 'withdrawn', 'merged', name='status', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('wish', sa.Text(), nullable=False),
    sa.Column('category_id', sa.Integer(), nullable=True),
    sa.Column('type', sa.Enum('consult', 'help', 'suggest', 'complain', name='type', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('difficulty', sa.Enum('general', 'complex', 'hard', name='difficulty', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('urgency', sa.Enum('normal', 'critical', name='urgency', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('critical_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('source', sa.Enum('self', 'visit', 'group', 'forum', 'hotline', 'leader', 'inspection', name='source', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('asked_category_id', sa.Integer(), nullable=True),
    sa.Column('asked_type', sa.Enum('consult', 'help', 'suggest', 'complain', name='asked_type', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('is_pressing', sa.Boolean(), nullable=False),
    sa.Column('pressing_reason', sa.String(length=400), nullable=False),
    sa.Column('is_restricted', sa.Boolean(), nullable=False),
    sa.Column('is_imported', sa.Boolean(), nullable=False),
    sa.Column('submitted_by_id', sa.Integer(), nullable=True),
    sa.Column('is_entered', sa.Boolean(), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=True),
    sa.Column('entry_verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('entry_is_true', sa.Boolean(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('round_no', sa.Integer(), nullable=False),
    sa.Column('supplement_count', sa.Integer(), nullable=False),
    sa.Column('linked_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('event_seq', sa.Integer(), nullable=False),
    sa.Column('head_hash', sa.String(length=64), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL) OR is_imported", name=op.f('ck_ticket_closed_has_time')),
    sa.CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f('ck_ticket_withdrawn_has_time')),
    sa.CheckConstraint("(urgency = 'critical') = (critical_at IS NOT NULL)", name=op.f('ck_ticket_critical_has_time')),
    sa.CheckConstraint("accepted_at IS NOT NULL OR status NOT IN ('handling', 'answered', 'closed') OR is_imported", name=op.f('ck_ticket_handling_was_accepted')),
    sa.CheckConstraint("accepted_at IS NULL OR status NOT IN ('submitted', 'supplementing')", name=op.f('ck_ticket_submitted_not_accepted')),
    sa.CheckConstraint('is_entered = (entered_by_id IS NOT NULL) OR is_imported', name=op.f('ck_ticket_entered_has_author')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_ticket_area_id_area')),
    sa.ForeignKeyConstraint(['asked_category_id'], ['category.id'], name=op.f('fk_ticket_asked_category_id_category')),
    sa.ForeignKeyConstraint(['category_id'], ['category.id'], name=op.f('fk_ticket_category_id_category')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['account.id'], name=op.f('fk_ticket_entered_by_id_account')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprise.id'], name=op.f('fk_ticket_enterprise_id_enterprise')),
    sa.ForeignKeyConstraint(['linked_id'], ['ticket.id'], name=op.f('fk_ticket_linked_id_ticket')),
    sa.ForeignKeyConstraint(['owner_id'], ['account.id'], name=op.f('fk_ticket_owner_id_account')),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['account.id'], name=op.f('fk_ticket_submitted_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket')),
    sa.UniqueConstraint('number', name=op.f('uq_ticket_number'))
    )
    op.create_index('ix_ticket_area_submitted', 'ticket', ['area_id', 'submitted_at', 'id', 'category_id'], unique=False)
    op.create_index('ix_ticket_category_submitted', 'ticket', ['category_id', 'submitted_at', 'id'], unique=False)
    op.create_index('ix_ticket_closed', 'ticket', ['closed_at'], unique=False)
    op.create_index('ix_ticket_enterprise', 'ticket', ['enterprise_id', 'id'], unique=False)
    op.create_index('ix_ticket_enterprise_open', 'ticket', ['enterprise_id', 'id'], unique=False, sqlite_where=sa.text("status IN ('submitted', 'supplementing', 'handling', 'answered')"), postgresql_where=sa.text("status IN ('submitted', 'supplementing', 'handling', 'answered')"))
    op.create_index('ix_ticket_open_due', 'ticket', ['due_at', 'id'], unique=False, sqlite_where=sa.text("status IN ('submitted', 'supplementing', 'handling', 'answered')"), postgresql_where=sa.text("status IN ('submitted', 'supplementing', 'handling', 'answered')"))
    op.create_index('ix_ticket_open_next', 'ticket', ['next_due_at', 'id'], unique=False, sqlite_where=sa.text("status IN ('submitted', 'supplementing', 'handling', 'answered')"), postgresql_where=sa.text("status IN ('submitted', 'supplementing', 'handling', 'answered')"))
    op.create_index('ix_ticket_owner_status', 'ticket', ['owner_id', 'status', 'next_due_at'], unique=False)
    op.create_index('ix_ticket_status_submitted', 'ticket', ['status', 'submitted_at', 'id'], unique=False)
    op.create_index('ix_ticket_submitted', 'ticket', ['submitted_at', 'id'], unique=False)
    op.create_index('ix_ticket_vacant', 'ticket', ['id'], unique=False, sqlite_where=sa.text("owner_id IS NULL AND status IN ('submitted', 'supplementing', 'handling', 'answered')"), postgresql_where=sa.text("owner_id IS NULL AND status IN ('submitted', 'supplementing', 'handling', 'answered')"))
    op.create_table('work_group_member',
    sa.Column('work_group_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('is_head', sa.Boolean(), nullable=False),
    sa.Column('sort', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_work_group_member_account_id_account')),
    sa.ForeignKeyConstraint(['work_group_id'], ['work_group.id'], name=op.f('fk_work_group_member_work_group_id_work_group')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_group_member')),
    sa.UniqueConstraint('work_group_id', 'account_id', name=op.f('uq_work_group_member_work_group_id_account_id'))
    )
    op.create_index(op.f('ix_work_group_member_account_id'), 'work_group_member', ['account_id'], unique=False)
    op.create_table('attachment',
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('event_seq', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('extension', sa.String(length=8), nullable=False),
    sa.Column('mime', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('is_visible', sa.Boolean(), nullable=False),
    sa.Column('uploaded_by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_attachment_ticket_id_ticket')),
    sa.ForeignKeyConstraint(['uploaded_by_id'], ['account.id'], name=op.f('fk_attachment_uploaded_by_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment'))
    )
    op.create_index('ix_attachment_digest', 'attachment', ['digest'], unique=False)
    op.create_index('ix_attachment_ticket', 'attachment', ['ticket_id', 'event_seq'], unique=False)
    op.create_table('callback',
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Enum('low_rating', 'unopened', 'withdrawn', 'sampled', name='reason', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('owed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_callback_ticket_id_ticket')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_callback'))
    )
    op.create_index('uq_callback_owed', 'callback', ['ticket_id'], unique=True, sqlite_where=sa.text('entered_at IS NULL'), postgresql_where=sa.text('entered_at IS NULL'))
    op.create_table('clock',
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('acceptance', 'contact', 'opinion', 'resolution', 'progress', 'confirmation', 'callback', 'supplement', 'task_sign', 'task_reply', 'task_promise', 'decision', 'review', 'supervision_reply', 'instruction', name='kind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('round_no', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('measure', sa.Enum('working_days', 'working_minutes', 'calendar_days', 'any_minutes', 'fixed', name='measure', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('amount', sa.Integer(), nullable=False),
    sa.Column('budget_label', sa.String(length=40), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('original_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('counts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('original_counts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verdict', sa.Enum('met', 'missed', 'void', name='verdict', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('next_fire_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_step', sa.String(length=24), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(stopped_at IS NULL) = (verdict IS NULL)', name=op.f('ck_clock_stopped_has_verdict')),
    sa.CheckConstraint('due_at >= started_at', name=op.f('ck_clock_due_after_start')),
    sa.CheckConstraint('stopped_at IS NULL OR next_fire_at IS NULL', name=op.f('ck_clock_stopped_is_silent')),
    sa.CheckConstraint('stopped_at IS NULL OR paused_at IS NULL', name=op.f('ck_clock_stopped_is_not_paused')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_clock_ticket_id_ticket')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock')),
    sa.UniqueConstraint('ticket_id', 'kind', 'round_no', 'seq', name=op.f('uq_clock_ticket_id_kind_round_no_seq'))
    )
    op.create_index('ix_clock_counts', 'clock', ['kind', 'round_no', 'counts_at'], unique=False)
    op.create_index('ix_clock_fire', 'clock', ['next_fire_at', 'id'], unique=False, sqlite_where=sa.text('next_fire_at IS NOT NULL'), postgresql_where=sa.text('next_fire_at IS NOT NULL'))
    op.create_index('ix_clock_original_counts', 'clock', ['kind', 'round_no', 'original_counts_at'], unique=False)
    op.create_index('ix_clock_paused', 'clock', ['kind', 'round_no'], unique=False, sqlite_where=sa.text('paused_at IS NOT NULL'), postgresql_where=sa.text('paused_at IS NOT NULL'))
    op.create_index('ix_clock_running_due', 'clock', ['kind', 'due_at'], unique=False, sqlite_where=sa.text('stopped_at IS NULL'), postgresql_where=sa.text('stopped_at IS NULL'))
    op.create_index('uq_clock_running', 'clock', ['ticket_id', 'kind'], unique=True, sqlite_where=sa.text('stopped_at IS NULL'), postgresql_where=sa.text('stopped_at IS NULL'))
    op.create_table('contact_record',
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('officer_id', sa.Integer(), nullable=False),
    sa.Column('method', sa.Enum('phone', 'onsite', 'online', name='method', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('person', sa.String(length=40), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('claimed_at_text', sa.String(length=40), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_true', sa.Boolean(), nullable=True),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(is_true IS NULL) = (verified_at IS NULL)', name=op.f('ck_contact_record_verified_has_time')),
    sa.ForeignKeyConstraint(['officer_id'], ['account.id'], name=op.f('fk_contact_record_officer_id_account')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_contact_record_ticket_id_ticket')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_record'))
    )
    op.create_index(op.f('ix_contact_record_ticket_id'), 'contact_record', ['ticket_id'], unique=False)
    op.create_table('message',
    sa.Column('recipient_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('tone', sa.String(length=8), nullable=False),
    sa.Column('ticket_id', sa.Integer(), nullable=True),
    sa.Column('dedupe_key', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('location', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['recipient_id'], ['account.id'], name=op.f('fk_message_recipient_id_account')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_message_ticket_id_ticket')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_message_dedupe_key'))
    )
    op.create_index('ix_message_recipient', 'message', ['recipient_id', 'id'], unique=False)
    op.create_index('ix_message_ticket', 'message', ['ticket_id'], unique=False)
    op.create_index('ix_message_unread', 'message', ['recipient_id'], unique=False, sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))
    op.create_table('ticket_event',
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('action', sa.Enum('submit', 'comment', 'request_supplement', 'supplement', 'supplement_end', 'accept', 'contact', 'opinion', 'first_response', 'progress', 'answer', 'correct_answer', 'open_answer', 'confirm', 'return', 'lapse', 'rate', 'reopen', 'withdraw', 'nudge', 'verify_entry', 'verify_contact', 'reassign', 'escalate', 'import', name='action', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('actor_name', sa.String(length=60), nullable=False),
    sa.Column('acting_for_id', sa.Integer(), nullable=True),
    sa.Column('round_no', sa.Integer(), nullable=False),
    sa.Column('old_status', sa.Enum('submitted', 'supplementing', 'handling', 'answered', 'closed', 'declined', 'withdrawn', 'merged', name='old_status', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('new_status', sa.Enum('submitted', 'supplementing', 'handling', 'answered', 'closed', 'declined', 'withdrawn', 'merged', name='new_status', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('is_visible', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('prev_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('seq >= 1', name=op.f('ck_ticket_event_seq_from_one')),
    sa.ForeignKeyConstraint(['acting_for_id'], ['account.id'], name=op.f('fk_ticket_event_acting_for_id_account')),
    sa.ForeignKeyConstraint(['actor_id'], ['account.id'], name=op.f('fk_ticket_event_actor_id_account')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_ticket_event_ticket_id_ticket')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_event')),
    sa.UniqueConstraint('ticket_id', 'seq', name=op.f('uq_ticket_event_ticket_id_seq'))
    )
    op.create_table('ticket_round',
    sa.Column('ticket_id', sa.Integer(), nullable=False),
    sa.Column('no', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_by', sa.Enum('submit', 'return', 'reopen', 'callback', name='started_by', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('opinion', sa.Text(), nullable=True),
    sa.Column('expected_on', sa.Date(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.Enum('solved', 'partly_solved', 'planned', 'explained', 'unfounded', name='outcome', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('internal_account', sa.Text(), nullable=False),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('result', sa.Enum('solved', 'partly', 'acknowledged', 'lapsed', name='result', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('confirmed_by', sa.Enum('enterprise', 'callback', 'system', name='confirmed_by', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('return_reason', sa.Text(), nullable=False),
    sa.Column('rating', sa.Enum('very_satisfied', 'satisfied', 'fair', 'unsatisfied', 'very_unsatisfied', name='rating', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('rated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('rating_reasons', sa.Text(), nullable=False),
    sa.Column('rating_comment', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(answered_at IS NULL) = (answer IS NULL)', name=op.f('ck_ticket_round_answer_has_words')),
    sa.CheckConstraint('(answered_at IS NULL) = (outcome IS NULL)', name=op.f('ck_ticket_round_answer_has_outcome')),
    sa.CheckConstraint('(rating IS NULL) = (rated_at IS NULL)', name=op.f('ck_ticket_round_rating_has_time')),
    sa.CheckConstraint('(result IS NULL) = (confirmed_at IS NULL)', name=op.f('ck_ticket_round_result_has_time')),
    sa.CheckConstraint('(result IS NULL) = (confirmed_by IS NULL)', name=op.f('ck_ticket_round_result_has_author')),
    sa.CheckConstraint('opened_at IS NULL OR answered_at IS NOT NULL', name=op.f('ck_ticket_round_opened_was_answered')),
    sa.CheckConstraint('result IS NULL OR returned_at IS NULL', name=op.f('ck_ticket_round_ends_once')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['account.id'], name=op.f('fk_ticket_round_answered_by_id_account')),
    sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name=op.f('fk_ticket_round_ticket_id_ticket')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_round')),
    sa.UniqueConstraint('ticket_id', 'no', name=op.f('uq_ticket_round_ticket_id_no'))
    )
    op.create_index('ix_ticket_round_confirmed', 'ticket_round', ['confirmed_at'], unique=False)
    op.create_index('ix_ticket_round_rated', 'ticket_round', ['rated_at'], unique=False)
    op.create_index('ix_ticket_round_returned', 'ticket_round', ['ticket_id', 'no', 'returned_at'], unique=False, sqlite_where=sa.text('returned_at IS NOT NULL'), postgresql_where=sa.text('returned_at IS NOT NULL'))
    op.create_index('ix_ticket_round_waiting', 'ticket_round', ['answered_at'], unique=False, sqlite_where=sa.text('answered_at IS NOT NULL AND result IS NULL AND returned_at IS NULL'), postgresql_where=sa.text('answered_at IS NOT NULL AND result IS NULL AND returned_at IS NULL'))
    op.create_table('ticket_search',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_tokens', sa.Text(), nullable=False),
    sa.Column('internal_tokens', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['id'], ['ticket.id'], name=op.f('fk_ticket_search_id_ticket')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_search'))
    )
    op.create_table('clock_move',
    sa.Column('clock_id', sa.Integer(), nullable=False),
    sa.Column('old_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('new_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('old_original_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('new_original_due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('why', sa.String(length=120), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['clock_id'], ['clock.id'], name=op.f('fk_clock_move_clock_id_clock')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_move'))
    )
    op.create_index(op.f('ix_clock_move_clock_id'), 'clock_move', ['clock_id'], unique=False)
    op.create_table('delivery',
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('status', sa.Enum('pending', 'claimed', 'sent', 'failed', 'dead', name='status', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('address', sa.String(length=160), nullable=False),
    sa.Column('attempt_count', sa.Integer(), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=400), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_delivery_sent_has_time')),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_delivery_message_id_message')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('message_id', 'channel', name=op.f('uq_delivery_message_id_channel'))
    )
    op.create_index('ix_delivery_status', 'delivery', ['status'], unique=False)
    op.create_index('ix_delivery_waiting', 'delivery', ['next_try_at', 'id'], unique=False, sqlite_where=sa.text("status IN ('pending', 'claimed', 'failed')"), postgresql_where=sa.text("status IN ('pending', 'claimed', 'failed')"))
    op.create_table('pause',
    sa.Column('clock_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(length=120), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('ended_at IS NULL OR ended_at >= started_at', name=op.f('ck_pause_ends_after_start')),
    sa.ForeignKeyConstraint(['clock_id'], ['clock.id'], name=op.f('fk_pause_clock_id_clock')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pause'))
    )
    op.create_index(op.f('ix_pause_clock_id'), 'pause', ['clock_id'], unique=False)
    op.create_index('uq_pause_open', 'pause', ['clock_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('reminder',
    sa.Column('clock_id', sa.Integer(), nullable=False),
    sa.Column('clock_version', sa.Integer(), nullable=False),
    sa.Column('step', sa.Enum('early', 'warning', 'breach', 'escalate_1', 'escalate_2', 'escalate_3', name='step', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('repeat', sa.Integer(), nullable=False),
    sa.Column('recipient_key', sa.String(length=20), nullable=False),
    sa.Column('recipient_id', sa.Integer(), nullable=True),
    sa.Column('message_id', sa.Integer(), nullable=True),
    sa.Column('is_passed_over', sa.Boolean(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['clock_id'], ['clock.id'], name=op.f('fk_reminder_clock_id_clock')),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_reminder_message_id_message')),
    sa.ForeignKeyConstraint(['recipient_id'], ['account.id'], name=op.f('fk_reminder_recipient_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder')),
    sa.UniqueConstraint('clock_id', 'clock_version', 'step', 'repeat', 'recipient_key', name=op.f('uq_reminder_clock_id_clock_version_step_repeat_recipient_key'))
    )
    op.create_index('ix_reminder_at', 'reminder', ['at'], unique=False)
    dialect = op.get_bind().dialect.name
    for statement in ddl.append_only(dialect, ("ticket_event", "audit_entry")) + ddl.search_index(dialect):
        op.execute(sa.text(statement))


def downgrade() -> None:
    raise CommandError("这是第一个版本，不能再向下退；要重新开始，请换用一个空的数据库。")
