"""README.md's snippets run as they stand."""

import os
import re

import pytest
from conftest import README
from standins import UPLOAD

SNIPPETS = dict(
    re.findall(r"(?ms)^\*\*([^*]+)\*\*[^\n]*\n```python\n(.*?)^```$", README)
)


@pytest.mark.parametrize("title", ["Speak", "Transcribe", "Both at once"])
def test_a_snippet_speaks_or_transcribes(run, folder, title):
    demo = run("-c", SNIPPETS[title])
    assert (demo.returncode, demo.stderr) == (0, "")
    assert ("audio.wav" in demo.stdout) == (title != "Speak")
    assert ("alloy.mp3" in os.listdir(folder)) == (title != "Transcribe")


@pytest.mark.parametrize("title", list(SNIPPETS)[3:])
def test_a_snippet_transcribes_when_the_space_is_down(run, services, title):
    services.answers[UPLOAD] = 503, "<!DOCTYPE html>"
    assert "audio.wav" in run("-c", SNIPPETS[title]).stdout
