"""The desk's own index: made once for one state of its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from hedgedesk.desk import Desk
from hedgedesk.desk.indices import KEPT, Indices, asked_for
from hedgedesk.domain.errors import InputError

LISTED = """effective_date,provider,model,meter,price_usd_per_mtok
2026-01-05,v,m,uncached_input,1
2026-01-05,v,m,output,4
2026-03-10,v,m,output,2
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "desk/market").mkdir(parents=True)
    (tmp_path / "desk/market/list_prices.csv").write_text(LISTED, encoding="utf-8")
    return tmp_path / "desk"


def test_the_open_desks_index_is_made_again_only_when_its_files_change(folder, tmp_path):
    desk = Desk(folder, tmp_path / "data")
    first = desk.index(frequency="month")
    assert desk.index(frequency="month") is first
    assert desk.index(frequency="week") is not first
    (folder / "market/list_prices.csv").write_text(LISTED + "2026-04-10,v,m,output,1\n", encoding="utf-8")
    assert desk.index(frequency="month").values.size == first.values.size + 1
    desk.close()


def test_another_folder_can_be_asked_about(folder, tmp_path):
    desk = Desk(None, tmp_path / "data")
    assert desk.index(folder, frequency="month").values[-1] == pytest.approx(500 / 7)
    desk.close()


def test_a_fault_of_the_settings_is_told(folder, tmp_path):
    (folder / "market/index.toml").write_text("trim = 2\n", encoding="utf-8")
    desk = Desk(folder, tmp_path / "data")
    with pytest.raises(InputError, match="trim"):
        desk.index()
    desk.close()


def test_only_what_is_asked_beats_the_file():
    assert asked_for(None, None, True) == {}
    assert asked_for("", "", True) == {}
    assert asked_for("realised", "month", False) == {"method": "realised", "frequency": "month", "screens": False}


def test_old_indices_give_way(folder, tmp_path):
    desk, kept, made = Desk(folder, tmp_path / "data"), Indices(), []
    one = desk.index()

    def make(n: int):
        return lambda: made.append(n) or one

    for n in range(KEPT + 1):
        kept.of(str(n), {}, make(n))
    kept.of(str(KEPT), {}, make(-1))
    kept.of("0", {}, make(0))
    assert made == [*range(KEPT + 1), 0]
    desk.close()
