"""The pictures that the interface shows until the engine is ready; `make stored` writes them anew."""

import json
from pathlib import Path
from typing import Any

import foresight_ui
from foresight_ui.runs.live import Live
from foresight_ui.runs.picture import shown_of
from foresight_ui.runs.setting import Setting
from foresight_ui.runs.stored import FILE, WHAT, key_of, plain

from foresight.scenario.loading import shipped

PATH = Path(foresight_ui.__file__).parent / "runs" / FILE


def drawn() -> dict[str, Any]:
    """Draw every scenario that ships, as the interface opens it."""
    settings = map(Setting, shipped().values())
    return {key_of(one): plain(Live().picture(one, WHAT, lambda run: shown_of(run, WHAT))) for one in settings}


def written(pictures: dict[str, Any]) -> str:
    """Write pictures as they are stored."""
    return json.dumps(pictures, separators=(",", ":"), allow_nan=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(written(drawn()), "utf-8")
