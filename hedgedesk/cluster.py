"""Simulation blocks on a dask cluster, in the shape of the builtin ``map``; nothing else knows that there is one.

Every block draws from its own streams, so where it is drawn, in which order, and how often changes no number: a block
whose worker died is drawn again by another. Numbers are the same to the last digit on workers with the same packages
and the same kind of processor. A cluster is trusted: what is sent to it is code.
"""

from __future__ import annotations

import itertools
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar

from hedgedesk.domain.errors import ClusterError, InputError

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

    from hedgedesk.prices.simulate import MapBlocks

LOCAL = "local"
"""The address of a cluster on this computer, made for one run."""
SCHEMES = ("tcp://", "tls://")
PATH_STEPS = 2_000_000
"""Least paths times dates of a task: some 50 ms, beside which the 1.3 ms that a task costs by itself are little."""
AHEAD = 3
"""Tasks handed out for every thread of the cluster: none is idle, and finished blocks do not pile up."""
PATIENCE_SECONDS = 15.0
"""How long a scheduler may take to answer, and its first worker to come."""
PACKAGES = ("hedgedesk", "numpy")
"""Whose version every worker must share for the numbers to be the same."""

Block = TypeVar("Block")


def dask_map(client: Client, *, path_steps: int = PATH_STEPS) -> MapBlocks:
    """The builtin ``map`` on a cluster: answers come in order, and not many more are drawn than are fetched.

    Parameters
    ----------
    client
        Connected to a ``distributed`` scheduler.
    path_steps
        Least paths times dates of a task; blocks are batched to reach it and never changed for it.

    Raises
    ------
    ClusterError
        While blocks are fetched: the scheduler is lost, or a block has killed one worker after the other.
    """

    def mapped(draw: Callable[[int], Any], blocks: Iterable[int], /) -> Iterator[Any]:
        return _drawn(client, draw, _batches(blocks, _blocks_per_task(draw, path_steps)))

    return mapped


@contextmanager
def cluster_map(address: str, *, workers: int | None = None) -> Iterator[MapBlocks]:
    """A map on the cluster at ``address`` for as long as the context lasts.

    Parameters
    ----------
    address
        ``local``, or ``tcp://host:port`` of a scheduler; ``tls://`` takes its certificates from dask's settings.
    workers
        Of a local cluster; None: one for every processor.

    Raises
    ------
    InputError
        It is no such address.
    ClusterError
        The package ``distributed`` is not installed, nobody answers, there is no worker, or the workers have other
        packages than this computer.
    """
    if address != LOCAL and not address.startswith(SCHEMES):
        raise InputError(f"a cluster is {LOCAL} or an address such as tcp://10.0.0.5:8786, not {address!r}")
    _require_distributed()
    with ExitStack() as opened:
        opened.enter_context(_quiet("distributed.client"))
        cluster = opened.enter_context(local_cluster(workers)) if address == LOCAL else address
        client = opened.enter_context(_connected(cluster, address))
        _require_alike(client, address)
        yield dask_map(client)


def local_cluster(workers: int | None = None, **scheduler: Any) -> LocalCluster:
    """Worker processes on this computer, one thread each; no dashboard, and no port to the outside.

    Parameters
    ----------
    workers
        None: one for every processor.
    scheduler
        Further settings of the scheduler, by the names of ``distributed.Scheduler``.
    """
    from distributed import LocalCluster

    cluster = LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        # Without an address of its own the scheduler's web server would take port 8787.
        scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"} | scheduler,
        worker_dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )

    async def close_web_server() -> None:
        cluster.scheduler.http_server.stop()

    cluster.sync(close_web_server)
    return cluster


def draw_batch(draw: Callable[[int], Block], blocks: Sequence[int]) -> list[Block]:
    """Draw some blocks in a worker."""
    return [draw(block) for block in blocks]


def installed() -> dict[str, str]:
    """Versions of the packages that numbers depend on, where this is called."""
    return {name: version(name) for name in PACKAGES}


def _blocks_per_task(draw: object, path_steps: int) -> int:
    from hedgedesk.prices.simulate import Draw

    return -(-path_steps // (draw.size * draw.grid.years.size)) if isinstance(draw, Draw) else 1


def _batches(blocks: Iterable[int], size: int) -> Iterator[list[int]]:
    numbers = iter(blocks)
    while batch := list(itertools.islice(numbers, size)):
        yield batch


def _drawn(client: Client, draw: Callable[[int], Any], batches: Iterator[list[int]]) -> Iterator[Any]:
    ahead = AHEAD * max(1, sum(client.nthreads().values()))
    out: deque[Future] = deque()
    try:
        for batch in batches:
            out.append(client.submit(draw_batch, draw, batch, pure=False))
            if len(out) >= ahead:
                yield from out.popleft().result()
        while out:
            yield from out.popleft().result()
    except Exception as error:
        told = _told_of(error, client)
        if told is error:
            raise
        raise told from error
    finally:
        with suppress(Exception):  # a scheduler that is gone has forgotten them already
            client.cancel(list(out))


def _told_of(error: Exception, client: Client) -> Exception:
    """What went wrong with the cluster itself, in words; what a block raised stays as it is."""
    from distributed import CancelledError, KilledWorker

    if isinstance(error, KilledWorker):
        return ClusterError(
            "one worker of the cluster after the other died at the same blocks: they may want more memory than a "
            "worker has; fewer scenarios in a block (block_size) want less"
        )
    if isinstance(error, CancelledError) or client.status != "running":
        return ClusterError("the connection to the cluster was lost, and with it what was drawn")
    return error


def _require_distributed() -> None:
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise ClusterError("a cluster needs the extra: pip install 'hedgedesk[cluster]'") from error


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Leave a logger silent: what it would tell, the errors of this room tell."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _connected(cluster: LocalCluster | str, address: str) -> Client:
    from distributed import Client

    try:
        return Client(cluster, timeout=PATIENCE_SECONDS, set_as_default=False)
    except OSError as error:
        raise ClusterError(f"no dask scheduler answers at {address} within {PATIENCE_SECONDS:g} seconds") from error


def _require_alike(client: Client, address: str) -> None:
    """Wait for a worker, and compare the packages of all."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
        found = _everywhere(client)
    except TimeoutError as error:
        raise ClusterError(f"the scheduler at {address} has no worker") from error
    except Exception as error:  # whatever unpickling code of a package that is absent raises over there
        raise ClusterError(f"the workers at {address} cannot run hedgedesk: {error}") from error
    own = installed()
    others = {worker: theirs for worker, theirs in found.items() if theirs != own}
    if others:
        worker, theirs = next(iter(others.items()))
        raise ClusterError(
            f"{len(others)} of {len(found)} workers at {address} have other packages than this computer, so numbers "
            f"could differ: {worker} has {_told(theirs)}, here are {_told(own)}"
        )


def _everywhere(client: Client) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = client.run(installed)
    return found


def _told(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())
