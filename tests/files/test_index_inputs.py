"""What an index is made of: only what its method needs is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.files.index_inputs import read_index_inputs

PRICES = """effective_date,provider,model,meter,price_usd_per_mtok,mode,source
2026-01-05,v,m,uncached_input,1,,a
2026-01-05,v,m,uncached_input,1,,b
2026-01-05,v,m,output,4,Standard,a
2026-01-05,v,m,output,2,batch,a
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "market").mkdir()
    (tmp_path / "market/list_prices.csv").write_text(PRICES, encoding="utf-8")
    return tmp_path


def test_the_list_prices_alone_are_enough(folder):
    inputs = read_index_inputs(folder)
    assert inputs.settings.method == "matched_list"
    assert inputs.list_prices.modes == ("standard", "standard", "standard", "batch")
    assert inputs.list_prices.sources == ("a", "b", "a", "a")
    assert (inputs.scores, inputs.usage, inputs.notices) == (None, None, ())


def test_a_folder_that_itself_holds_the_list_will_do(folder):
    assert read_index_inputs(folder / "market").list_prices.models == ("m",) * 4


def test_what_is_asked_beats_the_file(folder):
    (folder / "market/index.toml").write_text('frequency = "month"\nbase = 50\n', encoding="utf-8")
    settings = read_index_inputs(folder, {"frequency": "week"}).settings
    assert (settings.frequency, settings.base) == ("week", 50.0)


def test_of_the_same_source_twice_on_a_day_the_later_row_stands(folder):
    again = PRICES + "2026-01-05,v,m,output,9,standard,a\n"
    (folder / "market/list_prices.csv").write_text(again, encoding="utf-8")
    read = read_index_inputs(folder)
    assert read.list_prices.price_per_mtok[-1] == 9
    assert len(read.list_prices.models) == 4


@pytest.mark.parametrize(
    ("method", "file"),
    [("matched_list", "market/list_prices.csv"), ("quality_constant", "market/scores.csv"), ("realised", "usage")],
)
def test_what_a_method_needs_and_is_not_there_is_named(folder, method, file):
    if method == "matched_list":
        (folder / "market/list_prices.csv").unlink()
    with pytest.raises(InputError) as refusal:
        read_index_inputs(folder, {"method": method})
    assert [fault.file for fault in refusal.value.faults] == [file]


def test_faults_of_all_files_are_told_at_once(folder):
    (folder / "market/index.toml").write_text("trim = 3\n", encoding="utf-8")
    (folder / "market/list_prices.csv").write_text(PRICES.replace(",4,", ",-4,"), encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        read_index_inputs(folder)
    assert [fault.file for fault in refusal.value.faults] == ["market/index.toml", "market/list_prices.csv"]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        read_index_inputs(tmp_path / "nowhere")


USAGE = """date,seller,model,uncached_input_tokens,output_tokens,cost_usd
2026-01-05,v,m,1000000,0,2
2026-01-06,w,n,3000000,0,3
"""


def test_usage_is_read_for_the_realised_index(folder):
    (folder / "usage").mkdir()
    (folder / "usage/january.csv").write_text(USAGE, encoding="utf-8")
    usage = read_index_inputs(folder, {"method": "realised"}).usage
    assert sorted(usage.billed.tolist()) == [2.0, 3.0]
    assert read_index_inputs(folder).usage is None


def test_a_bill_that_comes_in_an_export_of_its_own_is_the_money_of_the_realised_index(folder):
    usage = "start_time,project_id,num_model_requests,model,input_tokens,output_tokens\n"
    usage += "1767225600,p,1,gpt-5-2025-08-07,2000000,0\n1767312000,p,1,gpt-5-2025-08-07,2000000,0\n"
    cost = 'start_time,amount_value,amount_currency,line_item\n1767312000,3.2,usd,"gpt-5-2025-08-07, input"\n'
    (folder / "usage").mkdir()
    (folder / "usage/usage.csv").write_text(usage, encoding="utf-8")
    (folder / "usage/cost.csv").write_text(cost, encoding="utf-8")
    read = read_index_inputs(folder, {"method": "realised"}).usage
    assert sorted(read.billed.tolist()) == pytest.approx([0.0, 1.6, 1.6])


def test_usage_that_cannot_be_read_is_a_fault(folder):
    (folder / "usage").mkdir()
    (folder / "usage/january.csv").write_text("not,an,export\n1,2,3\n", encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        read_index_inputs(folder, {"method": "realised"})
    assert all(fault.file.startswith("usage") for fault in refusal.value.faults)
