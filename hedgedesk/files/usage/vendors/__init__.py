"""Every export that can be read: one line per vendor."""

from __future__ import annotations

from hedgedesk.files.usage.rows.export import Export
from hedgedesk.files.usage.vendors import anthropic, azure, focus, generic, langfuse, litellm, openai, openrouter

EXPORTS: tuple[Export, ...] = (
    *openai.EXPORTS,
    *anthropic.EXPORTS,
    *openrouter.EXPORTS,
    *litellm.EXPORTS,
    *langfuse.EXPORTS,
    *azure.EXPORTS,
    *focus.EXPORTS,
    *generic.EXPORTS,
)
"""Where two fit a file equally well the earlier one reads it, so the generic one comes last."""
