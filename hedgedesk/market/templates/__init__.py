"""Contract terms by style of venue, as files to copy into a desk's ``market/contract.toml`` and edit."""

from __future__ import annotations

from importlib.resources import files

DEFAULT = "shanghai"


def templates() -> dict[str, str]:
    """Style of venue to the text of its ``contract.toml``, the default one first.

    No venue lists a token contract: each is written after another product of such a venue, and says so.
    """
    found = {path.name.removesuffix(".toml"): path for path in files(__name__).iterdir() if path.name.endswith(".toml")}
    names = sorted(found, key=lambda name: (name != DEFAULT, name))
    return {name: found[name].read_text(encoding="utf-8") for name in names}
