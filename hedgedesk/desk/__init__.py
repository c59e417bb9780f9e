"""Desk: the use cases, one verb each. The only thing that the command line and the dashboard call.

Its rooms: ``desks`` (which desk is open), ``folders`` (its files by content), ``memory`` (the store and the newest
runs), ``running`` (a run made and kept), ``finding`` (which run is meant), ``drafts`` (files in), ``usages`` (what was
used and paid), ``models`` (price models side by side), ``validations`` (how well they have done), ``plans`` (a plan
beside others), ``programmes`` (a programme as a form), ``what_ifs`` and ``papers`` (files out).
"""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgedesk.desk.desks import Desks, proper_name
from hedgedesk.desk.finding import meant
from hedgedesk.desk.folders import DESK_FILES, Folders, content_key
from hedgedesk.desk.indices import Indices, asked_for, make_index
from hedgedesk.desk.memory import Memory, deed
from hedgedesk.desk.places import assets, data_folder, sample
from hedgedesk.desk.running import line_of, make_and_keep, question, run_folder, still_installed, walk
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.domain.progress import Tick, silent
from hedgedesk.jobs import Jobs, JobState, Target

if TYPE_CHECKING:
    from hedgedesk.desk.drafts import Drafts
    from hedgedesk.desk.models import Models
    from hedgedesk.desk.papers import Papers
    from hedgedesk.desk.plans import Plans
    from hedgedesk.desk.programmes import Programmes
    from hedgedesk.desk.usages import Usages
    from hedgedesk.desk.validations import Validations
    from hedgedesk.desk.what_ifs import WhatIfs
    from hedgedesk.domain.price_index import IndexStudy
    from hedgedesk.domain.run import DeskInputs, HedgeRun
    from hedgedesk.domain.workspace import Deed, KeptDesk, OpenDesk, RunLine
    from hedgedesk.store import Store

__all__ = ["DESK_FILES", "Desk", "assets", "content_key", "data_folder", "run_folder", "sample"]


