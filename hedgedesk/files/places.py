"""Where the files that come with HedgeDesk lie.

In a wheel ``assets`` and ``sample_data`` are inside the package folder; in an editable install they are beside it,
because the copies pip makes would go stale.
"""

from __future__ import annotations

from pathlib import Path

from hedgedesk.domain.errors import InputError

PACKAGE_FOLDER = Path(__file__).resolve().parents[1]


def sample_folder() -> Path:
    """The desk folder that comes with HedgeDesk.

    Raises
    ------
    InputError
        The installation is incomplete.
    """
    return shipped_folder("sample_data", PACKAGE_FOLDER)


def assets_folder() -> Path:
    """Style sheets, icons and locale files of the dashboard.

    Raises
    ------
    InputError
        The installation is incomplete.
    """
    return shipped_folder("assets", PACKAGE_FOLDER)


def shipped_folder(name: str, package: Path) -> Path:
    """Find the folder ``name`` in the package folder, then beside it.

    Raises
    ------
    InputError
        It is in neither.
    """
    for parent in (package, package.parent):
        if (parent / name).is_dir():
            return parent / name
    raise InputError(f"no folder {name} in {package} or beside it: install hedgedesk again")
