"""What the interface says on trust; `make stored` writes it anew."""

import json
from pathlib import Path
from typing import Any

import foresight_ui
from foresight_ui.runs.trusted import FILE, key, worked_out

PATH = Path(foresight_ui.__file__).parent / "runs" / FILE


def written(trust: dict[str, Any]) -> str:
    """Write what was worked out as it is stored."""
    return json.dumps({"key": key(), "trust": trust}, ensure_ascii=False, indent=0, allow_nan=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(written(worked_out()), "utf-8")
