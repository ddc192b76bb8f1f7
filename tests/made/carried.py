"""A bundle in a network that leads nowhere: run as ``unshare -rn python carried.py BUNDLE HOME``.

It starts the interface with the script of the bundle and opens it in a browser, and says as JSON how many seconds after
the start it was served and the first picture was there.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from foresight._benchmarks.interface import SCREEN, chromium
from foresight._benchmarks.start import _DRAWN as DRAWN

#: Milliseconds for a first picture.
PATIENCE = 300_000


async def seen(url: str) -> None:
    """Open the page as somebody who has never been there, and wait for its picture."""
    async with chromium() as browser:
        page = await browser.new_page(viewport=SCREEN, locale="en", bypass_csp=True)
        await page.goto(url)
        await page.wait_for_function(DRAWN, timeout=PATIENCE)


def started(bundle: Path, home: Path) -> dict[str, Any]:
    """Start, look, and stop."""
    begun = time.monotonic()
    bare = {"PATH": os.environ["PATH"], "HOME": str(home), "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1"}
    command = [bundle / "start.sh", "--json", "ui", "--port", "0"]
    with subprocess.Popen(command, cwd=home, env=bare, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        said = ""
        for line in server.stdout:
            said += line
            if line == "}\n":
                break
        served = time.monotonic() - begun
        asyncio.run(seen(json.loads(said)["url"]))
        drawn = time.monotonic() - begun
        server.terminate()
    return {"served": served, "drawn": drawn, "code": server.returncode}


def main() -> None:
    bundle, home = map(Path, sys.argv[1:])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    print(json.dumps([started(bundle, home) for _ in range(2)]))


if __name__ == "__main__":
    main()
