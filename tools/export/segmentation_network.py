# SPDX-License-Identifier: Apache-2.0
"""Small segmentation networks of torchvision, trained on painted people."""

import math
import time
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torchvision.models import mobilenet_v3_large, mobilenet_v3_small
from torchvision.models.segmentation.lraspp import _lraspp_mobilenetv3

from painted_people import paint_people

CLASSES = ("background", "person")
# Of ImageNet; torchvision's weights want pictures normalised by them.
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)

_BACKBONES = {"large": mobilenet_v3_large, "small": mobilenet_v3_small}
_BATCH = 64
_LEARNING_RATE = 2e-3


def build_network(backbone: str) -> nn.Module:
    """LR-ASPP on MobileNetV3, untrained: `large` is `lraspp_mobilenet_v3_large`."""
    features = _BACKBONES[backbone](weights=None, dilated=True)
    return _lraspp_mobilenetv3(features, len(CLASSES))


def normalize(pictures: Tensor) -> Tensor:
    """`[count, 3, height, width]`, RGB, from 0..1 to what the network takes."""
    mean = torch.tensor(MEAN, device=pictures.device).view(1, 3, 1, 1)
    std = torch.tensor(STD, device=pictures.device).view(1, 3, 1, 1)
    return (pictures - mean) / std


def train(
    network: nn.Module,
    size_px: int,
    seconds: float,
    generator: torch.Generator,
    teacher: nn.Module | None = None,
) -> None:
    """Trains for that long and leaves the network in evaluation mode.

    With a teacher the network learns what the teacher says of each picture, how sure it
    is included, and never sees a true mask: distillation.
    """
    device = generator.device
    network.to(device, memory_format=torch.channels_last).train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.0, weight_decay=1e-4)
    # Only on a GPU is it faster, and the range of bfloat16 needs no scaling of losses.
    mixed = torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")
    started = time.monotonic()
    step = 0
    told = 0
    while (part := (time.monotonic() - started) / seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = _LEARNING_RATE * min(1, step / 100) * _cosine(part)
        pictures, masks = paint_people(_BATCH, size_px, generator)
        inputs = normalize(pictures).contiguous(memory_format=torch.channels_last)
        with mixed:
            targets = torch.cat([1 - masks, masks], dim=1)
            if teacher is not None:
                with torch.no_grad():
                    targets = teacher(inputs)["out"].float().softmax(dim=1)
            # Probabilities as targets: the edge of a painted person is half person.
            loss = F.cross_entropy(network(inputs)["out"].float(), targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        step += 1
        if part * 5 > told:
            told += 1
            print(f"  {part * seconds:5.1f} s, step {step}: loss {loss.item():.4f}")
    print(f"  {step} steps of {_BATCH} pictures in {seconds:.0f} s")
    _settle_statistics(network, size_px, generator)
    network.eval()


def measure_iou(
    predict: Callable[[Tensor], Tensor], size_px: int, generator: torch.Generator
) -> float:
    """Intersection over union with the true masks, of 512 pictures together.

    `predict` gives the probability of a person for pictures of 0..1.
    """
    both = either = 0
    for _ in range(8):
        pictures, masks = paint_people(64, size_px, generator)
        with torch.no_grad():
            found, true = predict(pictures) >= 0.5, masks >= 0.5
        both += (found & true).sum().item()
        either += (found | true).sum().item()
    return both / either


def _settle_statistics(
    network: nn.Module, size_px: int, generator: torch.Generator
) -> None:
    """Takes the means and variances of batch normalisation anew.

    MobileNetV3 keeps 99 % of them at each step, so after some hundred steps they are
    those of weights that are gone, and in evaluation the network finds next to nobody.
    """
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            # The plain mean of all batches that follow.
            module.momentum = None
    with torch.no_grad():
        for _ in range(50):
            pictures, _masks = paint_people(_BATCH, size_px, generator)
            network(normalize(pictures))


def _cosine(part: float) -> float:
    return 0.5 + 0.5 * math.cos(math.pi * part)
