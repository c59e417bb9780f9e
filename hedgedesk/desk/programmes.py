"""The programme of a run as a form: shown, tried on the run's scenarios, kept as the desk's next revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hedgedesk.domain.changes import Changes
from hedgedesk.domain.errors import HedgeDeskError
from hedgedesk.domain.values import to_plain

if TYPE_CHECKING:
    from hedgedesk.desk import Desk
    from hedgedesk.domain.program import HedgeProgram
    from hedgedesk.domain.program_form import ProgramForm
    from hedgedesk.domain.workspace import OpenDesk

Texts = Mapping[str, str]
"""Key of a field to what stands in it."""


class Programmes:
    """Forms of the programmes of ``desk``'s runs; what stands in a form is the window's, never kept here."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def texts(self, run_id: str) -> dict[str, str]:
        """What the form of a run's programme holds before anything is typed."""
        from hedgedesk.files import program_form

        return program_form.texts_of(self._program(run_id))

    def form(self, run_id: str, texts: Texts | None = None) -> ProgramForm:
        """The form of a run's programme with ``texts`` in it; None: the run's own."""
        from hedgedesk.domain.units import million_of
        from hedgedesk.files import program_form

        run, own = self._desk.result(run_id), self.texts(run_id)
        shown = own if texts is None else texts
        volume = million_of(run.fan.unit)
        return program_form.form_of(shown, own, run.plan.program.currency, run.fan.currency, volume)

    def kinds(self) -> tuple[str, ...]:
        """Kinds of instruments that can be added."""
        from hedgedesk.market.instruments import KINDS

        return tuple(KINDS)

    def with_band(self, texts: Texts) -> dict[str, str]:
        """One band more."""
        from hedgedesk.files import program_form

        return program_form.with_band(texts)

    def without_band(self, texts: Texts, number: str) -> dict[str, str]:
        """Without the band of that number."""
        from hedgedesk.files import program_form

        return program_form.without_band(texts, number)

    def with_instrument(self, texts: Texts, name: str, kind: str) -> dict[str, str]:
        """One instrument more, allowed; :class:`InputError` where it cannot be called so."""
        from hedgedesk.files import program_form

        return program_form.with_instrument(texts, name, kind)

    def without_instrument(self, texts: Texts, name: str) -> dict[str, str]:
        """Without the instrument of that name."""
        from hedgedesk.files import program_form

        return program_form.without_instrument(texts, name)

    def changes(self, run_id: str, texts: Texts) -> Changes:
        """What if the programme of a run were what the form says; no change where it says the same.

        Raises
        ------
        InputError
            Every fault at once; the column of a fault is the key of its field.
        """
        from hedgedesk.files import program_form

        own = self._program(run_id)
        asked = program_form.program_of(texts, own.currency)
        return Changes() if asked == own else Changes(program=to_plain(asked))

    def keep(self, run_id: str, texts: Texts) -> OpenDesk:
        """Write what the form says into the open desk's ``program.toml``, as its next revision; the desk.

        A desk that is not kept here, the sample for one, is kept as a new desk.

        Raises
        ------
        InputError
            The form has faults, or the desk's files have: nothing is kept.
        HedgeDeskError
            The run is of another desk than the one that is open.
        """
        opened = self._desk.opened()
        if self._desk.desk_of(run_id) not in ("", opened.name):
            raise HedgeDeskError(f"run {run_id[:8]} is of another desk than {opened.name}: open that one first")
        draft = self._desk.drafts.copy_of(opened.folder, opened.name)
        try:
            self._desk.drafts.write_programme(draft, texts, self._program(run_id).currency)
            new = opened.workspace is None or not opened.revision
            return self._desk.confirm(draft, opened.name, new=new)
        except HedgeDeskError:
            self._desk.drafts.discard(draft)
            raise

    def _program(self, run_id: str) -> HedgeProgram:
        return self._desk.result(run_id).plan.program
