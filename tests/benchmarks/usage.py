"""Time and memory of reading a million rows of usage: ``python tests/benchmarks/usage.py [rows] [kind ...]``.

Kinds are openrouter, litellm, langfuse, azure and focus; openrouter is also read with prices. It prints and gates
nothing: each kind is read in a process of its own, so that the peak of memory is its own.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

ROWS = 1_000_000
BLOCK = 50_000
MODELS = ("anthropic/claude-4.5-sonnet-20250929", "openai/gpt-5", "z-ai/glm-4.6", "deepseek/deepseek-v3.2")
Row = dict[str, object]


def main() -> None:
    """Write each kind's export, read it in a fresh process and print what that took."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    kinds = sys.argv[2:] or [*KINDS, "openrouter+prices"]
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "export.csv"
            write(place, KINDS[kind.partition("+")[0]], rows)
            print(f"{kind}: {place.stat().st_size / 1e6:,.0f} MB", end=", ", flush=True)
            priced = "priced" if kind.endswith("+prices") else "unpriced"
            subprocess.run([sys.executable, __file__, "--read", str(place), priced], check=True)


def read(place: Path, priced: bool) -> None:
    """Read one export and print rows, seconds and the peak of memory."""
    from hedgedesk.files.price_books import default_book
    from hedgedesk.files.usage import read_usage

    started = time.perf_counter()
    measured = read_usage([place], book=default_book() if priced else None)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    file = measured.files[0]
    told = f"{file.rows:,} rows, {file.faults} faults, {seconds:.1f} s, {peak:,.0f} MiB"
    print(f"{told}, {sum(file.tokens) / 1e6:,.0f} Mtok, priced {np.nansum(measured.usage.priced):,.2f}")


def write(place: Path, make: Callable[[int, dict[str, list[int]]], Row], rows: int) -> None:
    """Write ``rows`` made-up rows of one kind; the numbers are the same at every run."""
    random = np.random.default_rng(1)
    with place.open("w", encoding="utf-8", newline="") as stream:
        writer: csv.DictWriter[str] | None = None
        for number, drawn in _draws(random, rows):
            row = make(number, drawn)
            if writer is None:
                writer = csv.DictWriter(stream, list(row))
                writer.writeheader()
            writer.writerow(row)


def _draws(random: np.random.Generator, rows: int) -> Iterator[tuple[int, dict[str, list[int]]]]:
    for start in range(0, rows, BLOCK):
        size = min(BLOCK, rows - start)
        drawn = random.integers(1, 20_000, size=(size, 6)).tolist()
        for place in range(size):
            fresh, cached, out, second, model, spend = drawn[place]
            yield (
                start + place,
                {
                    "tokens": [fresh, cached, out],
                    "time": [second % 28 + 1, second % 24, second % 60],
                    "pick": [model % 4, spend],
                },
            )


def _openrouter(number: int, drawn: dict[str, list[int]]) -> Row:
    (fresh, cached, out), (day, hour, minute), (model, spend) = drawn.values()
    return {
        "generation_id": f"gen-{1_780_000_000 + number}-{number * 2654435761 % 2**32:08x}",
        "created_at": f"2026-06-{day:02d} {hour:02d}:{minute:02d}:57.{number % 1000:03d}",
        "cost_total": spend / 1e6,
        "cost_web_search": 0,
        "cost_cache": 0,
        "cost_file_processing": 0,
        "byok_usage_inference": 0,
        "tokens_prompt": fresh + cached,
        "tokens_completion": out,
        "tokens_reasoning": out // 3,
        "tokens_cached": cached,
        "model_permaslug": MODELS[model],
        "provider_name": "Provider",
        "variant": "standard",
        "cancelled": "false",
        "streamed": "true",
        "user": "",
        "finish_reason_raw": "stop",
        "finish_reason_normalized": "stop",
        "generation_time_ms": 2900 + spend % 1000,
        "time_to_first_token_ms": spend % 1000,
        "api_key_disabled": "false",
        "api_key_name": f"team-{spend % 20}",
        "app_name": "app",
    }


