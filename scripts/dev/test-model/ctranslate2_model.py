"""Reads Whisper weights from the model.bin of a CTranslate2 model (binary version 6)."""

import struct

import numpy as np

DTYPES = [np.float32, np.int8, np.int16, np.int32, np.float16]


def read_variables(data):
    """Returns the variables by name. Raises ValueError unless all bytes are consumed."""
    offset = 0

    def unpack(code):
        nonlocal offset
        (value,) = struct.unpack_from("<" + code, data, offset)
        offset += struct.calcsize("<" + code)
        return value

    def text():
        length = unpack("H")
        value = unpack(f"{length}s")
        return value[:-1].decode()  # ends with a zero byte

    version, spec = unpack("I"), text()
    if version != 6 or spec != "WhisperSpec":
        raise ValueError(f"unsupported model: {spec}, binary version {version}")
    unpack("I")  # revision of the specification
    variables = {}
    for _ in range(unpack("I")):
        name = text()
        shape = [unpack("I") for _ in range(unpack("B"))]
        dtype = np.dtype(DTYPES[unpack("B")])
        size = unpack("I")
        variables[name] = np.frombuffer(data, dtype, size // dtype.itemsize, offset).reshape(shape)
        offset += size
    for _ in range(unpack("I")):  # aliases
        name = text()
        variables[name] = variables[text()]
    if offset != len(data):
        raise ValueError(f"{len(data) - offset} bytes follow the last variable")
    return variables


def whisper_weights(variables):
    """Renames the variables to those of OpenAI's checkpoint and splits fused projections."""
    weights = {
        "encoder.positional_embedding": variables["encoder/position_encodings/encodings"],
        **linear("encoder.conv1", variables, "encoder/conv1"),
        **linear("encoder.conv2", variables, "encoder/conv2"),
        **layers("encoder", variables),
        **norm("encoder.ln_post", variables, "encoder/layer_norm"),
        "decoder.positional_embedding": variables["decoder/position_encodings/encodings"],
        "decoder.token_embedding.weight": variables["decoder/embeddings/weight"],
        **layers("decoder", variables),
        **norm("decoder.ln", variables, "decoder/layer_norm"),
    }
    return {name: value.astype(np.float32) for name, value in weights.items()}


def layers(side, variables):
    weights = {}
    index = 0
    while f"{side}/layer_{index}/ffn/linear_0/weight" in variables:
        name, source = f"{side}.blocks.{index}", f"{side}/layer_{index}"
        weights |= self_attention(f"{name}.attn", variables, f"{source}/self_attention")
        weights |= norm(f"{name}.attn_ln", variables, f"{source}/self_attention/layer_norm")
        if side == "decoder":
            weights |= cross_attention(f"{name}.cross_attn", variables, f"{source}/attention")
            weights |= norm(f"{name}.cross_attn_ln", variables, f"{source}/attention/layer_norm")
        weights |= linear(f"{name}.mlp.0", variables, f"{source}/ffn/linear_0")
        weights |= linear(f"{name}.mlp.2", variables, f"{source}/ffn/linear_1")
        weights |= norm(f"{name}.mlp_ln", variables, f"{source}/ffn/layer_norm")
        index += 1
    return weights


def self_attention(name, variables, source):
    parts = split(variables, f"{source}/linear_0", ["query", "key", "value"])
    return projections(name, parts) | linear(f"{name}.out", variables, f"{source}/linear_1")


def cross_attention(name, variables, source):
    parts = split(variables, f"{source}/linear_0", ["query"])
    parts |= split(variables, f"{source}/linear_1", ["key", "value"])
    return projections(name, parts) | linear(f"{name}.out", variables, f"{source}/linear_2")


def split(variables, source, names):
    weights = np.split(variables[f"{source}/weight"], len(names))
    biases = np.split(variables[f"{source}/bias"], len(names))
    return dict(zip(names, zip(weights, biases)))


def projections(name, parts):
    weights = {}
    for part, (weight, bias) in parts.items():
        weights[f"{name}.{part}.weight"] = weight
        if part != "key":  # Whisper's key projection has no bias.
            weights[f"{name}.{part}.bias"] = bias
        elif bias.any():
            raise ValueError(f"{name}.key has a bias")
    return weights


def linear(name, variables, source):
    return {f"{name}.{part}": variables[f"{source}/{part}"] for part in ("weight", "bias")}


def norm(name, variables, source):
    parts = {"weight": "gamma", "bias": "beta"}
    return {f"{name}.{part}": variables[f"{source}/{other}"] for part, other in parts.items()}
