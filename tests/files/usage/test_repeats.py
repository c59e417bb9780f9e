"""Rows that were read before: counted once; with other numbers they are faults."""

from __future__ import annotations

import numpy as np
import pytest

from hedgedesk.files.usage.repeats import Marks, Repeats

HEADER = "date,model,output_tokens,id\n"
ANTHROPIC = (
    "usage_date_utc,model_version,workspace,usage_input_tokens_no_cache,usage_input_tokens_cache_read,"
    "usage_output_tokens\n"
)


def test_a_row_that_is_there_twice_counts_once_with_a_notice(read_exports):
    measured = read_exports({"u.csv": HEADER + "2026-10-01,m,5,a\n2026-10-01,m,5,a\n"})
    assert measured.usage.tokens.sum() == 5.0
    assert measured.files[0].repeated == 1
    assert measured.notices == ("u.csv: 1 row was read before and counted once",)
    assert not measured.faults


def test_a_row_with_the_same_name_and_other_numbers_is_a_fault(read_exports):
    measured = read_exports({"u.csv": HEADER + "2026-10-01,m,5,a\n2026-10-01,m,6,a\n2026-10-01,m,5.0,a\n"})
    (fault,) = measured.faults
    assert (fault.row, fault.found) == (3, "a row that was there before with other numbers")
    assert measured.usage.tokens.sum() == 5.0
    assert measured.files[0].repeated == 1, "5.0 is 5"


def test_numbers_are_the_same_however_they_are_written_and_whatever_stands_beside_them(read_exports):
    first = HEADER + "2026-10-01,m,1200,a\n2026-10-01,m,0,b\n"
    later = HEADER + '2026-10-01,m,1200.0,a\n2026-10-01,m,"1,200",c\n2026-10-01,m,,b\n2026-10-01,m,five,d\n'
    measured = read_exports({"first.csv": first, "later.csv": later})
    assert [(fault.file, fault.row) for fault in measured.faults] == [("later.csv", 5)]
    assert [file.repeated for file in measured.files] == [0, 2]
    assert measured.usage.tokens.sum() == 2_400.0


def test_a_period_that_is_exported_twice_counts_once_and_must_agree(read_exports):
    first = ANTHROPIC + "2026-10-01,claude-opus-4-6,a,10,0,1\n2026-10-02,claude-opus-4-6,a,20,0,2\n"
    later = ANTHROPIC + "2026-10-02,claude-opus-4-6,a,25,0,2\n2026-10-01,claude-opus-4-6,a,10,0,1\n"
    measured = read_exports({"first.csv": first, "later.csv": later})
    assert measured.usage.tokens.sum() == 33.0
    assert [(f.file, f.row) for f in measured.faults] == [("later.csv", 2)]
    assert [file.repeated for file in measured.files] == [0, 1]


def test_a_column_that_is_not_known_yet_may_be_one_more_group(read_exports):
    text = ANTHROPIC.rstrip("\n") + ",project\n2026-10-01,c,a,10,0,1,x\n2026-10-01,c,a,20,0,1,y\n"
    measured = read_exports({"u.csv": text})
    assert measured.usage.tokens.sum() == 32.0
    assert measured.files[0].unknown_columns == ("project",)
    assert not measured.faults


def test_reading_a_file_twice_changes_nothing(read_exports):
    text = HEADER + "2026-10-01,m,5,a\n2026-10-01,n,x,b\n2026-10-02,m,7,\n"
    once, twice = read_exports({"a.csv": text}), read_exports({"a.csv": text, "b.csv": text})
    assert twice.usage.tokens.tolist() == once.usage.tokens.tolist()
    assert twice.usage.keys == once.usage.keys
    assert twice.usage.starts.tolist() == once.usage.starts.tolist()
    assert twice.faults == once.faults
    assert twice.files[1].repeated == 3


def test_rows_of_a_file_that_was_refused_are_not_taken_for_read(read_exports):
    yuan = "date,model,output_tokens,cost_cny,id\n2026-10-01,m,5,1,a\n"
    dollar = yuan.replace("cny", "usd").replace(",a", ",z")
    measured = read_exports(
        {
            "usd.csv": dollar,
            "cny.csv": yuan,
            "again.csv": HEADER + "2026-10-01,m,5,a\n",
        }
    )
    assert [file.repeated for file in measured.files] == [0, 0, 0]
    assert measured.usage.tokens.sum() == 10.0


def marks(*rows: tuple[int, int, int]) -> Marks:
    return Marks(*np.array(rows, dtype=np.int64).T)


def test_two_rows_are_one_only_if_both_fingerprints_agree():
    repeats = Repeats()
    repeated, contrary = repeats.sift(marks((1, 1, 0), (1, 2, 0), (1, 1, 0), (1, 1, 9)))
    assert repeated.tolist() == [False, False, True, False]
    assert contrary.tolist() == [False, False, False, True]


@pytest.mark.parametrize("batch", [1, 7, 1_000])
def test_a_row_is_known_however_many_batches_ago_it_was(batch):
    names = np.random.default_rng(4).permutation(1_000)
    repeats = Repeats()
    for begin in range(0, names.size, batch):
        part = names[begin : begin + batch]
        repeated, contrary = repeats.sift(Marks(part, part * 3, part % 2))
        assert not repeated.any()
        assert not contrary.any()
    repeated, _ = repeats.sift(Marks(names, names * 3, names % 2))
    assert repeated.all()
    child = Repeats(repeats)
    _, contrary = child.sift(Marks(names, names * 3, names % 2 + 1))
    assert contrary.all()
