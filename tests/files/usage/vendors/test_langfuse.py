"""Langfuse's observations: kinds of tokens that stand apart, and those that do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.domain.usage import UsageKey
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage.recognise import recognise
from hedgedesk.files.usage.vendors.langfuse import EXPORTS

OBSERVATION = {
    "id": "o-1",
    "trace_id": "t-1",
    "project_id": "chat",
    "environment": "default",
    "type": "GENERATION",
    "parent_observation_id": "",
    "start_time": "2026-05-29 13:46:19.963000",
    "end_time": "2026-05-29 13:46:21.000000",
    "name": "answer",
    "level": "DEFAULT",
    "provided_model_name": "gpt-5",
    "usage_details": '{"input": 100, "output": 20, "total": 120}',
    "cost_details": '{"input": 0.1, "output": 0.2, "total": 0.3}',
    "total_cost": "0.3",
}


def _used(**usage: object) -> dict[str, object]:
    return OBSERVATION | {"usage_details": json.dumps(usage)}


def test_total_is_never_added_and_the_cache_may_be_unknown(exports: Any) -> None:
    measured = exports.obey_the_laws([OBSERVATION], [100, 0, 0, 20], 0.3)
    assert measured.usage.keys == (UsageKey("openai", "gpt-5", "chat", cache_known=False),)


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        (
            {"input": 40, "input_cached_tokens": 60, "output": 5, "output_reasoning_tokens": 15, "total": 120},
            [40, 60, 0, 20],
        ),
        ({"input": 5, "cache_read_input_tokens": 60, "cache_creation_input_tokens": 7, "output": 2}, [5, 60, 7, 2]),
        ({"input": 5, "input_cache_read": 60, "input_cache_creation": 7, "output": 2}, [5, 60, 7, 2]),
        (
            {"input": 5, "input_cache_creation": 9, "input_cache_creation_5m": 7, "input_cache_creation_1h": 2},
            [5, 0, 9, 0],
        ),
        ({"input": 5, "input_cache_creation_5m": 7, "input_cache_creation_1h": 2, "output": 1}, [5, 0, 9, 1]),
        ({"input": 5, "input_audio_tokens": 3, "output": 2, "output_audio_tokens": 4}, [8, 0, 0, 6]),
        ({"input": 100, "input_cached_tokens": 60, "output": 20, "total": 120}, [40, 60, 0, 20]),
        ({"input": 100, "output": 20, "output_reasoning": 15, "total": 120}, [100, 0, 0, 20]),
        (
            {"input": 100, "input_cached_tokens": 60, "output": 20, "output_reasoning": 15, "total": 120},
            [40, 60, 0, 20],
        ),
        ({"input": None, "output": 3}, [0, 0, 0, 3]),
    ],
)
def test_kinds_are_apart_unless_the_total_says_otherwise(
    exports: Any, usage: dict[str, Any], tokens: list[int]
) -> None:
    exports.obey_the_laws([_used(**usage)], tokens, 0.3)


def test_reasoning_and_writes_kept_an_hour_are_memos(exports: Any) -> None:
    usage = exports.read([_used(input=5, input_cache_creation_1h=2, output=4, output_reasoning_tokens=6)]).usage
    assert usage.reasoning.tolist() == [6]
    assert usage.cache_write_1h.tolist() == [2]
    assert usage.tokens.tolist() == [[5, 0, 2, 10]]


def test_spans_and_tools_are_no_calls(exports: Any) -> None:
    rows = [OBSERVATION, *(OBSERVATION | {"id": kind, "type": kind} for kind in ("SPAN", "AGENT", "TOOL", "EVENT"))]
    measured = exports.obey_the_laws(rows, [100, 0, 0, 20], 0.3)
    assert any("left out: 4 rows" in notice for notice in measured.notices)


def test_an_embedding_is_a_call(exports: Any) -> None:
    exports.obey_the_laws([OBSERVATION | {"type": "EMBEDDING"}], [100, 0, 0, 20], 0.3)


@pytest.mark.parametrize(
    ("total", "details", "billed"),
    [("", '{"input": 0.1, "output": 0.2, "total": 0.31}', 0.31), ("", '{"input": 0.1, "output": 0.2}', 0.3)],
)
def test_where_the_total_cost_is_missing_its_details_tell_it(
    exports: Any, total: str, details: str, billed: float
) -> None:
    exports.obey_the_laws([OBSERVATION | {"total_cost": total, "cost_details": details}], [100, 0, 0, 20], billed)


def test_without_any_cost_nothing_is_billed(exports: Any) -> None:
    assert exports.read([OBSERVATION | {"total_cost": "", "cost_details": "{}"}]).files[0].billed is None


@pytest.mark.parametrize("cell", ["[1, 2]", "{input: 3}", '{"input": -1}', '{"input": "many"}', '{"input": 1e400}'])
def test_a_map_that_is_none_or_counts_nothing_is_a_fault(exports: Any, cell: str) -> None:
    measured = exports.read([OBSERVATION, OBSERVATION | {"id": "o-2", "usage_details": cell}])
    assert [(fault.row, fault.column) for fault in measured.faults] == [(3, "usage_details")]
    assert measured.usage.tokens.sum() == 120


def test_the_pages_spelling_reads_the_same(exports: Any) -> None:
    names = {"start_time": "startTime", "provided_model_name": "model", "usage_details": "usageDetails"}
    names |= {"cost_details": "costDetails", "total_cost": "totalCost", "project_id": "projectId"}
    page = {names.get(name, name): value for name, value in OBSERVATION.items()}
    measured = exports.obey_the_laws([page], [100, 0, 0, 20], 0.3)
    assert measured.usage.keys[0].team == "chat"


@pytest.mark.parametrize(
    ("model", "key"),
    [
        ("anthropic/claude-opus-5", ("anthropic", "claude-opus-5")),
        ("Claude-Sonnet-4-5", ("anthropic", "claude-sonnet-4-5")),
        ("gemini-2.5-pro", ("google", "gemini-2.5-pro")),
        ("house-model", ("langfuse", "house-model")),
    ],
)
def test_the_family_says_whose_model_it_is(exports: Any, model: str, key: tuple[str, str]) -> None:
    found = exports.read([OBSERVATION | {"provided_model_name": model}]).usage.keys[0]
    assert (found.seller, found.model) == key


_COUNTS = st.integers(0, 10**6)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(_COUNTS, _COUNTS, _COUNTS, _COUNTS, _COUNTS), min_size=1, max_size=10), st.booleans())
def test_tokens_and_money_are_conserved(exports: Any, counts: list[tuple[int, ...]], total: bool) -> None:
    rows = [
        _used(
            input=fresh,
            cache_read_input_tokens=read,
            cache_creation_input_tokens=written,
            output=out,
            output_reasoning_tokens=thought,
            **({"total": fresh + read + written + out + thought} if total else {}),
        )
        | {"id": str(number), "total_cost": fresh / 1e6}
        for number, (fresh, read, written, out, thought) in enumerate(counts)
    ]
    sums = [sum(each[i] for each in counts) for i in range(5)]
    exports.obey_the_laws(rows, [*sums[:3], sums[3] + sums[4]], sums[0] / 1e6)


def test_no_documented_column_is_unknown(reference_data: Path) -> None:
    documented = json.loads((reference_data / "export_formats" / "columns.json").read_text(encoding="utf-8"))
    wanted = {"observations": documented["langfuse_observations_export"]["columns"]}
    for export, columns in wanted.items():
        found = recognise(columns, 1, EXPORTS, FileFindings("e.csv"))
        assert found is not None
        assert (found.export.name, found.unknown) == (export, ())