def _litellm(number: int, drawn: dict[str, list[int]]) -> Row:
    (fresh, cached, out), (day, hour, minute), (model, spend) = drawn.values()
    usage = {
        "cache_read_input_tokens": cached,
        "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": None},
    }
    metadata = {
        "status": "success",
        "user_api_key_alias": "alias",
        "additional_usage_values": usage,
        "usage_object": usage,
    }
    return {
        "request_id": f"chatcmpl-{number}",
        "call_type": "acompletion",
        "spend": spend / 1e6,
        "total_tokens": fresh + cached + out,
        "prompt_tokens": fresh + cached,
        "completion_tokens": out,
        "startTime": f"2026-06-{day:02d} {hour:02d}:{minute:02d}:57.{number % 1000:03d}",
        "model": MODELS[model],
        "custom_llm_provider": "openrouter",
        "metadata": json.dumps(metadata),
        "cache_hit": "False",
        "team_id": f"team-{spend % 20}",
        "status": "success",
    }


def _langfuse(number: int, drawn: dict[str, list[int]]) -> Row:
    (fresh, cached, out), (day, hour, minute), (model, spend) = drawn.values()
    usage = {"input": fresh, "input_cached_tokens": cached, "output": out, "total": fresh + cached + out}
    return {
        "id": f"{number:016x}",
        "trace_id": f"{number // 4:016x}",
        "project_id": f"project-{spend % 5}",
        "type": "GENERATION" if number % 3 else "SPAN",
        "start_time": f"2026-06-{day:02d} {hour:02d}:{minute:02d}:57.{number % 1000:03d}000",
        "provided_model_name": MODELS[model],
        "usage_details": json.dumps(usage),
        "cost_details": json.dumps({"total": spend / 1e6}),
        "total_cost": spend / 1e6,
    }


def _azure(number: int, drawn: dict[str, list[int]]) -> Row:
    (fresh, _, _), (day, _, _), (model, spend) = drawn.values()
    return {
        "UsageDateTime": f"2026-06-{day:02d}",
        "ResourceGroup": f"rg-{spend % 20}",
        "ResourceLocation": "swedencentral",
        "MeterCategory": "Foundry Models" if number % 2 else "Storage",
        "MeterSubCategory": "Azure OpenAI",
        "MeterName": ("gpt 4o 1120 Inp glbl Tokens", "gpt 4o 1120 Outp glbl Tokens", "5.4 opt Gl 1M Tokens", "LRS")[
            model
        ],
        "UnitOfMeasure": "1K",
        "UsageQuantity": fresh / 1000,
        "PreTaxCost": spend / 1e6,
        "Currency": "USD",
        "InstanceId": f"/subscriptions/s/resources/{number}",
    }


def _focus(number: int, drawn: dict[str, list[int]]) -> Row:
    (fresh, _, _), (day, hour, _), (model, spend) = drawn.values()
    ai = number % 2 == 0
    return {
        "BilledCost": spend / 1e6,
        "BillingCurrency": "USD",
        "ChargeCategory": "Usage",
        "ChargeClass": "NULL",
        "ChargeDescription": "$0.003 per 1K input tokens" if ai else "$0.40 per million requests",
        "ChargePeriodStart": f"2026-06-{day:02d} {hour:02d}:00:00",
        "ConsumedQuantity": fresh / 1000,
        "ConsumedUnit": "1K tokens" if ai else "Requests",
        "ListCost": spend / 1e6,
        "ProviderName": "AWS",
        "RegionId": "us-east-1",
        "ResourceId": f"arn:aws:{number}",
        "ServiceCategory": "AI and Machine Learning" if ai else "Integration",
        "ServiceName": "Amazon Bedrock" if ai else "Amazon Simple Queue Service",
        "SkuMeter": ("USE1-NovaPro-input-tokens", "USE1-NovaPro-output-tokens")[model % 2] if ai else "Requests-Tier1",
        "SubAccountName": f"team-{spend % 20}",
        "Tags": "NULL",
    }


KINDS = {"openrouter": _openrouter, "litellm": _litellm, "langfuse": _langfuse, "azure": _azure, "focus": _focus}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        read(Path(sys.argv[2]), sys.argv[3] == "priced")
    else:
        main()
