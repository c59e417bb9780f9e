"""Files together: their currency, their overlaps, their names, and how far the reading is."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hedgedesk as hd
from hedgedesk.domain.errors import InputError
from hedgedesk.domain.usage import MeasuredUsage
from hedgedesk.domain.values import from_plain, to_plain
from hedgedesk.files.findings import SHOWN_PER_FILE

HEADER = "date,model,seller,output_tokens,cost_usd\n"

COLUMNS = ("time", "model", "seller", "team", "uncached_input_tokens", "cache_read_tokens", "output_tokens", "cost_usd")
ROWS = st.lists(
    st.tuples(
        st.integers(*(int(datetime(2026, month, 1, tzinfo=UTC).timestamp()) for month in (1, 3))).map(str),
        st.sampled_from(("gpt-5", "claude-opus-4-6")),
        st.sampled_from(("openai", "anthropic")),
        st.sampled_from(("", "=cmd|'/c calc'!A1", "Zürich, Süd", 'a "b"')),
        st.integers(0, 10**9),
        st.integers(0, 10**9),
        st.integers(0, 10**9),
        st.integers(-(10**9), 10**9).map(lambda n: f"{n / 1e9:.9f}"),
    ),
    min_size=1,
    max_size=25,
)


def table(columns, rows) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([columns, *rows])
    return text.getvalue()


def same(one: MeasuredUsage, other: MeasuredUsage) -> bool:
    told = (one.usage, other.usage)
    return (
        told[0].keys == told[1].keys
        and told[0].tokens.tolist() == told[1].tokens.tolist()
        and told[0].starts.tolist() == told[1].starts.tolist()
        and np.array_equal(told[0].billed, told[1].billed, equal_nan=True)
    )


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_shuffled_rows_and_columns_read_the_same_and_nothing_is_lost(read_exports, rows, random):
    numbered = [(*row, f"id-{i}") for i, row in enumerate(rows)]
    columns = (*COLUMNS, "id")
    order = random.sample(range(len(columns)), len(columns))
    shuffled = random.sample(numbered, len(numbered))
    plain = read_exports({"a.csv": table(columns, numbered)})
    mixed = read_exports({"a.csv": table([columns[i] for i in order], [[row[i] for i in order] for row in shuffled])})
    assert same(plain, mixed)
    assert plain.usage.tokens.sum() == sum(sum(row[4:7]) for row in rows)
    assert plain.usage.billed.sum() == pytest.approx(math.fsum(float(row[7]) for row in rows), abs=1e-9)
    assert {key.team for key in plain.usage.keys} == {row[3] for row in rows}
    assert not plain.faults


@given(ROWS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_that_is_read_twice_changes_nothing(read_exports, rows):
    text = table(COLUMNS, rows)
    once, twice = read_exports({"a.csv": text}), read_exports({"a.csv": text, "b.csv": text})
    assert same(once, twice)


def test_the_front_door_offers_it_and_the_result_crosses_as_plain_text(write_export):
    measured = hd.read_usage([write_export("u.csv", HEADER + "2026-10-01,gpt-5,openai,5,0.5\n")])
    back = from_plain(MeasuredUsage, to_plain(measured))
    assert same(measured, back)
    assert back.files == measured.files


def test_money_in_another_currency_than_the_files_before_leaves_that_file_out(read_exports):
    first = HEADER + "2026-10-01,gpt-5,openai,5,0.5\n"
    second = HEADER.replace("usd", "cny") + "2026-10-02,qwen,alibaba,7,3.5\n"
    measured = read_exports({"a.csv": first, "b.csv": second})
    (fault,) = measured.faults
    assert (fault.file, fault.found) == ("b.csv", "money in CNY")
    assert "USD, as in the files before" in fault.expected
    assert measured.usage.tokens.sum() == 5.0
    assert measured.files[1].tokens == (0.0, 0.0, 0.0, 0.0)


def test_a_file_without_money_joins_any_currency(read_exports):
    tokens = "date,model,seller,output_tokens\n2026-10-01,gpt-5,openai,5\n"
    money = HEADER.replace("usd", "cny") + "2026-10-02,qwen,alibaba,7,3.5\n"
    measured = read_exports({"a.csv": tokens, "b.csv": money})
    assert (measured.usage.currency, measured.usage.tokens.sum(), measured.faults) == ("CNY", 12.0, ())


def test_faults_are_listed_to_a_limit_and_counted_beyond(read_exports):
    rows = "".join(f"2026-10-01,m,s,minus {i},1\n" for i in range(80))
    measured = read_exports({"u.csv": HEADER + rows})
    assert measured.files[0].faults == 80
    assert len(measured.faults) == SHOWN_PER_FILE + 1
    assert measured.faults[0].row == 2
    assert "30 more" in measured.faults[-1].found


def test_times_with_a_zone_count_on_their_utc_day(read_exports):
    text = (
        "time,model,output_tokens\n2026-10-31T23:30:00-05:00,m,1\n2026-11-01T00:30:00+02:00,m,2\n"
        "2026-10-31 23:59:59.999999,m,4\n1793491200,m,8\n1793491200000,n,16\n"
    )
    usage = read_exports({"u.csv": text}).usage
    days = dict(zip(np.datetime_as_string(usage.starts, "D"), usage.tokens[:, 3], strict=False))
    assert usage.tokens[usage.starts == np.datetime64("2026-10-31")].sum() == 6.0
    assert usage.tokens[usage.starts == np.datetime64("2026-11-01")].sum() == 25.0
    assert set(days) == {"2026-10-31", "2026-11-01"}


@pytest.mark.parametrize(
    "when", ["", "03/04/2026", "2026-13-01", "yesterday", "1999-01-01", "12345", "2026-10-01T25:00:00"]
)
def test_a_time_that_is_none_or_two_is_a_fault(read_exports, when):
    measured = read_exports({"u.csv": f"time,model,output_tokens\n{when},m,1\n2026-10-01,m,1\n"})
    assert [(fault.row, fault.column) for fault in measured.faults] == [(2, "time")]
    assert measured.usage.tokens.sum() == 1.0


@pytest.mark.parametrize("count", ["-1", "nan3", "inf", "1e400", "1e16", "five", "0x10"])
def test_a_count_that_is_none_is_a_fault(read_exports, count):
    measured = read_exports({"u.csv": f"time,model,output_tokens\n2026-10-01,m,{count}\n"})
    assert [(fault.row, fault.column, fault.found) for fault in measured.faults] == [(2, "output_tokens", count)]


def test_two_files_of_the_same_seller_and_days_are_told_as_a_doubt(read_exports):
    text = HEADER + "2026-10-01,gpt-5,openai,5,0.5\n2026-10-02,gpt-5,openai,5,0.5\n"
    other = "date,model,seller,output_tokens\n2026-10-02,gpt-5,openai,6\n"
    measured = read_exports({"a.csv": text, "b.csv": other})
    assert measured.notices == (
        "tokens of openai on 2026-10-02 (1 day) are in several files (a.csv, b.csv): if these tell of the same "
        "traffic, it counts twice",
    )


def test_a_formula_in_a_name_stays_text(read_exports):
    measured = read_exports({"u.csv": 'date,model,team,output_tokens\n2026-10-01,m,"=HYPERLINK(""x"")",1\n'})
    assert measured.usage.keys[0].team == '=HYPERLINK("x")'


def test_progress_grows_to_one_and_names_the_file(write_export):
    told: list[tuple[float, str]] = []
    paths = [write_export(f"{name}.csv", HEADER + f"2026-10-01,m,{name},5,0.5\n") for name in "ab"]
    hd.read_usage(paths, tick=lambda fraction, text: told.append((fraction, text)))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert told[-1] == (1.0, "2 exports read")
    assert any(text.startswith("a.csv: 1 rows") for _, text in told)


def test_files_with_one_name_in_two_folders_are_told_apart(tmp_path):
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "u.csv").write_text(HEADER + f"2026-10-01,{folder},s,5,0.5\n", encoding="utf-8")
    measured = hd.read_usage([tmp_path / "x" / "u.csv", tmp_path / "y" / "u.csv"])
    assert [file.file for file in measured.files] == ["x/u.csv", "y/u.csv"]


def test_one_file_that_cannot_be_read_does_not_stop_the_others(read_exports):
    measured = read_exports({"notes.csv": "a,b\n1,2\n", "u.csv": HEADER + "2026-10-01,m,s,5,0.5\n"})
    assert [(file.vendor, file.faults) for file in measured.files] == [("", 1), ("generic", 0)]
    assert measured.usage.tokens.sum() == 5.0


def test_nothing_to_read_and_a_vendor_that_nobody_knows_are_refused(read_exports, tmp_path):
    with pytest.raises(InputError, match="no usage export was given"):
        hd.read_usage([])
    with pytest.raises(InputError, match="no vendor 'acme': known are openai"):
        hd.read_usage([tmp_path / "u.csv"], vendor="acme")
    with pytest.raises(InputError) as refused:
        hd.read_usage([tmp_path / "u.csv", tmp_path / "v.csv"])
    assert [fault.file for fault in refused.value.faults] == ["u.csv", "v.csv"]


def test_a_book_prices_every_row_before_it_is_folded(write_export):
    from hedgedesk.domain.rates import Rates

    class Book:
        name = "a book"

        def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
            hour = at.astype("datetime64[h]")
            output = 20.0 if hour.astype(int) % 24 == 8 else 10.0
            until = (hour + 1).astype("datetime64[s]")
            return Rates(seller, model, 1.0, 1.0, 1.0, output, 1.0, valid_to=until) if model == "m" else None

    text = (
        "time,model,seller,output_tokens,requests\n2026-10-01T08:00:00Z,m,s,1000000,1\n"
        "2026-10-01T10:00:00Z,m,s,1000000,1\n2026-10-01T10:00:00Z,n,s,1000000,1\n"
    )
    usage = hd.read_usage([write_export("u.csv", text)], book=Book()).usage
    assert usage.priced[0] == pytest.approx(30.0)
    assert math.isnan(usage.priced[1])


def test_files_without_money_are_priced_in_the_currency_of_the_bills_whatever_their_order(read_exports):
    from hedgedesk.domain.rates import Rates

    class Book:
        name = "a book"

        def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
            return Rates(seller, model, 1.0, 1.0, 1.0, 14.0, 1.0, currency="CNY", cny_per_usd=7.0)

    tokens = "time,model,seller,output_tokens,requests\n2026-10-01T08:00:00Z,m,s,1000000,1\n"
    bill = "time,model,seller,cost_cny\n2026-10-02,m,s,14\n"
    for files in ({"a.csv": tokens, "b.csv": bill}, {"b.csv": bill, "a.csv": tokens}):
        usage = read_exports(files, book=Book()).usage
        assert (usage.currency, usage.priced[0], usage.billed[1]) == ("CNY", 14.0, 14.0)
    alone = read_exports({"a.csv": tokens}, book=Book()).usage
    assert (alone.currency, alone.priced[0]) == ("USD", pytest.approx(2.0))


def test_rows_without_a_price_beside_rows_with_one_are_told(read_exports):
    from hedgedesk.domain.rates import Rates

    class Book:
        name = "a book"

        def rates(self, seller: str, model: str, tier: str, at: np.datetime64) -> Rates | None:
            until = np.datetime64("2026-10-01T12:00:00", "s")
            return Rates(seller, model, 1.0, 1.0, 1.0, 10.0, 1.0, valid_to=until) if at < until else None

    rows = "2026-10-01T08:00:00Z,m,s,1000000,1\n2026-10-01T13:00:00Z,m,s,500000,1\n"
    measured = read_exports({"a.csv": "time,model,seller,output_tokens,requests\n" + rows}, book=Book())
    assert measured.usage.priced.tolist() == [10.0]
    assert measured.notices == ("0.5 Mtok have no price on days when other rows of their model have one",)


def test_a_vendor_may_be_named_for_one_file_and_the_others_are_told_by_their_columns(read_exports):
    both = "start_time,num_model_requests,input_tokens,output_tokens,date,model\n1759276800,1,5,1,2025-10-01,m\n"
    measured = read_exports(
        {"a.csv": both, "b.csv": both + "1759363200,1,5,1,2025-10-02,m\n"}, vendor={"b.csv": "generic"}
    )
    assert [file.vendor for file in measured.files] == ["openai", "generic"]
    with pytest.raises(InputError, match="no vendor 'acme'"):
        read_exports({"a.csv": both}, vendor={"a.csv": "acme"})


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1e16", "a number, up to 1e+15"),
        ('"1,5"', "a number with . for decimals: 1.5"),
        ("12%", "a number, not a percentage: 0.12"),
        ("five", "a number"),
    ],
)
def test_a_number_that_is_none_says_what_it_may_have_meant(read_exports, cell, expected):
    measured = read_exports({"u.csv": HEADER + f"2026-10-01,m,s,5,{cell}\n"})
    assert [(fault.row, fault.column, fault.expected) for fault in measured.faults] == [(2, "cost_usd", expected)]


def test_a_whole_prompt_is_no_name_of_a_model(read_exports):
    measured = read_exports({"u.csv": HEADER + f"2026-10-01,{'m' * 4_001},s,5,1\n2026-10-01,{'m' * 4_000},s,6,1\n"})
    (fault,) = measured.faults
    assert (fault.row, fault.column, fault.expected) == (2, "model", "a text of at most 4,000 characters")
    assert measured.usage.tokens.sum() == 6.0
