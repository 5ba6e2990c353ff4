"""What `metadata.create_all` alone cannot make: append-only triggers and the full-text index, for both engines.

Tests create tables through `create_everything`; the migrations run the same statements. Each function returns the
statements of one engine as text. When one changes, the next migration drops and makes it anew.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from assist.models.base import Base

APPEND_ONLY = (
    "ticket_event",
    "audit_entry",
    # A month as it was frozen, signed and corrected.
    "snapshot",
    "snapshot_figure",
    "snapshot_name",
    "snapshot_item",
    "snapshot_place",
    "seal",
    "publication",
    "correction",
    "correction_figure",
)


def append_only(dialect: str, tables: Sequence[str] = APPEND_ONLY) -> list[str]:
    """Triggers by which rows of these tables can be neither changed nor deleted (nor truncated)."""
    statements = []
    if dialect == "sqlite":
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                statements.append(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return statements
    statements.append(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in tables:
        statements.append(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        statements.append(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    return statements


def search_index(dialect: str) -> list[str]:
    """The full-text index over `ticket_search`: two columns, public words and internal words.

    SQLite: an FTS5 table with external content (3.40 cannot delete from a contentless one) kept by triggers.
    PostgreSQL: a stored tsvector of each column and GIN over it; a vector made anew for every row that is looked at
    would cost a hundred times as much as looking.
    """
    if dialect != "sqlite":
        added = ", ".join(
            f"ADD COLUMN {name}_vector tsvector GENERATED ALWAYS AS "
            f"(strip(to_tsvector('simple', {name}_tokens))) STORED"
            for name in ("public", "internal")
        )
        return [f"ALTER TABLE ticket_search {added}"] + [
            f"CREATE INDEX ix_ticket_search_{name} ON ticket_search USING gin ({name}_vector)"
            for name in ("public", "internal")
        ]
    old = "'delete', old.id, old.public_tokens, old.internal_tokens"
    new = "new.id, new.public_tokens, new.internal_tokens"
    columns = "rowid, public_tokens, internal_tokens"
    insert_old = f"INSERT INTO ticket_fts(ticket_fts, {columns}) VALUES ({old});"
    insert_new = f"INSERT INTO ticket_fts({columns}) VALUES ({new});"
    return [
        "CREATE VIRTUAL TABLE ticket_fts USING fts5(public_tokens, internal_tokens, "
        "content='ticket_search', content_rowid='id', tokenize='unicode61')",
        f"CREATE TRIGGER ticket_search_ai AFTER INSERT ON ticket_search BEGIN {insert_new} END",
        f"CREATE TRIGGER ticket_search_ad AFTER DELETE ON ticket_search BEGIN {insert_old} END",
        "CREATE TRIGGER ticket_search_au AFTER UPDATE ON ticket_search "
        f"BEGIN {insert_old} {insert_new} END",
    ]


def create_everything(connection: Connection) -> None:
    """Every table, trigger and index in an empty database, without migrations: for tests."""
    Base.metadata.create_all(connection)
    for statement in append_only(connection.dialect.name) + search_index(connection.dialect.name):
        connection.execute(text(statement))
