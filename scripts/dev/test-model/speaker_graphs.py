"""Builds the models that find speakers as ONNX graphs with the inputs, outputs and properties that sherpa-onnx expects."""

import numpy as np
from onnx import TensorProto, helper

from onnx_graph import Graph

SAMPLE_RATE = 16_000
LEAKY_SLOPE = 0.01


def build_segmentation(weights):
    """pyannote segmentation 3.0: maps 10 s of samples to who of three speakers is active in each frame."""
    g = Graph(weights)
    x = instance_norm(g, "x", "sincnet.wav_norm1d")
    for index in range(3):
        if index == 0:
            filters = sinc_filters(weights, "sincnet.conv1d.0.filterbank")
            x = g.op("Abs", g.op("Conv", x, filters, kernel_shape=[251], strides=[10]))
        else:
            name = f"sincnet.conv1d.{index}"
            weight, bias = g.weight(f"{name}.weight"), g.weight(f"{name}.bias")
            x = g.op("Conv", x, weight, bias, kernel_shape=[5], strides=[1])
        x = g.op("MaxPool", x, kernel_shape=[3], strides=[3])
        x = g.op("LeakyRelu", instance_norm(g, x, f"sincnet.norm1d.{index}"), alpha=LEAKY_SLOPE)
    x = g.op("Transpose", x, perm=[2, 0, 1])
    for index in range(4):
        x = bidirectional_lstm(g, x, index)
    x = g.op("Transpose", x, perm=[1, 0, 2])
    for index in range(2):
        x = g.op("LeakyRelu", g.linear(x, f"linear.{index}"), alpha=LEAKY_SLOPE)
    y = g.op("LogSoftmax", g.linear(x, "classifier"), axis=-1)
    model = g.model(
        "pyannote-segmentation",
        [("x", TensorProto.FLOAT, ["N", 1, "T"])],
        {y: ("y", TensorProto.FLOAT, ["N", "frames", 7])},
    )
    return with_properties(
        model,
        {
            "model_type": "pyannote-segmentation-3.0",
            "version": 1,
            "num_speakers": 3,
            "powerset_max_classes": 2,
            "num_classes": 7,
            "sample_rate": SAMPLE_RATE,
            "window_size": 10 * SAMPLE_RATE,
            "receptive_field_size": 991,
            "receptive_field_shift": 270,
        },
    )


def instance_norm(g, x, name):
    return g.op("InstanceNormalization", x, g.weight(f"{name}.weight"), g.weight(f"{name}.bias"), epsilon=1e-5)


def sinc_filters(weights, name):
    """The band-pass filters of SincNet (ParamSincFB of asteroid-filterbanks): even ones, then odd ones."""
    parts = (f"{name}.{part}" for part in ("n_", "window_", "low_hz_", "band_hz_"))
    # Sines of fewer digits depend on the processor.
    times, window, low_hz, band_hz = (weights[part].astype(np.float64) for part in parts)
    low = 50 + np.abs(low_hz)
    high = np.clip(low + 50 + np.abs(band_hz), 50, SAMPLE_RATE / 2)
    band = high - low
    even = (np.sin(high @ times) - np.sin(low @ times)) / (times / 2) * window
    odd = (np.cos(low @ times) - np.cos(high @ times)) / (times / 2) * window
    filters = np.concatenate(
        [
            np.concatenate([even, 2 * band, even[:, ::-1]], axis=1),
            np.concatenate([odd, np.zeros_like(band), -odd[:, ::-1]], axis=1),
        ]
    )
    return (filters / (2 * np.concatenate([band, band]))).astype(np.float32)[:, np.newaxis, :]


def bidirectional_lstm(g, x, index):
    def both(part):
        return np.stack([gates(g.weights[f"lstm.{part}_l{index}{suffix}"]) for suffix in ("", "_reverse")])

    biases = np.concatenate([both("bias_ih"), both("bias_hh")], axis=1)
    y = g.ops(
        "LSTM", 1, x, both("weight_ih"), both("weight_hh"), biases, direction="bidirectional", hidden_size=128
    )[0]
    # (time, direction, batch, hidden) to (time, batch, both)
    return g.op("Reshape", g.op("Transpose", y, perm=[0, 2, 1, 3]), np.array([0, 0, 256]))


def gates(values):
    """PyTorch orders them input, forget, cell, output; ONNX input, output, forget, cell."""
    i, f, c, o = np.split(values, 4)
    return np.concatenate([i, o, f, c])


