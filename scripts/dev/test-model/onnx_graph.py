"""Builds ONNX graphs node by node, with the layers that speech models consist of."""

import numpy as np
from onnx import checker, helper, numpy_helper

OPSET = 17
IR_VERSION = 8


class Graph:
    """Collects nodes. Values are referred to by name; arrays become initializers."""

    def __init__(self, weights):
        self.weights = weights
        self.nodes = []
        self.initializers = {}

    def op(self, kind, *inputs, **attributes):
        return self.ops(kind, 1, *inputs, **attributes)[0]

    def ops(self, kind, count, *inputs, **attributes):
        name = f"{kind}_{len(self.nodes)}"
        outputs = [f"{name}_{index}" for index in range(count)]
        values = [value if isinstance(value, str) else self.constant(value) for value in inputs]
        self.nodes.append(helper.make_node(kind, values, outputs, name=name, **attributes))
        return outputs

    def constant(self, value):
        array = np.asarray(value)
        return self.initializer(f"constant_{len(self.initializers)}", array)

    def weight(self, name, is_transposed=False):
        array = self.weights[name]
        return self.initializer(name, array.T if is_transposed else array)

    def initializer(self, name, array):
        self.initializers[name] = numpy_helper.from_array(np.asarray(array, order="C"), name)
        return name

    def linear(self, x, name):
        product = self.op("MatMul", x, self.weight(f"{name}.weight", is_transposed=True))
        has_bias = f"{name}.bias" in self.weights
        return self.op("Add", product, self.weight(f"{name}.bias")) if has_bias else product

    def norm(self, x, name):
        scale, bias = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.op("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-5)

    def gelu(self, x):
        error = self.op("Erf", self.op("Div", x, np.float32(np.sqrt(2))))
        product = self.op("Mul", x, self.op("Add", error, np.float32(1)))
        return self.op("Mul", product, np.float32(0.5))

    def mlp(self, x, name):
        hidden = self.gelu(self.linear(self.norm(x, f"{name}.mlp_ln"), f"{name}.mlp.0"))
        return self.op("Add", x, self.linear(hidden, f"{name}.mlp.2"))

    def attention(self, q, k, v, head_count, mask=None):
        """Returns the output, before its projection, and the attention weights (batch, head, query, key)."""
        width = self.width // head_count
        shape = np.array([0, 0, head_count, width])
        q, k, v = (self.op("Reshape", value, shape) for value in (q, k, v))
        q = self.op("Mul", q, np.float32(width**-0.5))
        scores = self.op(
            "MatMul",
            self.op("Transpose", q, perm=[0, 2, 1, 3]),
            self.op("Transpose", k, perm=[0, 2, 3, 1]),
        )
        if mask:
            scores = self.op("Add", scores, mask)
        attention = self.op("Softmax", scores, axis=-1)
        output = self.op("MatMul", attention, self.op("Transpose", v, perm=[0, 2, 1, 3]))
        output = self.op("Transpose", output, perm=[0, 2, 1, 3])
        return self.op("Reshape", output, np.array([0, 0, self.width])), attention

    @property
    def width(self):
        return self.weights["encoder.positional_embedding"].shape[1]

    def slice(self, x, start, end, axis):
        return self.op("Slice", x, start, end, np.array([axis]))

    def model(self, name, inputs, outputs):
        for value, (renamed, _, _) in outputs.items():
            self.nodes.append(helper.make_node("Identity", [value], [renamed]))
        graph = helper.make_graph(
            self.nodes,
            name,
            [helper.make_tensor_value_info(*value) for value in inputs],
            [helper.make_tensor_value_info(*value) for value in outputs.values()],
            list(self.initializers.values()),
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = IR_VERSION
        checker.check_model(model)
        return model
