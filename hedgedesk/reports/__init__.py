"""How results are shown: numbers as text, tables, charts, words. Drawing and formatting, no arithmetic of the desk's.

Screen, notebook and written reports take the same figures and tables from here.
"""
