"""The offline run: main.py with a recorded voice and a real recogniser."""

import hashlib
import os
import re
import shutil
import signal
import time

import pytest
from conftest import README, ROOT
from packaging.requirements import Requirement

OFFLINE = ROOT / "tests" / "offline.py"
SAMPLE = "537dd1552366e6ff96c75abd11f8404e0b9055b163c98c134ebc0b4c593329a1"  # SHA-256


@pytest.fixture
def recordings():
    """What comes with the recogniser; where it has no wheel, the test is skipped."""
    requirements = (ROOT / "tests" / "requirements.txt").read_text()
    [moonshine] = re.findall("(?m)^moonshine-voice.+", requirements)
    if not Requirement(moonshine).marker.evaluate():
        pytest.skip("the recogniser has no wheel for this machine")
    from moonshine_voice import get_assets_path

    return get_assets_path()


def test_a_run_with_the_sample_looks_as_in_readme(run, folder, services, recordings):
    if hashlib.sha256((folder / "audio.wav").read_bytes()).hexdigest() != SAMPLE:
        pytest.skip("audio.wav is another recording than the sample")
    demo = run(OFFLINE)
    [terminal] = re.findall(r"(?ms)^```text\n(.*?)^```$", README)
    assert f"$ python tests/offline.py\n{demo.stderr}{demo.stdout}" == terminal
    assert demo.stdout.count("\n") == 1
    assert set(os.listdir(folder)) == {"audio.wav", "alloy.mp3"}
    assert os.listdir(services.environment["HOME"]) == ["authority.pem"]


def test_another_recording_in_stereo_at_48_khz_is_heard(run, folder, recordings):
    import soundfile

    speech = recordings / "beckett.wav"
    samples, rate = soundfile.read(speech, frames=80_000, always_2d=True)
    left_is_silent = samples.repeat(3, axis=0) * [0, 1]
    soundfile.write(folder / "audio.wav", left_is_silent, 3 * rate, format="FLAC")
    assert run(OFFLINE).stdout.startswith("Ever tried. Ever failed.")


def test_a_file_that_is_no_recording_is_told(run, folder, recordings):
    (folder / "audio.wav").write_bytes(b"no recording")
    demo = run(OFFLINE)
    assert demo.returncode == 1
    assert "ResponseError: unreadable recording: Format not recognised" in demo.stderr


@pytest.mark.parametrize(
    ("package", "told"),
    [("trustme", "no trustme. Run: pip "), ("soundfile", "There is no recogniser ")],
)
def test_a_missing_package_is_told(run, tmp_path, package, told):
    (tmp_path / f"{package}.py").write_text(f"raise ImportError('no {package}')")
    demo = run(OFFLINE, PYTHONPATH=str(tmp_path))
    assert (demo.returncode, demo.stderr.count("\n")) == (1, 1)
    assert demo.stderr.startswith(told)


@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_ctrl_c_ends_the_offline_run_and_main_py_quietly(start, folder, recordings):
    shutil.copy(recordings / "two_cities.wav", folder / "audio.wav")  # takes seconds
    demo = start(OFFLINE)
    assert "Transcribing" in [demo.stderr.readline() for _ in range(3)][-1]
    time.sleep(0.3)  # seconds, until the recogniser is at work
    os.killpg(demo.pid, signal.SIGINT)  # as a terminal does
    output = demo.communicate(timeout=2)  # until both have closed it
    assert (demo.returncode, *output) == (-signal.SIGINT, "", "")
