"""Turn text into speech and speech into text with g4f, in asynchronous Python."""

import asyncio
import base64
import os
import signal
import sys
from pathlib import Path

signal.signal(signal.SIGINT, lambda *_: os._exit(130))  # Ctrl-C, even while g4f blocks

try:
    from g4f import Provider
    from g4f.client import AsyncClient
    from g4f.Provider import PollinationsAI

    phi_4 = "Microsoft_Phi_4_Multimodal"  # its name since 0.5.2.3; gone since 7.6.6
    Microsoft_Phi_4 = getattr(Provider, phi_4, None) or Provider.Microsoft_Phi_4
except Exception as error:  # not installed, too new, or a release that does not import
    sys.exit(f"No Microsoft_Phi_4: {error!s:.200}. Run: pip install g4f==7.6.5")


async def main() -> None:
    client = AsyncClient(provider=PollinationsAI)
    if key := os.environ.get("POLLINATIONS_API_KEY", ""):  # g4f reads it by itself,
        PollinationsAI.balance = 0.0  # and would show it to g4f.space for a balance
    step = "Transcribing through Microsoft_Phi_4"
    try:
        if not (recording := Path("audio.wav").read_bytes()):
            raise ValueError("audio.wav is empty")

        print(step := "Speaking through PollinationsAI", "...", file=sys.stderr)
        response = await client.chat.completions.create(
            model="openai-audio",
            messages=[{"role": "user", "content": "Say good day to the world"}],
            audio={"voice": "alloy", "format": "mp3"},
            download_media=False,  # keeps the audio out of a folder ./generated_media
        )
        message = response.choices[0].message
        audio = message.audio and base64.b64decode(message.audio.data, validate=True)
        if not audio:  # but a notice in words, which comes as a normal answer
            raise ValueError(f"no usable audio in the answer: {str(message.content)!r}")
        message.content = message.content.data  # a data: URI, which save() decodes
        message.save("alloy.mp3.part")
        os.replace("alloy.mp3.part", "alloy.mp3")

        print(step := "Transcribing through Microsoft_Phi_4", "...", file=sys.stderr)
        response = await client.chat.completions.create(
            messages="Transcribe this audio",
            provider=Microsoft_Phi_4,
            media=[[recording, "audio.wav"]],  # bytes: with a file, g4f needs Pillow
            modalities=["text"],
        )
        transcript = response.choices[0].message.content
        if not transcript.strip():  # the Space can end without a word
            raise ValueError("the transcript is empty")
        sys.stdout.reconfigure(encoding="utf-8")  # not so in a Windows pipe
        print(transcript)
    except Exception as error:
        Path("alloy.mp3.part").unlink(missing_ok=True)
        reason = str(error).removeprefix("None").replace(key, key and "***")
        reason = " ".join(reason.split()) or "no reason given"  # a timeout, a null
        failure = f"{step} failed ({type(error).__name__}): {reason}"
        if len(failure) > 255:  # requests and aiohttp tell the cause last
            failure = f"{failure[:150]} ... {failure[-100:]}"
        sys.exit(f'{failure} (README.md, "When a service is down")')


if __name__ == "__main__":
    asyncio.run(main())
