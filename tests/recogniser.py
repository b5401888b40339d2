"""The ears of the Space's stand-in: PocketSphinx, after miniaudio has decoded."""

import miniaudio
from pocketsphinx import Decoder

SAMPLE_RATE = 16_000  # Hz, what PocketSphinx's US English model was trained on


def transcribe(recording: bytes) -> str:
    """Return the words heard in a recording, in lower case and without punctuation.

    The recording is a whole WAV, MP3, FLAC or Ogg Vorbis file of any sample rate and
    number of channels. Raises miniaudio.DecodeError for anything else. The text is
    empty if no word is heard.
    """
    speech = miniaudio.decode(recording, nchannels=1, sample_rate=SAMPLE_RATE)
    decoder = Decoder(samprate=SAMPLE_RATE, loglevel="FATAL")
    decoder.start_utt()
    decoder.process_raw(speech.samples.tobytes(), full_utt=True)
    decoder.end_utt()
    hypothesis = decoder.hyp()
    return hypothesis.hypstr if hypothesis else ""
