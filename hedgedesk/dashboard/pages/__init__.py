"""The pages: one question each. See ``interface.md`` §4 for the contract (PAGE, layout, view, register)."""
