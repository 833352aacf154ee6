#!/usr/bin/python3
"""Writes the features that networks give for a picture to tests/Host/Features/Goldens, from torchvision's networks.

Needs Debian's python3-torch and python3-torchvision. Everything is computed in float64 under the formula weights of
the networks' goldens. A file has, one after the other, every so manieth value of the maps at strides 2 to 32 and of the
embedding, each with axes C,H,W.
"""

import argparse
import pathlib

import numpy as np
import torch

from goldens import formula
from goldens.cases import NETWORKS

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Host" / "Features" / "Goldens"
SIZE = (64, 96)  # of picture and input alike: nothing is resized
STRIDES = (2, 4, 8, 16, 32)
STEP = 37  # divides no number of rows, columns or channels, so that every one of them is met
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
CASES = [("mobilenet_v2", 0.35), ("mobilenet_v3_small", 1.0), ("mobilenet_v3_large", 0.65)]


def picture():
    """Bytes [H, W, 3] by the formula, normalised to [1, 3, H, W]."""
    draws = formula.uniform("picture", SIZE[0] * SIZE[1] * 3)
    pixels = np.floor(draws * 256).reshape(*SIZE, 3)
    return torch.from_numpy(((pixels / 255 - MEAN) / STD).transpose(2, 0, 1)[None].copy())


def features(network):
    """The last value at each stride before a coarser one, in the order of execution, and what the classifier reads."""
    maps, embeddings = {}, []

    def record(module, inputs, output):
        if output.dim() == 4:
            maps[tuple(output.shape[2:])] = output[0].clone()  # later modules may work in place

    for module in network.modules():
        module.register_forward_hook(record)
    network.classifier.register_forward_pre_hook(lambda _, inputs: embeddings.append(inputs[0][0].clone()))
    with torch.no_grad():
        network(picture())
    return [maps[tuple(side // stride for side in SIZE)] for stride in STRIDES] + embeddings


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, width in CASES:
        values = features(formula.fill(NETWORKS[name](width, 1000)))
        print(name, [(tuple(value.shape), f"{value.abs().max():.3g}") for value in values])
        sampled = [value.flatten()[::STEP].numpy().astype(np.float32) for value in values]
        np.save(FOLDER / f"{name}.npy", np.concatenate(sampled))


if __name__ == "__main__":
    main()
