#!/usr/bin/python3
"""Writes small ONNX files with PyTorch's own exporter, and what PyTorch computes for them.

Needs Debian's python3-torch, python3-torchvision and python3-onnx.

input.npy is the input [2, 3, H, W] of all cases; for each case NAME there is NAME.onnx, and NAME.output.npy has what
PyTorch computes in double precision, [2, 5]. Weights and input come from the formula of WeightFormula.cs with seed 1.
manifest.json lists what the exporter was asked for and how many modules of each kind the network has. relatives.json
does so for networks beyond the MobileNets, of eng/goldens/relatives.py. v1_external.onnx is v1_opset13_unfolded.onnx with
its weights in a file beside it.
"""

import argparse
import json
import pathlib

import numpy as np
import onnx
import torch
import torchvision
from torch import nn
from torchvision.models.mobilenetv3 import MobileNetV3, _mobilenet_v3_conf

from goldens import formula, relatives

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests" / "Network" / "Onnx" / "Goldens"
CLASSES = 5
HEIGHT, WIDTH = 40, 48


def v1():
    """The torch form of MobileNetV1 with an eighth of its channels, five of its rows, and a pooling with a fixed window."""
    rows = [(64, 1), (128, 2), (128, 1), (256, 2), (512, 1)]

    def block(inputs, outputs, stride):
        return nn.Sequential(
            nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False),
            nn.BatchNorm2d(inputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(inputs, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )

    class MobileNetV1(nn.Module):
        def __init__(self):
            super().__init__()
            channels = 4
            layers = [nn.Sequential(nn.Conv2d(3, channels, 3, 2, 1, bias=False), nn.BatchNorm2d(channels), nn.ReLU())]
            for outputs, stride in rows:
                layers.append(block(channels, outputs // 8, stride))
                channels = outputs // 8
            layers.append(nn.AvgPool2d((HEIGHT // 8, WIDTH // 8)))
            self.model = nn.Sequential(*layers)
            self.fc = nn.Linear(channels, CLASSES)

        def forward(self, x):
            x = self.model(x)
            return self.fc(x.view(x.size(0), -1))

    return MobileNetV1()


def v2():
    """torchvision's MobileNetV2, narrow, with fewer rows and a shorter head, because its own has 1280 channels."""
    rows = [[1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 2, 2]]
    network = torchvision.models.mobilenet_v2(width_mult=0.1, num_classes=CLASSES, inverted_residual_setting=rows)
    network.features[-1] = torchvision.ops.Conv2dNormActivation(
        network.features[-1][0].in_channels, 48, kernel_size=1, activation_layer=nn.ReLU6
    )
    network.classifier[1] = nn.Linear(48, CLASSES)
    return network


def v3(architecture, **options):
    """torchvision's MobileNetV3 with a tenth of its channels; Large with its reduced tail to stay small."""
    rows, last = _mobilenet_v3_conf(
        architecture, width_mult=0.1, reduced_tail=architecture.endswith("large"), **options
    )
    return MobileNetV3(rows, last // 4, num_classes=CLASSES)


class WithSoftmax(nn.Module):
    """Any classifier with softmax at the end."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        return torch.softmax(self.network(x), dim=1)


# name, network, opset, whether BatchNorm stays on its own and nothing is folded
CASES = [
    ("v1_opset7", v1, 7, False),
    ("v1_opset9_unfolded", v1, 9, True),
    ("v1_softmax_opset11", lambda: WithSoftmax(v1()), 11, False),
    ("v1_opset13_unfolded", v1, 13, True),
    ("v1_softmax_opset17", lambda: WithSoftmax(v1()), 17, True),
    ("v2_opset7_unfolded", v2, 7, True),
    ("v2_opset9", v2, 9, False),
    ("v2_opset11_unfolded", v2, 11, True),
    ("v2_opset13", v2, 13, False),
    ("v2_opset17_unfolded", v2, 17, True),
    ("v3_small_opset11_unfolded", lambda: v3("mobilenet_v3_small"), 11, True),
    ("v3_small_opset17", lambda: v3("mobilenet_v3_small"), 17, False),
    ("v3_large_opset7", lambda: v3("mobilenet_v3_large"), 7, False),
    ("v3_small_dilated_opset13", lambda: v3("mobilenet_v3_small", dilated=True), 13, False),
]

# name, network, opset, whether the file leaves the batch open
RELATIVES = [
    ("mnasnet_opset11", relatives.mnasnet, 11, True),
    ("efficientnet_opset13", relatives.efficientnet, 13, True),
    ("shufflenet_v2_opset11", relatives.shufflenet_v2, 11, True),
    ("shufflenet_v2_opset17", relatives.shufflenet_v2, 17, False),
    ("squeezenet_opset9", relatives.SqueezeNet, 9, True),
    ("mixnet_opset17", relatives.mixnet, 17, True),
    ("ghostnet_opset11", relatives.ghostnet, 11, True),
    ("shufflenet_v1_opset13", relatives.shufflenet_v1, 13, True),
    ("fbnet_c_opset11", relatives.fbnet_c, 11, True),
    ("fbnet_shuffled_opset13", relatives.fbnet_shuffled, 13, True),
    ("fbnet_shuffled_opset17", relatives.fbnet_shuffled, 17, False),
    ("convnext_opset9", relatives.convnext, 9, False),
    ("convnext_opset13", relatives.convnext, 13, True),
]


def count(network, *kinds):
    return sum(isinstance(module, kinds) for module in network.modules())


def export(name, network, opset, has_open_batch=True, **options):
    """Writes the ONNX file and what PyTorch computes; gives the input back."""
    image = formula.tensor("input", (2, 3, HEIGHT, WIDTH)).float()
    if has_open_batch:
        options["dynamic_axes"] = {"input": {0: "batch"}, "output": {0: "batch"}}
    torch.onnx.export(
        network,
        image,
        FOLDER / f"{name}.onnx",
        opset_version=opset,
        input_names=["input"],
        output_names=["output"],
        **options,
    )
    with torch.no_grad():
        output = network.double()(image.double()).numpy().astype(np.float32)
    np.save(FOLDER / f"{name}.output.npy", output)
    return image


def export_mobilenet(name, network, opset, unfolded):
    options = {"do_constant_folding": not unfolded}
    if unfolded:
        options["training"] = torch.onnx.TrainingMode.PRESERVE
    image = export(name, network, opset, **options)
    return {
        "name": name,
        "opset": opset,
        "unfolded": unfolded,
        "convolutions": count(network, nn.Conv2d),
        "normalizations": count(network, nn.BatchNorm2d) if unfolded else 0,
        "linears": count(network, nn.Linear),
        "hardSwishes": count(network, nn.Hardswish),
        "hardSigmoids": count(network, nn.Hardsigmoid),
        "hasSoftmax": isinstance(network, WithSoftmax),
    }, image


def export_relative(name, network, opset, has_open_batch):
    export(name, network, opset, has_open_batch)
    return {
        "name": name,
        "convolutions": count(network, nn.Conv2d, relatives.PixelLinear),
        "linears": count(network, nn.Linear) - count(network, relatives.PixelLinear),
        "poolings": count(network, nn.MaxPool2d),
    }


def export_external():
    """The weights of one of the cases in a file beside it, by the tool that does so."""
    model = onnx.load(FOLDER / "v1_opset13_unfolded.onnx")
    place = FOLDER / "v1_external.weights"
    place.unlink(missing_ok=True)
    options = {"all_tensors_to_one_file": True, "location": place.name, "size_threshold": 0}
    onnx.save_model(model, str(FOLDER / "v1_external.onnx"), save_as_external_data=True, **options)


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    manifest = []
    for name, build, opset, unfolded in CASES:
        network = formula.fill(build()).float()
        entry, image = export_mobilenet(name, network, opset, unfolded)
        manifest.append(entry)
    np.save(FOLDER / "input.npy", image.numpy())
    (FOLDER / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    others = [export_relative(name, formula.fill(build()).float(), *rest) for name, build, *rest in RELATIVES]
    (FOLDER / "relatives.json").write_text(json.dumps(others, indent=2) + "\n")
    export_external()


if __name__ == "__main__":
    main()
