"""Cut the Chinese glyphs that the interface needs out of Noto Sans CJK, for machines without a Chinese font.

Run as `make glyphs` after texts have changed; it needs Debian's fonts-noto-cjk. A test tells when it has to be run.
"""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from fontTools import subset
from fontTools.ttLib import TTFont

#: The whole font, and the face in it that has the forms of mainland China.
SOURCE: Final = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
FACE: Final = 2

TARGET: Final = Path(__file__).parent.parent / "ui" / "assets" / "hans.woff2"

#: Packages whose texts and tables a visitor may see.
_SHOWN: Final = ("foresight.locale", "foresight.data", "foresight._scenarios", "foresight_ui.locale")


def signs() -> set[str]:
    """Return every Chinese sign and mark that texts, tables and scenarios have."""
    texts = (entry.read_text("utf-8") for package in _SHOWN for entry in _tables(files(package)))
    return {sign for text in texts for sign in text if "\u2e80" <= sign <= "\uffef"}


def _tables(folder: Traversable) -> Iterator[Traversable]:
    """Yield every table of texts and facts in a folder, drafts left out."""
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in ("drafts", "records"):
            yield from _tables(entry)
        elif entry.name.endswith((".toml", ".csv")):
            yield entry


def main() -> None:
    """Write the font."""
    font = TTFont(SOURCE, fontNumber=FACE)
    options = subset.Options(layout_features=[], hinting=False, name_IDs=[0, 1, 2, 13, 14], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(sign) for sign in signs()])
    cutter.subset(font)
    font.flavor = "woff2"
    font.save(TARGET)
    print(f"{TARGET.name}: {len(signs())} signs, {TARGET.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
