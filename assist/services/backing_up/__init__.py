"""备份与恢复: database and uploads as one zip file that either engine can read back.

The rows are written as JSON lines in one snapshot of the database, so a backup of SQLite restores into PostgreSQL and
the other way round, and nothing beside Python is needed (docs/adr says why not pg_dump). Restoring asks for an empty
database at the same revision and an empty uploads folder.
"""
