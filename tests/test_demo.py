"""A run in which every service answers: what it asks, prints and leaves behind."""

import io
import json
import os
import platform
import wave

import pytest
from conftest import ROOT
from readme import blocks
from standins import SPACE, VOICE

WORDS = "Good day to the world, the quick brown fox jumps over the lazy dog."
SILENCE = io.BytesIO()
with wave.open(SILENCE, "wb") as silence:
    silence.setparams((1, 2, 16_000, 0, "NONE", None))
    silence.writeframes(bytes(32_000))
SILENCE = SILENCE.getvalue()
TRANSCRIBING = [
    "GET huggingface.co/spaces/microsoft/phi-4-multimodal",
    f"POST {SPACE}/gradio_api/upload",
    f"POST {SPACE}/gradio_api/run/predict",
    f"POST {SPACE}/gradio_api/queue/join",
    f"GET {SPACE}/gradio_api/queue/data",
]


def test_a_run_saves_the_speech_and_prints_the_transcript_and_nothing_else(demo):
    run = demo.run()
    assert run.returncode == 0
    assert run.stdout == "What was said.\n"
    assert run.stderr.splitlines() == [
        "Speaking into alloy.mp3 through PollinationsAI ...",
        "Transcribing audio.wav through Microsoft_Phi_4 ...",
    ]
    assert (demo.folder / "alloy.mp3").read_bytes() == VOICE
    assert demo.files == {"audio.wav", "alloy.mp3"}


def test_a_second_run_replaces_alloy_mp3(demo):
    (demo.folder / "alloy.mp3").write_bytes(b"from an earlier run")
    assert demo.run().returncode == 0
    assert (demo.folder / "alloy.mp3").read_bytes() == VOICE


def test_a_folder_of_the_users_that_g4f_would_use_stays_as_it_was(demo):
    (demo.folder / "generated_media").mkdir()
    (demo.folder / "generated_media" / "mine.mp3").write_bytes(b"mine")
    assert demo.run().returncode == 0
    assert [path.name for path in demo.folder.glob("generated_media/*")] == ["mine.mp3"]


def test_without_a_key_speech_comes_from_the_legacy_api(demo, services):
    demo.run()
    assert [request.route for request in services.received] == [
        "GET g4f.space/api/pollinations/quota",
        "GET image.pollinations.ai/models",
        "GET gen.pollinations.ai/text/models",
        "POST text.pollinations.ai/openai",
        *TRANSCRIBING,
    ]


def test_without_a_key_speech_comes_from_g4f_space_while_it_has_a_balance(
    demo, services
):
    services.balance = 1.5
    demo.run()
    assert [request.route for request in services.received] == [
        "GET g4f.space/api/pollinations/quota",
        "GET image.pollinations.ai/models",
        "GET gen.pollinations.ai/text/models",
        "POST g4f.space/api/pollinations/chat/completions",
        *TRANSCRIBING,
    ]


def test_with_a_key_speech_comes_from_the_current_api_and_no_balance_is_asked_for(
    demo, services
):
    demo.environment["POLLINATIONS_API_KEY"] = "sk_of_the_user"
    demo.run()
    assert [request.route for request in services.received] == [
        "GET gen.pollinations.ai/image/models",
        "GET gen.pollinations.ai/text/models",
        "POST gen.pollinations.ai/v1/chat/completions",
        *TRANSCRIBING,
    ]
    speech = services.received[2]
    assert speech.headers["Authorization"] == "Bearer sk_of_the_user"


def test_speech_is_asked_for_in_the_voice_alloy_and_as_mp3(demo, services):
    demo.run()
    assert json.loads(services.received[3].body) == {
        "model": "openai-audio",
        "messages": [{"role": "user", "content": "Say good day to the world"}],
        "audio": {"voice": "alloy", "format": "mp3"},
        "modalities": ["text", "audio"],
        "stream": False,
    }


