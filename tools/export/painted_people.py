# SPDX-License-Identifier: Apache-2.0
"""Pictures of painted people, each with its mask: training data that needs no download.

A person is a head with hair and a face, on a neck, on a body with arms and legs. Behind
are a gradient, blotches, and clutter: ellipses and boxes in all colours, those of skin
too, so that only what is put together like a person counts as one. A network that has
learnt these knows nothing of photographs; it shows that training and export work.

All pictures of a batch are painted at once, on the device of the generator, in
coordinates from 0 to 1 with the origin at the top left.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def paint_people(
    count: int, size_px: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Paints `count` square pictures; the generator decides everything in them.

    Returns the pictures, `[count, 3, size, size]` float32, RGB, 0..1, and the masks,
    `[count, 1, size, size]` float32: how much of each pixel is person, 0..1.
    """
    canvas = _Canvas(count, size_px, generator)
    for _ in range(8):
        canvas.paint_clutter()
    for chance in (0.9, 0.35):
        canvas.paint_person(chance)
    return canvas.photograph(), canvas.mask


class _Canvas:
    """A batch of pictures while they are painted, from back to front."""

    def __init__(self, count: int, size_px: int, generator: torch.Generator) -> None:
        self.count = count
        self.size_px = size_px
        self.generator = generator
        centres = (torch.arange(size_px, device=generator.device) + 0.5) / size_px
        self.y = centres.view(1, 1, -1, 1)
        self.x = centres.view(1, 1, 1, -1)
        self.mask = torch.zeros(count, 1, size_px, size_px, device=generator.device)
        self.picture = self._gradient() + self._blotches(8, 0.12)
        self.picture += self._blotches(64, 0.04)

    def paint_clutter(self) -> None:
        """One ellipse or box behind everybody, as large as anything may be."""
        x, y = self._turn(self._random(-0.1, 1.1), self._random(-0.1, 1.1), 3.2)
        width, height = self._random(0.02, 0.25), self._random(0.02, 0.25)
        ellipse = _ellipse(x, y, width, height)
        box = _box(x, y, width, height, 0.2 * torch.minimum(width, height))
        distance = torch.where(self._random() < 0.5, ellipse, box)
        colour = torch.where(self._random() < 0.3, self._skin(), self._colour())
        self._fill(distance, colour, self._random() < 0.8)

    def paint_person(self, chance: float) -> None:
        """A person in front of what is there, in that share of the pictures."""
        is_there = self._random() < chance
        head = self._random(0.04, 0.15)
        centre_x, centre_y = self._random(0.15, 0.85), self._random(0.1, 0.5)
        lean_x, lean_y = self._turn(centre_x, centre_y, 0.15)
        x, y = lean_x / head, lean_y / head
        skin, clothes, trousers = self._skin(), self._colour(), self._colour()
        hair = 0.6 * self._colour()

        def fill(distance: Tensor, colour: Tensor) -> None:
            covered = self._fill(distance * head, colour, is_there)
            self.mask = torch.maximum(self.mask, covered)

        shoulders, waist = self._random(1.5, 2.1), self._random(1.2, 2.1)
        top, length = 1.5, self._random(3.0, 4.5)
        leg_x = x.abs() - 0.55 * waist
        fill(_box(leg_x, y - top - length - 2.2, 0.42 * waist, 2.6, 0.3), trousers)
        for side in (-1.0, 1.0):
            arm_x, arm_y = x - side * shoulders * 0.85, y - top - 0.5
            angle = side * self._random(-0.2, 1.0)
            turned_x = arm_x * torch.cos(angle) + arm_y * torch.sin(angle)
            turned_y = arm_y * torch.cos(angle) - arm_x * torch.sin(angle)
            fill(_ellipse(turned_x, turned_y - 3.1, 0.4, 0.5), skin)
            fill(_box(turned_x, turned_y - 1.3, 0.4, 1.6, 0.39), clothes)
        fill(_box(x, y - 1.2, 0.42, 0.6, 0.1), skin)
        along = ((y - top) / length).clamp(0, 1)
        half_width = shoulders + (waist - shoulders) * along
        fill(_box(x, y - top - length / 2, half_width, length / 2, 0.6), clothes)
        fill(_ellipse(x, y + 0.2, self._random(0.9, 1.15), 1.15), hair)
        fill(_ellipse(x, y - 0.1, 0.8, 1.0), skin)
        fill(_ellipse(x.abs() - 0.33, y, 0.11, 0.08), hair)
        fill(_ellipse(x, y - 0.5, 0.28, self._random(0.04, 0.12)), 0.7 * skin)

    def photograph(self) -> Tensor:
        """What a camera makes of it: light from one side, its own gain, and noise."""
        light = 1 + 0.35 * self._slope()
        gain, lift = self._random(0.75, 1.2), self._random(-0.08, 0.08)
        noise = torch.randn(
            self.picture.shape, generator=self.generator, device=self.picture.device
        )
        noise *= self._random(0, 0.05)
        return (self.picture * light * gain + lift + noise).clamp(0, 1)

    def _fill(self, distance: Tensor, colour: Tensor, is_there: Tensor) -> Tensor:
        """Fills where the distance is negative; returns the share of each pixel."""
        covered = (0.5 - distance * self.size_px).clamp(0, 1) * is_there
        self.picture = torch.lerp(self.picture, colour, covered)
        return covered

    def _random(self, low: float = 0.0, high: float = 1.0) -> Tensor:
        """A number for each picture, `[count, 1, 1, 1]`."""
        return low + (high - low) * self._randoms(1, 1)

    def _randoms(self, channels: int, side: int) -> Tensor:
        return torch.rand(
            (self.count, channels, side, side),
            generator=self.generator,
            device=self.generator.device,
        )

    def _colour(self) -> Tensor:
        return self._randoms(3, 1)

    def _skin(self) -> Tensor:
        light = torch.tensor([0.96, 0.80, 0.69], device=self.x.device).view(1, 3, 1, 1)
        dark = torch.tensor([0.28, 0.17, 0.12], device=self.x.device).view(1, 3, 1, 1)
        return torch.lerp(light, dark, self._random())

    def _turn(
        self, x: Tensor | float, y: Tensor | float, most: float
    ) -> tuple[Tensor, Tensor]:
        """Coordinates around a point, turned by up to `most` radians to either side."""
        angle = self._random(-most, most)
        cos, sin = torch.cos(angle), torch.sin(angle)
        right, down = self.x - x, self.y - y
        return right * cos + down * sin, down * cos - right * sin

    def _slope(self) -> Tensor:
        """Rises from about -0.7 to 0.7 across each picture, in any direction."""
        right, _ = self._turn(0.5, 0.5, 3.2)
        return right

    def _gradient(self) -> Tensor:
        return torch.lerp(self._colour(), self._colour(), self._slope() + 0.5)

    def _blotches(self, side: int, strength: float) -> Tensor:
        noise = strength * (2 * self._randoms(3, side) - 1)
        return F.interpolate(noise, size=self.size_px, mode="bicubic")


def _ellipse(
    x: Tensor, y: Tensor, width: Tensor | float, height: Tensor | float
) -> Tensor:
    """About the distance to an ellipse with these half axes, negative inside."""
    narrow = torch.minimum(torch.as_tensor(width), torch.as_tensor(height))
    return (torch.hypot(x / width, y / height) - 1) * narrow


def _box(
    x: Tensor,
    y: Tensor,
    width: Tensor | float,
    height: Tensor | float,
    corner: Tensor | float,
) -> Tensor:
    """The distance to a box of these half sides with round corners, negative inside."""
    right, down = x.abs() - width + corner, y.abs() - height + corner
    outside = torch.hypot(right.clamp(min=0), down.clamp(min=0))
    return outside + torch.maximum(right, down).clamp(max=0) - corner
