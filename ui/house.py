"""All that is behind the door, which takes a while to load: sessions, and the engine as they share it."""

from collections.abc import Callable
from functools import partial

import panel as pn
from bokeh.server.server import BaseServer
from tornado.httpserver import HTTPServer

from .parts.frame import pictured
from .runs.live import LIVE
from .runs.setting import first_setting
from .runs.trial import close_all
from .serving.application import Application, server_of
from .serving.door import Door
from .session import Session
from .visit.state import FIRST_VIEW
from .words import wished

pn.config.browser_info = False  # nothing is asked of a browser that nobody reads

__all__ = ["close_all", "furnished", "keep", "warm"]


def session_of_visitor(place: str = "") -> Session:
    """Make the session of one visitor, in the language that the browser asks for first.

    Parameters
    ----------
    place : str, optional
        The address at which others reach the server.
    """
    return Session(wished(str((pn.state.headers or {}).get("Accept-Language", ""))), place)


def furnished(door: Door, listener: HTTPServer, lifetime: int) -> BaseServer:
    """Return a server that takes visitors, and has not started yet."""
    application = Application(partial(session_of_visitor, door.names.place), door, lifetime)
    door.lead_to(application, lambda: LIVE.readiness.share)
    return server_of(application, listener)


def keep(memory: int) -> None:
    """Let what is kept take so many bytes."""
    LIVE.kept.most = memory


def warm(progress: Callable[[float], None]) -> None:
    """Make the first picture beside, so that the first visitor waits for neither compiler nor picture.

    Parameters
    ----------
    progress : callable
        Called with how far the engine is, 0 to 1, from any thread.
    """
    LIVE.readiness.prepare(partial(pictured, first_setting(), FIRST_VIEW["map"]))
    LIVE.readiness.watch(progress)
