"""Parameters and multiply-adds of convolutions and linear layers, counted on the running network."""

import torch
from torch import nn

# Published for these networks at 224x224 and 1000 classes: (parameters, multiply-adds)
PUBLISHED = {
    ("mobilenet_v1", False): (4_231_976, 568_740_352),
    ("mobilenet_v2", False): (3_504_872, 300_774_272),
    ("mobilenet_v3_small", False): (2_542_856, 56_510_400),
    ("mobilenet_v3_small", True): (1_099_672, 43_763_584),
    ("mobilenet_v3_large", False): (5_483_032, 216_589_760),
    ("mobilenet_v3_large", True): (2_569_352, 182_302_720),
}


def count(case):
    """The entry of totals.json for a case; refuses a count that differs from the published one."""
    network = case.build().eval()
    parameters = sum(parameter.numel() for parameter in network.parameters())
    macs = count_macs(network, torch.zeros(1, case.channels, *case.size))
    expected = PUBLISHED.get((case.network, case.reduced_tail), (parameters, macs))
    if (parameters, macs) != expected:
        raise ValueError(f"{case.name} has {(parameters, macs)} parameters and multiply-adds, expected {expected}")
    height, width = case.size
    return {
        "network": case.network,
        "width": case.width,
        "height": height,
        "inputWidth": width,
        "classes": case.classes,
        "reducedTail": case.reduced_tail,
        "parameters": parameters,
        "macs": macs,
    }


def count_macs(network, x):
    """Output positions times weights, over all convolutions and linear layers."""
    counts = []

    def record(module, _, y):
        positions = y[0].numel() // module.weight.shape[0]
        counts.append(positions * module.weight.numel())

    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.register_forward_hook(record)
    with torch.no_grad():
        network(x)
    return sum(counts)
