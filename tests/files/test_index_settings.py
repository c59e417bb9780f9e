"""``market/index.toml``: how the desk's own index is made."""

from __future__ import annotations

import dataclasses

import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.domain.price_index import IndexSettings
from hedgedesk.files.index_settings import read_index_settings
from hedgedesk.files.rules.keys import KEYS


@pytest.fixture
def read(tmp_path):
    def parse(text: str) -> IndexSettings:
        path = tmp_path / "index.toml"
        path.write_text(text, encoding="utf-8")
        return read_index_settings(path)

    return parse


def test_an_empty_file_is_the_defaults(read):
    assert read("") == IndexSettings()


def test_every_setting_can_be_written_and_is_documented():
    assert set(KEYS["market/index.toml"]) == {field.name for field in dataclasses.fields(IndexSettings)}


def test_what_is_written_is_read(read):
    text = """
    method = "quality_constant"
    frequency = "month"
    average = "spend"
    threshold = 86
    screens = false
    resellers = ["Azure"]
    excluded_words = []
    not_compared = ["v/m-1 2026-06-01"]
    official_sources = ["price page"]
    """
    settings = read(text)
    assert (settings.method, settings.frequency, settings.average) == ("quality_constant", "month", "spend")
    assert (settings.threshold, settings.screens, settings.resellers) == (86.0, False, ("azure",))
    assert (settings.excluded_words, settings.official_sources) == ((), ("price page",))
    assert settings.not_compared == ("v/m-1 2026-06-01",)


@pytest.mark.parametrize(
    ("line", "key", "expected"),
    [
        ('method = "mean"', "method", "one of matched_list, quality_constant, realised"),
        ('frequency = "day"', "frequency", "one of week, month"),
        ("company_cap = 0", "company_cap", "a share above 0"),
        ("company_cap = 50", "company_cap", "0.5 is 50%"),
        ("trim = 0.5", "trim", "below 0.5"),
        ("unconfirmed_factor = 1", "unconfirmed_factor", "a factor above 1"),
        ("oldest_days = 0", "oldest_days", "a whole number from 1"),
        ("fewest_companies = 2.5", "fewest_companies", "a whole number"),
        ("threshold = 101", "threshold", "a score in percent"),
        ('screens = "yes"', "screens", "true or false"),
        ('resellers = "azure"', "resellers", "a list of texts"),
        ('resellers = ["azure", 3]', "resellers[2]", "a text in quotes"),
        ('not_compared = ["m 2026-06-01"]', "not_compared[1]", "provider/model YYYY-MM-DD"),
        ('not_compared = ["v/m 06/01/2026"]', "not_compared[1]", "provider/model YYYY-MM-DD"),
        ("cap = 0.5", "cap", "trim (is that meant?)"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_key(read, line, key, expected):
    with pytest.raises(InputError) as refusal:
        read(line)
    fault = refusal.value.faults[0]
    assert (fault.file, fault.row, fault.column) == ("index.toml", 1, key)
    if key != "cap":
        assert expected in fault.expected


def test_all_faults_are_told_at_once(read):
    with pytest.raises(InputError) as refusal:
        read('method = "mean"\ntrim = 2\nwrong = 1\n')
    assert [fault.column for fault in refusal.value.faults] == ["method", "trim", "wrong"]
