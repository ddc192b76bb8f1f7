"""The page, the same for all but for the ticket that it opens its connection with."""

from html import escape
from http import HTTPStatus
from string import Template
from typing import Final, cast

from panel.io.resources import Resources, bundle_resources
from tornado.web import HTTPError

from .crowd import Crowd
from .guards import Guarded
from .tickets import Tickets

#: What chooses the name of a session from outside, in Bokeh.
_CHOOSING: Final = ("bokeh-session-id", "bokeh-token")

#: What loads modules in old browsers, by scripts that it writes into the page; the application lets the browser do it.
_SHIM: Final = "es-module-shims"

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


def with_scripts(page: str, resources: Resources) -> Template:
    """Return the page with the scripts of Bokeh and Panel in their place."""
    bundle = bundle_resources([], resources)
    sources = (escape(str(source)) for source in bundle.js_files if _SHIM not in str(source))
    tags = (f'<script defer src="{source}"></script>' for source in sources)
    return Template(Template(page).safe_substitute(scripts="\n".join(tags)))
