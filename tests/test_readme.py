"""README.md is true: its snippets run, its commands and error lines exist."""

import re

import pytest
from conftest import ROOT
from readme import blocks, commands, error_lines, snippets
from standins import SPACE, VOICE
from test_failures import (
    NO_NETWORK,
    NO_RECORDING,
    NOT_TRUSTED,
    SPEAKING,
    TOO_NEW,
    TRANSCRIBING,
    answer,
)

NOT_IN_CI = "python main.py", "python3 -m venv .venv", ". .venv/bin/activate"
SNIPPETS = snippets()
MP3 = {"alloy.mp3": VOICE}
RESULTS = {
    "Speak": ("", MP3),
    "Transcribe": ("What was said.\n", {}),
    "Both at once": ("What was said.\n", MP3),
    "When the Space is down": ("PollinationsAI: What was said.\n", {}),
    "Your own copy of the Space": ("What was said.\n", {}),
}


def test_every_block_of_python_is_a_snippet_with_a_result_to_expect():
    assert list(SNIPPETS) == list(RESULTS)
    assert list(SNIPPETS.values()) == blocks("python")


@pytest.mark.parametrize("title", RESULTS)
def test_a_snippet_runs_as_it_stands(demo, services, tmp_path, title):
    if title in ("When the Space is down", "Your own copy of the Space"):
        services.answers[f"POST {SPACE}/gradio_api/upload"] = answer(503)
    snippet = tmp_path / "snippet.py"
    snippet.write_text(SNIPPETS[title])
    run = demo.run(snippet)
    stdout, files = RESULTS[title]
    assert run.returncode == 0
    assert run.stdout == stdout
    assert run.stderr == ""
    assert demo.files == {"audio.wav", *files}
    for name, content in files.items():
        assert (demo.folder / name).read_bytes() == content


def test_transcribing_runs_through_pollinations_with_the_other_name_in_both_places(
    demo, services, tmp_path
):
    services.answers[f"POST {SPACE}/gradio_api/upload"] = answer(503)
    snippet = tmp_path / "snippet.py"
    both_places = SNIPPETS["Transcribe"].replace(
        "Microsoft_Phi_4_Multimodal", "PollinationsAI"
    )
    snippet.write_text(both_places)
    assert demo.run(snippet).stdout == "What was said.\n"


def test_a_copy_of_the_space_is_asked_in_place_of_the_original(
    demo, services, tmp_path
):
    snippet = tmp_path / "snippet.py"
    snippet.write_text(SNIPPETS["Your own copy of the Space"])
    demo.run(snippet)
    assert services.received
    assert all("your-name" in request.route for request in services.received)


@pytest.mark.parametrize("line", error_lines())
def test_an_error_line_of_the_table_is_one_that_the_failure_tests_see(line):
    seen = [
        *(reason for *_, reason in (*SPEAKING.values(), *TRANSCRIBING.values())),
        *(NO_NETWORK, NOT_TRUSTED, NO_RECORDING, TOO_NEW),
    ]
    assert any(told.startswith(line) for told in seen)


@pytest.mark.parametrize("command", commands())
def test_a_command_is_one_that_ci_runs_or_every_test_does(command):
    ci = (ROOT / ".ci" / "run").read_text()
    assert all(part in ci or part in NOT_IN_CI for part in command.split(" && "))


@pytest.mark.parametrize("name", ["README.md", "main.py", ".ci/run"])
def test_every_file_asks_for_the_g4f_that_is_pinned(name):
    [pinned] = re.findall(
        r"^g4f==(.+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE
    )
    asked_for = re.findall(r"g4f==([\d.]*\d)", (ROOT / name).read_text("utf-8"))
    assert set(asked_for) == {pinned}


def test_the_tests_run_on_the_g4f_that_is_pinned():
    assert "-r ../requirements.txt\n" in (ROOT / "tests/requirements.txt").read_text()
