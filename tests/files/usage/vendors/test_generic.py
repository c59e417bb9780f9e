"""The CSV that anybody can write."""

from __future__ import annotations

import pytest

from hedgedesk.files.usage.vendors.generic import TEMPLATE


def test_the_template_reads_without_a_fault(read_exports):
    measured = read_exports({"mine.csv": TEMPLATE})
    file = measured.files[0]
    assert (file.vendor, file.rows, file.faults, file.unknown_columns) == ("generic", 2, 0, ())
    assert file.tokens == (2_100_000.0, 400_000.0, 50_000.0, 550_000.0)
    assert file.billed == pytest.approx(6.05)


def test_millions_of_tokens_are_tokens(read_exports):
    measured = read_exports(
        {"m.csv": "date,model,uncached_input_mtok,output_mtok,reasoning_mtok\n2026-10-01,m,1.1,0.3,0.1\n"}
    )
    assert measured.usage.tokens.tolist() == [[1_100_000.0, 0.0, 0.0, 300_000.0]]
    assert measured.usage.reasoning.tolist() == [100_000.0]
    assert measured.files[0].billed is None


def test_a_slash_in_the_model_names_the_seller_where_no_column_does(read_exports):
    measured = read_exports({"m.csv": "date,model,output_tokens\n2026-10-01,OpenAI/GPT-5,1\n2026-10-01,local,1\n"})
    assert [(key.seller, key.model) for key in measured.usage.keys] == [("", "local"), ("openai", "gpt-5")]
    beside = read_exports({"n.csv": "date,model,provider,output_tokens\n2026-10-01,openai/gpt-5,Azure,1\n"})
    assert [(key.seller, key.model) for key in beside.usage.keys] == [("azure", "openai/gpt-5")]


def test_writes_kept_an_hour_are_cache_writes_where_no_other_column_is(read_exports):
    measured = read_exports({"m.csv": "date,model,cache_write_1h_tokens\n2026-10-01,m,7\n"})
    assert measured.usage.tokens.tolist() == [[0.0, 0.0, 7.0, 0.0]]
    assert measured.usage.cache_write_1h.tolist() == [7.0]


@pytest.mark.parametrize(
    ("header", "row", "found"),
    [
        ("cache_write_tokens,cache_write_1h_tokens", "5,6", "6 cache_write_1h of 5 cache_write tokens"),
        ("output_tokens,reasoning_tokens", "5,6", "6 reasoning of 5 output tokens"),
    ],
)
def test_a_part_larger_than_its_whole_is_a_fault(read_exports, header, row, found):
    measured = read_exports({"m.csv": f"date,model,{header}\n2026-10-01,m,{row}\n"})
    assert [(f.row, f.found) for f in measured.faults] == [(2, found)]


def test_any_currency_by_its_three_letters(read_exports):
    measured = read_exports({"m.csv": "date,model,output_tokens,cost_cny,list_cost_cny\n2026-10-01,m,1,2.5,3\n"})
    assert (measured.usage.currency, measured.files[0].currency) == ("CNY", "CNY")
    assert (measured.usage.billed.tolist(), measured.usage.listed.tolist()) == ([2.5], [3.0])


def test_two_currencies_in_one_file_are_one_fault_and_nothing_counts(read_exports):
    measured = read_exports(
        {"m.csv": "date,model,output_tokens,cost_cny,cost_usd\n2026-10-01,m,1,2.5,3\n2026-10-02,m,1,2.5,3\n"}
    )
    (fault,) = measured.faults
    assert (fault.row, fault.found) == (1, "columns in two currencies (CNY, USD)")
    assert measured.usage.starts.size == 0


def test_a_semicolon_file_with_decimal_commas_reads(read_exports):
    measured = read_exports({"m.csv": "date;model;output_tokens;cost_eur\n01.10.2026;m;1200;2,5\n"})
    assert (measured.usage.billed.tolist(), measured.usage.tokens[0, 3]) == ([2.5], 1_200.0)
    assert str(measured.usage.starts[0]) == "2026-10-01T00:00:00"


def test_an_id_tells_apart_what_is_alike_in_everything_else(read_exports):
    alike = "date,model,output_tokens,id\n2026-10-01,m,5,a\n2026-10-01,m,5,b\n2026-10-01,m,5,\n2026-10-01,m,5,\n"
    measured = read_exports({"m.csv": alike})
    assert measured.usage.tokens.sum() == 15.0
    assert measured.files[0].repeated == 1


def test_input_without_a_word_of_the_cache_is_all_input_with_an_unknown_split(read_exports):
    measured = read_exports({"u.csv": "date,model,input_tokens,output_tokens\n2026-10-01,openai/gpt-5,100,7\n"})
    assert measured.usage.tokens.tolist() == [[100.0, 0.0, 0.0, 7.0]]
    assert measured.files[0].cache_unknown == 100.0
    assert measured.files[0].unknown_columns == ()


def test_input_beside_the_cache_is_refused_because_it_may_include_it(read_exports):
    text = "date,model,input_tokens,cache_read_tokens,output_tokens\n2026-10-01,openai/gpt-5,100,40,7\n"
    fault = read_exports({"u.csv": text}).faults[0]
    assert (fault.row, fault.column, fault.found) == (2, "input_tokens", "100")
    assert "uncached_input_tokens" in fault.expected


def test_input_beside_uncached_input_is_their_sum_and_not_counted_again(read_exports):
    text = "date,model,input_tokens,uncached_input_tokens,cache_read_tokens\n2026-10-01,openai/gpt-5,100,60,40\n"
    assert read_exports({"u.csv": text}).usage.tokens.tolist() == [[60.0, 40.0, 0.0, 0.0]]
