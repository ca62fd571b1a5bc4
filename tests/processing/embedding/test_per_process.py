"""A value is built once in each process, and never crosses a fork."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from threading import Barrier

from processing.embedding.per_process import PerProcess


def test_a_forked_child_builds_its_own_value() -> None:
    value = PerProcess(os.getpid)
    assert value.get() == os.getpid()
    here, there = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=lambda: send_value(value, there))
    child.start()
    assert here.poll(30)
    assert here.recv() == child.pid
    child.join(10)
    here.close()
    there.close()


def send_value(value: PerProcess[int], pipe: Connection) -> None:
    """Tell the parent what the child has."""
    pipe.send(value.get())


def test_many_threads_build_one_value() -> None:
    built: list[object] = []

    def build() -> object:
        built.append(object())
        return built[-1]

    value = PerProcess(build)
    together = Barrier(8)

    def take_part(_: int) -> object:
        together.wait(10)
        return value.get()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(take_part, range(8))) == set(built)
    assert len(built) == 1


def test_a_value_that_was_taken_is_built_again() -> None:
    value = PerProcess(object)
    first = value.get()
    assert value.take() is first
    assert value.take() is None
    assert value.get() is not first
