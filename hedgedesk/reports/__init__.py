"""How results are shown: numbers as text, tables, charts, words. Drawing and formatting, no arithmetic of the desk's.

``format`` is the one place for numbers, dates and units, ``messages`` and ``catalogue/`` for words. ``tables``,
``figures`` and ``headlines`` arrange a result, ``comparison`` and ``strip`` two of them; ``paint`` and ``svg`` draw
charts; ``sheet``, ``report`` and ``xlsx`` write what leaves the desk.

Screen, notebook and written reports take the same figures and tables from here.
"""
