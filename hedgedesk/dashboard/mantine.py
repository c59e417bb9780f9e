"""The Mantine components that the screens use, without the two hundred others.

Importing ``dash_mantine_components`` as it stands builds a class for each of its components, which costs more than Dash
itself and is paid before the first page. Its list of components is therefore cut to ours while it is imported for the
first time; a program that has imported the whole package already keeps it.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

PACKAGE = "dash_mantine_components"
USED = (
    "Button",
    "Checkbox",
    "MantineProvider",
    "Modal",
    "SegmentedControl",
    "Select",
    "Slider",
    "TextInput",
)


class _Ours(ModuleType):
    """Stands in for the package's list of components; each is imported when it is asked for."""

    def __getattr__(self, name: str) -> object:
        if name not in USED:
            raise AttributeError(name)
        return getattr(importlib.import_module(f"{PACKAGE}.{name}"), name)


def _short_list() -> None:
    """Import the package with our components alone; where its insides have changed, import it as it is."""
    listing = f"{PACKAGE}._imports_"
    if PACKAGE in sys.modules:
        return
    ours = _Ours(listing)
    ours.__dict__["__all__"] = list(USED)  # a list of its own: the package adds to it
    sys.modules[listing] = ours
    try:
        importlib.import_module(PACKAGE)
    except (AttributeError, ImportError):
        for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
            del sys.modules[name]


_short_list()

from dash_mantine_components import (  # noqa: E402  # after the list is cut
    Button,
    Checkbox,
    MantineProvider,
    Modal,
    SegmentedControl,
    Select,
    Slider,
    TextInput,
)

__all__ = [
    "Button",
    "Checkbox",
    "MantineProvider",
    "Modal",
    "SegmentedControl",
    "Select",
    "Slider",
    "TextInput",
]
