"""Draw the picture of the README: what `foresight run` prints, with nothing fetched from elsewhere."""

import io
import re
from pathlib import Path

from rich.console import Console

from foresight import briefing
from foresight.display import Screen
from foresight.loading import bundled
from foresight.results import simulate

WIDTH = 112
PICTURE = Path(__file__).with_name("picture.svg")

screen = Screen()
screen.out = Console(file=io.StringIO(), record=True, width=WIDTH, markup=False, emoji=False, highlight=False)
briefing.outcomes(screen, [simulate(name) for name in bundled()])
drawn = screen.out.export_svg(title="foresight run")
PICTURE.write_text(re.sub(r"@font-face\s*{[^}]*}\s*", "", drawn), "utf-8")
