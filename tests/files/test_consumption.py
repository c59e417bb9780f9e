"""The consumption forecast: what is read, and every fault with its place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgedesk.domain.errors import InputError, MissingMonths
from hedgedesk.files import read_consumption

HEADER = "month,model,meter,mtok,team,spread\n"
GOOD = "2027-01,m,output,100,a,0.2\n"
METER_CHOICES = "one of uncached_input, cache_read, cache_write, output"
SPREAD = "a relative standard deviation from 0 to 5 (0.15 is 15%)"
VOLUME = "a number of at least 0"


def test_a_line_carries_month_model_meter_volume_team_and_spread(write):
    (line,) = read_consumption(write("consumption.csv", HEADER + GOOD)).lines
    assert (line.month, line.model, line.meter, line.mtok) == (np.datetime64("2027-01"), "m", "output", 100.0)
    assert (line.team, line.spread, line.index) == ("a", 0.2, "")
    assert line.month.dtype == np.dtype("datetime64[M]")


def test_columns_are_found_in_any_order_whatever_their_case_and_spacing(write):
    text = " MTOK , Meter,\ufeffMonth,Model\n5, Output ,2027-01, m \n"
    (line,) = read_consumption(write("consumption.csv", text)).lines
    assert (line.mtok, line.meter, line.model, line.spread) == (5.0, "output", "m", None)


def test_volume_of_zero_is_a_volume(write):
    assert read_consumption(write("consumption.csv", HEADER + "2027-01,m,output,0,,\n")).lines[0].mtok == 0


@pytest.mark.parametrize(
    ("row", "column", "found", "expected"),
    [
        ("2027-01,n,output,many,a,0.2", "mtok", "many", VOLUME),
        ("2027-01,n,output,-5,a,0.2", "mtok", "-5", VOLUME),
        ("2027-01,n,output,,a,0.2", "mtok", "an empty cell", VOLUME),
        ("2027-01,n,output,nan,a,0.2", "mtok", "nan", VOLUME),
        ("2027-01,n,output,inf,a,0.2", "mtok", "inf", VOLUME),
        ("2027-01,n,output,1e400,a,0.2", "mtok", "1e400", VOLUME),
        ("2027-01,n,output,12%,a,0.2", "mtok", "12%", "a number, not a percentage: 0.12"),
        ("2027-01,n,output,1.060.000,a,0.2", "mtok", "1.060.000", "a number with . for decimals: 1060000"),
        ("2027-01,n,output,$5,a,0.2", "mtok", "$5", VOLUME),
        ("2027-01,n,output,1_000,a,0.2", "mtok", "1_000", VOLUME),
        ("2027-01,n,cached,5,a,0.2", "meter", "cached", METER_CHOICES),
        ("2027-01,n,,5,a,0.2", "meter", "an empty cell", METER_CHOICES),
        ("2027-01,,output,5,a,0.2", "model", "an empty cell", "a text"),
        ("2027-13,n,output,5,a,0.2", "month", "2027-13", "a month, YYYY-MM"),
        ("2027-01-15,n,output,5,a,0.2", "month", "2027-01-15", "a month, YYYY-MM"),
        ("Jan-27,n,output,5,a,0.2", "month", "Jan-27", "a month, YYYY-MM"),
        ("2027-01,n,output,5,a,-0.1", "spread", "-0.1", SPREAD),
        ("2027-01,n,output,5,a,5.1", "spread", "5.1", SPREAD),
        ("2027-01,n,output,5,a,20%", "spread", "20%", "a number, not a percentage: 0.2"),
        (GOOD.strip(), "month", "2027-01 m output a again (first in line 2)", "each month, model, meter and team once"),
        (
            "2027-01,n,output,5,a,0.2,7",
            None,
            "7 cells",
            "6 cells, as the header has (a cell with the delimiter inside needs quotes)",
        ),
        (HEADER.strip(), None, "the header again (month, model, meter, mtok, team, spread)", "a row of values"),
    ],
)
def test_a_faulty_row_is_told_with_its_line_and_column(write, faults_of, row, column, found, expected):
    path = write("consumption.csv", HEADER + GOOD + row + "\n")
    assert faults_of(read_consumption, path) == [("consumption.csv", 3, column, found, expected)]


@pytest.mark.parametrize("missing", ["month", "model", "meter", "mtok"])
def test_a_missing_column_is_told_at_the_header(write, faults_of, missing):
    names = [name for name in ("month", "model", "meter", "mtok") if name != missing]
    path = write("consumption.csv", ",".join(names) + "\na,b,c\n")
    ((file, row, column, found, expected),) = faults_of(read_consumption, path)
    assert (file, row, column, found) == ("consumption.csv", 1, missing, "no such column")
    assert expected.startswith(f"a column {missing}")


def test_a_column_given_twice_is_a_fault(write, faults_of):
    path = write("consumption.csv", "month,model,meter,mtok,mtok\n2027-01,m,output,1,2\n")
    assert faults_of(read_consumption, path) == [("consumption.csv", 1, "mtok", "the column twice", "each column once")]


def test_a_hole_inside_the_range_names_every_missing_month_and_has_its_own_class(write):
    path = write("consumption.csv", HEADER + GOOD + "2027-04,m,output,5,a,0.2\n")
    with pytest.raises(MissingMonths) as refused:
        read_consumption(path)
    assert [(f.row, f.column, f.found, f.expected) for f in refused.value.faults] == [
        (None, "month", "no row for 2027-02", "every month from 2027-01 to 2027-04"),
        (None, "month", "no row for 2027-03", "every month from 2027-01 to 2027-04"),
    ]


def test_a_hole_beside_another_fault_is_an_ordinary_input_error(write):
    path = write("consumption.csv", HEADER + GOOD + "2027-03,m,output,x,a,0.2\n")
    with pytest.raises(InputError) as refused:
        read_consumption(path)
    assert type(refused.value) is InputError
    assert len(refused.value.faults) == 2


def test_the_same_model_of_two_teams_is_no_duplicate(write):
    path = write("consumption.csv", HEADER + GOOD + "2027-01,m,output,50,b,0.2\n")
    assert len(read_consumption(path).lines) == 2


def test_line_numbers_count_blank_lines_and_lines_inside_quotes(write, faults_of):
    path = write("consumption.csv", HEADER + '\n2027-01,"two\nlines",output,5,a,0.2\n\n2027-01,m,output,x,a,0.2\n')
    ((_, row, column, found, _),) = faults_of(read_consumption, path)
    assert (row, column, found) == (6, "mtok", "x")


def test_a_file_of_thousands_of_faults_lists_the_first_fifty_and_counts_the_rest(write, faults_of):
    path = write("consumption.csv", HEADER + "2027-01,m,output,x,a,y\n" * 30_000)
    faults = faults_of(read_consumption, path)
    assert len(faults) == 51
    assert faults[0][1] == 2
    # Two bad numbers a row, and each row after the first is a duplicate of it.
    assert faults[-1][3] == f"and {3 * 30_000 - 1 - 50:,} more faults in this file"


def test_ten_megabytes_of_garbage_make_one_fault(write, faults_of):
    garbage = np.random.default_rng(5).integers(32, 126, 10_000_000, dtype=np.uint8)
    garbage[::97] = 10
    faults = faults_of(read_consumption, write("consumption.csv", garbage.tobytes()))
    assert len(faults) == 1
    assert len(faults[0][3]) < 120


def test_a_file_above_sixteen_megabytes_is_refused_unread(write, faults_of):
    path = write("consumption.csv", b"x" * (16 * 2**20 + 1))
    expected = [("consumption.csv", None, None, "more than 16 MB", "a file of at most 16 MB")]
    assert faults_of(read_consumption, path) == expected


def test_ten_megabytes_of_good_rows_are_read_to_the_last(write):
    rows = [
        f"{2026 + i % 48 // 12}-{i % 12 + 1:02d},model-{i // 48},output,{i}.5,team name,0.2" for i in range(240_000)
    ]
    forecast = read_consumption(write("consumption.csv", HEADER + "\n".join(rows)))
    assert len(forecast.lines) == 240_000
    assert sum(line.mtok for line in forecast.lines) == 240_000 * 240_000 / 2


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=400), name=st.sampled_from(["a.csv", "a.xlsx"]), start=st.booleans())
def test_random_bytes_raise_nothing_but_an_input_error(tmp_path, body, name, start):
    path = tmp_path / name
    path.write_bytes((HEADER.encode() if start else b"") + body)
    with pytest.raises(InputError) as refused:
        read_consumption(path)
    assert refused.value.faults


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    volumes=st.lists(st.just(0.0) | st.floats(1e-12, 1e12), min_size=1, max_size=20),
    mark=st.sampled_from([".", ","]),
)
def test_a_forecast_survives_being_written_and_read(tmp_path, volumes, mark):
    months = np.datetime64("2027-01", "M") + np.arange(len(volumes))
    delimiter = ";" if mark == "," else ","
    rows = [
        delimiter.join([str(m), "m", "output", repr(v).replace(".", mark)])
        for m, v in zip(months, volumes, strict=True)
    ]
    path = tmp_path / "consumption.csv"
    path.write_text("\n".join([delimiter.join(["month", "model", "meter", "mtok"]), *rows]), encoding="utf-8")
    assert [line.mtok for line in read_consumption(path).lines] == volumes


def test_beta_is_read_by_line_and_is_one_where_it_is_empty_or_absent(write):
    header = "month,model,meter,mtok,beta\n"
    path = write("consumption.csv", header + "2027-01,m,output,5,1.25\n2027-01,m,cache_read,5,\n")
    assert [line.beta for line in read_consumption(path).lines] == [1.25, 1.0]
    path = write("consumption.csv", "month,model,meter,mtok\n2027-01,m,output,5\n")
    assert [line.beta for line in read_consumption(path).lines] == [1.0]


@pytest.mark.parametrize("beta", ["0", "-1", "1001", "one"])
def test_a_beta_that_is_no_ratio_is_told(write, faults_of, beta):
    path = write("consumption.csv", f"month,model,meter,mtok,beta\n2027-01,m,output,5,{beta}\n")
    ((_, line, column, found, expected),) = faults_of(read_consumption, path)
    assert (line, column, found) == (2, "beta", beta)
    assert expected.startswith("a ratio above 0")
