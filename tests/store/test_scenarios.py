"""Scenario arrays are a cache: whole or absent, never more than its cap, and never a reason to fail."""

from __future__ import annotations

import dataclasses
import logging
import os
from pathlib import Path

import numpy as np
import pytest

from hedgedesk.domain.scenarios import ScenarioSet
from hedgedesk.store.scenarios import ABANDONED, ScenarioCache


@pytest.fixture
def cache(tmp_path: Path) -> ScenarioCache:
    return ScenarioCache(tmp_path / "scenarios")


def same(one: ScenarioSet, other: ScenarioSet) -> bool:
    for field in dataclasses.fields(ScenarioSet):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, np.ndarray):
            if left.dtype != right.dtype or not np.array_equal(left, right):
                return False
        elif field.name == "curve":
            if not np.array_equal(left.price_per_mtok, right.price_per_mtok) or left.currency != right.currency:
                return False
        elif left != right:
            return False
    return True


def sit(path: Path, seconds: float) -> None:
    """Let a file be of ``seconds`` after the epoch."""
    os.utime(path, (seconds, seconds))


def test_a_set_comes_back_bit_for_bit(cache, scenarios):
    cache.save("abc123", scenarios)
    assert same(cache.load("abc123"), scenarios)
    assert [path.name for path in cache.folder.iterdir()] == ["abc123.npz"]


def test_a_set_without_currency_or_contracts_comes_back(cache, scenarios):
    bare = dataclasses.replace(
        scenarios,
        cny_per_usd=None,
        cny_per_usd_today=None,
        contracts=(),
        curve=dataclasses.replace(
            scenarios.curve, delivery_months=scenarios.curve.delivery_months[:0], price_per_mtok=np.zeros(0)
        ),
        cover_share=scenarios.cover_share[:0],
        settlement_per_mtok=scenarios.settlement_per_mtok[:, :0],
    )
    cache.save("bare", bare)
    assert same(cache.load("bare"), bare)


def test_a_set_with_drivers_and_a_path_of_margin_comes_back(cache, scenarios):
    dates = np.array(["2026-11-30", "2026-12-31"], dtype="datetime64[D]")
    futures = np.ones((scenarios.count, 2, len(scenarios.contracts)), np.float32)
    drivers = {name: scenarios.price_per_mtok * factor for name, factor in (("power", 40.0), ("gpu_rent", 0.5))}
    rich = dataclasses.replace(scenarios, drivers=drivers, margin_dates=dates, futures_per_mtok=futures)
    cache.save("rich", rich)
    back = cache.load("rich")
    assert same(dataclasses.replace(back, drivers={}), dataclasses.replace(rich, drivers={}))
    assert list(back.drivers) == ["power", "gpu_rent"]
    assert all(np.array_equal(back.drivers[name], drivers[name]) for name in drivers)


def test_what_was_never_kept_is_absent(cache):
    assert cache.load("nothing") is None
    assert not cache.folder.exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda b: b"",
        lambda b: b"garbage",
        lambda b: b[: len(b) // 2],
        lambda b: b[:-10],
        lambda b: b[:2000] + bytes(500) + b[2500:],
        lambda b: b[:200] + bytes([b[200] ^ 255]) + b[201:],
    ],
    ids=["empty", "garbage", "half", "without its end", "a hole", "one byte"],
)
def test_a_damaged_file_is_absent_and_dropped(cache, scenarios, spoil, caplog):
    cache.save("abc123", scenarios)
    path = cache.path("abc123")
    path.write_bytes(spoil(path.read_bytes()))
    with caplog.at_level(logging.CRITICAL, logger="hedgedesk.store.scenarios"):
        assert cache.load("abc123") is None
    assert not path.exists()


def test_an_object_array_is_never_unpickled(cache, caplog):
    cache.folder.mkdir()
    np.savez(cache.path("abc123"), frame=np.array([{"as_of": 1}], dtype=object))
    with caplog.at_level(logging.CRITICAL, logger="hedgedesk.store.scenarios"):
        assert cache.load("abc123") is None


def test_the_least_recently_read_goes_first(cache, scenarios):
    for age, name in enumerate(("first", "second", "third")):
        cache.save(name, scenarios)
        sit(cache.path(name), 1_000.0 + age)
    size = cache.path("first").stat().st_size
    assert cache.load("first") is not None
    ScenarioCache(cache.folder, cap=3 * size).save("fourth", scenarios)
    assert {path.stem for path in cache.folder.iterdir()} == {"first", "third", "fourth"}


def test_a_set_larger_than_the_cap_is_not_kept(cache, scenarios):
    ScenarioCache(cache.folder, cap=1_000).save("large", scenarios)
    assert cache.load("large") is None


def test_what_a_killed_writer_left_is_cleared_when_it_is_old(cache, scenarios):
    cache.folder.mkdir()
    old, fresh = cache.folder / "x.1.part", cache.folder / "y.2.part"
    for part in (old, fresh):
        part.write_bytes(b"half")
    sit(old, fresh.stat().st_mtime - ABANDONED - 60)
    cache.save("abc123", scenarios)
    assert {path.name for path in cache.folder.iterdir()} == {"y.2.part", "abc123.npz"}


def test_a_folder_that_cannot_be_written_is_no_reason_to_fail(tmp_path, scenarios, caplog):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    cache = ScenarioCache(tmp_path / "file")
    with caplog.at_level(logging.WARNING, logger="hedgedesk.store.scenarios"):
        cache.save("abc123", scenarios)
    assert "not kept" in caplog.text


@pytest.mark.parametrize("name", ["../outside", "a/b", "", "a.b"])
def test_an_id_never_leaves_the_folder(cache, scenarios, name):
    with pytest.raises(ValueError, match="no id"):
        cache.save(name, scenarios)
