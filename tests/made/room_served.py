"""A room on a server in a process of its own, and phones and desks that speak with it by hand."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
PATIENCE = 60.0  # seconds


class ServedRoom:
    """A room that can be killed, and goes on where it was at the same address.

    Parameters
    ----------
    folder : Path
        Where its record is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self.url = ""
        self._given: dict[str, str] = {}

    def start(self) -> None:
        record = self._folder / "one.room"
        port = self.url.rpartition(":")[2] or "0"
        way = ["--open", str(record)] if record.exists() else ["--out", str(record), "--title", "Suva"]
        command = [sys.executable, "-m", "foresight", "--json", "room", "--address", HOST, "--port", port, *way]
        log = (self._folder / "log").open("ab")
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=os.environ)
        log.close()
        assert self._process.stdout
        told = "".join(iter(self._process.stdout.readline, "}\n")) + "}"
        assert told != "}", (self._folder / "log").read_text()
        answer = json.loads(told)
        self.url = answer["url"]
        self._given = answer["rooms"][0]

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    @property
    def code(self) -> str:
        return self._given["code"]

    @property
    def desk(self) -> str:
        """The address of the desk, with its secret."""
        return self._given["desk"]

    @property
    def join(self) -> str:
        return f"{self.url}/join?c={self.code}"

    def desk_voice(self) -> "Voice":
        return Voice(self.url, face="desk", secret=self.desk.partition("#")[2])

    def phone_voice(self, delegation: str) -> "Voice":
        """Let somebody sit down at a delegation, or watch."""
        voice = Voice(self.url, face="phone", code=self.code)
        voice.say("describe", delegation=delegation)
        return voice


class Voice:
    """A phone or desk without a screen, that asks again and again."""

    def __init__(self, url: str, **hello: str) -> None:
        self._url = url
        self.view: dict[str, Any] = {}
        self.number = 0
        came = self._post("say", hello={"language": "en", **hello})
        self._poll = came["poll"]
        self._take(came["messages"])

    def say(self, say: str, **message: Any) -> dict[str, Any]:
        """Say something as a phone does, and return the answer."""
        return self._ask("mark", say=say, **message)

    def do(self, do: str, **message: Any) -> dict[str, Any]:
        """Ask for something as a desk does, and return the answer."""
        return self._ask("id", do=do, **message)

    def _ask(self, name: str, /, **message: Any) -> dict[str, Any]:
        self.number += 1
        self._post("say", poll=self._poll, message={name: self.number, **message})
        while True:
            for answer in self._hear():
                if self.number in (answer.get("heard"), answer.get("done"), answer.get(name)):
                    return answer

    def until(self, key: str, value: Any) -> dict[str, Any]:
        """Wait for a view in which something has a value."""
        return self.fits(lambda view: view.get(key) == value)

    def fits(self, fits: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """Wait for a view of which something is true."""
        while not fits(self.view):
            self._hear()
        return self.view

    def _hear(self) -> list[dict[str, Any]]:
        return self._take(self._post("hear", poll=self._poll)["messages"])

    def _take(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for message in messages:
            self.view = message.get("view", self.view)
        return messages

    def _post(self, path: str, **message: Any) -> dict[str, Any]:
        request = urllib.request.Request(f"{self._url}/room/{path}", json.dumps(message).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            told: dict[str, Any] = json.loads(answer.read())
        return told
