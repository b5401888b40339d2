"""Stand-ins for the services that main.py talks to: one application on loopback.

It answers over TLS, for every host, in the wire format that g4f 7.6.5 reads. Speech is
a recorded voice; a transcript is whatever is heard in the recording that arrives.
"""

import asyncio
import base64
import json
import os
import socket
import ssl
import tempfile
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme
from aiohttp import web

VOICE = Path(__file__).with_name("voice.mp3").read_bytes()
SPACE = "microsoft-phi-4-multimodal.hf.space"
HOSTS = (
    "g4f.space",
    "gen.pollinations.ai",
    "image.pollinations.ai",
    "text.pollinations.ai",
    "huggingface.co",
    SPACE,
    "your-name-phi-4-multimodal.hf.space",  # a copy of the Space
)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Received:
    """A request as a service saw it."""

    route: str  # the method, the host and the path, as in "GET g4f.space/models"
    query: str
    headers: Mapping[str, str]
    body: bytes  # of an upload, the file in it


class StandIns:
    """The services, as long as they are `running()`.

    `transcribe` is given the bytes of each uploaded recording and returns its text; what
    it raises is reported as Gradio reports an error. `answers` maps a route to what
    answers there in place of the stand-in, `delay` is what speech and a transcript each
    take, in seconds, and `received` has every request so far.
    """

    def __init__(self, transcribe: Callable[[bytes], str]) -> None:
        self.transcribe = transcribe
        self.answers: dict[str, Answer] = {}
        self.balance = 0.0
        self.delay = 0.0
        self.received: list[Received] = []
        self._uploads: dict[str, bytes] = {}
        self._queue: dict[str, bytes] = {}

    @contextmanager
    def running(self) -> Iterator["StandIns"]:
        """Answer on loopback until the `with` block ends."""
        with (
            tempfile.TemporaryDirectory() as folder,
            socket.create_server(("127.0.0.1", 0)) as listener,
        ):
            authority = trustme.CA()
            self._authority = Path(folder, "authority.pem")
            authority.cert_pem.write_to_path(self._authority)
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            authority.issue_cert(*HOSTS).configure_cert(tls)
            self._port = listener.getsockname()[1]

            runner = web.AppRunner(self._application(), handler_cancellation=True)

            async def start() -> None:
                await runner.setup()
                await web.SockSite(runner, listener, ssl_context=tls).start()

            loop = asyncio.new_event_loop()
            thread = threading.Thread(target=loop.run_forever, daemon=True)
            thread.start()
            asyncio.run_coroutine_threadsafe(start(), loop).result()
            try:
                yield self
            finally:
                asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
                loop.call_soon_threadsafe(loop.stop)
                thread.join()
                loop.close()

    def environment(self, home: Path) -> dict[str, str]:
        """Return the environment in which Python meets these services and no other."""
        return {
            "PATH": os.environ["PATH"],
            "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),  # Windows needs it
            "HOME": str(home),
            "USERPROFILE": str(home),
            "PYTHONPATH": str(Path(__file__).with_name("loopback")),
            "STANDIN_HOSTS": " ".join(HOSTS),
            "STANDIN_PORT": str(self._port),
            "SSL_CERT_FILE": str(self._authority),
            "REQUESTS_CA_BUNDLE": str(self._authority),
        }

    def _application(self) -> web.Application:
        app = web.Application(middlewares=[self._receive], client_max_size=2**30)
        app.add_routes(
            [
                web.get("/api/pollinations/quota", self._quota),
                web.get("/models", self._image_models),
                web.get("/image/models", self._image_models),
                web.get("/text/models", self._text_models),
                web.post("/api/pollinations/chat/completions", self._completion),
                web.post("/v1/chat/completions", self._completion),
                web.post("/openai", self._completion),
                web.get("/spaces/{owner}/{space}", self._space_page),
                web.post("/gradio_api/upload", self._upload),
                web.post("/gradio_api/run/predict", self._predict),
                web.post("/gradio_api/queue/join", self._join_queue),
                web.get("/gradio_api/queue/data", self._queue_data),
            ]
        )
        return app

    @web.middleware
    async def _receive(
        self, request: web.Request, handler: Answer
    ) -> web.StreamResponse:
        if request.content_type == "multipart/form-data":
            body = (await request.post())["files"].file.read()
        else:
            body = await request.read()
        route = f"{request.method} {request.host}{request.path}"
        self.received.append(
            Received(route, request.query_string, request.headers, body)
        )
        return await self.answers.get(route, handler)(request)

    # Pollinations, and g4f.space in front of it

    async def _quota(self, request: web.Request) -> web.Response:
        return web.json_response({"balance": self.balance})

    async def _image_models(self, request: web.Request) -> web.Response:
        return web.json_response([{"name": "flux", "output_modalities": ["image"]}])

    async def _text_models(self, request: web.Request) -> web.Response:
        return web.json_response(
            [
                {
                    "name": "openai-audio",
                    "aliases": [],
                    "input_modalities": ["text", "audio"],
                    "output_modalities": ["text", "audio"],
                    "voices": ["alloy"],
                }
            ]
        )

    async def _completion(self, request: web.Request) -> web.Response:
        await asyncio.sleep(self.delay)
        asked = await request.json()
        message = {"role": "assistant", "content": None}
        if asked["model"] != "openai-audio":
            message["content"] = "Good day to the world, in words alone"
        elif recording := input_audio(asked):
            message["content"] = await asyncio.to_thread(self.transcribe, recording)
        else:
            message["audio"] = {
                "id": "audio_1",
                "data": base64.b64encode(VOICE).decode(),
                "transcript": "Good day to the world",
                "expires_at": 0,
            }
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return web.json_response({"model": "openai-audio", "choices": [choice]})

    # The Phi-4 Space, which is a Gradio 5 application

    async def _space_page(self, request: web.Request) -> web.Response:
        return web.Response(text="<!DOCTYPE html>", content_type="text/html")

    async def _upload(self, request: web.Request) -> web.Response:
        path = f"/tmp/gradio/{len(self._uploads)}/audio.wav"
        recording = (await request.post())["files"].file
        recording.seek(0)
        self._uploads[path] = recording.read()
        return web.json_response([path])

    async def _predict(self, request: web.Request) -> web.Response:
        return web.json_response({})

    async def _join_queue(self, request: web.Request) -> web.Response:
        asked = await request.json()
        _, [message] = asked["data"]
        path = message["content"]["file"]["path"]
        self._queue[asked["session_hash"]] = self._uploads[path]
        return web.json_response({"event_id": asked["session_hash"]})

    async def _queue_data(self, request: web.Request) -> web.StreamResponse:
        recording = self._queue[request.query["session_hash"]]
        events = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await events.prepare(request)
        for message in ("estimation", "process_starts"):
            await events.write(event({"msg": message}))
        await asyncio.sleep(self.delay)
        try:
            text = await asyncio.to_thread(self.transcribe, recording)
            output = {"data": [[{"role": "assistant", "content": text}]]}
        except Exception as error:
            output = {"error": str(error)}
        done = {"msg": "process_completed", "success": "data" in output}
        await events.write(event(done | {"output": output}))
        return events


def input_audio(asked: dict) -> bytes | None:
    """Return the recording in a chat request, or None if there is none."""
    for part in asked["messages"][-1]["content"]:
        if isinstance(part, dict) and part["type"] == "input_audio":
            return base64.b64decode(part["input_audio"]["data"])
    return None


def event(data: object) -> bytes:
    """Return one server-sent event."""
    return f"data: {json.dumps(data)}\n\n".encode()
