"""FOCUS: meters of three clouds in one table, and charges that are of no token."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.domain.usage import UsageKey
from hedgedesk.files.findings import FileFindings
from hedgedesk.files.usage import read_usage
from hedgedesk.files.usage.recognise import recognise
from hedgedesk.files.usage.vendors.focus import EXPORTS

CHARGE = {
    "BilledCost": "0.30",
    "BillingAccountId": "1",
    "BillingCurrency": "USD",
    "BillingPeriodStart": "2026-08-01T00:00:00Z",
    "ChargeCategory": "Usage",
    "ChargeClass": "NULL",
    "ChargeDescription": "$0.003 per 1K input tokens",
    "ChargePeriodStart": "2026-08-05T10:00:00Z",
    "ChargePeriodEnd": "2026-08-05T11:00:00Z",
    "ConsumedQuantity": "100",
    "ConsumedUnit": "1K tokens",
    "EffectiveCost": "0.25",
    "ListCost": "0.33",
    "ProviderName": "AWS",
    "RegionId": "us-east-1",
    "ServiceCategory": "AI and Machine Learning",
    "ServiceName": "Amazon Bedrock",
    "SkuId": "SKU1",
    "SkuMeter": "USE1-NovaPro-input-tokens",
    "SubAccountName": "Search",
    "Tags": "NULL",
}
AZURE = {
    "ProviderName": "Microsoft",
    "ServiceName": "Azure OpenAI",
    "ConsumedUnit": "1K",
    "SkuMeter": "gpt 4o 1120 Outp glbl Tokens",
}
GOOGLE = {
    "ProviderName": "Google Cloud",
    "ServiceName": "Vertex AI",
    "ConsumedUnit": "requests",
    "SkuMeter": "NULL",
    "ChargeDescription": "Gemini 2.5 Flash GA Thinking Text Output - Predictions",
}
MARKETPLACE = {
    "ServiceCategory": "Other",
    "ServiceName": "Claude Sonnet 4.5 (Amazon Bedrock Edition)",
    "SkuMeter": "NULL",
    "x_UsageType": "USE1-MP:USE1_CacheReadInputTokenCount-Units",
    "ConsumedUnit": "Units",
    "ConsumedQuantity": "1.5",
}


@pytest.mark.parametrize(
    ("changes", "key", "tokens"),
    [
        ({}, UsageKey("aws", "nova-pro", "Search", "us-east-1"), [100_000, 0, 0, 0]),
        (AZURE, UsageKey("azure", "gpt-4o-2024-11-20", "Search", "us-east-1"), [0, 0, 0, 100_000]),
        (
            AZURE | {"ConsumedUnit": "Units", "ConsumedQuantity": "120500", "x_PricingBlockSize": "1000"},
            UsageKey("azure", "gpt-4o-2024-11-20", "Search", "us-east-1"),
            [0, 0, 0, 120_500],
        ),
        (GOOGLE, UsageKey("google", "gemini-2.5-flash", "Search", "us-east-1"), [0, 0, 0, 100]),
        (MARKETPLACE, UsageKey("aws", "claude-sonnet-4.5", "Search", "us-east-1"), [0, 1_500_000, 0, 0]),
        ({"SkuMeter": "NULL"}, UsageKey("aws", "", "Search", "us-east-1"), [100_000, 0, 0, 0]),
        (
            {"ResourceId": "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-opus-5-v1:0"},
            UsageKey("aws", "anthropic.claude-opus-5-v1:0", "Search", "us-east-1"),
            [100_000, 0, 0, 0],
        ),
        (
            {"SkuMeter": "NULL", "ChargeDescription": "NULL", "SkuId": "gpt-4o-output-tokens"},
            UsageKey("aws", "gpt-4o", "Search", "us-east-1"),
            [0, 0, 0, 100_000],
        ),
        (
            {
                "SkuMeter": "NULL",
                "ChargeDescription": "NULL",
                "SkuPriceDetails": '{"TokenType": "Cached input", "Model": "gpt-5", "CoreCount": 1}',
            },
            UsageKey("aws", "gpt-5", "Search", "us-east-1"),
            [0, 100_000, 0, 0],
        ),
        ({"ConsumedUnit": "M tokens"}, UsageKey("aws", "nova-pro", "Search", "us-east-1"), [1e8, 0, 0, 0]),
        (
            {"ProviderName": "Anthropic", "SkuMeter": "Claude Opus 5 Cache Write Tokens", "ConsumedUnit": "Tokens"},
            UsageKey("anthropic", "claude-opus-5", "Search", "us-east-1"),
            [0, 0, 100, 0],
        ),
    ],
)
def test_each_clouds_meter_says_model_and_direction(
    exports: Any, changes: dict[str, str], key: UsageKey, tokens: list[float]
) -> None:
    measured = exports.obey_the_laws([CHARGE | changes], tokens, 0.30)
    assert measured.usage.keys == (key,)
    assert measured.usage.listed.tolist() == [0.33]


def test_thinking_is_a_memo_inside_output(exports: Any) -> None:
    assert exports.read([CHARGE | GOOGLE]).usage.reasoning.tolist() == [100]


@pytest.mark.parametrize(
    ("changes", "item"),
    [
        ({"ChargeCategory": "Tax", "SkuMeter": "NULL"}, "tax"),
        ({"ChargeCategory": "Credit", "BilledCost": "-0.30"}, "credit"),
        ({"ChargeCategory": "Purchase"}, "other"),
        ({"ConsumedUnit": "Requests", "SkuMeter": "NULL", "ChargeDescription": "gpt-4.1"}, "other"),
        ({"ConsumedUnit": "Hours", "SkuMeter": "USE1-ProvisionedThroughput-Provisioned"}, "provisioned"),
        ({"ConsumedQuantity": "NULL", "ConsumedUnit": "NULL", "ChargeCategory": "Adjustment"}, "other"),
        ({"ServiceCategory": "Storage", "ServiceName": "Amazon Simple Storage Service"}, "other_service"),
    ],
)
def test_charges_without_tokens_keep_their_money_under_an_item(
    exports: Any, changes: dict[str, str], item: str
) -> None:
    row = CHARGE | changes
    measured = exports.obey_the_laws([row], [0, 0, 0, 0], float(row["BilledCost"]))
    assert [key.item for key in measured.usage.keys] == [item]


def test_a_correction_takes_money_back_and_no_tokens(exports: Any) -> None:
    back = CHARGE | {"ChargeClass": "Correction", "ConsumedQuantity": "-40", "BilledCost": "-0.12"}
    measured = exports.obey_the_laws([CHARGE, back], [100_000, 0, 0, 0], 0.18)
    assert {key.item for key in measured.usage.keys} == {"tokens", "credit"}
    assert any("take back money, but no tokens: 1 row (USD -0.12)" in notice for notice in measured.notices)


def test_negative_use_that_is_no_correction_is_a_fault(exports: Any) -> None:
    measured = exports.read([CHARGE, CHARGE | {"ConsumedQuantity": "-40"}])
    assert [fault.row for fault in measured.faults] == [3]


def test_two_currencies_are_a_fault(exports: Any) -> None:
    measured = exports.read([CHARGE, CHARGE | {"BillingCurrency": "EUR"}])
    assert [fault.row for fault in measured.faults] == [3]
    assert measured.usage.currency == "USD"


def test_the_provider_column_of_1_3_names_the_seller(exports: Any) -> None:
    row = {name: value for name, value in CHARGE.items() if name != "ProviderName"}
    measured = exports.read([row | {"ServiceProviderName": "Amazon Web Services"}])
    assert measured.usage.keys[0].seller == "aws"
    assert measured.files[0].unknown_columns == ()


def test_the_published_sample_reads_whole_and_without_faults(reference_data: Path) -> None:
    sample = reference_data / "export_formats" / "focus_1_0_sample.csv"
    measured = read_usage([sample, sample])
    assert measured.faults == ()
    assert [(file.rows, file.repeated, file.unknown_columns) for file in measured.files] == [
        (600, 0, ("Id",)),
        (600, 600, ("Id",)),
    ]
    assert measured.usage.tokens.sum() == 0.0
    assert np.nansum(measured.usage.billed) == pytest.approx(8.53176143, abs=1e-12)
    assert {key.item for key in measured.usage.keys} == {"other_service"}
    assert (measured.files[0].first_day, measured.files[0].last_day) == ("2024-09-01", "2024-09-30")
    assert any("in no exposure: 600 rows (USD 8.53)" in notice for notice in measured.notices)


_WAYS = ("input-tokens", "cache-read-input-token-count", "cache-write-input-token-count", "output-tokens")
_COUNT = st.integers(0, 10**7)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(_COUNT, st.integers(0, 3), _COUNT), min_size=1, max_size=9))
def test_tokens_and_money_are_conserved(exports: Any, charges: list[tuple[int, int, int]]) -> None:
    rows = [
        CHARGE
        | {"SkuMeter": f"USE1-NovaPro-{_WAYS[way]}", "ConsumedQuantity": tokens / 1000, "BilledCost": cents / 1e4}
        | {"SkuId": number}
        for number, (tokens, way, cents) in enumerate(charges)
    ]
    sums = [sum(tokens for tokens, way, _ in charges if way == each) for each in range(4)]
    exports.obey_the_laws(rows, sums, sum(cents for *_, cents in charges) / 1e4)


def test_no_documented_column_is_unknown(reference_data: Path) -> None:
    documented = json.loads((reference_data / "export_formats" / "columns.json").read_text(encoding="utf-8"))
    wanted = {"cost and usage": documented["focus_1_0"]["columns"]}
    for export, columns in wanted.items():
        found = recognise(columns, 1, EXPORTS, FileFindings("e.csv"))
        assert found is not None
        assert (found.export.name, found.unknown) == (export, ("Id",))


def test_the_service_tells_of_ai_where_its_category_is_left_out(exports: Any) -> None:
    charge = {name: text for name, text in CHARGE.items() if name != "ServiceCategory"}
    measured = exports.read([charge])
    assert measured.files[0].vendor == "focus"
    assert measured.usage.tokens.sum() == 100_000.0
