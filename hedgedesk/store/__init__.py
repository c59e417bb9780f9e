"""What is kept between two starts: runs, names, workspaces with their revisions, and the audit log.

SQLAlchemy Core over SQLite in WAL mode, or any other database by its URL. A run is one row, written in one short
transaction, so a process that is killed leaves a whole run or none. Scenario arrays are a cache beside the store
(:class:`~hedgedesk.store.scenarios.ScenarioCache`).
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hedgedesk.store.database import FILE
from hedgedesk.store.deeds import StoredDeeds
from hedgedesk.store.desks import Revision, StoredDesks
from hedgedesk.store.runs import Answer, StoredRuns

if TYPE_CHECKING:
    from hedgedesk.domain.run import HedgeRun
    from hedgedesk.domain.scenarios import ScenarioSet
    from hedgedesk.store.scenarios import ScenarioCache

__all__ = ["FILE", "Answer", "Revision", "Store"]


class Store(StoredRuns, StoredDesks, StoredDeeds):
    """One database and the scenario arrays beside it; opening it brings the schema up to date.

    Parameters
    ----------
    folder
        Of the user's own files; made when it is absent.
    url
        SQLAlchemy URL of the database; None: the SQLite file :data:`FILE` in ``folder``.

    Raises
    ------
    StoreError
        It cannot be opened, is damaged, is another program's, or a newer HedgeDesk wrote it. Nothing is overwritten.
    """

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.scenario_folder = folder / "scenarios"
        super().__init__(folder, url)

    def keep_scenarios(self, run: HedgeRun) -> None:
        """Keep the scenarios of a run that still has them, for what-ifs; the cache may refuse without a word."""
        if run.scenarios is not None:
            self.scenario_cache.save(run.manifest.scenario_id, run.scenarios)

    def scenarios(self, scenario_id: str) -> ScenarioSet | None:
        """Scenarios of this id; None: no longer kept, so they have to be drawn again."""
        return self.scenario_cache.load(scenario_id)

    @cached_property
    def scenario_cache(self) -> ScenarioCache:
        """The arrays beside the database."""
        from hedgedesk.store.scenarios import ScenarioCache

        return ScenarioCache(self.scenario_folder)
