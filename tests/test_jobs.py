"""Long work in a child: what comes back, what a failure says, what cancelling leaves."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator

import pytest

from hedgedesk.domain.errors import Fault, InputError
from hedgedesk.jobs import REMEMBERED, Jobs, JobState, seconds_left

PATIENCE = 60.0
"""Seconds after which a test gives up; never a measure of speed."""


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs(limit=1)
    yield made
    made.close()
    for thread in [t for t in threading.enumerate() if t.name.startswith("job-")]:
        thread.join(PATIENCE)


def double(spec, tick):
    tick(0.0, "Starting")
    tick(0.5, "Half way")
    return {"answer": 2 * spec["number"], "threads": os.environ["OMP_NUM_THREADS"], "own": os.getpid()}


def refuse(spec, tick):
    raise InputError(faults=[Fault("program.toml", 3, "level", "2", "a share"), Fault("x.csv", None, None, "", "rows")])


def stumble(spec, tick):
    raise ZeroDivisionError("nothing to share")


def vanish(spec, tick):
    os._exit(3)


def wait_at(port):
    """Block until the test closes its end."""
    with socket.create_connection(("127.0.0.1", port)) as gate:
        gate.recv(1)


def hold(spec, tick):
    tick(0.25, "Holding")
    wait_at(spec["gate"])
    return {}


def babble(spec, tick):
    for step in range(5_000):
        tick(step / 5_000, "Counting")
    tick(7.0, "Beyond")
    wait_at(spec["gate"])
    return {}


class Gate:
    """Holds a child at :func:`wait_at` until it is opened."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def open(self) -> None:
        self.listener.accept()[0].close()


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.listener.close()


def until(jobs: Jobs, job_id: str, *statuses: str) -> JobState:
    state = jobs.wait(job_id, lambda state: state.status in statuses, PATIENCE)
    assert state.status in statuses
    return state


def ended(jobs: Jobs, job_id: str) -> JobState:
    return until(jobs, job_id, "done", "failed", "cancelled")


def test_the_result_comes_back_from_another_process_with_one_algebra_thread(jobs):
    state = ended(jobs, jobs.submit("key", double, {"number": 21}))
    assert (state.status, state.fraction, state.active) == ("done", 1.0, False)
    assert state.result["answer"] == 42
    assert state.result["threads"] == "1"
    assert state.result["own"] != os.getpid()


def test_the_same_key_is_run_once(jobs):
    first = jobs.submit("key", double, {"number": 1})
    assert jobs.submit("key", double, {"number": 1}) == first
    ended(jobs, first)
    assert jobs.submit("key", double, {"number": 1}) == first
    assert jobs.submit("other", double, {"number": 1}) != first


def test_a_failure_of_ours_keeps_its_words_and_every_fault(jobs, caplog):
    with caplog.at_level(logging.CRITICAL, logger="hedgedesk.jobs"):
        state = ended(jobs, jobs.submit("key", refuse, {}))
    assert state.status == "failed"
    assert "program.toml:3:level" in state.failure.text
    assert state.failure.faults[1] == Fault("x.csv", None, None, "", "rows")
    assert state.failure.reference == state.id[:6]


def test_an_unexpected_failure_is_named_and_its_traceback_goes_to_the_log_only(jobs, caplog):
    state = ended(jobs, jobs.submit("key", stumble, {}))
    assert state.failure.text == "ZeroDivisionError: nothing to share"
    assert "Traceback" not in state.failure.text
    assert "Traceback" in caplog.text
    assert state.failure.reference in caplog.text


def test_a_child_that_dies_without_a_word_is_a_failure(jobs):
    state = ended(jobs, jobs.submit("key", vanish, {}))
    assert state.status == "failed"
    assert "exit code 3" in state.failure.text


def test_a_child_that_cannot_be_started_is_a_failure_and_the_next_in_line_runs(jobs, monkeypatch, caplog):
    def refuse_to_start(_process):
        raise OSError(12, "Cannot allocate memory")

    with monkeypatch.context() as short_of_memory, caplog.at_level(logging.CRITICAL, logger="hedgedesk.jobs"):
        short_of_memory.setattr("multiprocessing.context.SpawnProcess.start", refuse_to_start)
        state = ended(jobs, jobs.submit("key", double, {"number": 21}))
    assert state.status == "failed"
    assert "Cannot allocate memory" in state.failure.text
    assert ended(jobs, jobs.submit("key", double, {"number": 21})).result["answer"] == 42


def test_a_failed_job_is_started_anew_by_the_same_key(jobs):
    first = jobs.submit("key", stumble, {})
    ended(jobs, first)
    second = jobs.submit("key", double, {"number": 3})
    assert second != first
    assert ended(jobs, second).result["answer"] == 6


def test_cancelling_ends_the_child_and_the_next_in_line_runs(jobs, gate):
    held = jobs.submit("held", hold, {"gate": gate.port})
    until(jobs, held, "running")
    waiting = jobs.submit("waiting", double, {"number": 1})
    assert jobs.state(waiting).ahead == 1
    jobs.cancel(held)
    assert jobs.state(held).status == "cancelled"
    assert ended(jobs, waiting).status == "done"
    assert jobs.state(held).status == "cancelled"


