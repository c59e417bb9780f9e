"""The written report: ``model`` and its ``sections`` and ``totals``, and ``html``, the one-file page made of them.

The workbook of the same model is in ``reports.xlsx``; whatever both print is computed once, in the model.
"""
