#!/usr/bin/python3
"""Writes the tensor lists and outputs of other ecosystems' MobileNets to tests/Network/Forms, from their own sources.

Needs Debian's python3-torch, and checkouts of huggingface/pytorch-image-models (v1.0.9 runs on PyTorch 1.13),
keras-team/keras and PaddlePaddle/PaddleClas, none of which is part of this repository. Weights follow a formula of the
tensors' names (see goldens/formula.py); a list has one line a tensor: name, axes in the file's order, and the scale and
offset of its values.
"""

import argparse
import json
import math
import pathlib

import numpy as np
import torch

from ecosystems.keras import Keras
from ecosystems.paddle import PaddleClas
from ecosystems.timm import Timm
from goldens import formula

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Network" / "Forms"
CLASSES = 7
BATCH = 2

# ecosystem, model, architecture, form, width, (height, width)
CASES = [
    ("timm", "mobilenetv3_large_100", "mobilenet_v3_large", "timm", 1.0, (64, 64)),
    ("timm", "mobilenetv3_small_050", "mobilenet_v3_small", "timm", 0.5, (65, 47)),
    ("timm", "tf_mobilenetv3_large_075", "mobilenet_v3_large", "timm-tf", 0.75, (65, 47)),
    ("timm", "tf_mobilenetv3_small_100", "mobilenet_v3_small", "timm-tf", 1.0, (64, 98)),
    ("timm", "tf_mobilenetv3_large_minimal_100", "mobilenet_v3_large_minimalistic", "timm-tf", 1.0, (65, 47)),
    ("timm", "tf_mobilenetv3_small_minimal_100", "mobilenet_v3_small_minimalistic", "timm-tf", 1.0, (64, 98)),
    ("timm", "mobilenetv2_035", "mobilenet_v2", "timm", 0.35, (65, 47)),
    ("timm", "mobilenetv1_125", "mobilenet_v1", "timm", 1.25, (65, 47)),
    ("keras", "MobileNet", "mobilenet_v1", "keras", 0.5, (97, 66)),
    ("keras", "MobileNetV2", "mobilenet_v2", "keras", 1.4, (65, 98)),
    ("keras", "MobileNetV3Small", "mobilenet_v3_small", "keras", 0.75, (65, 98)),
    ("keras", "MobileNetV3Large", "mobilenet_v3_large", "keras", 1.0, (64, 47)),
    ("keras", "MobileNetV3Small-minimalistic", "mobilenet_v3_small_minimalistic", "keras", 0.75, (65, 98)),
    ("keras", "MobileNetV3Large-minimalistic", "mobilenet_v3_large_minimalistic", "keras", 1.0, (64, 47)),
    ("paddleclas", "MobileNetV1_x0_25", "mobilenet_v1", "paddleclas", 0.25, (65, 47)),
    ("paddleclas", "MobileNetV2_x0_5", "mobilenet_v2", "paddleclas", 0.5, (65, 47)),
    ("paddleclas", "MobileNetV3_small_x0_35", "mobilenet_v3_small", "paddleclas", 0.35, (65, 47)),
    ("paddleclas", "MobileNetV3_large_x0_5", "mobilenet_v3_large", "paddleclas", 0.5, (64, 66)),
]


def spread(name, shape):
    """(scale, offset) of a tensor's values, which are scale * u + offset; kernels by their fan-in."""
    last = name.replace("/", ".").rsplit(".", 1)[-1]
    if len(shape) == 1:
        is_around_one = last in ("running_var", "_variance", "moving_variance", "gamma") or (
            last == "weight" and not name.endswith("bias")
        )
        return (1.0, 0.5) if is_around_one else (0.4, -0.2)
    taps, fan_in = fan(last, shape)
    gain = formula.SPATIAL_GAIN if taps > 1 else formula.POINTWISE_GAIN
    bound = math.sqrt(3 * gain / fan_in)
    return 2 * bound, -bound


def fan(last, shape):
    """Taps and inputs of a kernel in either layout; a square matrix could be either and is the same for both."""
    if len(shape) == 2:
        return 1, max(shape)
    if last == "depthwise_kernel":
        return shape[0] * shape[1], shape[0] * shape[1]
    if last == "kernel":
        return shape[0] * shape[1], math.prod(shape[:3])
    return shape[2] * shape[3], math.prod(shape[1:])


def values(name, shape):
    scale, offset = spread(name, shape)
    drawn = scale * formula.uniform(name, math.prod(shape)) + offset
    return torch.from_numpy(drawn.astype(np.float32).astype(np.float64).reshape(shape))


def run(library, model, alpha, size):
    network, tensors = library.build(model, CLASSES, values=values, alpha=alpha)
    for name, tensor in tensors.items():
        tensor.copy_(values(name, tuple(tensor.shape)))
    with torch.no_grad():
        output = network(formula.tensor("input", (BATCH, 3, *size)))
    return output, tensors


def write(library, case):
    ecosystem, model, architecture, form, width, size = case
    output, tensors = run(library, model, width, size)
    difference = (output[0] - output[1]).abs().max() / output.abs().max()
    print(f"{ecosystem} {model}: largest {output.abs().max():.3g}, images differ by {difference:.1%}")
    if not difference >= 0.03:
        raise ValueError(f"{model} says too little about its input")
    name = f"{form}-{model}"
    lines = sorted(
        f"{tensor} {'x'.join(map(str, value.shape))} {' '.join(map(repr, spread(tensor, tuple(value.shape))))}\n"
        for tensor, value in tensors.items()
    )
    (FOLDER / f"{name}.txt").write_text("".join(lines))
    np.save(FOLDER / f"{name}.npy", output.numpy().astype(np.float32))
    return {
        "name": name,
        "architecture": architecture,
        "form": form,
        "width": width,
        "height": size[0],
        "inputWidth": size[1],
        "classes": CLASSES,
        "batch": BATCH,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("timm", "keras", "paddleclas"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True, metavar="CHECKOUT")
    paths = vars(parser.parse_args())
    makers = {"timm": Timm, "keras": Keras, "paddleclas": PaddleClas}
    libraries = {name: maker(paths[name]) for name, maker in makers.items()}
    FOLDER.mkdir(parents=True, exist_ok=True)
    entries = [write(libraries[case[0]], case) for case in CASES]
    text = ",\n".join("  " + json.dumps(entry) for entry in entries)
    (FOLDER / "forms.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
