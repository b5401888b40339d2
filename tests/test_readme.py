"""README.md's code: as it is pasted, and made one's own."""

import json
import os
import re

import pytest
from conftest import README
from standins import JOIN, SPACE, SPACE_COPY, SPEECH, UPLOAD, speech, words

[BLOCK] = re.findall(r"(?ms)^```python\n(.*?)^```$", README)
LINES = dict(re.findall(r"(?m)^- \*\*(.+?)\*\*(.*)$", README))


def made_yours(line: str) -> str:
    """Return the block with the code in a line of "Make it yours" put into it."""
    code, last = BLOCK, "asyncio.run(main())\n"
    for change in re.findall("`(.+?)`", LINES[line]):
        if change.startswith(("speak(", "transcribe(")):
            call = rf"(?m)^        {change.split('(')[0]}\(.+"
            code = re.sub(call, f"        {change},", code)
        elif change.startswith("await "):
            code = code.replace(last, change)
        else:
            code = code.replace(last, f"{change}\n{last}")
    return code


def test_as_pasted_it_saves_and_prints_what_came(run, folder, services):
    services.answers[SPEECH] = speech("SUQz")  # "ID3", how a tagged MP3 begins
    demo = run("-c", BLOCK)
    assert (demo.returncode, demo.stderr) == (0, "")
    assert demo.stdout == "This is\naudio.wav, 世界.\n"
    assert (folder / "alloy.mp3").read_bytes() == b"ID3"
    assert set(os.listdir(folder)) == {"audio.wav", "alloy.mp3"}


@pytest.mark.parametrize("came", [words("Log in."), speech(None), speech("//48ACEA")])
def test_speak_raises_what_came_and_leaves_the_file(run, folder, services, came):
    (folder / "alloy.mp3").write_bytes(b"of an earlier run")
    services.answers[SPEECH] = came
    assert "\nValueError: no MP3 came: " in run("-c", BLOCK).stderr
    assert (folder / "alloy.mp3").read_bytes() == b"of an earlier run"


@pytest.mark.parametrize(
    ("line", "prompt", "voice", "file"),
    [
        ("Other words, another file", "Tell a short joke", "alloy", "joke.mp3"),
        ("Exactly these words", "Say verbatim: We leave at 9.", "alloy", "leave.mp3"),
        ("Another voice", "Say good day to the world", "nova", "nova.mp3"),
    ],
)
def test_speak_takes_other_words(run, folder, services, line, prompt, voice, file):
    run("-c", made_yours(line))
    asked = json.loads(services.received[SPEECH][0].body)
    assert asked["messages"] == [{"role": "user", "content": prompt}]
    assert asked["audio"]["voice"] == voice
    assert set(os.listdir(folder)) == {"audio.wav", file}


def test_transcribe_sends_another_recording_under_its_own_name(run, folder, services):
    (folder / "memo.mp3").write_bytes(b"a memo")
    assert "memo.mp3" in run("-c", made_yours("Another recording")).stdout
    assert b'"orig_name": "memo.mp3"' in services.received[JOIN][0].body


def test_pollinations_transcribes_when_the_space_is_down(run, services):
    services.answers[UPLOAD] = 503, "<!DOCTYPE html>"
    assert "audio.wav" in run("-c", made_yours("When the Space is down")).stdout
    assert UPLOAD in services.received


def test_a_copy_of_the_space_is_asked_in_place_of_the_original(run, services):
    assert "audio.wav" in run("-c", made_yours("Your own copy of the Space")).stdout
    assert UPLOAD.replace(SPACE, SPACE_COPY) in services.received
    assert not [route for route in services.received if "microsoft" in route]


def test_with_a_key_it_is_sent_to_pollinations_and_nobody_else(run, services):
    code = made_yours("With a key")
    run("-c", code, POLLINATIONS_API_KEY="sk_mine")
    saw = [route for route, seen in services.received.items() if "sk_mine" in str(seen)]
    assert saw == ["POST gen.pollinations.ai/v1/chat/completions"]


def test_in_a_notebook_it_runs_in_the_loop_that_is_there(run):
    notebook = (
        "import ast, asyncio, sys;"
        "cell = compile(sys.argv[1], 'cell', 'exec', ast.PyCF_ALLOW_TOP_LEVEL_AWAIT);"
        "asyncio.run(eval(cell))"
    )
    assert "audio.wav" in run("-c", notebook, made_yours("In a notebook")).stdout
