"""What a result needs is there before the result is."""

from __future__ import annotations

import ast
import subprocess
import sys

from hedgedesk.desk import ahead

CODE = """
import sys, threading
from hedgedesk.desk.ahead import read_ahead
read_ahead(), read_ahead()
readers = [thread for thread in threading.enumerate() if thread.name == "read-ahead"]
before = len(readers)
for reader in readers:
    reader.join()
read_ahead()
print([before <= 1, not [t for t in threading.enumerate() if t.name == "read-ahead"], sorted(sys.modules)])
"""


def test_everything_is_imported_once_and_in_the_background():
    said = subprocess.run([sys.executable, "-W", "error", "-c", CODE], capture_output=True, text=True, check=True)
    at_most_one, not_again, loaded = ast.literal_eval(said.stdout)
    assert at_most_one
    assert not_again
    assert set(ahead.NEEDED) <= set(loaded)
