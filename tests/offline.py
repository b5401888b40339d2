"""Run main.py in the current folder without a network or a key.

The services are stand-ins on this machine: the voice is a recording, and a speech
recogniser hears whatever recording is in audio.wav.
"""

import platform
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

signal.signal(signal.SIGINT, lambda *_: sys.exit(130))  # Ctrl-C, without a traceback

try:
    from standins import StandIns
except ImportError as error:
    sys.exit(f"{error}. Run: pip install -r tests/requirements.txt")
try:
    from recogniser import transcribe
except ImportError:  # left out by tests/requirements.txt
    sys.exit(
        f"There is no recogniser for {platform.system()} on {platform.machine()}, only "
        "for Linux on x86_64 and aarch64, Windows on AMD64, macOS 15 or newer on arm64."
    )

main = Path(__file__).parents[1] / "main.py"
print(
    "Offline: a recorded voice and a local recogniser stand in for the services.",
    file=sys.stderr,
)
with StandIns(transcribe).running() as services, tempfile.TemporaryDirectory() as home:
    run = subprocess.run(
        [sys.executable, main],
        check=False,
        env=services.environment(Path(home)),
        start_new_session=True,  # Ctrl-C reaches this process, which ends that one
    )
sys.exit(run.returncode)