def test_an_import_does_not_wait_behind_a_run(jobs, gate):
    held = jobs.submit("held", hold, {"gate": gate.port})
    until(jobs, held, "running")
    brought = jobs.submit("brought", double, {"number": 1}, kind="import")
    assert jobs.state(brought).ahead == 0
    assert ended(jobs, brought).status == "done"
    assert jobs.state(held).status == "running"
    gate.open()
    assert ended(jobs, held).status == "done"


def test_a_job_cancelled_while_it_waits_never_runs(jobs, gate):
    held = jobs.submit("held", hold, {"gate": gate.port})
    until(jobs, held, "running")
    waiting = jobs.submit("waiting", double, {"number": 1})
    jobs.cancel(waiting)
    gate.open()
    assert ended(jobs, held).status == "done"
    assert jobs.state(waiting) == JobState(waiting, "waiting", "cancelled")


def test_progress_arrives_while_the_job_runs_and_stays_between_0_and_1(jobs, gate):
    job = jobs.submit("key", babble, {"gate": gate.port})
    state = jobs.wait(job, lambda state: state.text == "Beyond", PATIENCE)
    assert (state.status, state.fraction, state.seconds_left) == ("running", 1.0, 0.0)
    gate.open()
    assert ended(jobs, job).status == "done"


def test_an_unknown_job_is_nothing_rather_than_an_error(jobs):
    assert jobs.state("never") is None
    assert jobs.wait("never") is None
    jobs.cancel("never")


def test_time_left_follows_the_pace_and_is_silent_while_it_is_too_early():
    assert seconds_left(10.0, 0.25) == pytest.approx(30.0)
    assert seconds_left(10.0, 1.0) == 0.0
    assert seconds_left(10.0, 0.0) is None
    assert seconds_left(10.0, 0.02) is None


def test_a_failed_job_is_found_as_it_ended_where_nobody_asks_to_try_again(jobs):
    first = jobs.submit("key", stumble, {})
    ended(jobs, first)
    assert jobs.submit("key", stumble, {}, retry=False) == first


def test_a_job_says_what_kind_it_is_and_what_it_works_on(jobs):
    job = jobs.submit("key", double, {"number": 1}, kind="import", title="Forecast.xlsx")
    assert (jobs.state(job).kind, jobs.state(job).title) == ("import", "Forecast.xlsx")
    state = ended(jobs, job)
    assert (state.kind, state.title) == ("import", "Forecast.xlsx")


def test_jobs_are_listed_the_newest_first(jobs):
    first, second = jobs.submit("one", double, {"number": 1}), jobs.submit("two", double, {"number": 1})
    assert [state.id for state in jobs.states()] == [second, first]
    ended(jobs, second)


def test_a_job_that_takes_too_long_is_ended_and_says_so(jobs, gate, caplog):
    with caplog.at_level(logging.CRITICAL, logger="hedgedesk.jobs"):
        job = jobs.submit("key", hold, {"gate": gate.port}, limit_seconds=0.05)
        state = ended(jobs, job)
    assert state.status == "failed"
    assert "longer than 0.05 seconds" in state.failure.text
    assert ended(jobs, jobs.submit("other", double, {"number": 1})).status == "done"  # its place is free again


def test_a_job_within_its_limit_is_left_alone(jobs):
    assert ended(jobs, jobs.submit("key", double, {"number": 21}, limit_seconds=PATIENCE)).result["answer"] == 42


def test_a_result_at_hand_is_a_job_that_is_done_at_once(jobs):
    job = jobs.settle("key", {"run_id": "a"}, title="Mine")
    state = jobs.state(job)
    assert (state.status, state.fraction, state.result, state.title) == ("done", 1.0, {"run_id": "a"}, "Mine")
    assert jobs.settle("key", {"run_id": "a"}) == job
    assert jobs.settle("key", {"run_id": "b"}) != job


def test_a_job_that_is_done_is_settled_by_the_same_result(jobs):
    job = jobs.submit("key", double, {"number": 21})
    assert jobs.settle("key", ended(jobs, job).result) == job


def test_a_forgotten_job_is_run_again(jobs):
    job = jobs.settle("key", {"run_id": "a"})
    assert jobs.done("key") == job
    assert jobs.done("other") is None
    jobs.forget(job)
    assert (jobs.done("key"), jobs.state(job)) == (None, None)
    assert ended(jobs, jobs.submit("key", double, {"number": 21})).result["answer"] == 42


def test_a_job_under_way_cannot_be_forgotten(jobs, gate):
    job = jobs.submit("key", hold, {"gate": gate.port})
    jobs.forget(job)
    assert jobs.state(job).active
    gate.open()
    assert ended(jobs, job).status == "done"


def test_the_oldest_jobs_that_are_over_are_forgotten_and_none_under_way(jobs, gate):
    held = jobs.submit("held", hold, {"gate": gate.port})
    settled = [jobs.settle(f"key {number}", {"run_id": str(number)}) for number in range(REMEMBERED + 5)]
    known = [state.id for state in jobs.states()]
    assert known == [*reversed(settled[5:]), held]
    gate.open()
    ended(jobs, held)


def fill(spec, tick):
    raise OSError(28, "No space left on device", "/data/reports/.r.part")


def test_a_disk_that_refuses_is_told_in_words_and_not_by_an_exception_s_name(jobs):
    state = jobs.wait(jobs.submit("k", fill, {}), timeout=PATIENCE)
    assert state.failure.text == "/data/reports/.r.part: no space left on device"
