"""TOML files as such: syntax, encoding, size."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgedesk.domain.errors import InputError
from hedgedesk.files import read_contract, read_program, read_settings

SYNTAX = "TOML: key = value, texts in quotes"


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('currency = "USD"\nbudget = = 5\n', 2),
        ('currency = "USD\n', 1),
        ("a = 1\na = 2\n", 2),
        ("\n\na = [[[", 3),
        ("budget = 12.000,5", 1),
    ],
)
def test_a_syntax_error_is_told_with_its_line(write, faults_of, text, row):
    ((file, line, column, found, expected),) = faults_of(read_program, write("program.toml", text))
    assert (file, line, column, expected) == ("program.toml", row, None, SYNTAX)
    assert "at line" not in found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\x89PNG\r\n", "a PNG picture"),
        (b"PK\x03\x04\x00", "a zip archive"),
        (b"a = '\xff'", "a byte that is not UTF-8"),
        (b"a = " + b"[" * 5000, "tables nested too deeply"),
        (b"a" + b".a" * 600 + b" = 1", "more than 500 dots in a line"),
        (b"#" * (2**18 + 1), "more than 0.25 MB"),
    ],
)
def test_what_is_no_toml_file_makes_one_fault(write, faults_of, content, found):
    (fault,) = faults_of(read_program, write("program.toml", content))
    assert fault[3] == found


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(write):
    path = write("program.toml", b'\xef\xbb\xbfcurrency = "USD"\r\nbudget = 5\r\n')
    assert read_program(path).budget == 5.0


def test_a_whole_number_too_large_for_a_float_is_a_fault(write, faults_of):
    (fault,) = faults_of(read_program, write("program.toml", 'currency = "USD"\nbudget = ' + "9" * 400))
    assert fault[1:3] == (2, "budget")


def test_a_missing_file_is_a_fault(desk_folder, faults_of):
    assert faults_of(read_program, desk_folder / "none.toml")[0][3] == "no such file"


KEYS = st.sampled_from(
    [
        "currency",
        "budget",
        "bands",
        "level",
        "unit",
        "margin_schedule",
        "months",
        "seed",
        "scenarios",
        "model",
        "x",
        "position_limit",
        "final_settlement",
        "instruments",
        "tick",
    ]
)
VALUES = st.sampled_from(
    [
        '"USD"',
        "1",
        "-1",
        "0.5",
        "nan",
        "inf",
        "true",
        "[]",
        "{}",
        "[1, 2]",
        "[{}]",
        "2027-01-01",
        "[[1]]",
        "''",
        "{rate = 0.5}",
        '{"2027-01" = 5}',
        "[{months_ahead = [1, 2], min = 0.1, max = 0.2}]",
        "9" * 400,
    ]
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.dictionaries(KEYS, VALUES, max_size=6),
    junk=st.binary(max_size=30),
    read=st.sampled_from([read_program, read_contract, read_settings]),
)
def test_any_mix_of_keys_and_values_raises_nothing_but_an_input_error(tmp_path, pairs, junk, read):
    path = tmp_path / "a.toml"
    path.write_bytes("\n".join(f"{key} = {value}" for key, value in pairs.items()).encode() + b"\n#" + junk)
    with suppress(InputError):
        assert read(path)
