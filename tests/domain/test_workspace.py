"""What the desk remembers, and how a run is called."""

from __future__ import annotations

import pytest

from hedgedesk.domain.run import RunManifest
from hedgedesk.domain.workspace import is_run_id


def test_what_a_manifest_calls_a_run_is_the_id_of_a_run():
    assert is_run_id(RunManifest.of({"seed": 1}, {}, {}).run_id)


@pytest.mark.parametrize(
    "text", ["", "7f3a9c2e51d04b8", "7f3a9c2e51d04b866", "7F3A9C2E51D04B86", "../3a9c2e51d04b86", "7f3a9c2e51d04b86\n"]
)
def test_nothing_else_is_and_so_no_path_is(text):
    assert not is_run_id(text)
