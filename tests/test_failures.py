"""Runs in which something fails: each is told in one line and leaves no mess."""

import asyncio
import base64
import json
import signal
import sys
import time

import pytest
from aiohttp import web
from standins import SPACE, VOICE, event

KEY = "sk_a_key_of_the_user"
LEGACY_API = "POST text.pollinations.ai/openai"
READ_ON = ' (README.md, "When a service is down")'
PAGE = b"<!DOCTYPE html><title>Something went wrong</title>"


NO_NETWORK = "ConnectionError: "
NOT_TRUSTED = "SSLError: "
NO_RECORDING = "FileNotFoundError: "
TOO_NEW = "cannot import name 'Microsoft_Phi_4_Multimodal' from 'g4f.Provider' ("


def answer(status, body=None, content_type="application/json"):
    async def respond(request):
        return web.Response(status=status, body=body, content_type=content_type)

    return respond


def error(status, code, message):
    """Answer with an error of Pollinations."""
    told = {"code": code, "message": message}
    data = {"status": status, "success": False, "error": told}
    return answer(status, json.dumps(data).encode())


def completion(**message):
    """Answer with a chat completion that holds this message."""
    message = {"role": "assistant", "content": None, **message}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return answer(200, json.dumps({"choices": [choice]}).encode())


def events(*messages):
    """Answer with these server-sent events, and no more."""
    return answer(200, b"".join(map(event, messages)), "text/event-stream")


