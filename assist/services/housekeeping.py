"""清理: what has served its time and proves nothing. Messages, events, the audit log and reminders stay."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from assist.models import FormKey, JobRun, LoginFailure
from assist.services.work import Work

FORM_KEYS_FOR = timedelta(days=30)
LOGIN_FAILURES_FOR = timedelta(days=1)
JOB_RUNS_FOR = timedelta(days=180)


def tidy(work: Work) -> dict[str, int]:
    """Delete old form keys, login failures and runs of jobs; how many of each."""
    return {
        "form_keys": _deleted(work, delete(FormKey).where(FormKey.at < work.now - FORM_KEYS_FOR)),
        "login_failures": _deleted(
            work, delete(LoginFailure).where(LoginFailure.at < work.now - LOGIN_FAILURES_FOR)
        ),
        "job_runs": _deleted(work, delete(JobRun).where(JobRun.started_at < work.now - JOB_RUNS_FOR)),
    }


def _deleted(work: Work, statement: Any) -> int:
    done = work.session.execute(statement.execution_options(synchronize_session=False))
    return max(int(done.rowcount), 0)  # type: ignore[attr-defined]
