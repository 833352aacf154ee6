#!/usr/bin/python3
"""Renders the text lines in samples/: upright (`*_0`) and upside down (`*_180`).

Needs Debian's python3-pil, python3-numpy and the font packages that FONTS lists. `--check` asks the text-direction
classifier about every sample, through ONNX Runtime: run eng/fetch-model text-direction and eng/setup-peers before.
"""

import argparse
import json
import math
import pathlib
import subprocess
import tempfile
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
FONTS = pathlib.Path("/usr/share/fonts")
LIBERATION = "truetype/liberation/Liberation"  # fonts-liberation
DEJAVU = "truetype/dejavu/DejaVu"  # fonts-dejavu-core
FREE = "truetype/freefont/Free"  # fonts-freefont-ttf
COMIC = "opentype/comic-neue/ComicNeue"  # fonts-comic-neue
SCRIPT = "opentype/dancingscript/DancingScript"  # fonts-dancingscript
LEAST_SCORE = 0.9
EXIF_ORIENTATION, EXIF_UPSIDE_DOWN = 0x0112, 3


@dataclass(frozen=True)
class Line:
    """A text line: name of its files, text, font file, height in pixels, colours, and what is behind the text."""

    name: str
    text: str
    font: str
    height: int
    ink: str = "black"
    paper: str = "white"
    background: str = "plain"


LINES = [
    Line("invoice_serif", "Invoice No. 2024-0815", LIBERATION + "Serif-Regular.ttf", 48),
    Line("street_sans", "Bahnhofstraße 27", DEJAVU + "Sans.ttf", 64, "white", "#1c4f9c"),
    Line("receipt_mono", "TOTAL EUR 42,90", FREE + "MonoBold.ttf", 32, "#333333", "#f4f1e8", "specks"),
    Line("note_script", "Best regards, Philip", SCRIPT + "-Bold.otf", 72, "#20307a", "#fdf6dd", "rules"),
    Line("title_bold", "Quarterly report", LIBERATION + "Sans-Bold.ttf", 96, "#101010", "#c9d8c5", "gradient"),
    Line("label_italic", "Handle with care", FREE + "SerifBoldItalic.ttf", 40, "#a01515", "#e3cfa4", "specks"),
    Line("serial_narrow", "Serial number A7K-3391", LIBERATION + "SansNarrow-Regular.ttf", 24),
    Line("pangram_long", "The quick brown fox jumps over the dog", LIBERATION + "Serif-Bold.ttf", 36),
    Line("birthday_comic", "Happy birthday!", COMIC + "-Bold.otf", 56, "#ffe14a", "#1d6b3a", "gradient"),
    Line("exit_short", "Ausfahrt", DEJAVU + "Sans-Bold.ttf", 52, "#f0f0f0", "#2b2b2b"),
]
SCAN = Line("scan_serif", "Chapter seven", LIBERATION + "Serif-Regular.ttf", 60, "#1a1a1a", "#efe9da", "noise")
PHOTO = Line("photo_exif", "Platform changes", DEJAVU + "Sans.ttf", 44, "#f5f5f5", "#5a3a2a", "noise")


def render(line, random):
    """The upright line, with a margin of a tenth of its height or more."""
    font = ImageFont.truetype(str(FONTS / line.font), round(line.height * 0.66))
    left, top, right, bottom = font.getbbox(line.text)
    margin = line.height // 5
    picture = paper(line, right - left + 2 * margin, random)
    origin = (margin - left, (line.height - top - bottom) // 2)
    ImageDraw.Draw(picture).text(origin, line.text, font=font, fill=line.ink)
    return noisy(picture, random) if line.background == "noise" else picture


def paper(line, width, random):
    """What is behind the text."""
    picture = Image.new("RGB", (width, line.height), line.paper)
    draw = ImageDraw.Draw(picture)
    if line.background == "specks":
        for _ in range(width * line.height // 90):
            at = (int(random.integers(width)), int(random.integers(line.height)))
            draw.point(at, fill=line.ink if random.random() < 0.2 else "white")
    elif line.background == "rules":
        for y in range(line.height // 8, line.height, line.height // 4):
            draw.line((0, y, width, y), fill="#b8c8e0")
    elif line.background == "gradient":
        ramp = Image.linear_gradient("L").resize(picture.size)
        picture = Image.blend(picture, Image.merge("RGB", (ramp, ramp, ramp)), 0.2)
    return picture


def noisy(picture, random):
    pixels = np.asarray(picture) + random.normal(0, 12, (picture.height, picture.width, 1))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def write_samples():
    random = np.random.default_rng(1)
    SAMPLES.mkdir(exist_ok=True)
    for line in LINES:
        picture = render(line, random)
        picture.save(SAMPLES / f"{line.name}_0.png", optimize=True)
        picture.rotate(180).save(SAMPLES / f"{line.name}_180.png", optimize=True)
    render(SCAN, random).rotate(180).save(SAMPLES / f"{SCAN.name}_180.jpg", quality=75)
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = EXIF_UPSIDE_DOWN
    # Stored upside down, shown upright.
    render(PHOTO, random).rotate(180).save(SAMPLES / f"{PHOTO.name}_0.jpg", quality=75, exif=exif)


def normalized(picture, antialias):
    """The classifier's input [1, 3, 48, 192]: BGR in [-1, 1], 48 rows, aspect kept, zeros to the right."""
    columns = min(192, math.ceil(48 * picture.width / picture.height))
    if antialias:
        resized = picture.resize((columns, 48), Image.BILINEAR)
    else:
        steps = (picture.width / columns, 0, 0, 0, picture.height / 48, 0)
        resized = picture.transform((columns, 48), Image.AFFINE, steps, Image.BILINEAR)
    values = np.zeros((1, 3, 48, 192), np.float32)
    values[0, :, :, :columns] = np.asarray(resized).transpose(2, 0, 1)[::-1] / 127.5 - 1
    return values


def scores(inputs):
    """Scores [N, 2] that ONNX Runtime gives for 0 and 180 degrees."""
    with tempfile.TemporaryDirectory() as folder:
        x, y = f"{folder}/x.npy", f"{folder}/y.npy"
        np.save(x, np.concatenate(inputs))
        command = ["node", ROOT / "eng" / "onnxruntime-run.js", ROOT / "models" / "ppocr-text-direction.onnx"]
        request = json.dumps({"input": x, "output": y})
        subprocess.run(command, input=request, text=True, check=True, stdout=subprocess.DEVNULL)
        return np.load(y)


def check_samples():
    """Refuses samples that are judged wrong or unsurely, with the classifier's own resize or an antialiased one."""
    files = sorted(path for path in SAMPLES.iterdir() if path.suffix in (".png", ".jpg"))
    pictures = [ImageOps.exif_transpose(Image.open(path)).convert("RGB") for path in files]
    plain, antialiased = (scores([normalized(picture, way) for picture in pictures]) for way in (False, True))
    wrong = 0
    for row, path in enumerate(files):
        expected = 1 if path.stem.endswith("_180") else 0
        score = min(plain[row, expected], antialiased[row, expected])
        verdict = "right" if score > LEAST_SCORE else "WRONG"
        wrong += verdict == "WRONG"
        print(f"{verdict} {score:.3f} {path.name} {pictures[row].size} {path.stat().st_size} bytes")
    if wrong:
        raise SystemExit(f"{wrong} of {len(files)} samples are judged wrong or below {LEAST_SCORE}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="classify every sample afterwards")
    arguments = parser.parse_args()
    write_samples()
    if arguments.check:
        check_samples()


if __name__ == "__main__":
    main()
