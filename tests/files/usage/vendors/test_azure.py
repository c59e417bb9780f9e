"""Azure's cost exports: a meter per row, in units of a thousand or a million, beside all else that Azure bills."""

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
from hedgedesk.files.usage.vendors.azure import EXPORTS

METER = {
    "SubscriptionGuid": "s",
    "ResourceGroup": "rg-chat",
    "ResourceLocation": "swedencentral",
    "UsageDateTime": "2026-08-05",
    "MeterCategory": "Foundry Models",
    "MeterSubCategory": "Azure OpenAI",
    "MeterId": "m-1",
    "MeterName": "gpt 4o 1120 Inp glbl Tokens",
    "MeterRegion": "Global",
    "UsageQuantity": "120.5",
    "ResourceRate": "0.0025",
    "PreTaxCost": "0.30125",
    "ConsumedService": "Microsoft.CognitiveServices",
    "InstanceId": "/subscriptions/s/x",
    "Currency": "EUR",
    "UnitOfMeasure": "1K",
}
STORAGE = METER | {
    "MeterCategory": "Storage",
    "MeterSubCategory": "Tables",
    "MeterName": "Batch Write Operations",
    "UnitOfMeasure": "10K",
    "ConsumedService": "Microsoft.Storage",
    "PreTaxCost": "4.5",
}
NEWER = {
    "date": "08/05/2026",
    "meterCategory": "Foundry Models",
    "meterSubcategory": "Azure OpenAI GPT5",
    "meterName": "5.4 opt Gl 1M Tokens",
    "unitOfMeasure": "1M",
    "quantity": "2.5",
    "costInBillingCurrency": "37.5",
    "paygCostInBillingCurrency": "40",
    "billingCurrency": "USD",
    "chargeType": "Usage",
    "resourceGroupName": "rg-chat",
}


def test_the_quantity_is_in_units_of_the_unit_of_measure(exports: Any) -> None:
    rows = [
        METER,
        METER | {"MeterName": "gpt 4o 1120 cached Inp glbl Tokens", "UsageQuantity": "40"},
        METER | {"MeterName": "gpt 4o 1120 Outp glbl Tokens", "UsageQuantity": "0.002", "UnitOfMeasure": "1M"},
    ]
    measured = exports.obey_the_laws(rows, [120_500, 40_000, 0, 2_000], 3 * 0.30125)
    assert measured.usage.keys == (UsageKey("azure", "gpt-4o-2024-11-20", "rg-chat", "swedencentral"),)
    assert measured.usage.currency == "EUR"
    assert measured.files[0].unknown_columns == ()


def test_the_export_of_an_agreement_has_other_names_and_the_month_first(exports: Any) -> None:
    measured = exports.obey_the_laws([NEWER], [0, 0, 0, 2_500_000], 37.5)
    assert measured.files[0].first_day == "2026-08-05"
    assert measured.usage.keys[0].model == "gpt-5.4"
    assert measured.usage.listed.tolist() == [40]


def test_localised_headers_in_any_case_are_found_by_the_bracket(exports: Any) -> None:
    row = {f"Categoría ({name.upper()})": value for name, value in METER.items()}
    exports.obey_the_laws([row], [120_500, 0, 0, 0], 0.30125)


def test_other_services_keep_their_money_outside_every_exposure(exports: Any) -> None:
    measured = exports.obey_the_laws([METER, STORAGE], [120_500, 0, 0, 0], 4.80125)
    money = {
        key.item: measured.usage.billed[measured.usage.key == i].sum() for i, key in enumerate(measured.usage.keys)
    }
    assert money == {"tokens": pytest.approx(0.30125), "other_service": pytest.approx(4.5)}
    assert any(notice.endswith("in no exposure: 1 row (EUR 4.50)") for notice in measured.notices)


@pytest.mark.parametrize(
    ("changes", "item"),
    [
        ({"MeterName": "Provisioned Managed Regional Unit", "UnitOfMeasure": "1 Hour"}, "provisioned"),
        ({"MeterName": "Image-Dall-E-3 HD HighRes-glbl Images", "UnitOfMeasure": "100"}, "other"),
        ({"MeterName": "gpt-4o-0806-FT-Hstng-glbl Unit", "UnitOfMeasure": "1 Hour"}, "hosting"),
        ({"MeterName": "gpt 4.1 dev ft training glbl Tokens"}, "training"),
        ({"chargeType": "Refund", "PreTaxCost": "-0.30125", "UsageQuantity": "-1"}, "credit"),
        ({"chargeType": "Tax"}, "tax"),
    ],
)
def test_what_buys_no_tokens_is_money_alone(exports: Any, changes: dict[str, str], item: str) -> None:
    row = METER | changes
    measured = exports.obey_the_laws([row], [0, 0, 0, 0], float(row["PreTaxCost"]))
    assert [key.item for key in measured.usage.keys] == [item]


def test_a_partners_model_outside_the_category_counts_by_its_tokens(exports: Any) -> None:
    row = METER | {"MeterCategory": "SaaS", "MeterSubCategory": "", "ConsumedService": "", "MeterName": "Input tokens"}
    exports.obey_the_laws([row], [120_500, 0, 0, 0], 0.30125)


def test_batch_meters_are_of_the_batch_tier(exports: Any) -> None:
    usage = exports.read([METER | {"MeterName": "gpt 4o 1120 Batch Inp glbl Tokens"}]).usage
    assert usage.keys[0].tier == "batch"


def test_a_date_that_can_only_have_the_day_first_makes_all_of_them_doubtful(exports: Any) -> None:
    measured = exports.read([NEWER, NEWER | {"date": "13/08/2026"}, NEWER | {"date": "2026-08-07"}])
    assert [fault.row for fault in measured.faults] == [2, 3]
    assert "the day is first" in measured.faults[0].expected
    assert measured.files[0].first_day == "2026-08-07"


def test_two_currencies_are_a_fault(exports: Any) -> None:
    measured = exports.read([METER, METER | {"Currency": "USD"}])
    assert [fault.row for fault in measured.faults] == [3]


_QUANTITY = st.integers(0, 10**7)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(_QUANTITY, st.sampled_from(["Inp", "cached Inp", "Outp"]), _QUANTITY), min_size=1, max_size=9)
)
def test_tokens_and_money_are_conserved(exports: Any, meters: list[tuple[int, str, int]]) -> None:
    rows = [
        METER
        | {"MeterName": f"gpt 4o 1120 {way} glbl Tokens", "UsageQuantity": tokens / 1000, "PreTaxCost": cents / 1e4}
        | {"InstanceId": number}
        for number, (tokens, way, cents) in enumerate(meters)
    ]
    sums = [sum(tokens for tokens, way, _ in meters if way == each) for each in ("Inp", "cached Inp", "Outp")]
    exports.obey_the_laws(rows, [sums[0], sums[1], 0, sums[2]], sum(cents for *_, cents in meters) / 1e4)


def test_no_documented_column_is_unknown(reference_data: Path) -> None:
    documented = json.loads((reference_data / "export_formats" / "columns.json").read_text(encoding="utf-8"))
    formats = documented["azure_cost_export_csv"]
    wanted = {"cost": [*formats["columns_v1"], *formats["columns_v1_ea_extra"]]}
    for export, columns in wanted.items():
        found = recognise(columns, 1, EXPORTS, FileFindings("e.csv"))
        assert found is not None
        assert (found.export.name, found.unknown) == (export, ())
