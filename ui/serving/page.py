"""The page, the same for all but for the ticket that it opens its connection with."""

from http import HTTPStatus
from string import Template
from typing import Final, cast

from tornado.web import HTTPError

from .crowd import Crowd
from .files import Files
from .guards import Guarded
from .tickets import Tickets

#: What chooses the name of a session from outside, in Bokeh.
_CHOOSING: Final = ("bokeh-session-id", "bokeh-token")

#: Characters of the languages that a browser asks for.
_LANGUAGES: Final = 100


class Page(Guarded):
    """Hands out the page; the session itself begins with the connection, so that a page costs nearly nothing."""

    def initialize(self, template: Template) -> None:
        """Take the page, with a place for the ticket."""
        self._template = template

    def get(self) -> None:
        """Answer with the page, or say that there are too many visitors."""
        chosen = any(self.get_arguments(name) for name in _CHOOSING) or "Bokeh-Session-Id" in self.request.headers
        if chosen:
            raise HTTPError(HTTPStatus.FORBIDDEN)
        if cast(Crowd, self.settings["visitors"]).refusal(str(self.request.remote_ip)):
            raise HTTPError(HTTPStatus.SERVICE_UNAVAILABLE)
        languages = self.request.headers.get("Accept-Language", "")[:_LANGUAGES]
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self._template.substitute(ticket=cast(Tickets, self.settings["tickets"]).issue(languages)))


def with_files(page: str, files: Files) -> Template:
    """Return the page with the addresses of what it loads: modules at once, not one after the other as they import."""
    assets = f"assets/{files.version}"
    scripts = [f'<script defer src="{assets}/{name}"></script>' for name in files.libraries]
    modules = [f'<link rel="modulepreload" href="{assets}/{name}">' for name in files.imported("app.js")]
    return Template(Template(page).safe_substitute(assets=assets, scripts="\n".join([*modules, *scripts])))
