"""Turn text into speech and speech into text with g4f, in asynchronous Python."""

import asyncio
import os
import sys
from pathlib import Path

from g4f import Provider
from g4f.client import AsyncClient
from g4f.Provider import PollinationsAI

phi_4 = "Microsoft_Phi_4_Multimodal"  # its name since 0.5.2.3
Microsoft_Phi_4 = getattr(Provider, phi_4, None) or Provider.Microsoft_Phi_4


async def main() -> None:
    client = AsyncClient(provider=PollinationsAI)

    print("Speaking through PollinationsAI ...", file=sys.stderr)
    response = await client.chat.completions.create(
        model="openai-audio",
        messages=[{"role": "user", "content": "Say good day to the world"}],
        audio={"voice": "alloy", "format": "mp3"},
        download_media=False,  # keeps the audio out of a folder ./generated_media
    )
    message = response.choices[0].message
    message.content = message.content.data  # a data: URI, which save() decodes
    message.save("alloy.mp3.part")
    os.replace("alloy.mp3.part", "alloy.mp3")

    print("Transcribing through Microsoft_Phi_4 ...", file=sys.stderr)
    response = await client.chat.completions.create(
        messages="Transcribe this audio",
        provider=Microsoft_Phi_4,
        media=[[Path("audio.wav").read_bytes(), "audio.wav"]],  # a file needs Pillow
        modalities=["text"],
    )
    sys.stdout.reconfigure(encoding="utf-8")  # not so in a Windows pipe
    print(response.choices[0].message.content)


if __name__ == "__main__":
    asyncio.run(main())
