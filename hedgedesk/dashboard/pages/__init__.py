"""The pages: one question each. Each keeps one contract: PAGE, layout, view, register."""
