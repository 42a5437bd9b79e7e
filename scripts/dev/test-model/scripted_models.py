"""
Models with the interface of Parakeet and SenseVoice, as the exporters of sherpa-onnx create it, that report scripted words
at fixed times instead of recognizing any. They let tests run the engines, whose real weights no package contains.
"""

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

OPSET = 17
IR_VERSION = 8
FLOAT, INT32, INT64 = TensorProto.FLOAT, TensorProto.INT32, TensorProto.INT64

# Frames of 80 ms: token, its frame, and its duration in frames. The words repeat after PARAKEET_FRAMES.
PARAKEET_TOKENS = ["<unk>", "▁Guten", "▁Mor", "gen", ",", "▁das", "▁Wet", "ter", "▁ist", "▁heute", "▁schön", ".", "<blk>"]
PARAKEET_SCRIPT = [
    ("▁Guten", 4, 4),
    ("▁Mor", 8, 3),
    ("gen", 11, 3),
    (",", 14, 1),
    ("▁das", 20, 2),
    ("▁Wet", 22, 3),
    ("ter", 25, 3),
    ("▁ist", 28, 3),
    ("▁heute", 31, 4),
    ("▁schön", 35, 4),
    (".", 39, 1),
]
PARAKEET_FRAMES = 60
PARAKEET_DURATIONS = 5
FEATURES = 128
WIDTH = 4

# Frames of 60 ms: token and its frame.
SENSE_VOICE_TOKENS = [
    "<unk>", "<|zh|>", "<|en|>", "<|yue|>", "<|ja|>", "<|ko|>", "<|NEUTRAL|>", "<|Speech|>", "<|withitn|>",
    "今", "日", "は", "いい", "天", "気", "で", "す", "。",
]  # fmt: skip
SENSE_VOICE_SCRIPT = list(zip("今 日 は いい 天 気 で す 。".split(), range(4, 40, 4)))
SENSE_VOICE_FRAMES = 80
# As in the exported model. Without a language, the script is Japanese.
SENSE_VOICE_LANGUAGES = {"auto": 0, "zh": 3, "en": 4, "yue": 7, "ja": 11, "ko": 12, "nospeech": 13}


def create_parakeet(output):
    vocabulary = len(PARAKEET_TOKENS)
    metadata = {
        "vocab_size": vocabulary - 1,  # without the blank token
        "normalize_type": "per_feature",
        "pred_rnn_layers": 1,
        "pred_hidden": WIDTH,
        "subsampling_factor": 8,
        "model_type": "EncDecRNNTBPEModel",
        "feat_dim": FEATURES,
        "url": "https://huggingface.co/nvidia/parakeet-tdt-0.6b-v3",
    }
    save(parakeet_encoder(), output / "encoder.int8.onnx", metadata)
    save(parakeet_decoder(), output / "decoder.int8.onnx")
    save(parakeet_joiner(vocabulary), output / "joiner.int8.onnx")
    write_tokens(PARAKEET_TOKENS, output / "tokens.txt")


def parakeet_encoder():
    """Its first output has the number of each frame in all of its rows."""
    nodes = [
        node("Shape", ["audio_signal"], "frames", start=2, end=3),
        node("Div", ["frames", "eight"], "length"),
        node("Squeeze", ["length"], "count"),
        node("Range", ["zero", "count", "one"], "numbers"),
        node("Mod", ["numbers", "period"], "numbers_in_script"),
        node("Cast", ["numbers_in_script"], "floats", to=FLOAT),
        node("Concat", ["batch_and_width", "length"], "shape", axis=0),
        node("Expand", ["floats", "shape"], "outputs"),
        node("Identity", ["length"], "encoded_lengths"),
    ]
    constants = {
        "eight": np.array([8]),
        "zero": np.array(0),
        "one": np.array(1),
        "period": np.array(PARAKEET_FRAMES),
        "batch_and_width": np.array([1, WIDTH]),
    }
    inputs = [value("audio_signal", FLOAT, ["N", FEATURES, "T"]), value("audio_length", INT64, ["N"])]
    outputs = [value("outputs", FLOAT, ["N", WIDTH, "T2"]), value("encoded_lengths", INT64, ["N"])]
    return graph("encoder", nodes, inputs, outputs, constants)


def parakeet_decoder():
    nodes = [
        node("Identity", ["zeros"], "outputs"),
        node("Identity", ["target_length"], "prednet_lengths"),
        node("Identity", ["states.1"], "next_states.1"),
        node("Identity", ["states.2"], "next_states.2"),
    ]
    state = [1, "N", WIDTH]
    inputs = [
        value("targets", INT32, ["N", "U"]),
        value("target_length", INT32, ["N"]),
        value("states.1", FLOAT, state),
        value("states.2", FLOAT, state),
    ]
    outputs = [
        value("outputs", FLOAT, ["N", WIDTH, "U"]),
        value("prednet_lengths", INT32, ["N"]),
        value("next_states.1", FLOAT, state),
        value("next_states.2", FLOAT, state),
    ]
    return graph("decoder", nodes, inputs, outputs, {"zeros": np.zeros((1, WIDTH, 1), np.float32)})


