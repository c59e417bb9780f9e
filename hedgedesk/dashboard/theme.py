"""Mantine in the house's colours and sizes."""

from __future__ import annotations

from typing import Any

PETROL = [
    "#E3F1F2",
    "#C3E4E7",
    "#96D3D9",
    "#6FC9D2",
    "#4CC2CE",
    "#25A9B5",
    "#159FAA",
    "#0F8490",
    "#0B6B75",
    "#07525A",
]
GRAY = [
    "#F8F9FB",
    "#EEF1F4",
    "#DDE2E8",
    "#C3CAD3",
    "#7C8694",
    "#717C8A",
    "#626D7B",
    "#48525F",
    "#2B333D",
    "#12171E",
]
DARK = [
    "#E6EAEF",
    "#C8D0D9",
    "#AAB4C0",
    "#8893A1",
    "#667180",
    "#36414D",
    "#1B232C",
    "#141A21",
    "#10161C",
    "#0D1116",
]
FONT = 'Inter, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, "Segoe UI", sans-serif'
MONO = 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, "DejaVu Sans Mono", monospace'

THEME: dict[str, Any] = {
    "primaryColor": "petrol",
    "primaryShade": {"light": 8, "dark": 4},
    "autoContrast": True,
    "colors": {"petrol": PETROL, "gray": GRAY, "dark": DARK},
    "fontFamily": FONT,
    "fontFamilyMonospace": MONO,
    "fontSizes": {"xs": "12px", "sm": "13px", "md": "13px", "lg": "15px", "xl": "20px"},
    "spacing": {"xs": "4px", "sm": "8px", "md": "12px", "lg": "16px", "xl": "24px"},
    "radius": {"xs": "3px", "sm": "4px", "md": "6px"},
    "defaultRadius": "sm",
    "respectReducedMotion": True,
}
