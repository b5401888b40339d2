"""main.py: what a run asks for, prints and leaves behind, and how it fails."""

import json
import os
import re
import shutil
import signal

import pytest
from conftest import README, ROOT
from standins import EVENTS, JOIN, SPEECH, UPLOAD, VOICE, events, refusal, speech, words

READ_ON = ' (README.md, "When a service is down")\n'
OLD = b"the speech of an earlier run"
PAGE = "//48ACEA"  # base64 of "<!" in UTF-16: it begins with 0xFF, as an MP3 can

# What the last line says: the route that fails, its answer, and what alloy.mp3 then holds
FAILURES = {
    "MissingAuthError: Error 401": (SPEECH, refusal(401), OLD),
    "ValueError: no MP3 came: Log in. Log": (SPEECH, words("Log in.\n" * 100), OLD),
    "ValueError: no MP3 came: <audio": (SPEECH, speech(""), OLD),
    "ValueError: no MP3 came: b'6": (SPEECH, speech(None), OLD),
    "ValueError: no MP3 came: b'\\xff\\xfe<": (SPEECH, speech(PAGE), OLD),
    "ResponseStatusError: Response 503": (UPLOAD, (503, "<!DOCTYPE html>"), VOICE),
    "ResponseStatusError: Response 404": (UPLOAD, (404, "<!DOCTYPE html>"), VOICE),
    "ValueError: the transcript is empty": (EVENTS, events(), VOICE),
    "ValueError: the transcript is": (EVENTS, events(data=[[{"content": " "}]]), VOICE),
}
NO_NETWORK = "ConnectionError: HTTPSConnectionPool(host='image.pollinations.ai'"
NO_RECORDING = "FileNotFoundError: [Errno 2] No such file or directory: 'audio.wav'"
NO_G4F = "No module named 'g4f'"
NO_PROVIDER = "cannot import name 'Microsoft_Phi_4_Multimodal' from 'g4f.Provider'"


def test_a_run_asks_for_both_and_leaves_only_the_speech(run, folder, services):
    (folder / "alloy.mp3").write_bytes(OLD)
    demo = run()
    assert (demo.returncode, demo.stdout) == (0, "This is\naudio.wav, 世界.\n")
    assert demo.stderr == (
        "Speaking into alloy.mp3 through PollinationsAI ...\n"
        "Transcribing audio.wav through Microsoft_Phi_4 ...\n"
    )
    assert (folder / "alloy.mp3").read_bytes() == VOICE
    assert set(os.listdir(folder)) == {"audio.wav", "alloy.mp3"}
    asked = json.loads(services.received[SPEECH][0].body)
    assert asked["messages"][0]["content"] == "Say good day to the world"
    assert asked["audio"] == {"voice": "alloy", "format": "mp3"}
    [prompt], [recording] = json.loads(services.received[JOIN][0].body)["data"]
    assert prompt["content"] == "Transcribe this audio"
    assert recording["content"]["file"]["orig_name"] == "audio.wav"


def test_without_a_key_g4f_space_speaks_if_it_has_a_balance(run, folder, services):
    services.answers["GET g4f.space/api/pollinations/quota"] = {"balance": 1.5}
    route = "POST g4f.space/api/pollinations/chat/completions"
    services.answers[route] = speech("SUQz")  # "ID3", how a tagged MP3 begins
    run(POLLINATIONS_API_KEY="")
    assert (folder / "alloy.mp3").read_bytes() == b"ID3"


def test_a_key_is_sent_to_pollinations_and_nobody_else(run, services):
    assert run(POLLINATIONS_API_KEY="sk_mine").returncode == 0
    saw = [route for route, seen in services.received.items() if "sk_mine" in str(seen)]
    assert saw == ["POST gen.pollinations.ai/v1/chat/completions"]


def test_importing_main_changes_nothing_and_asks_nobody(run, folder, services):
    shutil.copy(ROOT / "main.py", folder)
    code = "from signal import *; a=getsignal(2); import main; assert a==getsignal(2)"
    demo = run("-c", code)
    assert (demo.returncode, demo.stdout, demo.stderr) == (0, "", "")
    assert services.received == {}


@pytest.mark.skipif(os.name == "nt", reason="sends a POSIX signal")
def test_ctrl_c_ends_a_run_at_once_while_g4f_blocks(start, services):
    def press_ctrl_c(request):
        demo.send_signal(signal.SIGINT)
        demo.wait(timeout=2)  # and only then answer
        return refusal(500)

    services.answers["GET gen.pollinations.ai/text/models"] = press_ctrl_c
    demo = start(ROOT / "main.py")
    stdout, stderr = demo.communicate()
    assert (stdout, stderr.count("\n")) == ("", 1)
    assert demo.returncode == -signal.SIGINT  # 130 in a shell, where a loop ends too


@pytest.mark.parametrize("told", FAILURES)
def test_a_failure_is_told_in_one_line_and_costs_no_speech(run, folder, services, told):
    (folder / "alloy.mp3").write_bytes(OLD)
    route, services.answers[route], kept = FAILURES[told]
    demo = run()
    *progress, failure = demo.stderr.split(" ...\n")
    assert (demo.returncode, demo.stdout) == (1, "")
    assert len(progress) == (1 if kept == OLD else 2)
    assert failure.startswith(told)
    assert failure.endswith(READ_ON)
    assert failure.count("\n") == 1
    assert len(failure) <= 300 + len(READ_ON)
    assert (folder / "alloy.mp3").read_bytes() == kept


def test_without_a_network_the_host_and_the_reason_are_told(run):
    demo = run(STANDIN_HOSTS="")
    assert demo.returncode == 1
    assert NO_NETWORK in demo.stderr
    assert "Name or service not known" in demo.stderr


def test_a_missing_recording_is_told_before_anything_is_asked(run, folder, services):
    (folder / "audio.wav").unlink()
    demo = run()
    assert (demo.returncode, demo.stderr) == (1, NO_RECORDING + READ_ON)
    assert services.received == {}


@pytest.mark.parametrize(
    ("told", "client"),
    [(NO_G4F, f'raise ImportError("{NO_G4F}")'), (NO_PROVIDER, "AsyncClient = None")],
)
def test_the_g4f_to_install_is_told(run, folder, told, client):
    shutil.copy(ROOT / "main.py", folder)
    (folder / "g4f").mkdir()
    (folder / "g4f" / "__init__.py").touch()
    (folder / "g4f" / "client.py").write_text(client)
    (folder / "g4f" / "Provider.py").write_text("PollinationsAI = None")
    demo = run(folder / "main.py")
    assert (demo.returncode, demo.stderr.count("\n")) == (1, 1)
    assert demo.stderr.startswith(told)
    [pin] = re.findall("(?m)^g4f==.+", (ROOT / "requirements.txt").read_text())
    assert demo.stderr.endswith(f". Run: pip install {pin}\n")


def test_every_case_in_the_table_of_readme_is_one_of_these():
    told = [*FAILURES, NO_NETWORK, NO_RECORDING, NO_G4F, NO_PROVIDER]
    first_cells = re.findall(r"(?m)^\| (`.+?`) \|", README)
    for case in re.findall("`(.+?)`", "".join(first_cells)):
        assert any(case in line for line in told), case


def test_no_name_but_those_of_the_services_resolves(run):
    outside = "import socket; socket.getaddrinfo('localhost', 443)"
    assert "gaierror" in run("-c", outside).stderr
