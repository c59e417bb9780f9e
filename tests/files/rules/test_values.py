"""A value as a cell and a cell as a value: what is shown means what it shows."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hedgedesk.files.rules.values import typed_value, value_text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("0.5", 0.5),
        ("70", 70),
        ("1_250_000.0", 1_250_000.0),
        ("1,250,000", 1_250_000.0),
        ("[1, 12]", [1, 12]),
        ("{rate = 0.1}", {"rate": 0.1}),
        ("true", True),
        ('"70"', "70"),
        ("whole", "whole"),
        ("50%", "50%"),
        ("1\nlevel = 2", "1\nlevel = 2"),
        ("1 # one", 1),
        ("=cmd()", "=cmd()"),
    ],
)
def test_a_value_is_typed_as_toml_or_as_plain_text(typed, meant):
    assert typed_value(typed) == meant
    assert type(typed_value(typed)) is type(meant)


VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False),
        st.dates(),
        st.text(st.characters(codec="utf-8"), max_size=20),
        st.text(string.digits + '.,-_ "#=[]{}', max_size=8),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("ab.-é ", max_size=3), inner, max_size=2)
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(VALUES, st.booleans())
def test_what_a_cell_shows_means_the_value_it_shows(value, is_text):
    if is_text and not isinstance(value, str):
        is_text = False
    assert typed_value(value_text(value, is_text=is_text), is_text=is_text) == value
