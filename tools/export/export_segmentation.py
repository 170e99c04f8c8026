# SPDX-License-Identifier: Apache-2.0
"""Exports a segmentation network of torchvision for <void-segmenter>.

It trains a network for a minute on pictures that it paints itself, exports it as ONNX,
compares the file with PyTorch in ONNX Runtime, and writes what the element has to know
of the model twice: into the file's metadata, and as a manifest beside it.
docs/models.md explains the choices, and what to change for a network of your own.

Needs torch, torchvision, onnx and onnxruntime, and for --exporter dynamo onnxscript as
well; written with torch 2.11, torchvision 0.26, onnx 1.23.

    python tools/export/export_segmentation.py --out build
    python tools/export/export_segmentation.py --out build --weights network.pt \\
        --normalize manifest --answer logits
    python tools/export/export_segmentation.py --out build --network small \\
        --teacher large:network.pt
"""

import argparse
import base64
import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.io import write_png

from painted_people import paint_people
from segmentation_network import (
    CLASSES,
    MEAN,
    STD,
    build_network,
    measure_iou,
    normalize,
    train,
)

# The one that the dynamo exporter is written for; it gets others by conversion.
OPSET = 18
# Of the largest answer. Rounding differs between runtimes; more than this is a mistake.
TOLERANCE = 1e-3


class Exported(nn.Module):
    """The network with as much around it as the file is to hold.

    Takes `[1, 3, size, size]` float32, RGB: 0..1 if normalisation is inside, else
    normalised. Gives by `answer`: `probability` `[1, 1, height, width]` of a person;
    `logits` and `softmax` `[1, 2, height, width]`, before and after the softmax.
    """

    def __init__(
        self,
        network: nn.Module,
        normalizes: bool,
        answer: str,
        mask_px: int | None,
    ) -> None:
        super().__init__()
        self.network = network
        self.normalizes = normalizes
        self.answer = answer
        self.mask_px = mask_px
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1))
        if answer == "probability":
            tell_difference(network.classifier.low_classifier)
            tell_difference(network.classifier.high_classifier)

    def forward(self, pixels: Tensor) -> Tensor:
        if self.normalizes:
            pixels = (pixels - self.mean) / self.std
        # Not the network's own forward, which enlarges to the size of the input.
        mask = self.network.classifier(self.network.backbone(pixels))
        if self.mask_px is not None:
            size = (self.mask_px, self.mask_px)
            mask = F.interpolate(mask, size=size, mode="bilinear", align_corners=False)
        if self.answer == "probability":
            return mask.sigmoid()
        return mask.softmax(dim=1) if self.answer == "softmax" else mask


def tell_difference(convolution: nn.Conv2d) -> None:
    """Makes a convolution to two logits one to their difference.

    Its sigmoid is the softmax's second class, exactly, at half of what is enlarged.
    """
    with torch.no_grad():
        convolution.weight = nn.Parameter(convolution.weight.diff(dim=0))
        if convolution.bias is not None:
            convolution.bias = nn.Parameter(convolution.bias.diff(dim=0))
    convolution.out_channels = 1


def export_onnx(exported: Exported, size_px: int, exporter: str, path: Path) -> None:
    """Writes one file, of a fixed batch and size, without traces of this machine."""
    options = {"do_constant_folding": True} if exporter == "torchscript" else {}
    torch.onnx.export(
        exported,
        (torch.zeros(1, 3, size_px, size_px),),
        str(path),
        input_names=["pixels"],
        output_names=["mask"],
        opset_version=OPSET,
        dynamo=exporter == "dynamo",
        # Else weights go into a second file, which the page has to fetch as well.
        external_data=False,
        **options,
    )
    model = onnx.load(path)
    # The dynamo exporter notes with each node the lines of Python that it is from.
    for item in (model.graph, *model.graph.node, *model.graph.value_info):
        item.ClearField("metadata_props")
        item.ClearField("doc_string")
    onnx.save(model, path)


def describe(exported: Exported, size_px: int) -> dict[str, dict[str, object]]:
    """What the element has to know: `input` and `output` of a manifest."""
    with torch.no_grad():
        height, width = exported(torch.zeros(1, 3, size_px, size_px)).shape[2:]
    inside = exported.normalizes
    outside = {} if inside else {"mean": list(MEAN), "std": list(STD)}
    return {
        "input": {
            "name": "pixels",
            "layout": "nchw",
            "width": size_px,
            "height": size_px,
            "type": "float32",
            "range": [0, 1],
            **outside,
            "order": "rgb",
        },
        "output": {
            "name": "mask",
            "layout": "nchw",
            "width": width,
            "height": height,
            "kind": exported.answer,
            "classes": list(CLASSES),
        },
    }


def write_descriptions(
    path: Path, facts: dict[str, dict[str, object]], license: str | None
) -> None:
    """Puts the facts into the file's metadata, and into a manifest beside it."""
    model = onnx.load(path)
    onnx.helper.set_model_props(model, {"void-segmenter": json.dumps(facts)})
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)
    digest = base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
    manifest = {
        "name": path.stem,
        "file": path.name,
        "integrity": f"sha256-{digest}",
        **({} if license is None else {"license": license}),
        "source": "torchvision's LR-ASPP, trained on painted people",
        **facts,
    }
    path.with_suffix(".json").write_text(json.dumps(manifest, indent=2) + "\n")