async def cut(request):
    """Promise a hundred bytes, send one and close the connection."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = 100
    await response.prepare(request)
    await response.write(b"{")
    request.transport.close()
    return response


async def hang(request):
    await asyncio.sleep(60)


SPEAKING = {
    "401": (
        LEGACY_API,
        error(401, "UNAUTHORIZED", "Authentication required"),
        "MissingAuthError: Error 401: Error UNAUTHORIZED: Authentication required",
    ),
    "402": (
        LEGACY_API,
        error(402, "PAYMENT_REQUIRED", "Insufficient pollen balance"),
        "PaymentRequiredError: Error 402: Error PAYMENT_REQUIRED: Insufficient",
    ),
    "403": (
        LEGACY_API,
        error(403, "FORBIDDEN", "Not in\nyour plan"),
        "ResponseError: Error 403: Error FORBIDDEN: Not in your plan",
    ),
    "404": (
        LEGACY_API,
        error(404, "NOT_FOUND", "No such model"),
        "ResponseError: Error 404: Error NOT_FOUND: No such model",
    ),
    "429": (
        LEGACY_API,
        error(429, "RATE_LIMITED", "Too many requests"),
        "RateLimitError: Error 429: Error RATE_LIMITED: Too many requests",
    ),
    "500 with a page": (
        LEGACY_API,
        answer(500, PAGE, "text/html"),
        "ResponseStatusError: Response 500: HTML content",
    ),
    "502 with nothing": (
        LEGACY_API,
        answer(502, content_type=None),
        "ContentTypeError: 502, message='Attempt to decode JSON",
    ),
    "words": (
        LEGACY_API,
        completion(content="Sign up first \N{CHERRY BLOSSOM}"),
        "ValueError: no MP3 came: Sign up first \N{CHERRY BLOSSOM}",
    ),
    "words and audio": (
        LEGACY_API,
        completion(content="Here you are.", audio={"data": "SUQz"}),
        "ValueError: no MP3 came: Here you are.<audio",
    ),
    "words and null for audio": (
        LEGACY_API,
        completion(content="No.", audio=None),
        "TypeError: argument of type 'NoneType' is not ",
    ),
    "words of great length": (
        LEGACY_API,
        completion(content="Wait. " * 100),
        "ValueError: no MP3 came: Wait. Wait. ",
    ),
    "audio that is empty": (
        LEGACY_API,
        completion(audio={"data": ""}),
        "ValueError: no MP3 came: <audio",
    ),
    "audio that is not base64": (
        LEGACY_API,
        completion(audio={"data": "x"}),
        "Error: ",
    ),
    "audio that is null": (
        LEGACY_API,
        completion(audio={"id": "audio_1", "data": None}),
        "ValueError: no MP3 came: b'",
    ),
    "audio that is a page": (
        LEGACY_API,
        completion(audio={"data": base64.b64encode(PAGE).decode()}),
        "ValueError: no MP3 came: b'<!DOCTYPE html>",
    ),
    "no choices": (
        LEGACY_API,
        answer(200, b'{"model": "openai-audio"}'),
        "ValueError: no MP3 came:",
    ),
    "broken JSON": (
        LEGACY_API,
        answer(200, b'{"choices": [{"mess'),
        "JSONDecodeError: Unterminated string starting at",
    ),
    "a connection cut in the middle": (
        LEGACY_API,
        cut,
        "ClientPayloadError: Response payload is not completed",
    ),
    "raw audio": (
        LEGACY_API,
        answer(200, VOICE, "audio/mpeg"),
        "UnboundLocalError: ",
    ),
    "no list of models": (
        "GET gen.pollinations.ai/text/models",
        answer(500, PAGE, "text/html"),
        "HTTPError: 500 Server Error: Internal Server Error for url: https://gen.pol",
    ),
}

TRANSCRIBING = {
    "a Space that sleeps": (
        f"POST {SPACE}/gradio_api/upload",
        answer(503, PAGE, "text/html"),
        "ResponseStatusError: Response 503: HTML content",
    ),
    "a Space that is gone": (
        f"POST {SPACE}/gradio_api/upload",
        answer(404, PAGE, "text/html"),
        "ResponseStatusError: Response 404: HTML content",
    ),
    "500 after the upload": (
        f"POST {SPACE}/gradio_api/run/predict",
        answer(500, b"Internal Server Error", "text/plain"),
        "ResponseStatusError: Response 500: Internal Server Error",
    ),
    "a full queue": (
        f"POST {SPACE}/gradio_api/queue/join",
        answer(503, b'{"detail": "Queue is full. Max size is 9 and size is 9."}'),
        'ResponseStatusError: Response 503: {"detail": "Queue is full. ',
    ),
    "an error with a reason": (
        f"GET {SPACE}/gradio_api/queue/data",
        events({"msg": "process_completed", "output": {"error": "GPU task aborted"}}),
        "ResponseError: GPU task aborted",
    ),
    "an error whose reason is null": (
        f"GET {SPACE}/gradio_api/queue/data",
        events({"msg": "process_completed", "output": {"error": None}}),
        "ResponseError: None",
    ),
    "an error whose reason is empty": (
        f"GET {SPACE}/gradio_api/queue/data",
        events({"msg": "process_completed", "output": {"error": ""}}),
        "ResponseError:",
    ),
    "events that end without an answer": (
        f"GET {SPACE}/gradio_api/queue/data",
        events({"msg": "estimation"}, {"msg": "process_starts"}),
        "ValueError: the transcript is empty",
    ),
    "events that are cut off": (
        f"GET {SPACE}/gradio_api/queue/data",
        cut,
        "ClientPayloadError: Response payload is not completed",
    ),
}


@pytest.mark.parametrize(
    ("route", "respond", "reason"), SPEAKING.values(), ids=SPEAKING
)
def test_speech_that_fails_is_told_in_one_line_and_ends_the_run(
    demo, services, route, respond, reason
):
    (demo.folder / "alloy.mp3").write_bytes(b"from an earlier run")
    services.answers[route] = respond
    run = demo.run()
    waiting, told = run.stderr.splitlines()
    assert run.returncode == 1
    assert run.stdout == ""
    assert waiting == "Speaking into alloy.mp3 through PollinationsAI ..."
    assert told.startswith(reason)
    assert told.endswith(READ_ON)
    assert len(told) <= 350
    assert (demo.folder / "alloy.mp3").read_bytes() == b"from an earlier run"
    assert demo.files == {"audio.wav", "alloy.mp3"}


@pytest.mark.parametrize(
    ("route", "respond", "reason"), TRANSCRIBING.values(), ids=TRANSCRIBING
)
def test_a_transcript_that_fails_is_told_in_one_line_and_the_speech_stays(
    demo, services, route, respond, reason
):
    services.answers[route] = respond
    run = demo.run()
    *_, waiting, told = run.stderr.splitlines()
    assert run.returncode == 1
    assert run.stdout == ""
    assert waiting == "Transcribing audio.wav through Microsoft_Phi_4 ..."
    assert told.startswith(reason)
    assert told.endswith(READ_ON)
    assert len(told) <= 350
    assert (demo.folder / "alloy.mp3").read_bytes() == VOICE
    assert demo.files == {"audio.wav", "alloy.mp3"}


@pytest.mark.parametrize("text", ["", " \n\t"], ids=["empty", "blank"])
def test_a_transcript_without_a_word_is_told_as_a_failure(demo, services, text):
    services.transcribe = lambda recording: text
    run = demo.run()
    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr.splitlines()[-1] == (
        f"ValueError: the transcript is empty{READ_ON}"
    )


def test_without_a_network_both_the_host_and_the_reason_are_told(demo):
    demo.environment["STANDIN_HOSTS"] = ""
    run = demo.run()
    told = run.stderr.splitlines()[-1]
    assert run.returncode == 1
    assert told.startswith(NO_NETWORK)
    assert "host='image.pollinations.ai'" in told
    assert "Name or service not known" in told
    assert told.endswith(READ_ON)
    assert len(told) <= 350
    assert demo.files == {"audio.wav"}


def test_a_certificate_that_is_not_trusted_is_told(demo):
    del demo.environment["SSL_CERT_FILE"], demo.environment["REQUESTS_CA_BUNDLE"]
    run = demo.run()
    told = run.stderr.splitlines()[-1]
    assert run.returncode == 1
    assert told.startswith(NOT_TRUSTED)
    assert "certificate verify failed" in told
    assert told.endswith(READ_ON)
    assert len(told) <= 350
    assert demo.files == {"audio.wav"}


def test_a_missing_recording_is_told_before_anything_is_asked(demo, services):
    (demo.folder / "audio.wav").unlink()
    run = demo.run()
    assert run.returncode == 1
    assert run.stderr == (
        f"{NO_RECORDING}[Errno 2] No such file or directory: 'audio.wav'{READ_ON}\n"
    )
    assert services.received == []


def test_a_folder_named_alloy_mp3_is_told_and_stays(demo):
    (demo.folder / "alloy.mp3").mkdir()
    run = demo.run()
    told = run.stderr.splitlines()[-1]
    assert run.returncode == 1
    assert "alloy.mp3" in told
    assert told.endswith(READ_ON)
    assert (demo.folder / "alloy.mp3").is_dir()
    assert demo.files == {"audio.wav", "alloy.mp3"}


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
@pytest.mark.parametrize(
    ("route", "files"),
    [
        ("GET gen.pollinations.ai/text/models", {"audio.wav"}),
        (LEGACY_API, {"audio.wav"}),
        (f"POST {SPACE}/gradio_api/upload", {"audio.wav", "alloy.mp3"}),
        (f"GET {SPACE}/gradio_api/queue/data", {"audio.wav", "alloy.mp3"}),
    ],
)
def test_ctrl_c_ends_the_run_at_once_and_quietly(demo, services, route, files):
    services.answers[route] = hang
    run = demo.start()
    while route not in {request.route for request in services.received}:
        assert run.poll() is None
        time.sleep(0.01)
    pressed = time.monotonic()
    run.send_signal(signal.SIGINT)
    _, stderr = run.communicate(timeout=30)
    assert time.monotonic() - pressed < 2
    assert run.returncode == -signal.SIGINT
    assert "Traceback" not in stderr
    assert demo.files == files


def test_the_key_goes_to_pollinations_alone(demo, services):
    demo.environment["POLLINATIONS_API_KEY"] = KEY
    demo.run()
    told = [request for request in services.received if KEY in str(request)]
    assert [request.route for request in told] == [
        "POST gen.pollinations.ai/v1/chat/completions"
    ]


def test_a_g4f_that_is_too_new_is_told_before_anything_is_asked(demo, services, g4f):
    g4f("8.8.6")
    run = demo.run()
    assert run.returncode == 1
    assert run.stdout == ""
    [told] = run.stderr.splitlines()
    assert told.startswith(TOO_NEW)
    assert told.endswith("Run: pip install g4f==7.6.5")
    assert services.received == []
