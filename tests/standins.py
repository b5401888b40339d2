"""The services of main.py, played on loopback in the wire format that g4f 7.6.5 reads."""

import asyncio
import base64
import json
import os
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import trustme
from aiohttp import web

VOICE = Path(__file__).with_name("voice.mp3").read_bytes()
VOICES = ["alloy", "ash", "ballad", "coral", "echo", "fable", "nova", "onyx", "sage"]
VOICES += ["shimmer", "verse"]
MODEL = {"name": "openai-audio", "aliases": [], "voices": VOICES}
MODEL |= {"input_modalities": ["text", "audio"], "output_modalities": ["text", "audio"]}

SPACE = "microsoft-phi-4-multimodal.hf.space"
SPACE_COPY = "your-name-phi-4-multimodal.hf.space"
SPEECH = "POST text.pollinations.ai/openai"
UPLOAD = f"POST {SPACE}/gradio_api/upload"
JOIN = f"POST {SPACE}/gradio_api/queue/join"
EVENTS = f"GET {SPACE}/gradio_api/queue/data"


class Request(NamedTuple):
    """A request as a service saw it; the body of an upload is the file in it."""

    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


class StandIns:
    """The services, as long as they are `running()`; they refuse what the real ones would.

    `transcribe` is given the bytes of a recording and returns its text; what it raises is
    told as the Space tells its errors. A route is a method, a host and a path. `answers`
    has the answer on each: a page or events as text, JSON as Python has it, or a function
    of the request that returns one of these; a status other than 200 comes before it in a
    tuple. `received` has the requests on each route that was asked.
    """

    def __init__(self, transcribe: Callable[[bytes], str]) -> None:
        self.transcribe = transcribe
        self.received: dict[str, list[Request]] = {}
        self._recordings: dict[str, bytes] = {}  # by path, then by session
        self.answers = {
            "GET g4f.space/api/pollinations/quota": {"balance": 0.0},
            "GET image.pollinations.ai/models": [],
            "GET gen.pollinations.ai/image/models": [],
            "GET gen.pollinations.ai/text/models": [MODEL],
            "POST g4f.space/api/pollinations/chat/completions": self._chat,
            "POST gen.pollinations.ai/v1/chat/completions": self._chat,
            SPEECH: self._chat,
        }
        for host, owner in ((SPACE, "microsoft"), (SPACE_COPY, "your-name")):
            self.answers |= {
                f"GET huggingface.co/spaces/{owner}/phi-4-multimodal": "<!DOCTYPE html>",
                f"POST {host}/gradio_api/upload": self._upload,
                f"POST {host}/gradio_api/run/predict": {},
                f"POST {host}/gradio_api/queue/join": self._join,
                f"GET {host}/gradio_api/queue/data": self._events,
            }
        self._hosts = {route.split()[1].split("/")[0] for route in self.answers}

    @contextmanager
    def running(self) -> Iterator["StandIns"]:
        """Answer Python that is started with `environment`, until the block ends."""
        authority = trustme.CA()
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(*self._hosts).configure_cert(tls)
        app = web.Application(client_max_size=2**30)  # bytes
        app.router.add_route("*", "/{path:.*}", self._receive)
        runner = web.AppRunner(app, shutdown_timeout=0.1)

        loop = asyncio.new_event_loop()
        loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        loop.run_until_complete(site.start())
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        with tempfile.TemporaryDirectory() as home:
            trusted = f"{home}/authority.pem"
            authority.cert_pem.write_to_path(trusted)
            self.environment = {
                "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),  # Windows needs it
                "HOME": home,
                "USERPROFILE": home,
                "PYTHONPATH": str(Path(__file__).with_name("loopback")),
                "STANDIN_HOSTS": " ".join(self._hosts),
                "STANDIN_PORT": str(runner.addresses[0][1]),
                "SSL_CERT_FILE": trusted,
                "REQUESTS_CA_BUNDLE": trusted,
            }
            try:
                yield self
            finally:
                loop.call_soon_threadsafe(loop.stop)
                thread.join(timeout=10)
                loop.run_until_complete(runner.cleanup())
                loop.close()

    async def _receive(self, request: web.Request) -> web.Response:
        if request.content_type == "multipart/form-data":
            body = (await request.post())["files"].file.read()
        else:
            body = await request.read()
        route = f"{request.method} {request.host}{request.path}"
        seen = Request(dict(request.query), dict(request.headers), body)
        self.received.setdefault(route, []).append(seen)
        try:
            answer = self.answers[route]
            if callable(answer):
                answer = await asyncio.to_thread(answer, seen)
        except Exception as error:  # not what this service understands
            answer = refusal(400, repr(error))
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        if not isinstance(body, str):
            return web.json_response(body, status=status)
        kind = "text/html" if body.startswith("<") else "text/event-stream"
        return web.Response(status=status, text=body, content_type=kind)

    def _chat(self, request: Request) -> object:
        host = request.headers["Host"]
        if host == "gen.pollinations.ai" and "Authorization" not in request.headers:
            return refusal(401)
        asked = json.loads(request.body)
        [message] = asked["messages"]
        assert (asked["model"], asked["stream"]) == ("openai-audio", False)
        if isinstance(message["content"], str):
            assert asked["modalities"] == ["text", "audio"]
            assert asked["audio"]["voice"] in VOICES
            assert asked["audio"]["format"] == "mp3"
            return speech(base64.b64encode(VOICE).decode())
        assert asked["modalities"] == ["text"]
        recording, prompt = message["content"]
        audio = recording["input_audio"]
        assert audio["format"] in ("wav", "mp3")
        assert "Transcribe" in prompt["text"]
        return words(self.transcribe(base64.b64decode(audio["data"])))

    def _upload(self, request: Request) -> object:
        path = f"/tmp/gradio/{len(self._recordings)}"
        self._recordings[path] = request.body
        return [path]

    def _join(self, request: Request) -> object:
        asked = json.loads(request.body)
        [prompt], [recording] = asked["data"]
        assert asked["fn_index"] == 11
        assert "Transcribe" in prompt["content"]
        path = recording["content"]["file"]["path"]
        self._recordings[asked["session_hash"]] = self._recordings[path]
        return {"event_id": asked["session_hash"]}

    def _events(self, request: Request) -> object:
        try:
            text = self.transcribe(self._recordings[request.query["session_hash"]])
        except Exception as error:
            return events(error=str(error))
        return events(data=[[{"role": "assistant", "content": text}]])


def refusal(status: int, message: str = "Refused") -> object:
    """Return an error of Pollinations."""
    error = {"code": "REFUSED", "message": message}
    return status, {"status": status, "success": False, "error": error}


def speech(data: str | None) -> object:
    """Return a chat completion that is spoken: an MP3 in base64."""
    return words(None, audio={"id": "audio_1", "data": data, "expires_at": 0})


def words(content: str | None, **more: object) -> object:
    """Return a chat completion in words."""
    message = {"role": "assistant", "content": content, **more}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"model": "openai-audio", "choices": [choice]}


def events(**output: object) -> str:
    """Return the events of a run on the Space; without an output they just end."""
    messages = [{"msg": "estimation"}, {"msg": "process_starts"}]
    messages += [{"msg": "process_completed", "output": output}] if output else []
    return "".join(f"data: {json.dumps(message)}\n\n" for message in messages)
