"""A page of HTML as PDF, by the chromium that a machine has."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from foresight.errors import InputError, Problem, listed

#: What it may be called.
BROWSERS: Final = ("chromium", "chromium-browser", "chromium-headless-shell", "google-chrome", "chrome", "msedge")

#: Seconds after which a browser that has not printed never will.
_PATIENCE: Final = 120


def browser() -> str:
    """Return where the browser is; InputError if there is none."""
    at = next(filter(None, map(shutil.which, BROWSERS)), None)
    if at is None:
        raise InputError([Problem("--out", "", "no_browser", "", listed(BROWSERS))])
    return at


def printed(page: str) -> bytes:
    """Return a page that needs nothing else as PDF.

    Raises
    ------
    InputError
        If there is no browser, or it does not print.
    """
    options = ["--headless", "--disable-gpu", "--no-pdf-header-footer"]
    if hasattr(os, "geteuid") and not os.geteuid():
        options.append("--no-sandbox")  # it does not start as root otherwise
    with tempfile.TemporaryDirectory(prefix="foresight-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, "utf-8")
        words = [browser(), *options, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}", source.as_uri()]
        try:
            subprocess.run(words, check=True, capture_output=True, timeout=_PATIENCE)
            return target.read_bytes()
        except (OSError, subprocess.SubprocessError):
            raise InputError([Problem("--out", "", "not_printed", words[0])]) from None
