"""Serve the interface: one page, one session a visitor, nothing from any other host."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import panel as pn

from foresight_ui.live import LIVE
from foresight_ui.pages import explore
from foresight_ui.picture import picture_of
from foresight_ui.session import Session
from foresight_ui.setting import first_setting
from foresight_ui.words import LANGUAGES

ASSETS: Final = Path(str(files("foresight_ui.assets")))

#: Milliseconds that a session outlives its connection: a blip of the network is shorter.
_LIFETIME: Final = 60_000


@cache
def page_template() -> str:
    """Return the page that every session fills."""
    return (ASSETS / "index.html").read_text("utf-8")


def session_page() -> pn.Template:
    """Make the page of one visitor."""
    template = pn.Template(page_template())
    template.add_panel("session", Session(_wished()))
    return template


def serve(port: int = 5006, address: str = "127.0.0.1", origins: list[str] | None = None, **options: Any) -> Any:
    """Serve the interface until it is stopped.

    Parameters
    ----------
    port : int
        0 for any that is free.
    address : str
        Of the network card; 0.0.0.0 for all.
    origins : list of str, optional
        Hosts that visitors may name, such as ``192.168.0.2:5006``; the address itself by default.
    **options
        As for `panel.serve`.
    """
    warm()
    return pn.serve(
        {"/": session_page},
        port=port,
        address=address,
        websocket_origin=origins or [f"localhost:{port}", f"127.0.0.1:{port}", f"{address}:{port}"],
        static_dirs={"assets": str(ASSETS)},
        title="foresight",
        show=False,
        verbose=False,
        location=False,
        unused_session_lifetime_milliseconds=_LIFETIME,
        check_unused_sessions_milliseconds=_LIFETIME // 4,
        **options,
    )


def warm() -> None:
    """Make the first picture, so that the first visitor does not wait for it."""
    LIVE.picture(first_setting(), explore.PICTURE, picture_of)


def _wished() -> str:
    """Return the language that the browser asks for first, of those there are."""
    headers = pn.state.headers or {}
    wishes = (part.split(";")[0].strip()[:2].lower() for part in headers.get("Accept-Language", "").split(","))
    return next((wish for wish in wishes if wish in LANGUAGES), LANGUAGES[0])
