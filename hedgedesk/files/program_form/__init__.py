"""The programme as a form of texts, and back: what is typed goes through the reader of ``program.toml``."""

from hedgedesk.files.program_form.growing import (
    NEW_KIND,
    NEW_NAME,
    with_band,
    with_instrument,
    without_band,
    without_instrument,
)
from hedgedesk.files.program_form.reading import program_of, table_of
from hedgedesk.files.program_form.rewriting import rewritten
from hedgedesk.files.program_form.showing import form_of, texts_of

__all__ = [
    "NEW_KIND",
    "NEW_NAME",
    "form_of",
    "program_of",
    "rewritten",
    "table_of",
    "texts_of",
    "with_band",
    "with_instrument",
    "without_band",
    "without_instrument",
]
