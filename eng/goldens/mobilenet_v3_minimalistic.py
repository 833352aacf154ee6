"""The minimalistic variants of MobileNetV3 as Keras Applications and TF-slim have them.

The tables stay those of arXiv:1905.02244, but every kernel is 3x3, every activation ReLU, and nothing is squeezed.
"""

from torch import nn

from .layers import SameConv2d, make_divisible, pooled

# (expansion, out, stride); the first block does not expand
SMALL = [
    (1, 16, 2),
    (72 / 16, 24, 2),
    (88 / 24, 24, 1),
    (4, 40, 2),
    (6, 40, 1),
    (6, 40, 1),
    (3, 48, 1),
    (3, 48, 1),
    (6, 96, 2),
    (6, 96, 1),
    (6, 96, 1),
]
LARGE = [
    (1, 16, 1),
    (4, 24, 2),
    (3, 24, 1),
    (3, 40, 2),
    (3, 40, 1),
    (3, 40, 1),
    (6, 80, 2),
    (2.5, 80, 1),
    (2.3, 80, 1),
    (2.3, 80, 1),
    (6, 112, 1),
    (6, 112, 1),
    (6, 160, 2),
    (6, 160, 1),
    (6, 160, 1),
]


def unit(inputs, outputs, kernel, stride=1, groups=1, is_linear=False):
    convolution = SameConv2d(inputs, outputs, kernel, stride, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs, eps=1e-3), nn.Identity() if is_linear else nn.ReLU())


class Block(nn.Module):
    def __init__(self, inputs, expanded, outputs, stride):
        super().__init__()
        self.residual = stride == 1 and inputs == outputs
        expand = [] if expanded == inputs else [unit(inputs, expanded, 1)]
        depthwise = unit(expanded, expanded, 3, stride, groups=expanded)
        self.block = nn.Sequential(*expand, depthwise, unit(expanded, outputs, 1, is_linear=True))

    def forward(self, x):
        return x + self.block(x) if self.residual else self.block(x)


class MobileNetV3Minimalistic(nn.Module):
    """Keras's way with the width: the stem keeps its 16 channels, the hidden layer grows above width 1 only."""

    def __init__(self, rows, hidden, width=1.0, classes=1000):
        super().__init__()
        channels = 16
        features = [unit(3, channels, 3, 2)]
        for expansion, out, stride in rows:
            expanded = make_divisible(channels * expansion) if len(features) > 1 else channels
            out = make_divisible(out * width)
            features.append(Block(channels, expanded, out, stride))
            channels = out
        head = make_divisible(channels * 6)
        features.append(unit(channels, head, 1))
        self.features = nn.Sequential(*features)
        hidden = make_divisible(hidden * width) if width > 1 else hidden
        self.classifier = nn.Sequential(nn.Linear(head, hidden), nn.ReLU(), nn.Dropout(), nn.Linear(hidden, classes))

    def forward(self, x):
        return self.classifier(pooled(self.features(x)).flatten(1))


def small(width, classes):
    return MobileNetV3Minimalistic(SMALL, 1024, width, classes)


def large(width, classes):
    return MobileNetV3Minimalistic(LARGE, 1280, width, classes)