def build_embedding(weights):
    """CAM++ (3D-Speaker): maps the filter banks of some speech to a vector that is similar for the same speaker."""
    g = Graph(weights)
    x = g.op("Unsqueeze", g.op("Transpose", "x", perm=[0, 2, 1]), np.array([1]))
    x = residual_head(g, x)
    x = g.op("Conv", x, g.weight("xvector.tdnn.linear.weight"), kernel_shape=[5], strides=[2], pads=[2, 2])
    x = g.op("Relu", batch_norm(g, x, "xvector.tdnn.nonlinear.batchnorm"))
    for block, (count, dilation) in enumerate([(12, 1), (24, 2), (16, 2)], 1):
        for layer in range(1, count + 1):
            x = dense_layer(g, x, f"xvector.block{block}.tdnnd{layer}", dilation)
        x = g.op("Relu", batch_norm(g, x, f"xvector.transit{block}.nonlinear.batchnorm"))
        x = g.op("Conv", x, g.weight(f"xvector.transit{block}.linear.weight"))
    x = pool_statistics(g, g.op("Relu", batch_norm(g, x, "xvector.out_nonlinear.batchnorm")))
    x = g.op("Squeeze", g.op("Conv", x, g.weight("xvector.dense.linear.weight")), np.array([2]))
    y = batch_norm(g, x, "xvector.dense.nonlinear.batchnorm")
    model = g.model(
        "campplus",
        [("x", TensorProto.FLOAT, ["N", "T", 80])],
        {y: ("embedding", TensorProto.FLOAT, ["N", 192])},
    )
    return with_properties(
        model,
        {
            "framework": "3d-speaker",
            "language": "Chinese and English",
            "sample_rate": SAMPLE_RATE,
            "output_dim": 192,
            "normalize_samples": 1,
            "feature_normalize_type": "global-mean",
        },
    )


def residual_head(g, x):
    x = g.op("Relu", conv_norm(g, x, "head", 1))
    for layer in ("head.layer1", "head.layer2"):
        for block, stride in ((f"{layer}.0", 2), (f"{layer}.1", 1)):
            y = g.op("Relu", conv_norm(g, x, block, 1, stride))
            y = conv_norm(g, y, block, 2)
            if stride > 1:
                weight = g.weight(f"{block}.shortcut.0.weight")
                x = batch_norm(g, g.op("Conv", x, weight, strides=[stride, 1]), f"{block}.shortcut.1")
            x = g.op("Relu", g.op("Add", y, x))
    x = g.op("Relu", conv_norm(g, x, "head", 2, 2))
    return g.op("Reshape", x, np.array([0, 320, -1]))


def conv_norm(g, x, name, number, stride=1):
    """Strides along the frequency only."""
    weight = g.weight(f"{name}.conv{number}.weight")
    x = g.op("Conv", x, weight, kernel_shape=[3, 3], strides=[stride, 1], pads=[1, 1, 1, 1])
    return batch_norm(g, x, f"{name}.bn{number}")


def batch_norm(g, x, name):
    mean, variance = (g.weight(f"{name}.{part}") for part in ("running_mean", "running_var"))
    if f"{name}.weight" in g.weights:
        scale, bias = g.weight(f"{name}.weight"), g.weight(f"{name}.bias")
    else:
        count = len(g.weights[f"{name}.running_mean"])
        scale, bias = np.ones(count, np.float32), np.zeros(count, np.float32)
    return g.op("BatchNormalization", x, scale, bias, mean, variance, epsilon=1e-5)


def dense_layer(g, x, name, dilation):
    """Appends its output to its input."""
    y = g.op("Relu", batch_norm(g, x, f"{name}.nonlinear1.batchnorm"))
    y = g.op("Conv", y, g.weight(f"{name}.linear1.weight"))
    y = g.op("Relu", batch_norm(g, y, f"{name}.nonlinear2.batchnorm"))
    cam = f"{name}.cam_layer"
    padding = [dilation, dilation]
    local = g.weight(f"{cam}.linear_local.weight")
    local = g.op("Conv", y, local, kernel_shape=[3], dilations=[dilation], pads=padding)
    context = g.op("Add", g.op("ReduceMean", y, axes=[2], keepdims=1), pool_segments(g, y))
    for part, activation in (("linear1", "Relu"), ("linear2", "Sigmoid")):
        context = g.op("Conv", context, g.weight(f"{cam}.{part}.weight"), g.weight(f"{cam}.{part}.bias"))
        context = g.op(activation, context)
    return g.op("Concat", x, g.op("Mul", local, context), axis=1)


def pool_segments(g, x):
    """Replaces each frame by the mean of its segment of 100 frames."""
    means = g.op("AveragePool", x, kernel_shape=[100], strides=[100], ceil_mode=1)
    repeated = g.op("Expand", g.op("Unsqueeze", means, np.array([3])), np.array([1, 1, 1, 100]))
    repeated = g.op("Reshape", repeated, np.array([0, 0, -1]))
    return g.slice(repeated, np.array([0]), g.op("Shape", x, start=2, end=3), axis=2)


def pool_statistics(g, x):
    """Mean and standard deviation (unbiased) over time."""
    mean = g.op("ReduceMean", x, axes=[2], keepdims=1)
    difference = g.op("Sub", x, mean)
    total = g.op("ReduceSum", g.op("Mul", difference, difference), np.array([2]), keepdims=1)
    count = g.op("Cast", g.op("Shape", x, start=2, end=3), to=TensorProto.FLOAT)
    variance = g.op("Div", total, g.op("Sub", count, np.array([1], np.float32)))
    return g.op("Concat", mean, g.op("Sqrt", variance), axis=1)


def with_properties(model, properties):
    helper.set_model_props(model, {key: str(value) for key, value in properties.items()})
    return model
