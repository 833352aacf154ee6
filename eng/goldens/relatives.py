"""Narrow networks beyond the MobileNets that consist of the same operators, for ONNX files that stay small.

Where torchvision has the network, its own modules are used; the others are written from their papers.
"""

import torch
import torchvision
from torch import nn
from torchvision.models.efficientnet import EfficientNet, MBConvConfig
from torchvision.models.shufflenetv2 import ShuffleNetV2
from torchvision.models.squeezenet import Fire

CLASSES = 5


def mnasnet():
    """torchvision's MnasNet with a tenth of its channels, without its last two stages, and a shorter head."""
    network = torchvision.models.MNASNet(0.1, num_classes=CLASSES)
    trunk = list(network.layers)[:-5]
    head = [nn.Conv2d(16, 40, 1, bias=False), nn.BatchNorm2d(40), nn.ReLU(inplace=True)]
    network.layers = nn.Sequential(*trunk, *head)
    network.classifier[1] = nn.Linear(40, CLASSES)
    return network


def efficientnet():
    """Four stages of torchvision's EfficientNet-B0, narrow: SiLU, and squeeze-excite with a sigmoid."""

    def stage(expand, kernel, stride, inputs, outputs, layers):
        return MBConvConfig(expand, kernel, stride, inputs, outputs, layers, width_mult=0.1, depth_mult=1)

    rows = [
        stage(1, 3, 1, 32, 16, 1),
        stage(6, 3, 2, 16, 24, 2),
        stage(6, 5, 2, 24, 40, 1),
        stage(6, 3, 1, 40, 120, 1),
    ]
    return EfficientNet(rows, dropout=0.2, num_classes=CLASSES)


def shufflenet_v2():
    """torchvision's ShuffleNetV2; half of its channels is no multiple of four."""
    return ShuffleNetV2([2, 3, 1], [8, 20, 36, 52, 48], num_classes=CLASSES)


class SqueezeNet(nn.Module):
    """torchvision's fire modules between poolings that round up; the classifier is a convolution."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 12, 3, 2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, 2, ceil_mode=True),
            Fire(12, 4, 9, 10),
            Fire(19, 5, 8, 8),
            nn.MaxPool2d(3, 2, ceil_mode=True),
            Fire(16, 6, 12, 13),
        )
        self.classifier = nn.Sequential(
            nn.Dropout(), nn.Conv2d(25, CLASSES, 1), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d((1, 1))
        )

    def forward(self, x):
        return torch.flatten(self.classifier(self.features(x)), 1)


def unit(inputs, outputs, kernel, stride=1, groups=1, activation=nn.ReLU):
    """Convolution with its normalisation and activation."""
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), activation())


class Head(nn.Module):
    """Mean and classifier."""

    def __init__(self, channels):
        super().__init__()
        self.fc = nn.Linear(channels, CLASSES)

    def forward(self, x):
        return self.fc(x.mean([2, 3]))


class PixelLinear(nn.Linear):
    """A linear layer on the last axis of a map with channels last."""


class PixelBlock(nn.Module):
    """ConvNeXt's block (arXiv:2201.03545), with ReLU: linear layers of each pixel, and a bias that is added once more."""

    def __init__(self, channels):
        super().__init__()
        self.mix = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)
        self.expand = PixelLinear(channels, 4 * channels)
        self.project = PixelLinear(4 * channels, channels, bias=False)

    def forward(self, x):
        y = self.mix(x).permute(0, 2, 3, 1)
        y = self.project(nn.functional.relu(self.expand(y))).permute(0, 3, 1, 2)
        return x + torch.relu(y + self.mix.bias[:, None, None])


def convnext():
    """Blocks with linear layers of each pixel."""
    return nn.Sequential(unit(3, 8, 3, 2), PixelBlock(8), unit(8, 12, 3, 2), PixelBlock(12), Head(12))


