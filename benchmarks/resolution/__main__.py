"""`python -m benchmarks.resolution pycg FOLDER`."""
from __future__ import annotations
import sys
from pathlib import Path
from benchmarks.resolution.pycg import score_folder
s = score_folder(Path(sys.argv[2]))
for c in s:
    if c.missing or c.extra: print(f"{c.category}/{c.name}", "missing", sorted(c.missing), "extra", sorted(c.extra))
print(len(s), "sound all", sum(not (c.missing or c.unseen) for c in s), "sound first", sum(not c.missing for c in s), "complete", sum(not c.extra for c in s))
