# SPDX-License-Identifier: AGPL-3.0-or-later
"""Photos of a face QR as a phone takes them of a sheet on a desk; seeded, so always the same.

At 3 pixels a module: turned and tilted by hand, out of focus a little, lit from one side with a
shadow across, noisy, and saved as JPEG of quality 80.
"""

import io
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from tuidang.pure.credential.qr import Qr

PIXELS = 3  # a module, in the photo
_FINE = 12  # a module, in the print that is photographed
_QUIET, _PAPER = 4, 8  # modules: the quiet zone, and sheet beyond it
_AWAY = 4.0  # widths of what is photographed: 20 cm, at 0.45 mm a module
_INK, _WHITE = 25.0, 235.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pose:
    """How a photo is taken: turns in degrees, blur in pixels, noise in grey levels, light 0..1."""

    roll: float
    pitch: float
    yaw: float
    blur: float
    noise: float
    shade: float


def pose_of(random: np.random.Generator) -> Pose:
    """Return how somebody in a hurry holds a phone over a sheet of paper."""
    return Pose(
        roll=random.uniform(-20, 20),
        pitch=random.uniform(-12, 12),
        yaw=random.uniform(-12, 12),
        blur=random.uniform(0.3, 0.8),
        noise=random.uniform(2, 7),
        shade=random.uniform(0.2, 0.6),
    )


def photo(symbol: Qr, seed: int) -> Image.Image:
    """Return the photo of a symbol that belongs to a seed."""
    random = np.random.default_rng(seed)
    pose = pose_of(random)
    seen = _through_the_lens(_print(symbol), pose, _side(symbol))
    lit = _light(seen, pose, random)
    noisy = lit + random.normal(0, pose.noise, lit.shape)
    return _jpeg(Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)))


def read_by_zxing(image: Image.Image) -> str | None:
    """Return the text that zxing-cpp reads in a photo."""
    found = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    return found[0].text if len(found) == 1 else None


def read_by_zbar(images: list[Image.Image]) -> list[str | None]:
    """Return the text that zbar reads in each photo; one run of `zbarimg` for all."""
    with TemporaryDirectory() as folder:
        names = [str(Path(folder) / f"{number:03}.jpg") for number in range(len(images))]
        for name, image in zip(names, images, strict=True):
            image.save(name, quality=100)
        return [_zbar(name) for name in names]


def _zbar(name: str) -> str | None:
    command = ["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", name]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.removesuffix("\n") or None


def _side(symbol: Qr) -> int:
    return len(symbol.rows) + 2 * (_QUIET + _PAPER)


def _print(symbol: Qr) -> Floats:
    """Return the sheet around a symbol at many pixels a module."""
    modules = np.pad(np.array(symbol.rows), _QUIET + _PAPER)
    sheet = np.where(modules, _INK, _WHITE)
    edge = _QUIET + _PAPER // 2
    for line in range(_PAPER, len(sheet) - _PAPER, 3):  # the words beside it
        sheet[line, : _PAPER // 2] = sheet[line, -_PAPER // 2 :] = 2 * _INK
    assert sheet[edge:-edge, edge:-edge].any()
    return np.kron(sheet, np.ones((_FINE, _FINE)))


def _through_the_lens(sheet: Floats, pose: Pose, modules: int) -> Floats:
    """Return what falls on the sensor: tilted, then blurred, then at few pixels a module."""
    over = 4  # rays a pixel, each way
    size = modules * PIXELS * over
    image = Image.fromarray(sheet.astype(np.uint8))
    corners = _projected(pose)
    tilted = image.transform(
        (size, size),
        Image.Transform.PERSPECTIVE,
        _coefficients(corners * size, sheet.shape[0]),
        Image.Resampling.BILINEAR,
        fillcolor=int(_WHITE),
    )
    blurred = tilted.filter(ImageFilter.GaussianBlur(pose.blur * over))
    return np.asarray(blurred.reduce(over), dtype=np.float64)


def _projected(pose: Pose) -> Floats:
    """Return where the sheet's corners fall, from 0 to 1, from as far as a hand holds a phone."""
    roll, pitch, yaw = np.radians([pose.roll, pose.pitch, pose.yaw])
    turn_z = [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
    turn_x = [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
    turn_y = [[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]]
    corners = np.array([[-0.5, -0.5, 0], [0.5, -0.5, 0], [0.5, 0.5, 0], [-0.5, 0.5, 0]])
    x, y, z = (np.array(turn_x) @ np.array(turn_y) @ np.array(turn_z) @ corners.T).astype(float)
    nearer = _AWAY / (_AWAY + z)
    return np.stack([0.5 + x * nearer, 0.5 + y * nearer], axis=1)


def _coefficients(corners: Floats, side: int) -> list[float]:
    """Return Pillow's eight numbers that map these corners back to a square of this side."""
    square = np.array([[0, 0], [side, 0], [side, side], [0, side]], dtype=float)
    rows = []
    for (x, y), (u, v) in zip(corners, square, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    solved: list[float] = np.linalg.solve(np.array(rows), square.reshape(8)).tolist()
    return solved


def _light(image: Floats, pose: Pose, random: np.random.Generator) -> Floats:
    """Return the image lit from one side, darker to its corners, with a soft shadow across."""
    side = image.shape[0]
    y, x = np.mgrid[0:side, 0:side] / side - 0.5
    angle = random.uniform(0, 2 * np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    falling = 1 - pose.shade * (along + 0.5)
    corners = 1 - 0.3 * (x**2 + y**2)
    shadow = 1 - 0.25 * pose.shade / (1 + np.exp(-(along - random.uniform(-0.3, 0.3)) * 25))
    lit: Floats = image * falling * corners * shadow
    return lit


def _jpeg(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return Image.open(io.BytesIO(buffer.getvalue())).convert("L")
