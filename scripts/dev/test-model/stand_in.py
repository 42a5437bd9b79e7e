"""
Generates a stand-in for Whisper small, whose weights no package contains: the same layers and widths with random weights,
so that a run costs the same time. Its decoder reports scripted words, as many as a speaker says in the time of the audio.
"""

import re

import numpy as np

DIMENSIONS = {
    "n_mels": 80,
    "n_audio_ctx": 1500,
    "n_audio_state": 768,
    "n_audio_head": 12,
    "n_audio_layer": 12,
    "n_vocab": 51865,
    "n_text_ctx": 448,
    "n_text_state": 768,
    "n_text_head": 12,
    "n_text_layer": 12,
}
# Of OpenAI's model.
ALIGNMENT_HEADS = [[5, 3], [5, 9], [8, 0], [8, 4], [8, 7], [8, 8], [9, 0], [9, 7], [9, 9], [10, 5]]
# As Whisper base for 5 s of the talk of the benchmark: 16. The engine adds 10 s of silence to passages of less than 10 s, such as
# the first one of a video; for longer ones, the words are too few. A frame of the encoder has 20 ms.
TOKENS_PER_FRAME = 2.95 * 0.02
SILENT_FRAMES = 10 / 0.02
# The language follows the first token; the tokens after it state the task, and that there are no time marks.
LANGUAGE_POSITION, FIRST_WORD_POSITION = 0, 3


def random_weights(dims):
    generator = np.random.default_rng(0)
    normal = lambda *shape: generator.standard_normal(shape, np.float32) * np.float32(0.02)
    width, vocabulary = dims["n_text_state"], dims["n_vocab"]
    weights = {
        "encoder.conv1.weight": normal(width, dims["n_mels"], 3),
        "encoder.conv1.bias": normal(width),
        "encoder.conv2.weight": normal(width, width, 3),
        "encoder.conv2.bias": normal(width),
        "encoder.positional_embedding": normal(dims["n_audio_ctx"], width),
        "decoder.positional_embedding": normal(dims["n_text_ctx"], width),
        "decoder.token_embedding.weight": normal(vocabulary, width),
    }

    def linear(name, inputs, outputs, has_bias=True):
        weights[f"{name}.weight"] = normal(outputs, inputs)
        if has_bias:
            weights[f"{name}.bias"] = normal(outputs)

    def norm(name):
        weights[f"{name}.weight"], weights[f"{name}.bias"] = np.ones(width, np.float32), normal(width)

    for side, kinds in (("encoder", ["attn"]), ("decoder", ["attn", "cross_attn"])):
        for index in range(dims["n_text_layer"]):
            name = f"{side}.blocks.{index}"
            for kind in kinds:
                norm(f"{name}.{kind}_ln")
                for part in ("query", "key", "value", "out"):
                    linear(f"{name}.{kind}.{part}", width, width, has_bias=part != "key")
            norm(f"{name}.mlp_ln")
            linear(f"{name}.mlp.0", width, 4 * width)
            linear(f"{name}.mlp.2", 4 * width, width)
    norm("encoder.ln_post")
    norm("decoder.ln")
    return weights


def script(tokenizer):
    """The token that follows each position: English, and different words, as repeated ones would count as a loop."""
    vocabulary = tokenizer["model"]["vocab"]
    words = sorted(token for text, token in vocabulary.items() if re.fullmatch("Ġ[a-z]{4,8}", text))
    special = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
    tokens = np.array(words[: DIMENSIONS["n_text_ctx"]])
    tokens[LANGUAGE_POSITION] = special["<|en|>"]
    return tokens, special["<|endoftext|>"]


def force_script(g, logits, tokens, end_token):
    """Raises the logits of the scripted tokens above all others, and those of the end after so many."""
    scalar = lambda name: g.op("Squeeze", name)
    end = g.op("Add", "offset", g.op("Shape", "tokens", start=1, end=2))
    positions = g.op("Range", scalar("offset"), scalar(end), np.int64(1))
    frames = g.op("Cast", g.op("Shape", "n_layer_cross_k", start=2, end=3), to=1)
    spoken = g.op("Sub", frames, np.float32(SILENT_FRAMES))
    count = g.op("Cast", g.op("Mul", spoken, np.float32(TOKENS_PER_FRAME)), to=7)
    is_over = g.op("GreaterOrEqual", positions, g.op("Add", count, np.int64(FIRST_WORD_POSITION)))
    following = g.op("Where", is_over, np.int64(end_token), g.op("Gather", tokens, positions))
    forced = g.op("OneHot", following, np.int64(DIMENSIONS["n_vocab"]), np.array([0, 1e4], np.float32))
    return g.op("Add", logits, forced)
