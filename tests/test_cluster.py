"""Blocks drawn on a real local cluster: the numbers of the serial run, whoever dies on the way."""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from hedgedesk import cluster as module
from hedgedesk.cluster import LOCAL, cluster_map, dask_map, draw_batch, installed, local_cluster
from hedgedesk.domain.errors import ClusterError, InputError, ModelError
from hedgedesk.domain.exposure import Exposure
from hedgedesk.domain.run import RunSettings
from hedgedesk.prices.models.random_walk import RandomWalk
from hedgedesk.prices.simulate import prepared, simulate

SETTINGS = RunSettings(scenarios=3_000, seed=11, block_size=256)
ARRAYS = ("price_per_mtok", "volume_mtok", "open_mtok", "settlement_per_mtok", "cny_per_usd")


@pytest.fixture(scope="module")
def local() -> Iterator[object]:
    with local_cluster(2) as started:
        yield started


@pytest.fixture(scope="module")
def client(local) -> Iterator[object]:
    from distributed import Client

    with Client(local, set_as_default=False) as connected:
        yield connected


@pytest.fixture(scope="module")
def asked(make_desk):
    """What :func:`simulate` is asked on the cluster and here: a model, its market and an exposure."""
    desk = make_desk()
    exposure = Exposure.open(desk.forecast, desk.commitments).after(desk.market.as_of)
    return RandomWalk.fit(desk.market), desk.market, exposure, SETTINGS


@pytest.fixture(scope="module")
def serial(asked):
    return simulate(*asked)


def same(left, right) -> bool:
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in ARRAYS)


def test_a_cluster_draws_the_numbers_of_the_serial_run_to_the_last_digit(client, asked, serial):
    assert same(simulate(*asked, map_blocks=dask_map(client)), serial)


def test_how_many_blocks_a_task_has_changes_no_number(client, asked, serial):
    assert same(simulate(*asked, map_blocks=dask_map(client, path_steps=1)), serial)


def test_a_worker_killed_in_the_middle_costs_no_number(client, asked, serial):
    mapped = dask_map(client, path_steps=1)
    workers = client.run(os.getpid)

    def killing(draw, blocks):
        for number, block in enumerate(mapped(draw, blocks)):
            if number == 1:  # later blocks are drawn or handed out already, and the victim holds some
                os.kill(next(iter(workers.values())), signal.SIGKILL)
            yield block

    assert same(simulate(*asked, map_blocks=killing), serial)
    client.wait_for_workers(2, timeout=60)
    assert set(client.run(os.getpid).values()) != set(workers.values()), "another worker has come in its place"


def test_answers_come_in_order_and_few_are_handed_out_ahead(client):
    asked_for = []

    def numbers():
        for number in range(-40, 0):
            asked_for.append(number)
            yield number

    answers = iter(dask_map(client)(abs, numbers()))
    assert next(answers) == 40
    assert len(asked_for) == module.AHEAD * 2
    assert list(answers) == list(range(39, 0, -1))


def test_blocks_are_batched_to_the_least_work_of_a_task(asked):
    draw = prepared(*asked)
    steps = draw.size * draw.grid.years.size
    assert module._blocks_per_task(draw, 1) == 1
    assert module._blocks_per_task(draw, 10 * steps) == 10
    assert module._blocks_per_task(draw, 10 * steps + 1) == 11
    assert module._blocks_per_task(abs, 10**9) == 1
    assert list(module._batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert draw_batch(abs, [-1, -2]) == [1, 2]


def test_a_map_that_is_left_early_leaves_nothing_behind(client):
    answers = dask_map(client)(abs, range(100))
    next(iter(answers))
    answers.close()
    assert not client.futures


def test_a_refusal_in_a_worker_arrives_as_it_was(client, asked):
    model, market, exposure, settings = asked
    draw = dataclasses.replace(prepared(model, market, exposure, settings), model=None)
    with pytest.raises(AttributeError, match="NoneType"):
        list(dask_map(client)(draw, range(2)))
    with pytest.raises(ModelError, match="at least 8 price changes"):
        list(dask_map(client)(RandomWalk.fit, [_two_prices(market)]))


def _two_prices(market):
    index = market.index
    return dataclasses.replace(
        market, index=dataclasses.replace(index, dates=index.dates[-2:], price_per_mtok=index.price_per_mtok[-2:])
    )


def test_no_dashboard_is_opened(local):
    assert all(socket.fileno() == -1 for socket in local.scheduler.http_server._sockets.values()), "all are closed"
    assert local.scheduler_address.startswith("tcp://127.0.0.1:")


def test_a_running_cluster_is_found_by_its_address_and_outlives_the_run(local, asked, serial):
    with cluster_map(local.scheduler_address) as mapped:
        assert same(simulate(*asked, map_blocks=mapped), serial)
    assert local.status.name == "running"


def test_blocks_that_kill_every_worker_are_told_and_not_tried_for_ever():
    from distributed import Client

    with (
        local_cluster(1, allowed_failures=0) as started,
        Client(started, set_as_default=False) as connected,
        pytest.raises(ClusterError, match="died at the same blocks"),
    ):
        list(dask_map(connected)(os._exit, range(3)))


def test_a_scheduler_that_is_lost_in_the_middle_is_told():
    from distributed import Client

    with local_cluster(1) as started, Client(started, set_as_default=False) as connected:
        answers = dask_map(connected)(abs, range(100))
        next(answers)
        started.close()
        with pytest.raises(ClusterError, match="the connection to the cluster was lost"):
            list(answers)


def test_a_scheduler_that_does_not_answer_is_told_by_its_address(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.5)
    with (
        pytest.raises(ClusterError, match=r"no dask scheduler answers at tcp://127\.0\.0\.1:1 within 0\.5 seconds"),
        cluster_map("tcp://127.0.0.1:1"),
    ):
        raise AssertionError("nobody is there")


def test_a_scheduler_without_a_worker_is_told(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.5)
    with (
        local_cluster(0) as empty,
        pytest.raises(ClusterError, match="has no worker"),
        cluster_map(empty.scheduler_address),
    ):
        raise AssertionError("nobody draws")


def test_without_the_extra_it_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'hedgedesk\[cluster\]'"), cluster_map(LOCAL):
        raise AssertionError("never opened")


@pytest.mark.parametrize("address", ["localhost:8786", "http://10.0.0.5", ""])
def test_what_is_no_address_of_a_cluster_is_refused(address):
    with pytest.raises(InputError, match="a cluster is local or an address"), cluster_map(address):
        raise AssertionError("never opened")


def test_workers_with_other_packages_are_refused(local, monkeypatch):
    own = installed()
    monkeypatch.setattr(module, "installed", lambda: {"hedgedesk": "0.0"})
    monkeypatch.setattr("hedgedesk.cluster._everywhere", lambda _client: {"tcp://a": own})
    with (
        pytest.raises(ClusterError, match=r"1 of 1 workers .* have other packages"),
        cluster_map(local.scheduler_address),
    ):
        raise AssertionError("numbers could differ")


def test_a_local_cluster_is_made_for_one_run(asked, serial, monkeypatch):
    made = []
    monkeypatch.setattr(module, "local_cluster", lambda workers: made.append(local_cluster(workers)) or made[0])
    with cluster_map(LOCAL, workers=1) as mapped:
        assert same(simulate(*asked, map_blocks=mapped), serial)
    assert made[0].status.name == "closed"
