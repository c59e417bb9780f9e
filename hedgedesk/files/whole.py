"""Files that others see whole or not at all."""

from __future__ import annotations

import uuid
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the target and put it in place; whoever reads meanwhile reads what was there before.

    Raises
    ------
    OSError
        It cannot be written; what was there stays, and nothing else is left.
    """
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
