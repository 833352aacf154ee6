"""Two ports of MobileNetV3-Small (arXiv:1905.02244, table 2): a Keras one, and PaddleOCR's direction classifier."""

from torch import nn
from torch.nn import functional as F

from .layers import HardSigmoid, SameConv2d, SqueezeExcite, make_divisible, pooled

# (kernel, expanded, out, squeeze-excite, hard-swish, stride)
ROWS = [
    (3, 16, 16, True, False, 2),
    (3, 72, 24, False, False, 2),
    (3, 88, 24, False, False, 1),
    (5, 96, 40, True, True, 2),
    (5, 240, 40, True, True, 1),
    (5, 240, 40, True, True, 1),
    (5, 120, 48, True, True, 1),
    (5, 144, 48, True, True, 1),
    (5, 288, 96, True, True, 2),
    (5, 576, 96, True, True, 1),
    (5, 576, 96, True, True, 1),
]


class KerasBlock(nn.Module):
    """Always expands; every convolution has a bias; the gate is ReLU6, then hard-swish."""

    def __init__(self, inputs, outputs, row):
        super().__init__()
        kernel, expanded, _, squeeze_excite, hard_swish, stride = row
        self.activation = F.hardswish if hard_swish else F.relu6
        self.residual = stride == 1 and inputs == outputs
        self.expand = SameConv2d(inputs, expanded, 1)
        self.expand_bn = nn.BatchNorm2d(expanded, eps=1e-3)
        self.depthwise = SameConv2d(expanded, expanded, kernel, stride, groups=expanded)
        self.depthwise_bn = nn.BatchNorm2d(expanded, eps=1e-3)
        self.se = nn.Identity()
        if squeeze_excite:
            self.se = SqueezeExcite(("reduce", "expand"), expanded, expanded // 4, F.relu6, F.hardswish)
        self.project = SameConv2d(expanded, outputs, 1)
        self.project_bn = nn.BatchNorm2d(outputs, eps=1e-3)

    def forward(self, x):
        y = self.activation(self.expand_bn(self.expand(x)))
        y = self.activation(self.depthwise_bn(self.depthwise(y)))
        y = self.project_bn(self.project(self.se(y)))
        return x + y if self.residual else y


class MobileNetV3SmallKeras(nn.Module):
    """The width (alpha) scales the projected channels only; SAME padding; epsilon 1e-3."""

    def __init__(self, width=1.0, classes=1000):
        super().__init__()
        channels = 16
        self.stem = SameConv2d(3, channels, 3, 2)
        self.stem_bn = nn.BatchNorm2d(channels, eps=1e-3)
        blocks = []
        for row in ROWS:
            out = max(1, int(width * row[2]))
            blocks.append(KerasBlock(channels, out, row))
            channels = out
        self.blocks = nn.Sequential(*blocks)
        self.head = SameConv2d(channels, 576, 1)
        self.head_bn = nn.BatchNorm2d(576, eps=1e-3)
        self.dense = SameConv2d(576, 1024, 1)
        self.predictions = SameConv2d(1024, classes, 1)

    def forward(self, x):
        x = self.blocks(F.hardswish(self.stem_bn(self.stem(x))))
        x = pooled(F.hardswish(self.head_bn(self.head(x))))
        return self.predictions(F.hardswish(self.dense(x))).flatten(1)


class PaddleUnit(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride, groups, activation):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(outputs)
        self.activation = activation

    def forward(self, x):
        return self.activation(self.bn(self.conv(x)))


class PaddleBlock(nn.Module):
    """Strides of 2 apply to the rows only: text lines keep their width."""

    def __init__(self, inputs, expanded, outputs, row):
        super().__init__()
        kernel, _, _, squeeze_excite, hard_swish, stride = row
        activation = F.hardswish if hard_swish else F.relu
        self.residual = stride == 1 and inputs == outputs
        self.expand_conv = PaddleUnit(inputs, expanded, 1, 1, 1, activation)
        self.bottleneck_conv = PaddleUnit(expanded, expanded, kernel, (stride, 1), expanded, activation)
        self.mid_se = nn.Identity()
        if squeeze_excite:
            self.mid_se = SqueezeExcite(("conv1", "conv2"), expanded, expanded // 4, F.relu, HardSigmoid(0.2))
        self.linear_conv = PaddleUnit(expanded, outputs, 1, 1, 1, nn.Identity())

    def forward(self, x):
        y = self.linear_conv(self.mid_se(self.bottleneck_conv(self.expand_conv(x))))
        return x + y if self.residual else y


class MobileNetV3SmallX035(nn.Module):
    """Channels are rounded to multiples of 8; the output is what the softmax would read."""

    def __init__(self, width=0.35, classes=2):
        super().__init__()
        channels = make_divisible(16 * width)
        self.conv1 = PaddleUnit(3, channels, 3, 2, 1, F.hardswish)
        blocks = []
        for row in ROWS:
            out = make_divisible(row[2] * width)
            blocks.append(PaddleBlock(channels, make_divisible(row[1] * width), out, row))
            channels = out
        self.blocks = nn.Sequential(*blocks)
        head = make_divisible(576 * width)
        self.conv2 = PaddleUnit(channels, head, 1, 1, 1, F.hardswish)
        self.fc = nn.Linear(head, classes)

    def forward(self, x):
        x = self.conv2(self.blocks(self.conv1(x)))
        return self.fc(pooled(F.max_pool2d(x, 2, 2)).flatten(1))
