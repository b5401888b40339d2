"""What every test starts from: the services, and Python in a folder with audio.wav."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from standins import StandIns

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    """A folder that holds audio.wav and nothing else."""
    folder = tmp_path / "demo"
    folder.mkdir()
    shutil.copy(ROOT / "audio.wav", folder)
    return folder


@pytest.fixture
def services(folder):
    """The stand-ins; what they hear in a recording is its name in the folder."""

    def transcribe(recording: bytes) -> str:
        [name] = [p.name for p in folder.iterdir() if p.read_bytes() == recording]
        return f"This is\n{name}, 世界."

    with StandIns(transcribe).running() as services:
        yield services


@pytest.fixture
def start(folder, services, request):
    """Start Python in the folder, with more in its environment; it ends with the test."""

    def start(*arguments, **more):
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=folder,
            env=services.environment | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,  # for Ctrl-C to reach all that it starts
        )
        deadline = threading.Timer(20, process.kill)  # seconds
        deadline.start()
        request.addfinalizer(deadline.cancel)
        request.addfinalizer(process.kill)
        return process

    return start


@pytest.fixture
def run(start):
    """Run main.py, or Python with other arguments, to its end."""

    def run(*arguments, **more):
        process = start(*(arguments or [ROOT / "main.py"]), **more)
        output = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, *output)

    return run
