"""Volume bought at a fixed price."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.domain.exposure import Commitment
from hedgedesk.files import read_commitments

HEADER = "name,first_month,last_month,model,meter,mtok_per_month,price_usd_per_1k,kind\n"


def test_a_commitment_is_read_with_its_price_per_mtok(write):
    path = write("commitments.csv", HEADER + "d,2027-01,2027-06,m,output,40,0.0031,Take_or_Pay\n")
    months = np.datetime64("2027-01"), np.datetime64("2027-06")
    assert read_commitments(path) == (Commitment("d", *months, "m", "output", 40.0, 3.1, "USD", "take_or_pay"),)


@pytest.mark.parametrize(
    ("row", "column", "found", "expected"),
    [
        ("d,2027-06,2027-01,m,output,40,1,fixed", "last_month", "2027-01", "a month not before first_month, 2027-06"),
        ("d,2027-01,2027-06,m,output,-40,1,fixed", "mtok_per_month", "-40", "a number of at least 0"),
        ("d,2027-01,2027-06,m,output,40,0,fixed", "price_usd_per_1k", "0", "a price above 0"),
        ("d,2027-01,2027-06,m,output,40,USD 1,fixed", "price_usd_per_1k", "USD 1", "a price above 0"),
        ("d,2027-01,2027-06,m,output,40,1,maybe", "kind", "maybe", "one of fixed, take_or_pay, tiered"),
        (
            "d,2027-01,2027-06,m,outputs,40,1,fixed",
            "meter",
            "outputs",
            "one of uncached_input, cache_read, cache_write, output",
        ),
        (",2027-01,2027-06,m,output,40,1,fixed", "name", "an empty cell", "a text"),
        ("d,2027-01,never,m,output,40,1,fixed", "last_month", "never", "a month, YYYY-MM"),
    ],
)
def test_a_faulty_row_is_told_with_its_line_and_column(write, faults_of, row, column, found, expected):
    path = write("commitments.csv", HEADER + row)
    assert faults_of(read_commitments, path) == [("commitments.csv", 2, column, found, expected)]


def test_the_same_commitment_twice_is_a_fault(write, faults_of):
    row = "d,2027-01,2027-06,m,output,40,1,fixed\n"
    ((_, line, column, found, _),) = faults_of(read_commitments, write("commitments.csv", HEADER + row * 2))
    assert (line, column, found) == (3, "name", "d 2027-01 m output again (first in line 2)")


def test_the_rows_of_a_tiered_name_are_its_bands_in_order(write):
    rows = "steps,2027-01,2027-06,m,output,100,0.010,tiered\nsteps,2027-01,2027-06,m,output,100,0.008,tiered\n"
    bands = read_commitments(write("commitments.csv", HEADER + rows))
    assert [(b.kind, b.mtok_per_month, b.price_per_mtok) for b in bands] == [
        ("tiered", 100.0, 10.0),
        ("tiered", 100.0, 8.0),
    ]


@pytest.mark.parametrize(
    ("row", "column", "found", "expected"),
    [
        ("s,2027-01,2027-05,m,output,40,1,tiered", "last_month", "2027-05", "2027-06, as in the first band of s"),
        ("s,2027-01,2027-06,m,output,0,1,tiered", "mtok_per_month", "0", "the width of the band, above 0"),
        ("s,2027-01,2027-06,m,output,40,1,fixed", "kind", "fixed", "tiered, as in the first row of s"),
    ],
)
def test_a_band_that_does_not_fit_the_others_is_told(write, faults_of, row, column, found, expected):
    path = write("commitments.csv", HEADER + "s,2027-01,2027-06,m,output,40,1,tiered\n" + row)
    assert faults_of(read_commitments, path) == [("commitments.csv", 3, column, found, expected)]
