"""The programme of a draft written from a form: what changed goes into ``program.toml``, all else stays in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hedgedesk.domain.draft import Preview
from hedgedesk.domain.program import HedgeProgram
from hedgedesk.files.draft.mending import rewrite_rules
from hedgedesk.files.draft.staged import check_draft
from hedgedesk.files.program_form import program_of, rewritten, table_of, texts_of

PLACE = "program.toml"


def write_programme(folder: Path, texts: Mapping[str, str], currency: str) -> Preview:
    """Put what a form says into the programme of the draft in ``folder`` and check the whole desk again.

    Raises
    ------
    InputError
        The form has faults, or the file cannot be read; the draft is as before.
    """
    program_of(texts, currency)
    table, implied = table_of(texts, currency), table_of(texts_of(HedgeProgram(currency)), currency)
    rewrite_rules(folder, PLACE, lambda text: rewritten(text, table, implied))
    return check_draft(folder)
