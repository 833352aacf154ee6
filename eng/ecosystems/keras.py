"""Keras Applications, from a checkout of keras-team/keras, on a stand-in for Keras that computes with PyTorch."""

import torch
from torch.nn import functional as F

from . import sources


class Value:
    """A feature map [N, C, H, W] that says its shape in Keras's order."""

    def __init__(self, data):
        self.data = data

    @property
    def shape(self):
        return (None, *(self.data.shape[axis] for axis in (2, 3, 1)[: max(1, self.data.dim() - 1)]))

    def __add__(self, number):
        return Value(self.data + number)

    def __mul__(self, number):
        return Value(self.data * number)


class Layer:
    """A layer that computes as soon as it is called. Its tensors are in `tensors` from then on."""

    tensors = {}
    values = None  # name, shape -> tensor, from the generator

    def __init__(self, *arguments, name=None, **options):
        self.arguments, self.name, self.options = arguments, name, options

    def tensor(self, kind, shape):
        name = f"{self.name}/{kind}"
        Layer.tensors[name] = Layer.values(name, shape)
        return Layer.tensors[name]

    def kernel(self, position):
        size = self.options["kernel_size"] if "kernel_size" in self.options else self.arguments[position]
        return (size, size) if isinstance(size, int) else size

    def __call__(self, x):
        return Value(self.compute(x.data if isinstance(x, Value) else x))


class Conv2D(Layer):
    def compute(self, x):
        filters = self.arguments[0]
        height, width = self.kernel(1)
        weight = self.tensor("kernel", (height, width, x.shape[1], filters)).permute(3, 2, 0, 1)
        bias = self.tensor("bias", (filters,)) if self.options.get("use_bias", True) else None
        return convolution(x, weight, bias, self.options)


class DepthwiseConv2D(Layer):
    def compute(self, x):
        height, width = self.kernel(0)
        weight = self.tensor("depthwise_kernel", (height, width, x.shape[1], 1)).permute(2, 3, 0, 1)
        return convolution(x, weight, None, self.options, groups=x.shape[1])


def convolution(x, weight, bias, options, groups=1):
    strides = options.get("strides", 1)
    stride = strides if isinstance(strides, int) else strides[0]
    if options.get("padding", "valid") == "same":
        x = F.pad(x, (*around(x.shape[3], weight.shape[3], stride), *around(x.shape[2], weight.shape[2], stride)))
    return F.conv2d(x, weight, bias, stride, groups=groups)


def around(size, kernel, stride):
    total = max(0, (-(-size // stride) - 1) * stride + kernel - size)
    return total // 2, total - total // 2


class BatchNormalization(Layer):
    def compute(self, x):
        kinds = ("moving_mean", "moving_variance", "gamma", "beta")
        return F.batch_norm(x, *(self.tensor(k, (x.shape[1],)) for k in kinds), eps=self.options.get("epsilon", 1e-3))


class Dense(Layer):
    def compute(self, x):
        kernel = self.tensor("kernel", (x.shape[1], self.arguments[0]))
        return x @ kernel + self.tensor("bias", (self.arguments[0],))


class ZeroPadding2D(Layer):
    def compute(self, x):
        (top, bottom), (left, right) = self.options.get("padding", self.arguments[0] if self.arguments else None)
        return F.pad(x, (left, right, top, bottom))


class ReLU(Layer):
    def compute(self, x):
        return torch.clamp(x, 0, *self.arguments)


class Activation(Layer):
    """hard_swish; the softmax at the end is left out."""

    def compute(self, x):
        function = self.options.get("activation", self.arguments[0] if self.arguments else None)
        return F.hardswish(x) if function == "hard_swish" else x


class GlobalAveragePooling2D(Layer):
    def compute(self, x):
        return x.mean((2, 3), keepdim=self.options.get("keepdims", False))


class Flatten(Layer):
    def compute(self, x):
        return x.flatten(1)


class Rescaling(Layer):
    def compute(self, x):
        return x * self.options["scale"] + self.options["offset"]


class Same(Layer):
    """Dropout, and a reshape of what is 1x1."""

    def compute(self, x):
        return x


class Add(Layer):
    def __call__(self, values):
        return Value(values[0].data + values[1].data)


class Multiply(Layer):
    def __call__(self, values):
        return Value(values[0].data * values[1].data)


def correct_pad(x, kernel):
    """What keras.src.applications.imagenet_utils has: (k/2 - 1, k/2) for an even axis, (k/2, k/2) for an odd one."""
    kernel = kernel if isinstance(kernel, int) else kernel[0]
    return tuple((kernel // 2 - (1 - size % 2), kernel // 2) for size in x.shape[1:3])


LAYERS = {
    kind.__name__: kind
    for kind in (Conv2D, DepthwiseConv2D, BatchNormalization, Dense, ZeroPadding2D, ReLU, Activation)
    + (GlobalAveragePooling2D, Flatten, Rescaling, Add, Multiply)
}


class Keras:
    """Runs an application on an input while it builds itself; `NAME-OPTION` is one with an option set."""

    def __init__(self, checkout):
        self.applications = checkout / "keras" / "src" / "applications"

    def build(self, name, classes, values, alpha, **_):
        """A function of the input, and the dictionary in which its tensors are after the first call."""
        Layer.tensors, Layer.values = {}, values

        def run(x):
            sources.stand_in("keras", "keras.src", "keras.src.models", Functional=lambda _, output, name: output)
            sources.stand_in(
                "keras.src.backend", image_data_format=lambda: "channels_last", is_keras_tensor=lambda _: True
            )
            sources.stand_in("keras.src.layers", Dropout=Same, Reshape=Same, **LAYERS)
            sources.stand_in("keras.src.api_export", keras_export=lambda *_: lambda made: made)
            sources.stand_in(
                "keras.src.applications",
                "keras.src.applications.imagenet_utils",
                correct_pad=correct_pad,
                decode_predictions=correct_pad,
                obtain_input_shape=lambda shape, **_: shape or (224, 224, 3),
                validate_activation=lambda *_: None,
                PREPROCESS_INPUT_DOC="",
                PREPROCESS_INPUT_RET_DOC_TF="",
                PREPROCESS_INPUT_ERROR_DOC="",
            )
            sources.stand_in("keras.src.ops", "keras.src.ops.operation_utils", get_source_inputs=lambda value: value)
            sources.stand_in("keras.src.utils", "keras.src.utils.file_utils")
            file = {"MobileNet": "mobilenet", "MobileNetV2": "mobilenet_v2"}.get(name, "mobilenet_v3")
            module = sources.load(f"keras.src.applications.{file}", self.applications / f"{file}.py")
            function, _, variant = name.partition("-")
            options = {"include_preprocessing": False} if file == "mobilenet_v3" else {}
            options.update({variant: True} if variant else {})
            build = getattr(module, function)
            return build(input_tensor=Value(x), alpha=alpha, weights=None, classes=classes, **options).data.flatten(1)

        return run, Layer.tensors
