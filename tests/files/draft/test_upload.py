"""What a browser sends: limits told in one sentence, names shown and never used as paths."""

from __future__ import annotations

import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.files.draft import upload


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([], "no file was chosen"),
        ([("a.csv", b"")] * 61, "61 files at once: at most 60"),
        ([("big.csv", b"0" * 11_600_000)], "big.csv has 11.6 MB: at most 11.5 MB"),
        ([("a.csv", b"0" * 9_000_000)] * 2, "17.2 MiB together: at most 16 MiB"),
    ],
)
def test_a_limit_is_told_in_one_clear_sentence(files, told):
    with pytest.raises(InputError, match=told) as refusal:
        upload.require_limits(files)
    assert "\n" not in str(refusal.value)


def test_what_is_just_within_the_limits_may_pass():
    upload.require_limits([("a.csv", b"0" * 11_500_000), ("b.csv", b"0" * 5_000_000)])


@pytest.mark.parametrize(
    "name", ["../../evil.csv", "/etc/passwd.csv", "C:\\x\\evil.csv", "CON.csv", "a\0b.csv", "\u202egpj.csv", "x" * 999]
)
def test_a_file_is_stored_under_a_number_whatever_its_name(tmp_path, name):
    kept = upload.keep_uploads(tmp_path / "incoming", [(name, b"1")])
    stored = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert stored == {kept[0][0]}
    assert stored <= {"0001.csv", "0001.bin"}


@pytest.mark.parametrize(
    "name", ["a\nb.csv", "\u202egpj.vsc", "\x1b[31m.csv", "\ud800.csv", "", "  ", "/", ".", "..", "x" * 999 + ".csv"]
)
def test_a_shown_name_is_one_short_visible_line(name):
    told = upload.display_name(name)
    assert told.strip()
    assert told.isprintable()
    assert len(told) <= 4 * upload.NAME_CHARACTERS


def test_two_files_of_one_name_are_told_apart():
    assert upload.told_apart(["book.csv", "book.csv", "a", "book.csv", "a", "."]) == [
        "book.csv",
        "book (2).csv",
        "a",
        "book (3).csv",
        "a (2)",
        ".",
    ]


@pytest.mark.parametrize(
    ("names", "proposed"),
    [
        (["mydesk.zip"], "mydesk"),
        (["forecast_2027.csv", "book.csv"], "forecast_2027"),
        (["Treasury 2027/market/index.csv"], "Treasury 2027"),
        (["C:\\desks\\q4.zip"], "q4"),
        ([".csv"], "My desk"),
        (["\u202ename.csv"], "\\u202ename"),
        ([""], "My desk"),
    ],
)
def test_a_desk_is_named_after_its_folder_zip_or_first_table(names, proposed):
    assert upload.proposed_name(names) == proposed
