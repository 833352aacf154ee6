"""PaddleClas's models, from a checkout of PaddlePaddle/PaddleClas, on a stand-in for Paddle made of PyTorch."""

import torch
from torch import nn
from torch.nn import functional as F

from . import sources


class Layer(nn.Module):
    def add_sublayer(self, name, sublayer):
        self.add_module(name, sublayer)
        return sublayer


class TheseusLayer(Layer):
    def init_res(self, *_, **__):
        pass


class Conv2D(nn.Conv2d):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, groups=1, bias_attr=None, **_):
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, groups=groups, bias=bias_attr is not False)


class BatchNorm(Layer):
    """Paddle calls the statistics _mean and _variance; its epsilon is 1e-5."""

    def __init__(self, num_channels, act=None, **_):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(num_channels))
        self.bias = nn.Parameter(torch.empty(num_channels))
        self.register_buffer("_mean", torch.empty(num_channels))
        self.register_buffer("_variance", torch.empty(num_channels))

    def forward(self, x):
        return F.batch_norm(x, self._mean, self._variance, self.weight, self.bias, eps=1e-5)


class Linear(Layer):
    """Weights are [inputs, outputs]."""

    def __init__(self, inputs, outputs, **_):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(inputs, outputs))
        self.bias = nn.Parameter(torch.empty(outputs))

    def forward(self, x):
        return x @ self.weight + self.bias


class Dropout(Layer):
    """In the mode downscale_in_infer the inputs are scaled in inference, not in training."""

    def __init__(self, p=0.5, mode="upscale_in_train"):
        super().__init__()
        self.scale = 1 - p if mode == "downscale_in_infer" else 1

    def forward(self, x):
        return x * self.scale


class Flatten(Layer):
    def __init__(self, start_axis=1, stop_axis=-1):
        super().__init__()

    def forward(self, x):
        return x.flatten(1)


class AdaptiveAvgPool2D(Layer):
    def __init__(self, output_size, **_):
        super().__init__()

    def forward(self, x):
        return x.mean((2, 3), keepdim=True)


def hardsigmoid(x, slope=1 / 6, offset=0.5):
    return torch.clamp(slope * x + offset, 0, 1)


NN = {
    "Layer": Layer,
    "Conv2D": Conv2D,
    "BatchNorm": BatchNorm,
    "Linear": Linear,
    "Dropout": Dropout,
    "Flatten": Flatten,
    "AdaptiveAvgPool2D": AdaptiveAvgPool2D,
    "Sequential": nn.Sequential,
    "ReLU": nn.ReLU,
    "Hardswish": nn.Hardswish,
}


class PaddleClas:
    """Builds models and runs them; parameters are those of the state dict."""

    def __init__(self, checkout):
        sources.stand_in(
            "paddle",
            add=torch.add,
            multiply=lambda x, y: x * y,
            flatten=lambda x, start_axis, stop_axis: x.flatten(start_axis),
        )
        sources.stand_in("paddle.nn", **NN)
        sources.stand_in("paddle.nn.functional", hardsigmoid=hardsigmoid, relu6=F.relu6)
        sources.stand_in("paddle.nn.initializer")
        sources.stand_in("paddle.regularizer")
        self.modules = {}
        backbones = checkout / "ppcls" / "arch" / "backbone"
        root = "ppcls.arch.backbone"
        sources.stand_in("ppcls", "ppcls.utils", "ppcls.utils.save_load", "ppcls.arch", root, f"{root}.base")
        sources.stand_in(f"{root}.base.theseus_layer", TheseusLayer=TheseusLayer)
        for folder in ("legendary_models", "model_zoo"):
            sources.stand_in(f"{root}.{folder}")
        sources.stand_in(f"{root}.legendary_models.custom_devices_layers", AdaptiveAvgPool2D=AdaptiveAvgPool2D)
        for file in ("legendary_models/mobilenet_v1", "legendary_models/mobilenet_v3", "model_zoo/mobilenet_v2"):
            module = sources.load(f"{root}.{file.replace('/', '.')}", backbones / f"{file}.py")
            self.modules.update(vars(module))

    def build(self, name, classes, **_):
        """The model, and its tensors by name."""
        model = self.modules[name](class_num=classes).double().eval()
        return model, model.state_dict()
