"""Everything that reads a user's file: one function per file, and :func:`read_desk` for a whole folder.

Every function raises :class:`~hedgedesk.domain.errors.InputError` with all faults at once, and writes nothing. What was
read but set aside (unknown columns, assumed readings) is in the ``notices`` of :func:`read_desk`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hedgedesk.files.book import read_book
    from hedgedesk.files.commitments import read_commitments
    from hedgedesk.files.consumption import read_consumption
    from hedgedesk.files.contract import read_contract
    from hedgedesk.files.folder import read_desk, read_market
    from hedgedesk.files.places import assets_folder, sample_folder
    from hedgedesk.files.program import read_program
    from hedgedesk.files.settings import read_settings
    from hedgedesk.files.usage import read_usage

__all__ = [
    "assets_folder",
    "read_book",
    "read_commitments",
    "read_consumption",
    "read_contract",
    "read_desk",
    "read_market",
    "read_program",
    "read_settings",
    "read_usage",
    "sample_folder",
]

_HOMES = {
    "assets_folder": "places",
    "read_book": "book",
    "read_commitments": "commitments",
    "read_consumption": "consumption",
    "read_contract": "contract",
    "read_desk": "folder",
    "read_market": "folder",
    "read_program": "program",
    "read_settings": "settings",
    "read_usage": "usage",
    "sample_folder": "places",
}


def __getattr__(name: str) -> Any:
    """Import a reader when it is asked for: the first page wants two folders and no numpy."""
    if name not in _HOMES:
        raise AttributeError(f"module 'hedgedesk.files' has no attribute {name!r}")
    return getattr(import_module(f"hedgedesk.files.{_HOMES[name]}"), name)
