"""The killable parser: answers, time limits, deaths, forks."""

from __future__ import annotations

import os
import select
import subprocess
import sys

import pytest

from graph.parse_pool import ParsePool, _WorkerEndedError
from graph.parsing import parse_source

SLOW = "class A:\n x=1\n" * 130_000
"""Just under the size limit: some seconds of parsing."""


def test_the_pool_finds_what_parsing_here_finds() -> None:
    source = "class A:\n    def é(self): return self.é()\n"
    with ParsePool() as pool:
        assert pool.parse("a.py", source) == parse_source("a.py", source)
        assert pool.parse("b.txt", "\ud800") == parse_source("b.txt", "\ud800")
        assert pool.parse("c", "f()", "javascript") == parse_source("c", "f()", "javascript")


def test_a_file_that_takes_too_long_is_marked_and_the_queue_moves() -> None:
    with ParsePool(seconds=0.5) as pool:
        slow = pool.parse("slow.py", SLOW)
        assert (slow.marks, slow.lines) == (("timeout",), 260_001)
        assert pool.parse("next.py", "f()").calls[0].callee == "f"


def test_a_worker_that_died_is_replaced() -> None:
    with ParsePool() as pool:
        pool.parse("a.py", "f()")
        worker = pool._worker
        assert worker is not None
        worker._process.kill()
        worker._process.wait()
        assert pool.parse("b.py", "g()").calls[0].callee == "g"


def test_a_worker_that_ends_instead_of_answering_is_told_from_a_slow_one() -> None:
    with ParsePool() as pool:
        pool.parse("a.py", "f()")
        worker = pool._worker
        assert worker is not None
        worker._process.kill()
        os.waitid(os.P_PID, worker._process.pid, os.WEXITED | os.WNOWAIT)
        with pytest.raises(_WorkerEndedError):
            worker.ask(["b.py", "g()", None], 10)
        assert pool.parse("b.py", "g()").marks == ()


def test_a_worker_ends_with_its_parent() -> None:
    program = (
        "from graph.parse_pool import ParsePool; pool = ParsePool(); pool.parse('a.py', 'f()');"
        "print(pool._worker._process.pid, flush=True); import os; os._exit(0)"
    )
    parent = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    pid = int(parent.stdout)
    descriptor = _open_process(pid)
    if descriptor is None:
        return
    with os.fdopen(descriptor):
        assert select.select([descriptor], [], [], 30)[0] == [descriptor]


def _open_process(pid: int) -> int | None:
    """Return a descriptor that becomes readable when the process ends, None if it has ended already."""
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        return None


def test_a_forked_child_starts_a_worker_of_its_own() -> None:
    with ParsePool() as pool:
        pool.parse("a.py", "f()")
        child = os.fork()
        if child == 0:
            own = pool.parse("b.py", "g()").calls[0].callee == "g"
            pool.close()
            os._exit(0 if own else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert pool.parse("c.py", "h()").calls[0].callee == "h"
