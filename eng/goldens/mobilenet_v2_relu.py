"""The small Keras MobileNetV2 of teaching material for 32x32 pictures."""

from torch import nn
from torch.nn import functional as F

from .layers import SameConv2d, pooled
from .mobilenet_v1 import scaled

# (filters, t); rows 0 and 2 are followed by a max pool
ROWS = [(8, 6), (16, 6), (16, 6), (32, 6)]
POOLED_ROWS = (0, 2)


def batch_norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3)


class Bottleneck(nn.Module):
    def __init__(self, inputs, filters, t):
        super().__init__()
        expanded = filters * t
        self.expand = SameConv2d(inputs, expanded, 1)
        self.expand_bn = batch_norm(expanded)
        self.depthwise = SameConv2d(expanded, expanded, 3, groups=expanded)
        self.depthwise_bn = batch_norm(expanded)
        self.project = SameConv2d(expanded, filters, 1)
        self.project_bn = batch_norm(filters)
        self.shortcut = nn.Identity() if inputs == filters else SameConv2d(inputs, filters, 1)

    def forward(self, x):
        y = F.relu6(self.expand_bn(self.expand(x)))
        y = F.relu6(self.depthwise_bn(self.depthwise(y)))
        return self.project_bn(self.project(y)) + self.shortcut(x)


class MobileNetV2Relu(nn.Module):
    def __init__(self, width=1.0, classes=10):
        super().__init__()
        channels = scaled(32, width)
        self.stem = SameConv2d(3, channels, 3)
        self.blocks = nn.ModuleList()
        for filters, t in ROWS:
            filters = scaled(filters, width)
            self.blocks.append(Bottleneck(channels, filters, t))
            channels = filters
        self.dense = nn.Linear(channels, 128)
        self.predictions = nn.Linear(128, classes)

    def forward(self, x):
        x = self.stem(x)
        for row, block in enumerate(self.blocks):
            x = block(x)
            if row in POOLED_ROWS:
                x = F.max_pool2d(x, 2, 2)
        return self.predictions(F.relu(self.dense(pooled(x).flatten(1))))
