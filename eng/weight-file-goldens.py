#!/usr/bin/python3
"""Writes small files of named tensors with PyTorch and NumPy themselves, for the readers of such files.

Needs Debian's python3-torch (with its NumPy). Paddle's files are pickles of NumPy arrays; they are made here as
paddle.save makes them of a state_dict.

Every element comes from the formula of WeightFormula.cs with seed 1, by the tensor's name, in [-1, 1).
legacy.pth and script.pt hold addresses and dates of their making; the other files are the same every time.
"""

import argparse
import collections
import copyreg
import io
import pathlib
import pickle
import struct

import numpy as np
import torch

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


def weights():
    """A state_dict as networks have it, counter included."""
    return collections.OrderedDict(
        {
            "conv.weight": formula.tensor("conv.weight", (4, 3, 3, 3)).float(),
            "bn.running_var": formula.tensor("bn.running_var", (4,)).float(),
            "bn.num_batches_tracked": torch.tensor(7),
            "fc.weight": formula.tensor("fc.weight", (2, 4)).float(),
        }
    )


def types():
    """Every type of element, and a parameter instead of a tensor."""
    return {
        "single": formula.tensor("single", (3, 2)).float(),
        "half": formula.tensor("half", (3, 2)).half(),
        "bfloat": formula.tensor("bfloat", (3, 2)).bfloat16(),
        "double": formula.tensor("double", (3, 2)).double(),
        "parameter": torch.nn.Parameter(formula.tensor("parameter", (5,)).float()),
        "long": torch.arange(3),
        "int": torch.arange(3, dtype=torch.int32),
        "byte": torch.arange(3, dtype=torch.uint8),
    }


def views():
    """Tensors that do not have a storage of their own in row-major order."""
    whole = formula.tensor("whole", (4, 6)).float()
    return {
        "whole": whole,
        "transposed": whole.t(),
        "cut": whole[1:3, 2:5],
        "every_second": whole[::2, 1::2],
        "tied": whole,
        "expanded": whole[:, :1].expand(4, 5),
        "channels_last": formula.tensor("channels_last", (2, 3, 2, 2)).float().to(memory_format=torch.channels_last),
    }


def checkpoint():
    """What a training loop under DataParallel keeps."""
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 2, 1), torch.nn.BatchNorm2d(2))
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    network(torch.ones(1, 3, 2, 2)).sum().backward()
    optimizer.step()
    state = collections.OrderedDict((f"module.{name}", tensor) for name, tensor in weights().items())
    return {"epoch": 3, "best": 0.5, "arch": "small", "state_dict": state, "optimizer": optimizer.state_dict()}


def pytorch():
    def save(name, value, **options):
        torch.save(value, FOLDER / name, **options)

    save("plain.pth", weights())
    save("protocol4.pth", weights(), pickle_protocol=4)
    save("types.pth", types())
    save("views.pth", views())
    torch.manual_seed(1)
    save("checkpoint.pth", checkpoint())
    save("two.pth", {"model": weights(), "model_ema": weights()})
    save("legacy.pth", weights(), _use_new_zipfile_serialization=False)
    save("module.pth", torch.nn.Linear(1, 1))
    torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), FOLDER / "script.pt")


class Parameter:
    """A tensor that is not in a plain dictionary of them; paddle.save makes it a tuple of its name and its array."""

    def __init__(self, name, array):
        self.pair = (name, array)


copyreg.pickle(Parameter, lambda parameter: (tuple, (parameter.pair,)))


class Python2Pickler(pickle._Pickler):
    """Pickles as Python 2 does: its texts are its bytes, and NumPy's arrays are such texts."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_bytes(self, content):
        if self.proto == 0:
            self.write(pickle.STRING + repr(content)[1:].encode() + b"\n")
        elif len(content) < 256:
            self.write(pickle.SHORT_BINSTRING + bytes([len(content)]) + content)
        else:
            self.write(pickle.BINSTRING + struct.pack("<i", len(content)) + content)

    dispatch[bytes] = save_bytes
    dispatch[str] = lambda self, text: self.save_bytes(text.encode("ascii"))


def python2(content, protocol):
    file = io.BytesIO()
    Python2Pickler(file, protocol).dump(content)
    return file.getvalue()


def paddle():
    arrays = {
        "conv.weight": values("conv.weight", 4, 3, 3, 3).astype(np.float32),
        "fc.weight": np.asfortranarray(values("fc.weight", 4, 2).astype(np.float32)),
        "half": values("half", 3, 2).astype(np.float16),
        "double": values("double", 3, 2),
        "steps": np.arange(3),
        "scalar": values("scalar").astype(np.float32),
        # Long enough for a length of four bytes.
        "long": values("long", 40, 33).astype(np.float32),
    }
    table = {"StructuredToParameterName@@": {name: f"parameter_{i}" for i, name in enumerate(arrays)}}
    nested = {"model": {"w": Parameter("w_0", values("w", 3).astype(np.float32))}, "epoch": 1}
    for protocol in range(3):
        (FOLDER / f"python2_{protocol}.pdparams").write_bytes(python2(arrays, protocol))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for name, content in (("plain", {**arrays, **table}), ("nested", nested)):
            (FOLDER / f"{name}{protocol}.pdparams").write_bytes(pickle.dumps(content, protocol=protocol))


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    FOLDER.mkdir(exist_ok=True)
    npz(FOLDER / "stored.npz", np.savez)
    npz(FOLDER / "deflated.npz", np.savez_compressed)
    pytorch()
    paddle()


if __name__ == "__main__":
    main()
