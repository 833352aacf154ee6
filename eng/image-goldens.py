#!/usr/bin/python3
"""Writes the pictures and the expected pixels that tests/Host/Images compares with.

Needs Debian's python3-pil (Pillow, which links libjpeg-turbo), python3-numpy and python3-opencv:
    eng/image-goldens.py
Every array is [H, W, 3] uint8, RGB. decoded.npz holds one array for each picture file, resized.npz
holds `source-<n>`, and for each of them `<case>` as Pillow (antialiased) or OpenCV (plain) resizes it.
"""
import argparse
import io
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "Host" / "Images" / "Goldens"
RANDOM = np.random.default_rng(20240229)
DECODED = {}


def photo(height, width, channels=3):
    """Smooth waves with an edge and a little noise: compresses like a photo, shows every mistake of a filter."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    planes = [128 + 90 * np.sin(x / (3 + c) + c) * np.cos(y / (4 - c % 3) - c) for c in range(channels)]
    image = np.stack(planes, axis=-1)
    image[height // 3 : height // 2, width // 4 :] += 70
    return np.clip(image + RANDOM.normal(0, 4, image.shape), 0, 255).astype(np.uint8)


def pillow(data):
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def keep(name, data, expected=None):
    (FOLDER / name).write_bytes(data)
    DECODED[name] = pillow(data) if expected is None else expected.astype(np.uint8)


# PNG, written here because Pillow writes neither Adam7 nor every depth.

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pack_row(samples, depth):
    if depth == 16:
        return samples.astype(">u2").tobytes()
    bits = np.unpackbits(samples.astype(np.uint8).reshape(-1, 1), axis=1)[:, 8 - depth :]
    return np.packbits(bits.reshape(-1)).tobytes()


def filtered(rows, step):
    out, above = b"", bytes(len(rows[0]))
    for index, row in enumerate(rows):
        a = (bytes(step) + row)[: len(row)]
        c = (bytes(step) + above)[: len(row)]
        kind = index % 5
        guess = {
            0: lambda i: 0,
            1: lambda i: a[i],
            2: lambda i: above[i],
            3: lambda i: (a[i] + above[i]) // 2,
            4: lambda i: min((a[i], above[i], c[i]), key=lambda v: abs(a[i] + above[i] - c[i] - v)),
        }[kind]
        out += bytes([kind]) + bytes((row[i] - guess(i)) & 255 for i in range(len(row)))
        above = row
    return out


def png(samples, kind, depth, interlace=False, extra=b""):
    height, width, _ = samples.shape
    step = max(1, CHANNELS[kind] * depth // 8)
    passes = ADAM7 if interlace else [(0, 0, 1, 1)]
    data = b""
    for x, y, dx, dy in passes:
        part = samples[y::dy, x::dx]
        if part.size:
            data += filtered([pack_row(row.reshape(-1), depth) for row in part], step)
    packed = zlib.compress(data, 9)
    half = len(packed) // 2
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlace))
    body = chunk(b"IDAT", packed[:half]) + chunk(b"IDAT", packed[half:])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + body + chunk(b"IEND", b"")


def exif(orientation):
    return b"II*\0\x08\0\0\0\x01\0" + struct.pack("<HHIHH", 0x112, 3, 1, orientation, 0) + bytes(4)


def write_png():
    for kind, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}.items():
        for depth in depths:
            for interlace in (False, True):
                samples = photo(11, 13, CHANNELS[kind]).astype(np.uint16)
                samples = samples * 257 + RANDOM.integers(0, 99, samples.shape) * (samples < 255) >> 16 - depth
                extra = b""
                if kind == 3:
                    palette = RANDOM.integers(0, 256, (2**depth, 3), dtype=np.uint8)
                    extra = chunk(b"PLTE", palette.tobytes()) + chunk(b"tRNS", bytes(range(2**depth)))
                data = png(samples, kind, depth, interlace, extra)
                # Pillow clips 16-bit grey at 255 when it converts; the high byte is meant.
                grey16 = np.repeat(samples[..., :1] >> 8, 3, axis=2) if (kind, depth) == (0, 16) else None
                keep(f"png-type{kind}-{depth}bit{'-adam7' if interlace else ''}.png", data, grey16)
    colours = photo(6, 5)
    for kind, value in ((0, colours[..., :1]), (2, colours)):
        key = b"".join(struct.pack(">H", v) for v in value[2, 2])
        keep(f"png-type{kind}-key-colour.png", png(value, kind, 8, extra=chunk(b"tRNS", key)))
    keep("png-1x1.png", png(colours[:1, :1], 2, 8))
    keep("png-adam7-2x3.png", png(colours[:3, :2], 2, 8, interlace=True))
    keep("png-exif-orientation6.png", png(colours, 2, 8, extra=chunk(b"eXIf", exif(6))))


# JPEG: Pillow and OpenCV write most of it; the rest is made by rewriting headers, and libjpeg-turbo judges.


def jpeg(image, **options):
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "JPEG", **{"quality": 85, **options})
    return stream.getvalue()


def with_frame(data, sampling, width, height):
    at = next(data.index(m) for m in (b"\xff\xc0\x00\x11", b"\xff\xc2\x00\x11") if m in data)
    changed = bytearray(data)
    changed[at + 5 : at + 9] = struct.pack(">HH", height, width)
    changed[at + 11] = sampling
    return bytes(changed)


def with_adobe(data, transform):
    """Replaces the JFIF segment by Adobe's, or changes the transform of Adobe's."""
    at = data.find(b"Adobe\0")
    if at >= 0:
        return data[: at + 11] + bytes([transform]) + data[at + 12 :]
    length = struct.unpack(">H", data[4:6])[0]
    return data[:2] + b"\xff\xee\x00\x0eAdobe\0d\0\0\0\0" + bytes([transform]) + data[4 + length :]


def opencv_jpeg(image, *options):
    return cv2.imencode(".jpg", image[..., ::-1], list(options))[1].tobytes()


def write_jpeg():
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        for progressive in (False, True):
            kind = "progressive" if progressive else "baseline"
            for width, height in ((37, 29), (16, 8), (3, 5), (5, 1)):
                data = jpeg(photo(height, width), subsampling=subsampling, progressive=progressive)
                keep(f"jpeg-{name}-{kind}-{width}x{height}.jpg", data)
    for progressive in (False, True):
        kind = "progressive" if progressive else "baseline"
        wide = jpeg(photo(31, 45), subsampling=1, progressive=progressive)
        keep(f"jpeg-440-{kind}.jpg", with_frame(wide, 0x12, 31, 45))
        square = jpeg(photo(32, 48), subsampling=2, progressive=progressive)
        # The four luma blocks of a unit now lie in a row (4:1:1), or in a column.
        # Every scan of a progressive image walks over other blocks, so that its size must stay a whole number of units.
        width, height = (96, 16) if progressive else (90, 13)
        keep(f"jpeg-411-{kind}.jpg", with_frame(square, 0x41, width, height))
        keep(f"jpeg-grey-{kind}.jpg", jpeg(photo(19, 23)[..., 0], progressive=progressive))
        colour = jpeg(photo(17, 18), subsampling=0, progressive=progressive)
        keep(f"jpeg-rgb-{kind}.jpg", with_adobe(colour, 0))
        inks = io.BytesIO()
        Image.fromarray(photo(17, 21, 4), "CMYK").save(inks, "JPEG", quality=85, progressive=progressive)
        keep(f"jpeg-cmyk-{kind}.jpg", inks.getvalue())
        keep(f"jpeg-ycck-{kind}.jpg", with_adobe(inks.getvalue(), 2))
        restart = (cv2.IMWRITE_JPEG_RST_INTERVAL, 2, cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive))
        keep(f"jpeg-restart-{kind}.jpg", opencv_jpeg(photo(50, 70), cv2.IMWRITE_JPEG_QUALITY, 60, *restart))
    keep("jpeg-tall-units.jpg", with_frame(jpeg(photo(32, 48), subsampling=2), 0x14, 24, 64))
    noise = RANDOM.integers(0, 256, (24, 24, 3), dtype=np.uint8)
    keep("jpeg-quality100.jpg", jpeg(noise, quality=100, subsampling=0))
    keep("jpeg-quality1.jpg", jpeg(photo(40, 40), quality=1))
    keep("jpeg-optimised.jpg", jpeg(photo(33, 40), optimize=True))
    for orientation in range(1, 9):
        keep(f"jpeg-orientation{orientation}.jpg", jpeg(photo(9, 14), exif=b"Exif\0\0" + exif(orientation)))
    keep("jpeg-named.png", jpeg(photo(9, 14)))


# BMP


def bmp(width, height, bits, pixels, palette=b"", compression=0, masks=b"", core=False):
    if core:
        header = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        sizes = struct.pack("<IIIIII", compression, len(pixels), 2835, 2835, len(palette) // 4, 0)
        header = struct.pack("<IiiHH", 40, width, height, 1, bits) + sizes
    offset = 14 + len(header) + len(masks) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + len(pixels), 0, 0, offset) + header + masks + palette + pixels


def bmp_rows(rows, flip=True):
    padded = [row + bytes(-len(row) % 4) for row in rows]
    return b"".join(reversed(padded) if flip else padded)


def run_length(indices, bits):
    """Runs, literals, a skip and line ends; what is skipped has colour 0."""
    out, shown = b"", indices.copy()
    for number, row in enumerate(indices[::-1]):
        if number == 2:
            out += b"\0\x02\x03\0"
            shown[len(indices) - 3, :3] = 0
            row = row[3:]
        literal = row[:5]
        packed = literal.tobytes() if bits == 8 else pack_row(literal, 4)
        out += b"\0\x05" + packed + bytes(len(packed) % 2)
        for value in row[5:]:
            out += bytes([1, value if bits == 8 else value << 4])
        out += b"\0\0"
    return out + b"\0\x01", shown


def write_bmp():
    height, width = 7, 13
    for bits in (1, 4, 8):
        colours = RANDOM.integers(0, 256, (2**bits, 4), dtype=np.uint8)
        indices = RANDOM.integers(0, 2**bits, (height, width), dtype=np.uint8)
        expected = colours[indices][..., 2::-1]
        rows = [pack_row(row, bits) for row in indices]
        keep(f"bmp-{bits}bit.bmp", bmp(width, height, bits, bmp_rows(rows), colours.tobytes()), expected)
        core_palette = colours[:, :3].tobytes()
        keep(f"bmp-{bits}bit-core.bmp", bmp(width, height, bits, bmp_rows(rows), core_palette, core=True), expected)
        if bits > 1:
            data, shown = run_length(indices, bits)
            kind = 1 if bits == 8 else 2
            file = bmp(width, height, bits, data, colours.tobytes(), kind)
            keep(f"bmp-rle{bits}.bmp", file, colours[shown][..., 2::-1])
    image = photo(height, width)
    bgr = [row[:, ::-1].tobytes() for row in image]
    keep("bmp-24bit.bmp", bmp(width, height, 24, bmp_rows(bgr)))
    keep("bmp-24bit-core.bmp", bmp(width, height, 24, bmp_rows(bgr), core=True))
    keep("bmp-24bit-top-down.bmp", bmp(width, -height, 24, bmp_rows(bgr, flip=False)))
    bgrx = np.dstack([image[..., ::-1], np.zeros((height, width), np.uint8)])
    keep("bmp-32bit.bmp", bmp(width, height, 32, bmp_rows([row.tobytes() for row in bgrx])), image)
    rgbx = np.dstack([np.zeros((height, width), np.uint8), image[..., ::-1]])
    masks = struct.pack("<III", 0xFF000000, 0xFF0000, 0xFF00)
    keep("bmp-32bit-fields.bmp", bmp(width, height, 32, bmp_rows([row.tobytes() for row in rgbx]), b"", 3, masks), image)
    words = RANDOM.integers(0, 65536, (height, width), dtype=np.uint16)
    rows = bmp_rows([row.astype("<u2").tobytes() for row in words])
    keep("bmp-16bit.bmp", bmp(width, height, 16, rows))
    keep("bmp-16bit-565.bmp", bmp(width, height, 16, rows, b"", 3, struct.pack("<III", 0xF800, 0x7E0, 0x1F)))
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "BMP")
    keep("bmp-pillow.bmp", stream.getvalue())


# PNM


def scaled(samples, maximum):
    return (samples.astype(np.int64) * 255 + maximum // 2) // maximum


def write_pnm():
    height, width = 6, 11
    bits = RANDOM.integers(0, 2, (height, width), dtype=np.uint8)
    black = np.repeat((1 - bits)[..., None] * 255, 3, axis=2)
    text = "\n".join("".join(map(str, row)) for row in bits)
    keep("pnm-p1.pbm", f"P1\n# a comment\n{width} {height}\n{text}\n".encode(), black)
    keep("pnm-p4.pbm", f"P4 {width}\n{height}\n".encode() + b"".join(pack_row(row, 1) for row in bits), black)
    for maximum in (255, 100, 65535):
        grey = RANDOM.integers(0, maximum + 1, (height, width))
        colour = RANDOM.integers(0, maximum + 1, (height, width, 3))
        kind = ">u2" if maximum > 255 else "u1"
        for letter, plain, raw, samples in (("g", 2, 5, grey), ("p", 3, 6, colour)):
            expected = scaled(samples if samples.ndim == 3 else np.repeat(samples[..., None], 3, axis=2), maximum)
            head = f"{width} # wide\n{height}\n{maximum}\n"
            body = "\n".join(map(str, samples.reshape(-1)))
            keep(f"pnm-p{plain}-{maximum}.p{letter}m", f"P{plain}\n{head}{body}\n".encode(), expected)
            keep(f"pnm-p{raw}-{maximum}.p{letter}m", f"P{raw}\n{head}".encode() + samples.astype(kind).tobytes(), expected)


def write_resized():
    arrays = {}
    sizes = [(1, 1), (7, 5), (31, 47), (64, 64), (3, 200), (150, 2), (97, 61)]
    targets = [(1, 1), (5, 7), (12, 16), (20, 28), (32, 32), (5, 60)]
    for number, (height, width) in enumerate(sizes):
        noisy = RANDOM.integers(0, 256, (height, width, 3), dtype=np.uint8)
        source = np.where(np.indices((height, width)).sum(0)[..., None] % 16 < 8, photo(height, width), noisy)
        arrays[f"source-{number}"] = source
        for h, w in targets:
            for name, mode, plain in (
                ("bilinear", Image.BILINEAR, cv2.INTER_LINEAR),
                ("bicubic", Image.BICUBIC, cv2.INTER_CUBIC),
            ):
                arrays[f"pillow-{name}-{number}-{h}x{w}"] = np.asarray(Image.fromarray(source).resize((w, h), mode))
                arrays[f"opencv-{name}-{number}-{h}x{w}"] = cv2.resize(source, (w, h), interpolation=plain)
    np.savez_compressed(FOLDER / "resized.npz", **arrays)


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    write_png()
    write_jpeg()
    write_bmp()
    write_pnm()
    np.savez_compressed(FOLDER / "decoded.npz", **DECODED)
    write_resized()
    total = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"{len(DECODED)} pictures, {total // 1024} KiB in {FOLDER}")


if __name__ == "__main__":
    main()
