"""Turn text into speech, and speech into text, with g4f in asynchronous Python."""

import asyncio
import base64
import os
import re
import signal
import sys
from pathlib import Path

try:
    from g4f.client import AsyncClient
    from g4f.Provider import Microsoft_Phi_4_Multimodal as Microsoft_Phi_4  # renamed
    from g4f.Provider import PollinationsAI
except ImportError as error:  # g4f is missing, or too new for Microsoft_Phi_4
    sys.exit(f"{error}. Run: pip install g4f==7.6.5")


async def main() -> None:
    recording = Path("audio.wav").read_bytes()  # first, as it may be missing
    client = AsyncClient(provider=PollinationsAI)
    if os.environ.get("POLLINATIONS_API_KEY"):
        PollinationsAI.balance = 0.0  # or g4f also sends the key to g4f.space

    print("Speaking into alloy.mp3 through PollinationsAI ...", file=sys.stderr)
    response = await client.chat.completions.create(
        model="openai-audio",
        messages=[{"role": "user", "content": "Say good day to the world"}],
        audio={"voice": "alloy", "format": "mp3"},
        download_media=False,  # or g4f leaves a folder behind
    )
    message = response.choices[0].message
    speech = base64.b64decode(message.audio.data) if message.audio else b""
    # Words or nothing can come instead; an MP3 begins with an ID3 tag or a frame
    if not re.match(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]", speech):
        raise ValueError(f"no MP3 came: {speech or message.content}")
    Path("alloy.mp3").write_bytes(speech)

    print("Transcribing audio.wav through Microsoft_Phi_4 ...", file=sys.stderr)
    response = await client.chat.completions.create(
        messages=[{"role": "user", "content": "Transcribe this audio"}],
        provider=Microsoft_Phi_4,
        media=[(recording, "audio.wav")],  # an open file would need Pillow
        modalities=["text"],
    )
    transcript = response.choices[0].message.content
    if not transcript.strip():  # the Space can return nothing
        raise ValueError("the transcript is empty")
    print(transcript)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # for Ctrl-C while g4f blocks
    try:
        asyncio.run(main())
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        sys.exit(f'{reason:.300} (README.md, "When a service is down")')
