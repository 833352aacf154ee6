"""Layers that PyTorch does not have under the conventions of other ecosystems."""

import torch
from torch import nn
from torch.nn import functional as F


class SameConv2d(nn.Conv2d):
    """Convolution with TensorFlow's SAME padding: what cannot be split evenly goes to the bottom and the right."""

    def forward(self, x):
        return super().forward(F.pad(x, (*self._around(x, 1), *self._around(x, 0))))

    def _around(self, x, axis):
        size, kernel, stride = x.shape[2 + axis], self.kernel_size[axis], self.stride[axis]
        total = max(0, (-(-size // stride) - 1) * stride + kernel - size)
        return total // 2, total - total // 2


class HardSigmoid(nn.Module):
    """min(max(slope * x + 1/2, 0), 1)."""

    def __init__(self, slope):
        super().__init__()
        self.slope = slope

    def forward(self, x):
        return torch.clamp(self.slope * x + 0.5, 0, 1)


class SqueezeExcite(nn.Module):
    """x * gate(expand(relu(reduce(mean of x)))); the two convolutions are given names by the caller."""

    def __init__(self, names, channels, squeezed, activation, gate):
        super().__init__()
        self.names, self.activation, self.gate = names, activation, gate
        self.add_module(names[0], nn.Conv2d(channels, squeezed, 1))
        self.add_module(names[1], nn.Conv2d(squeezed, channels, 1))

    def forward(self, x):
        reduce, expand = (getattr(self, name) for name in self.names)
        return x * self.gate(expand(self.activation(reduce(pooled(x)))))


def pooled(x):
    """Mean over all positions, [N, C, 1, 1]."""
    return x.mean((2, 3), keepdim=True)


def make_divisible(channels):
    """Nearest multiple of 8, at least 8, that loses no more than a tenth."""
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded
