"""Tickets: each page is given one, and one connection can be opened with it, once and soon."""

import secrets
import time
from collections.abc import Callable
from typing import Final

from bokeh.core.types import ID
from bokeh.util.token import check_token_signature, generate_jwt_token, generate_session_id, get_token_payload
from bokeh.util.token import get_session_id as session_of

#: Seconds within which a page that has come opens its connection.
LIFETIME: Final = 300


class Tickets:
    """The tickets of one server, signed with a secret that was made as it started.

    Parameters
    ----------
    now : callable
        Seconds since 1970.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._secret = secrets.token_bytes(32)
        self._now = now
        self._taken: dict[ID, float] = {}

    def issue(self, languages: str) -> str:
        """Return a new ticket, which remembers the languages that a browser asks for."""
        name = generate_session_id(self._secret, signed=True)
        payload = {"headers": {"Accept-Language": languages}, "cookies": {}, "arguments": {}}
        return generate_jwt_token(name, self._secret, signed=True, extra_payload=payload, expiration=LIFETIME)

    def redeem(self, ticket: str) -> ID | None:
        """Take a ticket and return the name of the session that it opens; None if it is none, too old, or was taken."""
        now = self._now()
        try:
            genuine = check_token_signature(ticket, self._secret, signed=True)
            name, end = session_of(ticket), float(get_token_payload(ticket)["session_expiry"])
        except Exception:  # whatever somebody sends; what is raised hangs on how it is wrong
            return None
        self._taken = {one: until for one, until in self._taken.items() if until > now}
        if not genuine or end <= now or name in self._taken:
            return None
        self._taken[name] = end
        return name
