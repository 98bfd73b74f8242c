"""A photo is made small and plain, and what is no photo is refused in words."""

import warnings
from io import BytesIO

import pytest
from PIL import Image

from liushou_web.children.files import portraits
from liushou_web.refusal import Refused

RED, BLUE = (200, 30, 30), (30, 30, 200)


def picture(size=(1200, 900), kind="JPEG", mode="RGB", **options):
    """Red on the left, blue on the right."""
    made = Image.new("RGB", size, RED)
    made.paste(BLUE, (size[0] // 2, 0, *size))
    out = BytesIO()
    made.convert(mode).save(out, kind, **options)
    return out.getvalue()


def read(content):
    return Image.open(BytesIO(content))


def close(pixel, colour):
    return all(abs(a - b) < 40 for a, b in zip(pixel, colour, strict=True))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"),
     ("WEBP", "RGB")],
)  # fmt: skip
def test_whatever_comes_in_a_small_jpeg_comes_out(kind, mode):
    made = read(portraits.portrait(picture(kind=kind, mode=mode)))

    assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (480, 360))
    assert mode == "L" or close(made.getpixel((20, 180)), RED)


def test_a_small_photo_stays_as_large_as_it_is():
    assert read(portraits.portrait(picture((40, 30)))).size == (40, 30)


def test_it_stands_upright_and_tells_nothing_of_where_and_when():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    exif[0x010F] = "a camera"
    exif.get_ifd(0x8825)[1] = "N"

    made = read(portraits.portrait(picture(exif=exif)))

    assert made.size == (360, 480)
    assert close(made.getpixel((180, 20)), RED)
    assert (dict(made.getexif()), made.info.get("exif")) == ({}, None)


def test_what_is_transparent_lies_on_white_paper():
    out = BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")

    assert read(portraits.portrait(out.getvalue())).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a photo",
        picture(kind="GIF"),
        picture()[:2000],  # broken off
        picture(kind="PNG")[:400],
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    ],
)
def test_what_is_no_photo_is_refused(content):
    with pytest.raises(Refused, match="不是可以打開的照片"):
        portraits.portrait(content)


def test_a_file_of_more_than_five_megabytes_is_refused_unread():
    with pytest.raises(Refused, match="超過 5 MB"):
        portraits.portrait(picture() + bytes(portraits.LARGEST_FILE))


@pytest.mark.parametrize("side", [7_100, 9_600, 14_000])
def test_a_bomb_is_not_unfolded(side):
    """A few kilobytes that would fill gigabytes."""
    out = BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)

        with pytest.raises(Refused, match="尺寸太大"):
            portraits.portrait(out.getvalue())
