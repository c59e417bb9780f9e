"""Where shipped files are looked for."""

from __future__ import annotations

import pytest

from hedgedesk.domain.errors import InputError
from hedgedesk.files import assets_folder, sample_folder
from hedgedesk.files.places import shipped_folder


def test_the_package_folder_is_looked_at_first_then_its_parent(tmp_path):
    package = tmp_path / "hedgedesk"
    (tmp_path / "sample_data").mkdir()
    package.mkdir()
    assert shipped_folder("sample_data", package) == tmp_path / "sample_data"
    (package / "sample_data").mkdir()
    assert shipped_folder("sample_data", package) == package / "sample_data"


def test_an_incomplete_installation_is_told(tmp_path):
    with pytest.raises(InputError, match=r"no folder assets in .* install hedgedesk again"):
        shipped_folder("assets", tmp_path)


def test_this_installation_has_both():
    assert sample_folder().name == "sample_data"
    assert assets_folder().name == "assets"