class MixedBlock(nn.Module):
    """MixNet's block (arXiv:1907.09595): parts of the channels with kernels of their own, pointwise ones in two groups."""

    def __init__(self, channels, expanded, stride, kernels):
        super().__init__()
        self.half = channels // 2
        self.expand = nn.ModuleList(unit(self.half, expanded // 2, 1, activation=nn.SiLU) for _ in range(2))
        sizes = [len(part) for part in torch.arange(expanded).chunk(len(kernels))]
        self.sizes = sizes
        self.mixed = nn.ModuleList(
            nn.Conv2d(size, size, kernel, stride, kernel // 2, groups=size, bias=False)
            for size, kernel in zip(sizes, kernels)
        )
        self.norm = nn.BatchNorm2d(expanded)
        self.reduce = nn.Conv2d(expanded, 4, 1)
        self.gate = nn.Conv2d(4, expanded, 1)
        self.project = unit(expanded, channels, 1, activation=nn.Identity)
        self.has_residual = stride == 1

    def forward(self, x):
        halves = torch.split(x, self.half, 1)
        y = torch.cat([expand(half) for expand, half in zip(self.expand, halves)], 1)
        y = torch.cat([mixed(part) for mixed, part in zip(self.mixed, torch.split(y, self.sizes, 1))], 1)
        y = nn.functional.silu(self.norm(y))
        gate = self.gate(nn.functional.silu(self.reduce(y.mean([2, 3], keepdim=True))))
        y = self.project(y * torch.sigmoid(gate))
        return x + y if self.has_residual else y


def mixnet():
    """Blocks of MixNet; the expanded channels divide into 15, 15 and 14."""
    return nn.Sequential(
        unit(3, 8, 3, 2), MixedBlock(8, 44, 1, [3, 5, 7]), MixedBlock(8, 24, 2, [3, 9]), unit(8, 32, 1), Head(32)
    )


class GhostModule(nn.Module):
    """GhostNet's module (arXiv:1911.11907): half of the features are cheap functions of the other half."""

    def __init__(self, inputs, outputs, activation=nn.ReLU):
        super().__init__()
        self.outputs = outputs
        half = (outputs + 1) // 2
        self.primary = unit(inputs, half, 1, activation=activation)
        self.cheap = unit(half, half, 3, groups=half, activation=activation)

    def forward(self, x):
        primary = self.primary(x)
        return torch.cat([primary, self.cheap(primary)], dim=1)[:, : self.outputs, :, :]


class GhostBlock(nn.Module):
    """Two ghost modules, with a squeeze-excite gate by a hard sigmoid written out between them."""

    def __init__(self, channels, expanded):
        super().__init__()
        self.expand = GhostModule(channels, expanded)
        self.reduce = nn.Conv2d(expanded, 4, 1)
        self.gate = nn.Conv2d(4, expanded, 1)
        self.project = GhostModule(expanded, channels, activation=nn.Identity)

    def forward(self, x):
        y = self.expand(x)
        gate = self.gate(torch.relu(self.reduce(nn.functional.adaptive_avg_pool2d(y, 1))))
        return x + self.project(y * (nn.functional.relu6(gate + 3) / 6))


def ghostnet():
    """Blocks of GhostNet with odd numbers of channels."""
    return nn.Sequential(unit(3, 9, 3, 2), GhostBlock(9, 21), GhostBlock(9, 18), unit(9, 24, 1), Head(24))


def shuffle(x, groups):
    """Every group's first channel, then every group's second, and so on."""
    batch, channels, height, width = x.shape
    x = x.view(batch, groups, channels // groups, height, width)
    return x.transpose(1, 2).reshape(batch, channels, height, width)


class ShuffleBlock(nn.Module):
    """ShuffleNet's first unit (arXiv:1707.01083): grouped pointwise convolutions with a shuffle between them."""

    def __init__(self, inputs, outputs, stride, groups=3):
        super().__init__()
        self.stride, self.groups = stride, groups
        hidden = outputs // 2
        self.first = unit(inputs, hidden, 1, groups=groups)
        self.depthwise = unit(hidden, hidden, 3, stride, groups=hidden, activation=nn.Identity)
        self.last = unit(hidden, outputs - inputs * (stride - 1), 1, groups=groups, activation=nn.Identity)

    def forward(self, x):
        y = self.last(self.depthwise(shuffle(self.first(x), self.groups)))
        if self.stride == 1:
            return torch.relu(x + y)
        shortcut = nn.functional.avg_pool2d(x, 3, 2, 1, count_include_pad=False)
        return torch.relu(torch.cat([shortcut, y], 1))


def shufflenet_v1():
    """Units of ShuffleNet in three groups, and a grouped convolution of 3x3 taps."""
    return nn.Sequential(
        unit(3, 12, 3, 2), ShuffleBlock(12, 36, 2), ShuffleBlock(36, 36, 1), unit(36, 30, 3, groups=6), Head(30)
    )


class FBNetBlock(nn.Module):
    """FBNet's block (arXiv:1812.03443, figure 3): it always has its expansion, and a shuffle after it where that has groups."""

    def __init__(self, inputs, outputs, kernel, stride, expansion, groups=1):
        super().__init__()
        expanded = inputs * expansion
        self.groups = groups
        self.expand = unit(inputs, expanded, 1, groups=groups)
        self.depthwise = unit(expanded, expanded, kernel, stride, groups=expanded)
        self.project = unit(expanded, outputs, 1, groups=groups, activation=nn.Identity)
        self.has_residual = stride == 1 and inputs == outputs

    def forward(self, x):
        y = self.expand(x)
        y = shuffle(y, self.groups) if self.groups > 1 else y
        y = self.project(self.depthwise(y))
        return x + y if self.has_residual else y


# repeats, kernel, stride, expansion, channels
FBNET_C = [
    (1, 3, 1, 1, 16),
    (1, 3, 2, 6, 24),
    (2, 3, 1, 1, 24),
    (1, 5, 2, 6, 32),
    (1, 5, 1, 3, 32),
    (1, 5, 1, 6, 32),
    (1, 3, 1, 6, 32),
    (1, 5, 2, 6, 64),
    (1, 5, 1, 3, 64),
    (2, 5, 1, 6, 64),
    (3, 5, 1, 6, 112),
    (1, 5, 1, 3, 112),
    (4, 5, 2, 6, 184),
    (1, 3, 1, 6, 352),
]


def fbnet_c():
    """All 22 blocks of FBNet-C, as timm has them, with a twelfth of the channels."""
    channels = 5
    layers = [unit(3, channels, 3, 2)]
    for repeats, kernel, stride, expansion, outputs in FBNET_C:
        for position in range(repeats):
            narrow = max(5, outputs // 12)
            layers.append(FBNetBlock(channels, narrow, kernel, 1 if position else stride, expansion))
            channels = narrow
    return nn.Sequential(*layers, unit(channels, 48, 1), Head(48))


def fbnet_shuffled():
    """The grouped blocks of FBNet's search space, and its skip: a convolution where it cannot keep its input."""
    return nn.Sequential(
        unit(3, 12, 3, 2),
        FBNetBlock(12, 12, 3, 1, 1, groups=2),
        FBNetBlock(12, 20, 5, 2, 4, groups=4),
        FBNetBlock(20, 20, 3, 1, 4, groups=4),
        unit(20, 26, 1, 2),
        FBNetBlock(26, 26, 5, 1, 1, groups=2),
        unit(26, 32, 1),
        Head(32),
    )
