"""The reusable blocks on their own."""

from torch import nn
from torch.nn import functional as F

from .layers import HardSigmoid, SqueezeExcite


class Separable(nn.Module):
    """Depthwise 3x3, stride 2, then pointwise 24 -> 40; the activation follows each normalisation."""

    def __init__(self, activation):
        super().__init__()
        self.activation = activation
        self.depthwise = nn.Conv2d(24, 24, 3, 2, 1, groups=24, bias=False)
        self.depthwise_bn = nn.BatchNorm2d(24)
        self.pointwise = nn.Conv2d(24, 40, 1, bias=False)
        self.pointwise_bn = nn.BatchNorm2d(40)

    def forward(self, x):
        x = self.activation(self.depthwise_bn(self.depthwise(x)))
        return self.activation(self.pointwise_bn(self.pointwise(x)))


class InvertedResidual(nn.Module):
    """24 -> 72 -> 24 channels, 3x3, ReLU6, added to its input."""

    def __init__(self):
        super().__init__()
        self.expand = nn.Conv2d(24, 72, 1, bias=False)
        self.expand_bn = nn.BatchNorm2d(72)
        self.depthwise = nn.Conv2d(72, 72, 3, 1, 1, groups=72, bias=False)
        self.depthwise_bn = nn.BatchNorm2d(72)
        self.project = nn.Conv2d(72, 24, 1, bias=False)
        self.project_bn = nn.BatchNorm2d(24)

    def forward(self, x):
        y = F.relu6(self.expand_bn(self.expand(x)))
        y = F.relu6(self.depthwise_bn(self.depthwise(y)))
        return x + self.project_bn(self.project(y))


class StridedShortcut(nn.Module):
    """1x1 convolution 24 -> 40 with stride 2, and its normalisation."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(24, 40, 1, 2, bias=False)
        self.bn = nn.BatchNorm2d(40)

    def forward(self, x):
        return self.bn(self.conv(x))


def squeeze_excite():
    """40 channels squeezed to 10; ReLU, then the hard-sigmoid of slope 1/6."""
    return SqueezeExcite(("reduce", "expand"), 40, 10, F.relu, HardSigmoid(1 / 6))
