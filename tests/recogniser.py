"""The ears of the Space's stand-in: Moonshine, after libsndfile has decoded."""

import io

import soundfile
from moonshine_voice import ModelArch, Transcriber, get_model_path


def transcribe(recording: bytes) -> str:
    """Return the English words heard in a recording, as sentences.

    The recording is a whole WAV, MP3, FLAC or Ogg file of any sample rate and number of
    channels. Raises ValueError for anything else. The text is empty if no word is heard.
    """
    try:
        samples, rate = soundfile.read(io.BytesIO(recording), always_2d=True)
    except soundfile.LibsndfileError as error:
        raise ValueError(f"unreadable recording: {error.error_string}") from error
    with Transcriber(get_model_path("tiny-en"), ModelArch.TINY) as transcriber:
        heard = transcriber.transcribe_without_streaming(samples.mean(axis=1), rate)
    return " ".join(line.text for line in heard.lines)
