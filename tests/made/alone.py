"""A whole workshop in a network that leads nowhere: run as ``unshare -rn python alone.py FOLDER``.

It says as JSON what came of it, and whom the server has asked for anything.
"""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from foresight._benchmarks.phones import Desk, Phone, Server
from tornado.httpclient import AsyncHTTPClient

#: A program that notes each host that it asks for a name or a connection; connections of datagrams alone send nothing.
NOTING = """
import sys, socket
noted = open(sys.argv.pop(1), "a", buffering=1)
def note(event, given):
    if event == "socket.getaddrinfo" or (event == "socket.connect" and given[0].type & 15 == socket.SOCK_STREAM):
        noted.write(f"{event} {given[0] if event == 'socket.getaddrinfo' else given[1][0]}\\n")
    elif event in ("socket.sendto", "socket.sendmsg"):
        noted.write(f"{event} {given[1]}\\n")
sys.addaudithook(note)
from foresight.cli.main import main
main()
"""

#: The address of this machine in its network.
PLACE = "192.168.77.1"

SEATS = ("SEA", "Pacific", "partners", "secretariat")


def lay_cable() -> None:
    """Let this machine reach itself, and have a network that leads nowhere, as a hotspot without internet does."""
    for words in (
        "set lo up",
        "add room type veth peer name phones",
        "set room up",
        "set phones up",
    ):
        subprocess.run(["ip", "link", *words.split()], check=True)
    subprocess.run(["ip", "address", "add", f"{PLACE}/24", "dev", "room"], check=True)


async def fetched(port: int) -> list[str]:
    """Return the pages, and all files that they name."""
    pages = [await text(f"http://{PLACE}:{port}/{face}") for face in ("join", "desk", "wall")]
    files = {name for page in pages for name in re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)}
    return [*pages, *[await text(f"http://{PLACE}:{port}{name}") for name in sorted(files)]]


async def text(address: str) -> str:
    return (await AsyncHTTPClient().fetch(address)).body.decode()


async def said(phones: list[Phone], what: str, **message: Any) -> None:
    marks = [await phone.say(what, **message) for phone in phones]
    for phone, mark in zip(phones, marks, strict=True):
        await phone.until_heard(mark)


async def asked(desk: Desk, phones: list[Phone], stage: str) -> None:
    """Go to a part of the agenda, and take entries."""
    await desk.do("stage", stage=stage)
    await desk.do("ask", open=True)
    for phone in phones:
        await phone.until(lambda view: view["asking"] and view["stage"] == stage)


async def round_(desk: Desk, phones: list[Phone], stage: str = "round") -> None:
    await asked(desk, phones, stage)
    for phone in phones:
        free = [lever["free"] for lever in phone.view["hand"]["levers"]]
        await said([phone], "propose", points=[int(one) for one in free])
    await desk.do("lock", locked=True)
    await desk.do("deal")
    await desk.do("reveal")
    await desk.until(lambda view: view["result"] and view["seen"])


async def workshop(server: Server) -> dict[str, Any]:
    """Play the whole agenda, with a rewind."""
    desk, phones = Desk(server).begin(), [Phone(server).begin() for _ in SEATS]
    await desk.until(bool)
    for seat, phone in zip(SEATS, phones, strict=True):
        await phone.until(bool)
        await said([phone], "describe", delegation=seat)
    await asked(desk, phones, "predict")
    await said(phones, "predict", steps=1.5)
    await desk.do("stage", stage="base")
    await desk.until(lambda view: view["result"])
    await round_(desk, phones, "practice")
    await desk.do("clear")
    for _ in range(3):
        await round_(desk, phones)
    await desk.do("branch", phase=3)
    await round_(desk, phones)
    await asked(desk, phones, "survey")
    await said(phones, "rank", order=["solidarity", "transparency", "accountability", "financing", "networking"])
    await desk.do("stage", stage="debrief")
    view = await desk.until(lambda view: view["stage"] == "debrief")
    sizes = {name: len(await desk.file(name)) for name in ("votes.csv", "scenarios.zip", "session.html", "kit.html")}
    for one in (desk, *phones):
        await one.leave()
    return {"branches": [one["revealed"] for one in view["branches"]], "sizes": sizes}


def main() -> None:
    folder = Path(sys.argv[1])
    lay_cable()
    noted = folder / "asked"
    routes = [line.split()[:2] for line in Path("/proc/net/route").read_text().splitlines()[1:]]

    async def whole(server: Server) -> dict[str, Any]:
        return {**await workshop(server), "files": await fetched(server.port)}

    with Server(folder / "one.room", PLACE, ("-c", NOTING, str(noted))) as server:
        found = asyncio.run(asyncio.wait_for(whole(server), 300))
    hosts = {name for file in found.pop("files") for name in re.findall(r"\b(?:https?|wss?)://([^/\"'\s]+)", file)}
    print(
        json.dumps(
            {
                **found,
                "place": server.room["join"],
                "routes": routes,
                "hosts": sorted(hosts),
                "asked": noted.read_text().splitlines(),
            }
        )
    )


if __name__ == "__main__":
    main()
