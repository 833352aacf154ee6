#!/usr/bin/python3
"""Writes the tensor names and shapes of torchvision's MobileNets, which the C# networks must have too.

Needs Debian's python3-torchvision.
Each file has one line a tensor, sorted: the name, then its axes.
"""

import argparse
from pathlib import Path

from torchvision.models import MobileNetV3, mobilenet_v2
from torchvision.models.mobilenetv3 import _mobilenet_v3_conf

FOLDER = Path(__file__).parents[1] / "tests/Network/Architectures/StateDicts"


def v3(arch, width, reduced_tail=False):
    rows, hidden_units = _mobilenet_v3_conf(arch, width_mult=width, reduced_tail=reduced_tail)
    return MobileNetV3(rows, hidden_units)


MODELS = {
    "mobilenet_v2": lambda: mobilenet_v2(),
    "mobilenet_v2_x0.35": lambda: mobilenet_v2(width_mult=0.35),
    "mobilenet_v2_x1.4": lambda: mobilenet_v2(width_mult=1.4),
    "mobilenet_v3_small": lambda: v3("mobilenet_v3_small", 1.0),
    "mobilenet_v3_small_x0.37": lambda: v3("mobilenet_v3_small", 0.37),
    "mobilenet_v3_small_reduced": lambda: v3("mobilenet_v3_small", 1.0, True),
    "mobilenet_v3_large": lambda: v3("mobilenet_v3_large", 1.0),
    # So narrow that some blocks already have the channels they would expand to, and lose their expansion.
    "mobilenet_v3_large_x0.1": lambda: v3("mobilenet_v3_large", 0.1),
    "mobilenet_v3_large_reduced": lambda: v3("mobilenet_v3_large", 1.0, True),
}


def lines(model):
    tensors = model.state_dict().items()
    return sorted(
        f"{name} {'x'.join(map(str, tensor.shape))}\n"
        for name, tensor in tensors
        if not name.endswith("num_batches_tracked")
    )


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    for name, build in MODELS.items():
        (FOLDER / f"{name}.txt").write_text("".join(lines(build())), encoding="utf-8")


if __name__ == "__main__":
    main()
