"""The room's SQL files."""

from pathlib import Path

from supastate.sql_files import SqlFolder

SQL_DIR = Path(__file__).parent / "sql"
run_statement = SqlFolder(SQL_DIR).run
fetch_rows = SqlFolder(SQL_DIR).fetch
