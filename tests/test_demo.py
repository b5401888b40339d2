"""A run in which every service answers: what it asks, prints and leaves behind."""

import json
import os
import wave

import pytest
from conftest import ROOT
from standins import VOICE

WORDS = "good day to the world the quick brown fox jumps over the lazy dog"
SPACE = "microsoft-phi-4-multimodal.hf.space/gradio_api"
TRANSCRIBING = [
    "GET huggingface.co/spaces/microsoft/phi-4-multimodal",
    f"POST {SPACE}/upload",
    f"POST {SPACE}/run/predict",
    f"POST {SPACE}/queue/join",
    f"GET {SPACE}/queue/data",
]


def test_it_ends_well_with_nothing_but_the_transcript_on_standard_output(demo):
    run = demo.run()
    assert run.returncode == 0
    assert run.stdout == "What was said.\n"


def test_standard_error_says_before_each_half_what_is_waited_for(demo):
    assert demo.run().stderr.splitlines() == [
        "Speaking through PollinationsAI ...",
        "Transcribing through Microsoft_Phi_4 ...",
    ]


def test_alloy_mp3_holds_exactly_the_bytes_of_the_speech(demo):
    demo.run()
    assert (demo.folder / "alloy.mp3").read_bytes() == VOICE


def test_nothing_is_left_in_the_folder_but_alloy_mp3(demo):
    demo.run()
    assert demo.files == {"audio.wav", "alloy.mp3"}


def test_a_second_run_replaces_alloy_mp3(demo):
    (demo.folder / "alloy.mp3").write_bytes(b"from an earlier run")
    assert demo.run().returncode == 0
    assert (demo.folder / "alloy.mp3").read_bytes() == VOICE


@pytest.mark.parametrize("name", ["generated_media", "generated_images"])
def test_a_folder_of_the_users_that_g4f_would_use_stays_as_it_was(demo, name):
    (demo.folder / name).mkdir()
    (demo.folder / name / "mine.mp3").write_bytes(b"mine")
    assert demo.run().returncode == 0
    assert [path.name for path in (demo.folder / name).iterdir()] == ["mine.mp3"]


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


def test_the_space_is_sent_the_recording_byte_for_byte(demo, services):
    demo.run()
    assert services.received[5].body == (demo.folder / "audio.wav").read_bytes()


def test_the_space_is_asked_to_transcribe_the_recording_that_it_was_sent(
    demo, services
):
    demo.run()
    [prompt], [recording] = json.loads(services.received[7].body)["data"]
    assert prompt == {"role": "user", "content": "Transcribe this audio"}
    assert recording["content"]["file"]["orig_name"] == "audio.wav"
    assert recording["content"]["file"]["mime_type"] == "audio/wav"


def test_the_transcript_is_asked_for_as_text_alone():
    # Read, not run: g4f 7.6.5 knows this of the request but does not send it.
    assert 'modalities=["text"]' in (ROOT / "main.py").read_text()


@pytest.mark.parametrize(
    "transcript",
    ["Καλημέρα κόσμε", "世界，你好", "नमस्ते दुनिया", "One.\nTwo.\n\nThree. 🌍"],
)
def test_a_transcript_in_any_script_is_printed_as_it_came(demo, services, transcript):
    demo.environment["PYTHONIOENCODING"] = "cp1252"  # as in a pipe on Windows
    services.transcribe = lambda recording: transcript
    assert demo.run().stdout == f"{transcript}\n"


def test_it_runs_without_a_home_in_the_environment(demo):
    (demo.folder / "har_and_cookies").mkdir()  # where g4f then keeps its lists
    del demo.environment["HOME"], demo.environment["USERPROFILE"]
    assert demo.run().returncode == 0


def test_it_runs_unchanged_on_the_oldest_g4f_that_reads_the_audio(demo, g4f):
    g4f("0.5.7.6")
    run = demo.run()
    assert run.stdout == "What was said.\n"
    assert (demo.folder / "alloy.mp3").read_bytes() == VOICE


def test_it_finds_the_provider_under_the_name_microsoft_phi_4(demo, g4f):
    g4f("0.5.2.2")  # finds both providers, but cannot read today's speech
    assert demo.run().stderr.startswith("Speaking through PollinationsAI ...")


def test_audio_wav_is_16_khz_mono_16_bit_pcm():
    with wave.open(str(ROOT / "audio.wav")) as recording:
        assert recording.getframerate() == 16_000
        assert recording.getnchannels() == 1
        assert recording.getsampwidth() == 2
        assert recording.getcomptype() == "NONE"


def test_audio_wav_says_what_readme_says_it_does(transcribe):
    assert transcribe((ROOT / "audio.wav").read_bytes()) == WORDS


def test_the_recorded_voice_is_an_mp3_that_says_good_day_to_the_world(transcribe):
    assert VOICE.startswith(b"\xff\xf3")  # a frame of MPEG-2 layer III
    assert transcribe(VOICE) == "good day to the world"


def test_offline_the_words_of_the_recording_come_out(demo, transcribe):
    run = demo.run(ROOT / "tests" / "offline.py")
    assert run.returncode == 0
    assert run.stdout == f"{WORDS}\n"
    assert (demo.folder / "alloy.mp3").read_bytes() == VOICE
    assert demo.files == {"audio.wav", "alloy.mp3"}
    assert not demo.home.exists()


def test_offline_another_recording_gives_other_words(demo, transcribe):
    (demo.folder / "audio.wav").write_bytes(VOICE)
    run = demo.run(ROOT / "tests" / "offline.py")
    assert run.stdout == "good day to the world\n"


@pytest.mark.parametrize("package", ["pocketsphinx", "trustme"])
def test_offline_a_missing_package_is_one_line(demo, transcribe, tmp_path, package):
    missing = f"raise ModuleNotFoundError(name={package!r})"
    (tmp_path / f"{package}.py").write_text(missing)
    demo.environment["PYTHONPATH"] += f"{os.pathsep}{tmp_path}"
    run = demo.run(ROOT / "tests" / "offline.py")
    assert run.returncode == 1
    assert run.stderr == (
        f"{package} is missing. Run, with Python 3.10 to 3.13: "
        "pip install -r tests/requirements.txt\n"
    )
