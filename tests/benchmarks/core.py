"""The whole table of ``hedgedesk benchmark``, or the rows named on the command line.

Run ``python tests/benchmarks/core.py [NAME ...]``; it prints and never gates. Each group of rows is measured in a
process of its own, in which numpy has one thread.
"""

from __future__ import annotations

import sys

from hedgedesk.benchmark.table import measure_table, told

if __name__ == "__main__":
    print(told(measure_table(sys.argv[1:] or None)))