def compare(path: Path, exported: Exported, pictures: Tensor) -> tuple[float, float]:
    """ONNX Runtime against PyTorch: the largest difference, and the largest answer."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    worst = largest = 0.0
    for picture in pictures.split(1):
        pixels = picture if exported.normalizes else normalize(picture)
        (answer,) = session.run(["mask"], {"pixels": pixels.numpy()})
        with torch.no_grad():
            expected = exported(pixels)
        if session.get_outputs()[0].shape != list(expected.shape):
            sys.exit(f"{path} leaves the size of its answer open.")
        difference = torch.from_numpy(answer) - expected
        worst = max(worst, difference.abs().max().item())
        largest = max(largest, expected.abs().max().item())
    return worst, largest


def report(path: Path) -> None:
    """Prints how large the file is and what it is made of."""
    model = onnx.load(path)
    operators = Counter(node.op_type for node in model.graph.node)
    listed = ", ".join(f"{count} {name}" for name, count in operators.most_common())
    print(f"{path.name}: {path.stat().st_size:,} bytes, {len(model.graph.node)} nodes")
    print(f"  {listed}")


def get_network(
    backbone: str,
    weights: Path | None,
    size_px: int,
    seconds: float,
    seed: int,
    device: torch.device,
    teacher: nn.Module | None = None,
) -> nn.Module:
    """The network with the weights in that file; without one, trained and stored."""
    torch.manual_seed(seed)
    network = build_network(backbone)
    if weights is not None and weights.exists():
        network.load_state_dict(torch.load(weights, map_location="cpu"))
        return network.to(device).eval()
    print(f"training {backbone} on {device}{' from its teacher' if teacher else ''}")
    generator = torch.Generator(device).manual_seed(seed)
    train(network, size_px, seconds, generator, teacher)
    if weights is not None:
        torch.save(network.state_dict(), weights)
    return network


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--out", type=Path, required=True, help="folder for what is written")
    add("--name", default="model", help="of the .onnx and .json files (model)")
    add(
        "--network",
        choices=["large", "small"],
        default="large",
        help="MobileNetV3 (large)",
    )
    add(
        "--size",
        type=int,
        default=256,
        help="side of the model's picture, in pixels (256)",
    )
    add(
        "--seconds",
        type=float,
        default=60,
        help="how long to train; 0: not at all (60)",
    )
    add("--seed", type=int, default=1, help="of weights and pictures (1)")
    add("--device", help="to train on (cuda if there is one, else cpu)")
    add(
        "--weights",
        type=Path,
        help="PyTorch file of trained weights: used if it exists, else written",
    )
    add(
        "--teacher",
        metavar="NETWORK:WEIGHTS",
        help="learn from this network, such as large:network.pt, instead of true masks",
    )
    add(
        "--normalize",
        choices=["graph", "manifest"],
        default="graph",
        help="where ImageNet's mean and deviation are applied (graph)",
    )
    add(
        "--answer",
        choices=["probability", "logits", "softmax"],
        default="probability",
        help="what the model gives; becomes output.kind (probability)",
    )
    add(
        "--resize",
        choices=["graph", "element"],
        default="graph",
        help="who enlarges the mask from an eighth of the picture's size (graph)",
    )
    add(
        "--exporter",
        choices=["torchscript", "dynamo"],
        default="torchscript",
        help="torch.onnx.export's dynamo=False or True (torchscript)",
    )
    add("--license", help="of the weights, as SPDX has it, for the manifest (none)")
    return parser.parse_args()


def main() -> None:
    options = parse_arguments()
    size_px: int = options.size
    default_device = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(options.device or default_device)
    teacher = None
    if options.teacher is not None:
        backbone, _, weights = options.teacher.partition(":")
        if not Path(weights).exists():
            sys.exit(f"--teacher: there are no weights at {weights!r}.")
        teacher = get_network(backbone, Path(weights), size_px, 0, 0, device)
    network = get_network(
        options.network,
        options.weights,
        size_px,
        options.seconds,
        options.seed,
        device,
        teacher,
    )

    # Pictures that training has not seen.
    unseen = torch.Generator(device).manual_seed(options.seed + 1_000_000)
    iou = measure_iou(
        lambda pictures: network(normalize(pictures))["out"].softmax(dim=1)[:, 1:],
        size_px,
        unseen,
    )
    print(f"{options.network}: IoU {iou:.4f} with the true masks of 512 pictures")

    options.out.mkdir(parents=True, exist_ok=True)
    path: Path = options.out / f"{options.name}.onnx"
    normalizes = options.normalize == "graph"
    mask_px = size_px if options.resize == "graph" else None
    network.to("cpu", memory_format=torch.contiguous_format)
    exported = Exported(network, normalizes, options.answer, mask_px).eval()
    export_onnx(exported, size_px, options.exporter, path)
    write_descriptions(path, describe(exported, size_px), options.license)
    report(path)

    pictures, _ = paint_people(8, size_px, unseen)
    worst, largest = compare(path, exported, pictures.cpu())
    print(f"  {worst:.2g} from PyTorch at most, of numbers up to {largest:.2g}")
    write_png(
        (pictures[0].cpu() * 255).round().byte(), str(options.out / "picture.png")
    )
    if worst > TOLERANCE * largest:
        sys.exit(f"{path} does not compute what PyTorch does.")


if __name__ == "__main__":
    main()
