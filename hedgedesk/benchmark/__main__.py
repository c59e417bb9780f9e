"""One group of rows, measured in this process and printed as JSON: ``python -m hedgedesk.benchmark GROUP NAME...``."""

from __future__ import annotations

import json
import sys

from hedgedesk.benchmark.table import measure_group

if __name__ == "__main__":
    json.dump([row.plain() for row in measure_group(sys.argv[1], sys.argv[2:])], sys.stdout)
