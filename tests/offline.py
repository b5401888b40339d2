"""Run main.py in the current folder without a network or a key."""

import platform
import signal
import subprocess
import sys
from pathlib import Path

signal.signal(signal.SIGINT, signal.SIG_DFL)  # for Ctrl-C without a traceback

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

print("Offline: a recorded voice speaks, a recogniser listens.", file=sys.stderr)
main = Path(__file__).parents[1] / "main.py"
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    with StandIns(transcribe).running() as services:
        # In a session of its own, main.py is ended by this process and not by Ctrl-C
        status = subprocess.call(
            [sys.executable, main], env=services.environment, start_new_session=True
        )
except KeyboardInterrupt:  # by now all is cleaned up
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.raise_signal(signal.SIGINT)
sys.exit(status)
