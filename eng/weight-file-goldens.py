#!/usr/bin/python3
"""Writes small files of named tensors as NumPy writes them, for the readers of such files.

Needs Debian's python3-torch (with its NumPy).

Every element comes from the formula of WeightFormula.cs with seed 1, by the tensor's name, in [-1, 1).
"""

import argparse
import pathlib

import numpy as np

from goldens import formula

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Network" / "Weights" / "Goldens"


def values(name, *shape):
    """Formula values as float64 of NumPy."""
    return formula.tensor(name, shape).numpy()


def npz(path, save):
    save(
        path,
        single=values("single", 2, 3, 4).astype(np.float32),
        double=values("double", 5),
        half=values("half", 3, 2).astype(np.float16),
        fortran=np.asfortranarray(values("fortran", 3, 4, 2).astype(np.float32)),
        scalar=values("scalar").astype(np.float32),
        **{"features.0/conv": values("features.0/conv", 1, 2).astype(np.float32)},
    )


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    FOLDER.mkdir(exist_ok=True)
    npz(FOLDER / "stored.npz", np.savez)
    npz(FOLDER / "deflated.npz", np.savez_compressed)


if __name__ == "__main__":
    main()
