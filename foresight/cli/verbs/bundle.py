"""Put all that a machine without internet needs in a folder, and say which machines that is for."""

from pathlib import Path

from foresight.cli.layout import paragraph
from foresight.cli.screen import Screen
from foresight.parcels import bundle as parcels
from foresight.parcels.scripts import UNTRIED


def bundle(screen: Screen, folder: Path) -> None:
    """Make a bundle in a folder, and say what is in it."""
    with screen.waiting(screen.say("bundle.collecting")) as progress:
        made = parcels.bundle(folder, screen.words, progress)
    facts = {**made._asdict(), "megabytes": screen.words.number(made.megabytes, 0), "folder": folder}
    told = screen.say("bundle.made", **facts), screen.say("bundle.untried", scripts=", ".join(UNTRIED))
    plain = {"folder": str(folder), **made._asdict(), "untried": UNTRIED}
    screen.emit(plain, *map(paragraph, told))