def test_the_space_is_sent_the_recording_byte_for_byte_and_asked_to_transcribe_it(
    demo, services
):
    demo.run()
    upload, queue = services.received[5], services.received[7]
    [prompt], [recording] = json.loads(queue.body)["data"]
    assert upload.body == (demo.folder / "audio.wav").read_bytes()
    assert prompt == {"role": "user", "content": "Transcribe this audio"}
    assert recording["content"]["file"]["orig_name"] == "audio.wav"
    assert recording["content"]["file"]["mime_type"] == "audio/wav"


def test_the_transcript_is_asked_for_as_text_alone():
    # Read, not run: g4f 7.6.5 knows this of the request but does not send it.
    assert 'modalities=["text"]' in (ROOT / "main.py").read_text()


def test_a_transcript_of_several_lines_and_scripts_is_printed_as_it_came(
    demo, services
):
    services.transcribe = lambda recording: "Καλημέρα.\n世界，你好。\n\nनमस्ते 🌍"
    assert demo.run().stdout == "Καλημέρα.\n世界，你好。\n\nनमस्ते 🌍\n"


def test_it_runs_without_a_home_in_the_environment(demo):
    (demo.folder / "har_and_cookies").mkdir()  # where g4f then keeps its lists
    del demo.environment["HOME"], demo.environment["USERPROFILE"]
    assert demo.run().returncode == 0


def test_it_runs_unchanged_on_the_oldest_g4f_that_reads_the_audio(demo, g4f):
    g4f("0.5.7.6")
    run = demo.run()
    assert run.stdout == "What was said.\n"
    assert (demo.folder / "alloy.mp3").read_bytes() == VOICE


def test_audio_wav_is_16_khz_mono_16_bit_pcm():
    with wave.open(str(ROOT / "audio.wav")) as recording:
        assert recording.getframerate() == 16_000
        assert recording.getnchannels() == 1
        assert recording.getsampwidth() == 2
        assert recording.getcomptype() == "NONE"


def test_offline_a_run_looks_as_the_terminal_in_readme_does(demo, recogniser):
    run = demo.run(ROOT / "tests" / "offline.py")
    assert run.returncode == 0
    assert run.stdout == f"{WORDS}\n"
    assert [f"$ python tests/offline.py\n{run.stderr}{run.stdout}"] == blocks("text")
    assert (demo.folder / "alloy.mp3").read_bytes() == VOICE
    assert demo.files == {"audio.wav", "alloy.mp3"}
    assert not demo.home.exists()


def test_offline_other_words_are_heard_in_another_recording(demo, recogniser):
    (demo.folder / "audio.wav").write_bytes(VOICE)  # an MP3, and heard all the same
    run = demo.run(ROOT / "tests" / "offline.py")
    assert run.stdout == "Good day to the world,\n"


def test_offline_a_missing_package_is_one_line(demo, tmp_path):
    missing = "No module named 'trustme'"
    (tmp_path / "trustme.py").write_text(f'raise ModuleNotFoundError("{missing}")')
    demo.environment["PYTHONPATH"] += f"{os.pathsep}{tmp_path}"
    run = demo.run(ROOT / "tests" / "offline.py")
    assert run.returncode == 1
    assert run.stderr == f"{missing}. Run: pip install -r tests/requirements.txt\n"


def test_offline_a_machine_without_a_recogniser_is_told_which_have_one(demo, tmp_path):
    (tmp_path / "moonshine_voice.py").write_text("raise ModuleNotFoundError")
    demo.environment["PYTHONPATH"] += f"{os.pathsep}{tmp_path}"
    run = demo.run(ROOT / "tests" / "offline.py")
    assert run.returncode == 1
    assert run.stderr == (
        f"There is no recogniser for {platform.system()} on {platform.machine()}, only "
        "for Linux on x86_64 and aarch64, Windows on AMD64, macOS 15 or newer on arm64."
        "\n"
    )


@pytest.mark.parametrize(
    ("recording", "reason"),
    [
        (
            b"These are words.",
            "ResponseError: the recording cannot be read: Format not",
        ),
        (SILENCE, "ValueError: the transcript is empty"),
    ],
)
def test_offline_a_recording_without_words_ends_as_in_main_py(
    demo, recogniser, recording, reason
):
    (demo.folder / "audio.wav").write_bytes(recording)
    run = demo.run(ROOT / "tests" / "offline.py")
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1].startswith(reason)
