"""Run main.py in the current folder without a network or a key.

The services are stand-ins on this machine: the voice is a recording, and a speech
recogniser hears whatever recording is in audio.wav.
"""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    from recogniser import transcribe
    from standins import StandIns
except ImportError as error:
    sys.exit(
        f"{error}. Run, with Python 3.10 to 3.13: pip install -r tests/requirements.txt"
    )

main = Path(__file__).parents[1] / "main.py"
print(
    "Offline: a recorded voice and a local recogniser stand in for the services.",
    file=sys.stderr,
)
signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is main.py's to answer
with StandIns(transcribe).running() as services, tempfile.TemporaryDirectory() as home:
    run = subprocess.run(
        [sys.executable, main], check=False, env=services.environment(home)
    )
sys.exit(run.returncode)
