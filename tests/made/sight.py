"""Colours as they are seen, also by people whose eyes lack one kind of cones, and how far apart they are then."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Colour = NDArray[np.float64]

#: What is seen of linear sRGB, at severity 1: G. M. Machado, M. M. Oliveira and L. A. F. Fernandes, "A
#: physiologically-based model for simulation of color vision deficiency", IEEE Transactions on Visualization and
#: Computer Graphics 15 (2009) 1291-1298.
SIGHTS: Final[dict[str, Colour]] = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}

#: From linear sRGB to XYZ, and the white of D65.
_XYZ: Final = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_WHITE: Final = np.array([0.95047, 1.0, 1.08883])


def linear(colour: str) -> Colour:
    """Return a colour written `#rrggbb` as linear sRGB."""
    parts = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def seen(colour: str, sight: str) -> Colour:
    """Return a colour as somebody sees it, in CIELAB."""
    xyz = _XYZ @ np.clip(SIGHTS[sight] @ linear(colour), 0, 1) / _WHITE
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast_with_white(colour: str) -> float:
    """Return the contrast of a colour with white, as WCAG counts it."""
    return float(1.05 / (_XYZ[1] @ linear(colour) + 0.05))


def ciede2000(one: Colour, other: Colour) -> float:
    """Return how far apart two colours in CIELAB are (Sharma, Wu and Dalal, Color Res. Appl. 30 (2005) 21)."""
    (light, *ab), (light2, *ab2) = one, other
    grey = _seventh((np.hypot(*ab) + np.hypot(*ab2)) / 2)
    red, red2 = ((1.5 - grey / 2) * part[0] for part in (ab, ab2))
    chroma, chroma2 = np.hypot(red, ab[1]), np.hypot(red2, ab2[1])
    hue, hue2 = (np.degrees(np.arctan2(b, a)) % 360 for a, b in ((red, ab[1]), (red2, ab2[1])))
    turn = (hue2 - hue + 180) % 360 - 180 if chroma * chroma2 else 0.0
    hues = 2 * np.sqrt(chroma * chroma2) * np.sin(np.radians(turn / 2))
    mean_light, mean_chroma = (light + light2) / 2, (chroma + chroma2) / 2
    mean_hue = (hue + turn / 2) % 360 if chroma * chroma2 else hue + hue2
    waves = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.2, 4, -63))
    uneven = 1 + sum(size * np.cos(np.radians(times * mean_hue + shift)) for size, times, shift in waves)
    lights = (light2 - light) / (1 + 0.015 * (mean_light - 50) ** 2 / np.sqrt(20 + (mean_light - 50) ** 2))
    chromas = (chroma2 - chroma) / (1 + 0.045 * mean_chroma)
    hues /= 1 + 0.015 * mean_chroma * uneven
    twist = -2 * _seventh(mean_chroma) * np.sin(np.radians(60 * np.exp(-(((mean_hue - 275) / 25) ** 2))))
    return float(np.sqrt(lights**2 + chromas**2 + hues**2 + twist * chromas * hues))


def _seventh(chroma: float) -> float:
    return float(np.sqrt(chroma**7 / (chroma**7 + 25.0**7)))
