"""Where a short link leads: to the page, with the whole link."""

from typing import Final

from .guards import Guarded
from .shortened import FORGOTTEN, LENGTH, LETTERS, SHORTENED

#: The address of a short link.
SHORT_LINKS: Final = f"/s/([{LETTERS}]{{{LENGTH}}})"


class ShortLink(Guarded):
    """Leads on to the page; what is not known is told there."""

    def get(self, name: str) -> None:
        """Answer with the address of the page."""
        self.set_header("Cache-Control", "no-store")
        self.redirect(f"/#{SHORTENED.find(name) or f'explore?{FORGOTTEN}'}")
