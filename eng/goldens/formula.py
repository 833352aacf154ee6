"""Weights and inputs that every implementation can compute for itself from a tensor's name and shape.

Element i of a tensor is a splitmix64 draw whose state is the FNV-1a hash of the tensor's name, mixed with the seed.
The constants keep every network's output dependent on its input: under fixed normalisation statistics, fan-in
weights of gain 2 either let the signal die out or drive the gates into saturation.
"""

import math

import numpy as np
import torch
from torch import nn

SEED = 1
SPATIAL_GAIN = 4.5  # kernels of more than one tap
POINTWISE_GAIN = 1.0  # 1x1 kernels and linear layers
BIAS_BOUND = 0.1
GATE_BIAS_BOUND = 2.0  # below a module called "se": that gate is a hard-swish, which would stay at zero
GOLDEN_GAMMA = 0x9E3779B97F4A7C15
MASK = (1 << 64) - 1


def fnv1a64(name):
    """FNV-1a hash of the name's UTF-8 bytes."""
    value = 0xCBF29CE484222325
    for byte in name.encode("utf-8"):
        value = ((value ^ byte) * 0x100000001B3) & MASK
    return value


def uniform(name, count):
    """`count` draws from [0, 1), multiples of 2^-24, as float64."""
    state = np.uint64(fnv1a64(name) ^ (SEED * GOLDEN_GAMMA & MASK))
    z = state + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(GOLDEN_GAMMA)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) * 2.0**-24


def tensor(name, shape, bound=1.0, centre=0.0):
    """`centre + (2u - 1) * bound`, rounded to float32 and widened again; the defaults cover [-1, 1)."""
    values = centre + (2 * uniform(name, math.prod(shape)) - 1) * bound
    return torch.from_numpy(values.astype(np.float32).astype(np.float64).reshape(shape))


def kernel(name, shape):
    """Weights [O, I/groups, kH, kW] or [O, I] in +-sqrt(3 * gain / fan-in)."""
    gain = SPATIAL_GAIN if math.prod(shape[2:]) > 1 else POINTWISE_GAIN
    return tensor(name, shape, math.sqrt(3 * gain / math.prod(shape[1:])))


def bias(name, shape):
    return tensor(name, shape, GATE_BIAS_BOUND if ".se." in name else BIAS_BOUND)


def around_zero(name, shape):
    """Offset and mean of a normalisation."""
    return tensor(name, shape, 0.2)


def around_one(name, shape):
    """Scale and variance of a normalisation: 0.5 + u."""
    return tensor(name, shape, 0.5, 1.0)


CONVOLUTION = {"weight": kernel, "bias": bias}
NORMALISATION = {"weight": around_one, "bias": around_zero, "running_mean": around_zero, "running_var": around_one}
FORMULAS = {nn.Conv2d: CONVOLUTION, nn.Linear: CONVOLUTION, nn.BatchNorm2d: NORMALISATION}


def fill(network):
    """Sets every parameter and statistic of a network; returns it in float64 and evaluation mode."""
    for path, module in network.named_modules():
        formulas = next((found for kind, found in FORMULAS.items() if isinstance(module, kind)), {})
        unknown = {name for name, _ in module.named_parameters(recurse=False)} - formulas.keys()
        if unknown:
            raise TypeError(f"{path}: no formula for {sorted(unknown)} of a {type(module).__name__}")
        for part, formula in formulas.items():
            target = getattr(module, part)
            if target is not None:
                target.data = formula(f"{path}.{part}", tuple(target.shape))
    return network.eval()
