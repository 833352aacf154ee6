#!/usr/bin/python3
"""Writes the networks' expected outputs to tests/Network/Goldens, from PyTorch implementations of their own.

Needs Debian's python3-torch and python3-torchvision. Without arguments everything is computed anew in float64;
`--dump NAME` instead prints, for one case, mean and largest magnitude of what leaves each module.
"""

import argparse
import json
import pathlib

import numpy as np
import torch

from goldens import formula
from goldens.cases import BATCH, CASES, COUNTED
from goldens.totals import count

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Network" / "Goldens"
LEAST_DIFFERENCE = 0.03  # between two images' outputs, of the largest output
LARGEST_OUTPUT = 1e5


def run(case, watch=None):
    """The case's output for its formula input, float64."""
    network = formula.fill(case.build())
    if watch:
        for path, module in network.named_modules():
            module.register_forward_hook(lambda _, __, y, path=path: watch(path, y))
    with torch.no_grad():
        return network(formula.tensor("input", (BATCH, case.channels, *case.size), case.input_bound))


def check(case, output):
    """Refuses outputs under which a wrong implementation could pass."""
    largest = output.abs().max().item()
    difference = (output[0] - output[1]).abs().max().item() / largest
    print(f"{case.name}: largest {largest:.3g}, images differ by {difference:.1%}, shape {list(output.shape)}")
    if not largest < LARGEST_OUTPUT or not difference >= LEAST_DIFFERENCE:
        raise ValueError(f"{case.name} says too little about its input; choose other constants in formula.py")


def write(case):
    output = run(case)
    check(case, output)
    file = f"{case.name}.npy"
    np.save(FOLDER / file, output[:, :: case.channel_step].numpy().astype(np.float32))
    return {
        "name": case.name,
        "network": case.network,
        "width": case.width,
        "inputChannels": case.channels,
        "height": case.size[0],
        "inputWidth": case.size[1],
        "inputBound": case.input_bound,
        "classes": case.classes,
        "reducedTail": case.reduced_tail,
        "batch": BATCH,
        "channelStep": case.channel_step,
        "file": file,
        "outputShape": list(output.shape),
    }


def write_json(name, entries):
    lines = ",\n".join("  " + json.dumps(entry) for entry in entries)
    (FOLDER / name).write_text(f"[\n{lines}\n]\n")


def dump(name):
    """Prints each module's path, output shape, mean and largest magnitude, in the order of execution."""
    case = next((case for case in CASES if case.name == name), None)
    if case is None:
        raise SystemExit(f"no case {name}; there are: {', '.join(case.name for case in CASES)}")
    run(case, lambda path, y: print(f"{path or 'output'} {list(y.shape)}: {y.mean():.6g} {y.abs().max():.6g}"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dump", metavar="NAME", help="print a summary of every module's output for one case")
    arguments = parser.parse_args()
    if arguments.dump:
        return dump(arguments.dump)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for stale in FOLDER.glob("*.npy"):
        stale.unlink()
    write_json("goldens.json", [write(case) for case in CASES])
    write_json("totals.json", [count(case) for case in COUNTED])


if __name__ == "__main__":
    main()
