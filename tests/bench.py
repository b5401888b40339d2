"""Measure what doing both at once gains, where each service takes a second.

main.py and README.md's snippet "Both at once" run in turn against the stand-ins.
Prints the median wall time of each in seconds, their ratio, and how much of a run of
main.py is not waiting for the services.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from readme import snippets
from standins import StandIns

ROOT = Path(__file__).parents[1]
RUNS = 5
DELAY = 1.0  # seconds that the speech takes, and again the transcript

times: dict[str, list[float]] = {"main.py": [], "both at once": []}
with (
    StandIns(lambda recording: "What was said.").running() as services,
    tempfile.TemporaryDirectory() as folder,
):
    services.delay = DELAY
    both_at_once = Path(folder, "both_at_once.py")
    both_at_once.write_text(snippets()["Both at once"])
    shutil.copy(ROOT / "audio.wav", folder)
    for _ in range(RUNS):
        for name, script in (
            ("main.py", ROOT / "main.py"),
            ("both at once", both_at_once),
        ):
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, script],
                cwd=folder,
                env=services.environment(home=Path(folder, "home")),
                check=True,
                capture_output=True,
            )
            times[name].append(time.perf_counter() - started)

in_turn, at_once = (statistics.median(values) for values in times.values())
print(f"main.py, one after the other: {in_turn:.2f} s (median of {RUNS})")
print(f"README.md's both at once: {at_once:.2f} s (median of {RUNS})")
print(f"ratio: {at_once / in_turn:.2f}")
print(f"main.py, not waiting for the services: {in_turn - 2 * DELAY:.2f} s")
