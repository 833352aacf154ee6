"""Which networks are computed, in which sizes."""

from dataclasses import dataclass
from typing import Optional

import torchvision
from torch.nn import functional as F
from torchvision.models import mobilenetv3

from . import blocks, mobilenet_v3_minimalistic
from .mobilenet_v1 import MobileNetV1, MobileNetV1Keras
from .mobilenet_v1_enhance import MobileNetV1Enhance
from .mobilenet_v2_relu import MobileNetV2Relu
from .mobilenet_v3_small import MobileNetV3SmallKeras, MobileNetV3SmallX035

BATCH = 3


def torchvision_v2(width, classes):
    return torchvision.models.mobilenet_v2(width_mult=width, num_classes=classes)


def torchvision_v3(arch, reduced_tail=False):
    """A builder of torchvision's MobileNetV3, which takes width and tail through its table of rows only."""

    def build(width, classes):
        rows, last = mobilenetv3._mobilenet_v3_conf(arch, width_mult=width, reduced_tail=reduced_tail)
        return mobilenetv3.MobileNetV3(rows, last, num_classes=classes)

    return build


NETWORKS = {
    "mobilenet_v1": MobileNetV1,
    "mobilenet_v1_keras": MobileNetV1Keras,
    "mobilenet_v2": torchvision_v2,
    "mobilenet_v2_relu": MobileNetV2Relu,
    "mobilenet_v3_small": torchvision_v3("mobilenet_v3_small"),
    "mobilenet_v3_large": torchvision_v3("mobilenet_v3_large"),
    "mobilenet_v3_small_minimalistic": mobilenet_v3_minimalistic.small,
    "mobilenet_v3_large_minimalistic": mobilenet_v3_minimalistic.large,
    "mobilenet_v3_small_keras": MobileNetV3SmallKeras,
    "mobilenet_v3_small_x0_35": MobileNetV3SmallX035,
    "mobilenet_v1_enhance": MobileNetV1Enhance,
}
REDUCED_TAIL = {name: torchvision_v3(name, True) for name in ("mobilenet_v3_small", "mobilenet_v3_large")}
BLOCKS = {
    "block_separable_relu": lambda: blocks.Separable(F.relu),
    "block_separable_silu": lambda: blocks.Separable(F.silu),
    "block_inverted_residual": blocks.InvertedResidual,
    "block_squeeze_excite": blocks.squeeze_excite,
    "block_strided_shortcut": blocks.StridedShortcut,
}


@dataclass(frozen=True)
class Case:
    """One golden. Blocks have neither width nor classes, the recognition backbone has no classes."""

    network: str
    size: tuple  # (height, width) of the input
    width: Optional[float] = None  # multiplier of the channels
    classes: Optional[int] = None
    reduced_tail: bool = False
    channels: int = 3
    input_bound: float = 1.0  # the input covers [-bound, bound)
    channel_step: int = 1  # of a large feature map every so manieth channel is written

    @property
    def name(self):
        parts = [self.network, f"{self.size[0]}x{self.size[1]}"]
        parts += [] if self.width is None else [f"w{self.width:g}"]
        parts += ["reduced"] if self.reduced_tail else []
        return "_".join(parts)

    def build(self):
        if self.network in BLOCKS:
            return BLOCKS[self.network]()
        return (REDUCED_TAIL if self.reduced_tail else NETWORKS)[self.network](self.width, self.classes)


def grid(network, own, odd, widths, classes):
    """Every width at the network's own and at an odd resolution; `classes` in the first case, 7 elsewhere."""
    for width in widths:
        for size in (own, odd):
            first = width == widths[0] and size == own
            yield Case(network, size, width, classes if first else 7)


def block(name, size, channels):
    """A block's input reaches further, so that its ReLU6 has something to clip."""
    return Case(name, size, channels=channels, input_bound=8.0)


IMAGENET = (224, 224)
CASES = [
    *grid("mobilenet_v1", IMAGENET, (97, 131), (1.0, 0.37), 1000),
    *grid("mobilenet_v1_keras", IMAGENET, (98, 131), (1.0, 0.37), 1000),
    *grid("mobilenet_v2", IMAGENET, (97, 131), (1.0, 0.35, 1.4), 1000),
    *grid("mobilenet_v2_relu", (32, 32), (33, 47), (1.0, 0.65), 10),
    *grid("mobilenet_v3_small", IMAGENET, (97, 131), (1.0, 0.65), 1000),
    *grid("mobilenet_v3_large", IMAGENET, (97, 131), (1.0, 0.65), 1000),
    Case("mobilenet_v3_small", (97, 131), 1.0, 7, reduced_tail=True),
    Case("mobilenet_v3_large", (97, 131), 1.0, 7, reduced_tail=True),
    *grid("mobilenet_v3_small_minimalistic", IMAGENET, (97, 130), (1.0, 0.65), 1000),
    *grid("mobilenet_v3_large_minimalistic", IMAGENET, (98, 131), (1.0, 0.65, 1.25), 1000),
    *grid("mobilenet_v3_small_keras", IMAGENET, (97, 130), (1.0, 0.37), 1000),
    *grid("mobilenet_v3_small_x0_35", (48, 192), (45, 101), (0.35, 1.0, 0.65), 2),
    *[
        Case("mobilenet_v1_enhance", size, width, channel_step=16)
        for width in (0.5, 1.0, 0.37)
        for size in ((32, 320), (35, 53))
    ],
    *[block(name, (15, 13), 24) for name in BLOCKS if name != "block_squeeze_excite"],
    block("block_squeeze_excite", (9, 11), 40),
]

# Networks whose parameters and multiply-adds are written down
COUNTED = [
    Case("mobilenet_v1", IMAGENET, 1.0, 1000),
    Case("mobilenet_v1_keras", IMAGENET, 1.0, 1000),
    Case("mobilenet_v2", IMAGENET, 1.0, 1000),
    Case("mobilenet_v2_relu", (32, 32), 1.0, 10),
    Case("mobilenet_v3_small", IMAGENET, 1.0, 1000),
    Case("mobilenet_v3_small", IMAGENET, 1.0, 1000, reduced_tail=True),
    Case("mobilenet_v3_large", IMAGENET, 1.0, 1000),
    Case("mobilenet_v3_large", IMAGENET, 1.0, 1000, reduced_tail=True),
    Case("mobilenet_v3_small_minimalistic", IMAGENET, 1.0, 1000),
    Case("mobilenet_v3_large_minimalistic", IMAGENET, 1.0, 1000),
    Case("mobilenet_v3_small_keras", IMAGENET, 1.0, 1000),
    Case("mobilenet_v3_small_x0_35", (48, 192), 0.35, 2),
    Case("mobilenet_v1_enhance", (32, 320), 0.5),
]
