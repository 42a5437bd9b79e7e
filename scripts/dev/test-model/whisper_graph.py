"""Builds Whisper's encoder and decoder as ONNX graphs with the inputs and outputs that sherpa-onnx expects."""

import numpy as np
from onnx import TensorProto

from onnx_graph import Graph

TO_END = np.iinfo(np.int64).max


def build_encoder(weights, dims):
    """Maps a log-Mel spectrogram to keys and values of the decoder's cross-attention, stacked by layer."""
    g = Graph(weights)
    x = "mel"
    for name, stride in (("encoder.conv1", 1), ("encoder.conv2", 2)):
        weight, bias = g.weight(f"{name}.weight"), g.weight(f"{name}.bias")
        x = g.gelu(g.op("Conv", x, weight, bias, kernel_shape=[3], pads=[1, 1], strides=[stride]))
    x = g.op("Transpose", x, perm=[0, 2, 1])
    length = g.op("Shape", x, start=1, end=2)
    positions = g.weight("encoder.positional_embedding")
    x = g.op("Add", x, g.slice(positions, np.array([0]), length, axis=0))
    for index in range(dims["n_audio_layer"]):
        name = f"encoder.blocks.{index}"
        normed = g.norm(x, f"{name}.attn_ln")
        q, k, v = (g.linear(normed, f"{name}.attn.{part}") for part in ("query", "key", "value"))
        output, _ = g.attention(q, k, v, dims["n_audio_head"])
        x = g.op("Add", x, g.linear(output, f"{name}.attn.out"))
        x = g.mlp(x, name)
    x = g.norm(x, "encoder.ln_post")
    keys, values = (stack_cross(g, x, part, dims) for part in ("key", "value"))
    cross = [dims["n_text_layer"], "batch", "audio_length", g.width]
    return g.model(
        "whisper-encoder",
        [("mel", TensorProto.FLOAT, ["batch", dims["n_mels"], "frames"])],
        {
            keys: ("n_layer_cross_k", TensorProto.FLOAT, cross),
            values: ("n_layer_cross_v", TensorProto.FLOAT, cross),
        },
    )


def stack_cross(g, x, part, dims):
    layers = [
        g.op("Unsqueeze", g.linear(x, f"decoder.blocks.{index}.cross_attn.{part}"), np.array([0]))
        for index in range(dims["n_text_layer"])
    ]
    return g.op("Concat", *layers, axis=0)


def build_decoder(weights, dims, alignment_heads, adjust_logits=lambda g, logits: logits):
    """
    Maps tokens and caches to logits, updated caches and the cross-attention of the alignment heads, from which
    sherpa-onnx derives the time of each token. Caches have a fixed length; `offset` is the number of tokens in them.
    """
    g = Graph(weights)
    count = g.op("Shape", "tokens", start=1, end=2)
    end = g.op("Add", "offset", count)
    positions = g.slice(g.weight("decoder.positional_embedding"), "offset", end, axis=0)
    embedding = g.weight("decoder.token_embedding.weight")
    x = g.op("Add", g.op("Gather", embedding, "tokens"), positions)
    length = dims["n_text_ctx"]
    causal = np.triu(np.full((length, length), -np.inf, np.float32), 1)
    mask = g.slice(g.slice(causal, "offset", end, axis=0), np.array([0]), end, axis=1)
    keys, values, alignments = [], [], []
    for index in range(dims["n_text_layer"]):
        name = f"decoder.blocks.{index}"
        layer = lambda stacked: g.op("Gather", stacked, np.int64(index), axis=0)
        normed = g.norm(x, f"{name}.attn_ln")
        k, key_cache = append(g, layer("in_n_layer_self_k_cache"), g.linear(normed, f"{name}.attn.key"), end)
        v, value_cache = append(g, layer("in_n_layer_self_v_cache"), g.linear(normed, f"{name}.attn.value"), end)
        output, _ = g.attention(g.linear(normed, f"{name}.attn.query"), k, v, dims["n_text_head"], mask)
        x = g.op("Add", x, g.linear(output, f"{name}.attn.out"))
        query = g.linear(g.norm(x, f"{name}.cross_attn_ln"), f"{name}.cross_attn.query")
        output, attention = g.attention(
            query, layer("n_layer_cross_k"), layer("n_layer_cross_v"), dims["n_text_head"]
        )
        x = g.op("Add", x, g.linear(output, f"{name}.cross_attn.out"))
        x = g.mlp(x, name)
        keys.append(g.op("Unsqueeze", key_cache, np.array([0])))
        values.append(g.op("Unsqueeze", value_cache, np.array([0])))
        heads = [head for layer_index, head in alignment_heads if layer_index == index]
        if heads:
            alignments.append(g.op("Gather", attention, np.array(heads), axis=1))
    # The embedding comes first, so it is shared with the lookup above and not quantized.
    logits = g.op("MatMul", embedding, g.op("Transpose", g.norm(x, "decoder.ln"), perm=[0, 2, 1]))
    logits = adjust_logits(g, g.op("Transpose", logits, perm=[0, 2, 1]))
    cache = [dims["n_text_layer"], "batch", length, g.width]
    cross = [dims["n_text_layer"], "batch", "audio_length", g.width]
    return g.model(
        "whisper-decoder",
        [
            ("tokens", TensorProto.INT64, ["batch", "token_count"]),
            ("in_n_layer_self_k_cache", TensorProto.FLOAT, cache),
            ("in_n_layer_self_v_cache", TensorProto.FLOAT, cache),
            ("n_layer_cross_k", TensorProto.FLOAT, cross),
            ("n_layer_cross_v", TensorProto.FLOAT, cross),
            ("offset", TensorProto.INT64, [1]),
        ],
        {
            logits: ("logits", TensorProto.FLOAT, ["batch", "token_count", dims["n_vocab"]]),
            g.op("Concat", *keys, axis=0): ("out_n_layer_self_k_cache", TensorProto.FLOAT, cache),
            g.op("Concat", *values, axis=0): ("out_n_layer_self_v_cache", TensorProto.FLOAT, cache),
            g.op("Concat", *alignments, axis=1): (
                "cross_attention_weights",
                TensorProto.FLOAT,
                ["batch", len(alignment_heads), "token_count", "audio_length"],
            ),
        },
    )


def append(g, cache, new, end):
    """Returns the entries up to `end` with `new` as the last ones, and the whole cache with them."""
    used = g.op("Concat", g.slice(cache, np.array([0]), "offset", axis=1), new, axis=1)
    rest = g.slice(cache, end, np.array([TO_END]), axis=1)
    return used, g.op("Concat", used, rest, axis=1)
