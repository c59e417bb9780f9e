"""Where the user's own files and those that come with HedgeDesk lie."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder(chosen: Path | None = None) -> Path:
    """Where the user's own files live: ``chosen``, else ``HEDGEDESK_DATA``, else the platform's data folder."""
    if chosen is not None:
        return chosen
    if os.environ.get("HEDGEDESK_DATA"):
        return Path(os.environ["HEDGEDESK_DATA"])
    import platformdirs

    return platformdirs.user_data_path("HedgeDesk", appauthor=False)


def sample() -> Path:
    """Folder of the sample desk."""
    from hedgedesk.files.places import sample_folder

    return sample_folder()


def assets() -> Path:
    """Folder of the dashboard's styles and scripts."""
    from hedgedesk.files.places import assets_folder

    return assets_folder()
