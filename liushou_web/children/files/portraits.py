"""A photo as it is handed in, made small and plain: only the picture is kept."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from liushou_web.refusal import Refused

if TYPE_CHECKING:
    from PIL import Image

LARGEST_FILE = 5 * 1024 * 1024  # bytes
MOST_PIXELS = 50_000_000  # a small file can unfold into more than the PC has memory for
LONGEST_SIDE = 480
PHOTO_KINDS = ("JPEG", "PNG", "WEBP")
PAPER = (255, 255, 255)  # under what is transparent

TOO_LARGE = "照片超過 5 MB，沒有保存。請用手機拍小一點，或截圖後再傳。"
TOO_MANY_PIXELS = "照片的尺寸太大，沒有保存。請用手機拍小一點，或截圖後再傳。"
NO_PHOTO = "這個文件不是可以打開的照片。請用 JPEG、PNG 或 WebP 照片。"


def portrait(content: bytes) -> bytes:
    """A JPEG of at most 480 pixels a side, upright, without place, time or camera.

    Refuses what is no JPEG, PNG or WebP, is damaged, or is too large to be unfolded.
    """
    from PIL import Image  # slow to load, and not needed to start

    if len(content) > LARGEST_FILE:
        raise Refused(TOO_LARGE)
    try:
        with Image.open(BytesIO(content), formats=PHOTO_KINDS) as photo:
            too_many = photo.width * photo.height > MOST_PIXELS
            plain = None if too_many else _plain(photo)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        plain = None
    except Exception as error:  # whatever its readers stumble over is no photo for us
        raise Refused(NO_PHOTO) from error
    if plain is None:
        raise Refused(TOO_MANY_PIXELS)
    out = BytesIO()
    plain.save(out, "JPEG", quality=82)
    return out.getvalue()


def _plain(photo: Image.Image) -> Image.Image:
    """Only the pixels: small, turned as the camera was held, on white paper."""
    from PIL import Image, ImageOps

    photo.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(photo).convert("RGBA")
    plain = Image.new("RGB", upright.size, PAPER)
    plain.paste(upright, mask=upright.getchannel("A"))
    return plain
