"""The MobileNetV1 variant under PP-OCR's text recogniser: hard-swish throughout, a feature map comes out."""

from torch import nn
from torch.nn import functional as F

from .layers import HardSigmoid, SqueezeExcite
from .mobilenet_v1 import scaled

# (in, out, stride, depthwise kernel, squeeze-excite)
ROWS = [
    (32, 64, 1, 3, False),
    (64, 128, 1, 3, False),
    (128, 128, 1, 3, False),
    (128, 256, (2, 1), 3, False),
    (256, 256, 1, 3, False),
    (256, 512, (2, 1), 3, False),
    *[(512, 512, 1, 5, False)] * 5,
    (512, 1024, (2, 1), 5, True),
    (1024, 1024, 1, 5, True),
]


class Unit(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride=1, groups=1):
        super().__init__()
        self._conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
        self._batch_norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.hardswish(self._batch_norm(self._conv(x)))


class DepthwiseSeparable(nn.Module):
    def __init__(self, inputs, outputs, stride, kernel, squeeze_excite):
        super().__init__()
        self._depthwise_conv = Unit(inputs, inputs, kernel, stride, inputs)
        self._se = None
        if squeeze_excite:
            self._se = SqueezeExcite(("conv1", "conv2"), inputs, max(1, inputs // 4), F.relu, HardSigmoid(1 / 6))
        self._pointwise_conv = Unit(inputs, outputs, 1)

    def forward(self, x):
        x = self._depthwise_conv(x)
        return self._pointwise_conv(self._se(x) if self._se else x)


class MobileNetV1Enhance(nn.Module):
    def __init__(self, width=0.5, classes=None):
        super().__init__()
        self.conv1 = Unit(3, scaled(32, width), 3, 2)
        self.block_list = nn.Sequential(
            *[DepthwiseSeparable(scaled(row[0], width), scaled(row[1], width), *row[2:]) for row in ROWS]
        )

    def forward(self, x):
        return F.max_pool2d(self.block_list(self.conv1(x)), 2, 2)