class Desk:
    """A desk, the runs made of it, and all that is kept beside.

    Parameters
    ----------
    folder
        The user's own desk folder, which is only read; None: the kept desk that was open last,
        else the sample.
    data
        Folder of the user's own files: store, kept desks, scenarios, log; None: :func:`data_folder` chooses. It is made
        when it is needed.
    """

    def __init__(self, folder: Path | None = None, data: Path | None = None) -> None:
        self.data = data_folder(data)
        self._jobs = Jobs()
        self._memory = Memory(self.data)
        self._folders = Folders(self.data)
        self._desks = Desks(folder, self._memory, self._folders)
        self._indices = Indices()
        self._confirming = threading.Lock()
        self._confirmed: tuple[str, OpenDesk] | None = None

    # Rooms of the desk, each made when it is first entered

    @cached_property
    def drafts(self) -> Drafts:
        """Files on their way in."""
        from hedgedesk.desk.drafts import Drafts

        return Drafts(self.data / "drafts", self._jobs)

    @cached_property
    def papers(self) -> Papers:
        """Reports and tables on their way out."""
        from hedgedesk.desk.papers import Papers, gathered

        return Papers(self.data, self._jobs, self.result, self.desk_of, lambda run_id: gathered(self.plans, run_id))

    @cached_property
    def what_ifs(self) -> WhatIfs:
        """Changes to a run, answered."""
        from hedgedesk.desk.what_ifs import WhatIfs

        return WhatIfs(self)

    @cached_property
    def usages(self) -> Usages:
        """Vendors' usage exports, and what they teach."""
        from hedgedesk.desk.usages import Usages

        return Usages(self, self._jobs)

    @cached_property
    def models(self) -> Models:
        """Price models fitted to the market, side by side."""
        from hedgedesk.desk.models import Models

        return Models(self, self._jobs)

    @cached_property
    def plans(self) -> Plans:
        """A plan beside others: frontier, strategies, price models."""
        from hedgedesk.desk.plans import Plans

        return Plans(self, self._jobs)

    @cached_property
    def programmes(self) -> Programmes:
        """The programme as a form."""
        from hedgedesk.desk.programmes import Programmes

        return Programmes(self)

    @cached_property
    def validations(self) -> Validations:
        """Price models judged on the market's past."""
        from hedgedesk.desk.validations import Validations

        return Validations(self, self._jobs)

    # The desk that is open

    def opened(self) -> OpenDesk:
        """The desk that is open; its key is of its files as they are now."""
        return self._desks.opened()

    @property
    def folder(self) -> Path:
        """Where the open desk's files are read from."""
        return self.opened().folder

    @property
    def name(self) -> str:
        """What the open desk is called."""
        return self.opened().name

    @property
    def sample(self) -> bool:
        """Whether the sample is open."""
        return self.opened().kind == "sample"

    def desks(self) -> tuple[KeptDesk, ...]:
        """Every kept desk, the one changed last first."""
        return self._desks.kept()

    def open_kept(self, workspace: str) -> OpenDesk:
        """Open a kept desk; :class:`StoreError` where there is no such one."""
        return self._desks.open_kept(workspace)

    def open_sample(self) -> OpenDesk:
        """Open the sample."""
        return self._desks.open_sample()

    def keep(self, folder: Path, name: str, what: str, *, new: bool) -> OpenDesk:
        """Keep the files of a folder and open them.

        Parameters
        ----------
        folder
            A staged folder; it is copied.
        name
            Of the kept desk.
        what
            imported or edited.
        new
            A new kept desk; else the next revision of the one that is open, where one is.
        """
        return self._desks.keep(folder, name, what, new=new)

    def undo(self) -> OpenDesk:
        """Go one revision back; a desk without a revision before stays as it is."""
        return self._desks.undo()

    def confirm(self, draft: str, name: str, *, new: bool = True) -> OpenDesk:
        """Keep a draft that is ready and open it; see :meth:`keep`. Asked again, it is the same desk.

        Raises
        ------
        InputError
            The draft has faults, or the name is empty.
        """
        with self._confirming:
            done = self.confirmed(draft)
            if done is not None:
                return done
            what = "imported" if self.drafts.is_import(draft) else "edited"
            with self.drafts.handed_over(draft) as staged:
                kept = self.keep(staged, name, what, new=new)
            self._confirmed = draft, kept
            self.drafts.discard(draft)
            return kept

    def confirmed(self, draft: str) -> OpenDesk | None:
        """What the draft confirmed last has become, so that a second click keeps nothing twice; None: another was."""
        last = self._confirmed
        return last[1] if last is not None and last[0] == draft else None

    def index(
        self,
        folder: Path | None = None,
        *,
        method: str | None = None,
        frequency: str | None = None,
        screens: bool = True,
    ) -> IndexStudy:
        """The desk's own index with its audit; of the folder only what the method needs is read.

        Parameters
        ----------
        folder
            A desk folder, or one that itself holds ``list_prices.csv``; None: the desk's own.
        method, frequency
            Beat ``market/index.toml``; None: as it says.
        screens
            False: without the screens, whatever ``market/index.toml`` says.

        Raises
        ------
        InputError
            Every fault of the files that the method needs.
        """
        asked = asked_for(method, frequency, screens)
        if folder is not None:
            return make_index(folder, asked)
        now = self.opened()
        return self._indices.of(now.key, asked, lambda: make_index(now.folder, asked))

    def check(self, folder: Path | None = None) -> DeskInputs:
        """Read a desk folder; :class:`InputError` carries every fault of every file."""
        from hedgedesk.files import read_desk

        return read_desk(folder if folder is not None else self.folder)

    # Running

    def run(self, folder: Path | None = None, overrides: dict[str, Any] | None = None, tick: Tick = silent) -> HedgeRun:
        """Read the folder and walk the straight line, here and now; nothing is kept.

        Parameters
        ----------
        folder
            None: the desk's own.
        overrides
            RunSettings fields by name that beat ``settings.toml``.
        tick
            Told the progress.
        """
        tick(0.0, "Reading the desk folder")
        return walk(self.check(folder), overrides or {}, tick)

    def run_and_keep(
        self, overrides: dict[str, Any] | None = None, tick: Tick = silent, *, cluster: str | None = None
    ) -> HedgeRun:
        """Run the open desk here and now and keep the run; see :meth:`run`.

        ``cluster`` is ``local`` or the address of a dask scheduler; None: this process draws by itself, with the same
        numbers.
        """
        now = self.opened()
        return make_and_keep(now.folder, self._asked(overrides), now.name, self.data, tick, cluster=cluster)

    def start_run(self, overrides: dict[str, Any] | None = None, *, retry: bool = True) -> str:
        """Start the run as a job, or find the one already made of the same files and settings; its id.

        A run that is stored already is a job that is done at once. With ``retry``, a run that failed or was cancelled
        is started anew; without, it is found as it ended.
        """
        now, overrides = self.opened(), self._asked(overrides)
        asked = question(now.key, overrides)
        done = self._jobs.done(asked)
        answer = self._memory.found.answer(now.key, overrides) if self._memory.found is not None else None
        if answer is not None and still_installed(answer.versions):
            return self._jobs.settle(asked, {"run_id": answer.run_id}, title=now.name)
        if done is not None:  # its run has been removed since
            self._jobs.forget(done)
        spec = {"folder": str(now.folder), "overrides": overrides, "desk": now.name, "data": str(self.data)}
        return self._jobs.submit(asked, run_folder, spec, retry=retry, title=now.name)

    def submit(self, key: str, target: Target, spec: dict[str, Any], *, kind: str, title: str) -> str:
        """Start a job of one of the desk's rooms, or find the one of this key; its id."""
        return self._jobs.submit(key, target, spec, kind=kind, title=title)

    def job(self, job_id: str | None) -> JobState | None:
        """How a job stands; None: unknown, the server has been started again since."""
        return self._jobs.state(job_id) if job_id else None

    def jobs(self) -> tuple[JobState, ...]:
        """Every job that is known, the newest first."""
        return self._jobs.states()

    def wait(self, job_id: str, timeout: float | None = None) -> JobState | None:
        """Block until a job is over or ``timeout`` seconds are gone; how it then stands."""
        return self._jobs.wait(job_id, timeout=timeout)

    def cancel(self, job_id: str | None) -> None:
        """End a job."""
        if job_id:
            self._jobs.cancel(job_id)

    def finished(self, job_id: str) -> str | None:
        """Run id of a run or what-if that is done; None while it is not."""
        state = self._jobs.state(job_id)
        if state is None or state.result is None or state.kind not in ("run", "what_if"):
            return None
        run_id = str(state.result["run_id"])
        if state.kind == "what_if" and self.what_ifs.found(run_id) is None:
            self.what_ifs.take(state.result["record"])
        return run_id

    # Runs

    def result(self, run_id: str) -> HedgeRun:
        """A run: stored, or a what-if that is not saved.

        Raises
        ------
        HedgeDeskError
            There is no such run.
        """
        run = self._answer(run_id) or self._memory.run(run_id)
        if run is None:
            raise HedgeDeskError(f"run {run_id} is not kept: it was removed, or was a what-if that nobody saved")
        return run

    def newest(self) -> str | None:
        """Id of the newest run made of the open desk's files as they are now; None: there is none."""
        store = self._memory.found
        return store.newest(self.opened().key) if store is not None else None

    def is_stale(self, run_id: str) -> bool:
        """Whether the open desk's files are not those that the run was made of."""
        store, key = self._memory.found, self.opened().key
        if store is None:
            return True
        answer = self._answer(run_id)
        based_on = self.what_ifs.base_of(run_id) if answer is not None else None
        return not store.is_made_of(based_on[0] if based_on is not None else run_id, key)

    def runs(self) -> tuple[RunLine, ...]:
        """Every stored run, the newest first."""
        store = self._memory.found
        return store.lines() if store is not None else ()

    def run_line(self, run_id: str) -> RunLine | None:
        """A stored run in one line; None: it is not stored."""
        store = self._memory.found
        return store.line(run_id) if store is not None else None

    def find_run(self, wanted: str) -> RunLine:
        """The stored run that is meant by an id, the unique beginning of one, a name, or ``latest``.

        Raises
        ------
        InputError
            None or several are meant; the message lists the newest.
        """
        return meant(wanted, self.runs())

    def name_run(self, run_id: str, name: str) -> None:
        """Name a stored run; an empty name takes its name away.

        Raises
        ------
        HedgeDeskError
            There is no such run, or another has that name.
        """
        given = proper_name(name) if name.strip() else None
        self._memory.store.name_run(run_id, given, deed("named", run_id, given or ""))

    def remove_run(self, run_id: str) -> None:
        """Remove a stored run; its place in the audit log stays."""
        line = self.run_line(run_id)
        if line is not None:
            self._memory.store.remove_run(run_id, deed("removed", run_id, line.name or line.desk))
        self._memory.drop(run_id)

    def keep_what_if(self, run: HedgeRun, *, based_on: str, changes: str, name: str) -> None:
        """Keep an answer to what if among the runs.

        Raises
        ------
        HedgeDeskError
            The run that it is based on is not stored, or another run has that name.
        """
        base = self.run_line(based_on)
        if base is None:
            raise HedgeDeskError(f"run {based_on} is not stored, so nothing based on it can be kept")
        named = proper_name(name)
        line = line_of(
            run,
            desk=base.desk,
            key=base.key,
            seconds=0.0,
            kind="what_if",
            based_on=based_on,
            changes=changes,
            name=named,
        )
        self._memory.store.save_run(run, line, None, deed("saved_what_if", line.run_id, named))

    def report(self, run_id: str, out: Path) -> None:
        """Write the report of a run to a file, in the format that its ending says.

        Raises
        ------
        InputError
            The ending is unknown, or the folder does not exist.
        """
        self.papers.report(self.result(run_id), out)
        self.note("reported", run_id, out.name)

    def folder_of(self, run_id: str) -> Path:
        """Folder of the very files that a stored run was made of.

        Raises
        ------
        HedgeDeskError
            The run is not stored, or the files are gone.
        """
        line = self.run_line(run_id)
        folder = self._folders.path(line.key) if line is not None else None
        if folder is None or not folder.is_dir():
            raise HedgeDeskError(f"the files that run {run_id} was made of are not kept")
        return folder

    def desk_of(self, run_id: str) -> str:
        """Name of the desk that a run was made of."""
        line = self.run_line(run_id)
        if line is not None:
            return line.desk
        based_on = self.what_ifs.base_of(run_id)
        base = self.run_line(based_on[0]) if based_on is not None else None
        return base.desk if base is not None else self.name

    def require_store(self) -> None:
        """Open what is kept, where anything is: a server tells before it serves that it cannot.

        Raises
        ------
        StoreError
            It is damaged, or a newer HedgeDesk wrote it.
        """
        _ = self._memory.found

    @property
    def store(self) -> Store:
        """The store itself, for the rooms of the desk."""
        return self._memory.store

    # Audit log

    def deeds(self) -> tuple[Deed, ...]:
        """What was done, the newest first."""
        store = self._memory.found
        return store.deeds() if store is not None else ()

    def note(self, what: str, subject: str, detail: str = "") -> None:
        """Add a line to the audit log: ``what`` was done to ``subject``, a desk or a run."""
        self._memory.store.add_deed(deed(what, subject, detail))

    def _asked(self, overrides: dict[str, Any] | None) -> dict[str, Any]:
        """What a run of the open desk is asked, with the model that a validation of its market has chosen."""
        from hedgedesk.desk.validations import with_choice

        return with_choice(overrides or {}, self.validations.result())

    def _answer(self, run_id: str) -> HedgeRun | None:
        """A what-if that is not saved; who never asked one does not enter its room."""
        return self.what_ifs.found(run_id) if "what_ifs" in self.__dict__ else None

    def close(self) -> None:
        """End every job."""
        self._jobs.close()
