"""A minimal valid desk folder, written anew for every test, and a small writer of Excel files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

CONSUMPTION = """month,model,meter,mtok,team,spread
2026-10,m,output,100,search,0.2
2026-11,m,output,100,search,0.2
2026-12,m,output,100,search,0.2
2027-01,m,output,120,search,0.2
2027-02,m,output,130.5,search,0.2
"""
COMMITMENTS = """name,first_month,last_month,model,meter,mtok_per_month,price_usd_per_mtok,kind
deal,2026-12,2027-01,m,output,40,3.1,take_or_pay
"""
BOOK = """trade_date,contract,lots,price_usd_per_mtok
2026-10-02,2027-02,3,3.9
"""
INDEX = """date,index,price_usd_per_mtok
2026-11-06,stu-usd,4.1
2026-11-13,stu-usd,4.0
2026-11-20,stu-usd,3.9
"""
FUTURES = """as_of,delivery_month,settlement_usd_per_mtok,volume,open_interest
2026-11-13,2026-12,4.0,10,100
2026-11-13,2027-02,3.9,10,100
2026-11-20,2026-12,3.8,10,100
2026-11-20,2027-02,3.7,10,100
"""
LIST_PRICES = """effective_date,provider,model,meter,price_usd_per_mtok
2026-06-01,p,m,output,5
2026-09-01,p,m,output,0
"""
FX = """date,cny_per_usd
2026-11-13,7.1
2026-11-20,7.05
"""
CONTRACT = """currency = "USD"
multiplier = 50.0
unit = "stu"
months = [2, 4, 6, 8, 10, 12]
listed_months = 12
calendar = "weekdays"
"""
PROGRAM = """currency = "USD"
budget = 2000.0
level = 0.95
bands = [{months_ahead = [1, 12], min = 0.2, max = 0.8}]
"""
SETTINGS = """scenarios = 1000
seed = 7
"""

FILES = {
    "consumption.csv": CONSUMPTION,
    "commitments.csv": COMMITMENTS,
    "book.csv": BOOK,
    "market/index.csv": INDEX,
    "market/futures.csv": FUTURES,
    "market/list_prices.csv": LIST_PRICES,
    "market/fx.csv": FX,
    "market/contract.toml": CONTRACT,
    "program.toml": PROGRAM,
    "settings.toml": SETTINGS,
}


@pytest.fixture
def desk_folder(tmp_path: Path) -> Path:
    """A valid desk folder with every optional file."""
    folder = tmp_path / "desk"
    (folder / "market").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def write(desk_folder: Path) -> Callable[[str, str | bytes | None], Path]:
    """Replace one file of the desk folder; None removes it."""

    def replace(name: str, content: str | bytes | None) -> Path:
        path = desk_folder / name
        if content is None:
            path.unlink()
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8", newline="")
        return path

    return replace


@pytest.fixture
def write_workbook(desk_folder: Path) -> Callable[..., Path]:
    """Write rows as the first sheet of a workbook of the desk folder."""

    def save(name: str, rows: Iterable[Iterable[object]], sheets: tuple[str, ...] = ("FY27",)) -> Path:
        from openpyxl import Workbook

        book = Workbook()
        sheet = book.active
        sheet.title = sheets[0]
        for row in rows:
            sheet.append(list(row))
        for other in sheets[1:]:
            book.create_sheet(other)
        book.save(desk_folder / name)
        return desk_folder / name

    return save


@pytest.fixture
def faults_of() -> Callable[..., list[tuple[str, int | None, str | None, str, str]]]:
    """Call a reader that must refuse; every fault as (file, row, column, found, expected)."""
    from hedgedesk.domain.errors import InputError

    def collect(read: Callable[..., object], *arguments: object) -> list[tuple[str, int | None, str | None, str, str]]:
        with pytest.raises(InputError) as refused:
            read(*arguments)
        return [(f.file, f.row, f.column, f.found, f.expected) for f in refused.value.faults]

    return collect
