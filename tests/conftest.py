"""What every test starts from: stand-ins, an empty home and a folder with audio.wav."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from standins import StandIns

ROOT = Path(__file__).parents[1]


class Demo:
    """A folder with audio.wav, and a way to run scripts in it against the stand-ins."""

    def __init__(self, services: StandIns, folder: Path, home: Path) -> None:
        self.folder = folder
        self.home = home
        self.environment = services.environment(home)
        folder.mkdir()
        shutil.copy(ROOT / "audio.wav", folder)

    @property
    def files(self) -> set[str]:
        """The names of all that is in the folder."""
        return {path.name for path in self.folder.iterdir()}

    def start(self, script: Path = ROOT / "main.py") -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, script],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(self, script: Path = ROOT / "main.py") -> subprocess.CompletedProcess[str]:
        process = self.start(script)
        stdout, stderr = process.communicate(timeout=30)
        return subprocess.CompletedProcess(
            process.args, process.returncode, stdout, stderr
        )


@pytest.fixture
def services():
    """The stand-ins; every recording is transcribed as "What was said."."""
    with StandIns(lambda recording: "What was said.").running() as services:
        yield services


@pytest.fixture
def demo(services, tmp_path):
    """A folder to run scripts in, where the names of the services lead to those here."""
    return Demo(services, tmp_path / "demo", tmp_path / "home")


@pytest.fixture
def recogniser():
    """Skip the test where tests/requirements.txt leaves the recogniser out."""
    lines = (ROOT / "tests/requirements.txt").read_text().splitlines()
    markers = [Requirement(line).marker for line in lines if "moonshine" in line[:9]]
    if not any(marker.evaluate() for marker in markers):
        pytest.skip("the recogniser has no wheel for this machine")


@pytest.fixture
def g4f(demo, tmp_path):
    """Put another release of g4f before the installed one; pip fetches it.

    The test is skipped where pip cannot reach a package registry.
    """

    def install(release: str) -> None:
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--retries=0"]
        target = [f"--target={tmp_path / 'g4f'}", "--no-deps", f"g4f=={release}"]
        fetched = subprocess.run(pip + target, check=False, capture_output=True)
        if fetched.returncode != 0:
            pytest.skip(f"pip cannot fetch g4f {release}")
        demo.environment["PYTHONPATH"] += f"{os.pathsep}{tmp_path / 'g4f'}"

    return install
