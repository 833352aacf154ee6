"""MobileNetV1 (arXiv:1704.04861, table 1) in PyTorch's and in Keras's form."""

from torch import nn
from torch.nn import functional as F

from .layers import SameConv2d, pooled

# (out, stride) of the depthwise separable rows
ROWS = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1)]


def scaled(channels, width):
    return max(1, int(channels * width))


class MobileNetV1(nn.Module):
    """Symmetric padding, no convolution bias, epsilon 1e-5."""

    def __init__(self, width=1.0, classes=1000):
        super().__init__()
        channels = scaled(32, width)
        stages = [self._unit(3, channels, 3, 2)]
        for out, stride in ROWS:
            out = scaled(out, width)
            stages.append(
                nn.Sequential(*self._unit(channels, channels, 3, stride, channels), *self._unit(channels, out, 1))
            )
            channels = out
        self.model = nn.Sequential(*stages)
        self.fc = nn.Linear(channels, classes)

    @staticmethod
    def _unit(inputs, outputs, kernel, stride=1, groups=1):
        convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
        return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())

    def forward(self, x):
        return self.fc(pooled(self.model(x)).flatten(1))


class MobileNetV1Keras(nn.Module):
    """SAME padding, a bias in every convolution, epsilon 1e-3; the output is what the softmax would read."""

    def __init__(self, width=1.0, classes=1000):
        super().__init__()
        channels = scaled(32, width)
        self._add("conv1", SameConv2d(3, channels, 3, 2))
        for row, (out, stride) in enumerate(ROWS, 1):
            out = scaled(out, width)
            self._add(f"conv_dw_{row}", SameConv2d(channels, channels, 3, stride, groups=channels))
            self._add(f"conv_pw_{row}", SameConv2d(channels, out, 1))
            channels = out
        self.predictions = nn.Linear(channels, classes)

    def _add(self, name, convolution):
        self.add_module(name, convolution)
        self.add_module(f"{name}_bn", nn.BatchNorm2d(convolution.out_channels, eps=1e-3))

    def forward(self, x):
        for name, convolution in self.named_children():
            if isinstance(convolution, SameConv2d):
                x = F.relu(getattr(self, f"{name}_bn")(convolution(x)))
        return self.predictions(pooled(x).flatten(1))