def parakeet_joiner(vocabulary):
    """Looks the token and its duration up by the number of the frame."""
    script = np.zeros((PARAKEET_FRAMES, vocabulary + PARAKEET_DURATIONS), np.float32)
    script[:, vocabulary - 1] = 1
    script[:, vocabulary + 1] = 1
    for token, frame, duration in PARAKEET_SCRIPT:
        script[frame, PARAKEET_TOKENS.index(token)] = 2
        script[frame, vocabulary + duration] = 2
    nodes = [
        node("Slice", ["encoder_outputs", "start", "end", "axis"], "first_row"),
        node("Squeeze", ["first_row"], "number"),
        node("Cast", ["number"], "frame", to=INT64),
        node("Gather", ["script", "frame"], "row"),
        node("Reshape", ["row", "shape"], "outputs"),
    ]
    constants = {
        "start": np.array([0]),
        "end": np.array([1]),
        "axis": np.array([1]),
        "script": script,
        "shape": np.array([1, 1, 1, script.shape[1]]),
    }
    inputs = [
        value("encoder_outputs", FLOAT, ["N", WIDTH, 1]),
        value("decoder_outputs", FLOAT, ["N", WIDTH, 1]),
    ]
    outputs = [value("outputs", FLOAT, ["N", 1, 1, script.shape[1]])]
    return graph("joiner", nodes, inputs, outputs, constants)


def create_sense_voice(output):
    vocabulary = len(SENSE_VOICE_TOKENS)
    window, features = 7, 80
    metadata = {
        "lfr_window_size": window,
        "lfr_window_shift": 6,
        "normalize_samples": 0,
        "neg_mean": ",".join(["0"] * window * features),
        "inv_stddev": ",".join(["1"] * window * features),
        "model_type": "sense_voice_ctc",
        "version": 2,
        "vocab_size": vocabulary,
        "comment": "scripted",
        "with_itn": 14,
        "without_itn": 15,
        **{f"lang_{name}": index for name, index in SENSE_VOICE_LANGUAGES.items()},
    }
    save(sense_voice(vocabulary, window * features), output / "model.int8.onnx", metadata)
    write_tokens(SENSE_VOICE_TOKENS, output / "tokens.txt")


def sense_voice(vocabulary, width):
    """Four tokens about the audio, the first of which is the requested language, and then the script."""

    def rows(tokens):
        return np.eye(vocabulary, dtype=np.float32)[[SENSE_VOICE_TOKENS.index(token) for token in tokens]]

    languages = np.zeros((max(SENSE_VOICE_LANGUAGES.values()) + 1, vocabulary), np.float32)
    for name, index in SENSE_VOICE_LANGUAGES.items():
        languages[index] = rows(["<|ja|>" if name in ("auto", "nospeech") else f"<|{name}|>"])[0]
    script = rows(["<unk>"] * SENSE_VOICE_FRAMES)  # token 0 is the blank one
    for token, frame in SENSE_VOICE_SCRIPT:
        script[frame] = rows([token])[0]
    nodes = [
        node("Gather", ["languages", "language"], "language_row"),
        node("Shape", ["x"], "length", start=1, end=2),
        node("Squeeze", ["length"], "count"),
        node("Range", ["zero", "count", "one"], "numbers"),
        node("Mod", ["numbers", "period"], "numbers_in_script"),
        node("Gather", ["script", "numbers_in_script"], "words"),
        node("Concat", ["language_row", "other_tags", "words"], "rows", axis=0),
        node("Unsqueeze", ["rows", "first_axis"], "logits"),
    ]
    constants = {
        "languages": languages,
        "zero": np.array(0),
        "one": np.array(1),
        "period": np.array(SENSE_VOICE_FRAMES),
        "script": script,
        "other_tags": rows(["<|NEUTRAL|>", "<|Speech|>", "<|withitn|>"]),
        "first_axis": np.array([0]),
    }
    names = ["x_length", "language", "text_norm"]
    inputs = [value("x", FLOAT, ["N", "T", width]), *(value(name, INT32, ["N"]) for name in names)]
    return graph("sense_voice", nodes, inputs, [value("logits", FLOAT, ["N", "T2", vocabulary])], constants)


def node(kind, inputs, output, **attributes):
    return helper.make_node(kind, inputs, [output], name=output, **attributes)


def value(name, kind, shape):
    return helper.make_tensor_value_info(name, kind, shape)


def graph(name, nodes, inputs, outputs, constants):
    initializers = [numpy_helper.from_array(array, key) for key, array in constants.items()]
    return helper.make_graph(nodes, name, inputs, outputs, initializers)


def save(model_graph, file, metadata=None):
    opset = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(model_graph, opset_imports=opset, ir_version=IR_VERSION)
    checker.check_model(model)
    helper.set_model_props(model, {key: str(item) for key, item in (metadata or {}).items()})
    file.write_bytes(model.SerializeToString(deterministic=True))


def write_tokens(tokens, file):
    file.write_text("".join(f"{token} {index}\n" for index, token in enumerate(tokens)), "utf-8")
