"""Pictures of one visitor's state, of which the newest alone is wanted.

While a run is under way newer moves wait, and only the newest of them is run next, so that a fast hand or a held key
never fills a queue. Where others are here too, one who never stops draws half of the time.
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from foresight.engine.readiness import NotReadyError
from foresight.errors import InputError

from .parts import country
from .parts.frame import frame
from .post import Post
from .runs.setting import Setting
from .visit.state import AppState
from .words import words

#: Threads for pictures: one waits for the engine while another draws.
_PICTURES: Final = ThreadPoolExecutor(4, "picture")


class Drawing:
    """What draws for one session.

    Parameters
    ----------
    state : AppState
        What is drawn.
    post : Post
        Takes the pictures to the browser.
    """

    def __init__(self, state: AppState, post: Post) -> None:
        self._state, self._post = state, post
        self._wanted: tuple[Any] | None = None  # the stamp of the newest move not drawn yet
        self._under_way = False
        self._then: Callable[[], None] | None = None
        self._ghost_sent: Any = None
        self._base_sent: Any = None

    def draw(self, stamp: Any = None, then: Callable[[], None] | None = None) -> None:
        """Draw what is on the screen by now, once the picture that is under way is done.

        Then, once no newer one is wanted, call what was given last: it finds the picture made.
        """
        self._wanted = (stamp,)
        self._then = then or self._then
        if not self._under_way:
            self._under_way = True
            self._post.start(self._draw_newest())

    def begin_anew(self) -> None:
        """Send the ghosts and the base with the next picture, as the charts are new."""
        self._ghost_sent = self._base_sent = None

    async def _draw_newest(self) -> None:
        try:
            while self._wanted is not None:
                (stamp,), self._wanted = self._wanted, None
                begun = time.monotonic()
                await self._draw(stamp)
                if self._wanted is not None and self._post.has_company:
                    await asyncio.sleep(time.monotonic() - begun)
        except InputError as error:
            self._post.complain(error)
        except Exception:
            self._post.fault("a picture could not be drawn")
        finally:
            self._under_way = False
            then, self._then = self._then, None
            if then is not None:
                then()

    async def _draw(self, stamp: Any) -> None:
        state = self._state.snapshot()
        key = _ghost_key(state.before, state.language)
        ghost = state.before if self._ghost_sent != key else None
        base = (_ghost_key(state.unchanged, state.language), state.view["map"])
        loop = asyncio.get_running_loop()
        code, said = country.code_of(state), words(state.language)
        asked = (state, said, ghost, base != self._base_sent)
        make = partial(frame, *asked) if code is None else partial(country.frame, state, code, said)
        try:
            picture = await loop.run_in_executor(_PICTURES, make)
        except NotReadyError:
            self._post.once_ready("picture", partial(self.draw, stamp))
            return
        self._ghost_sent, self._base_sent = key, base
        self._post.frame({"stamp": stamp, "ghosted": state.before is not None, **picture})


def _ghost_key(before: Setting | None, language: str) -> Any:
    return None if before is None else (before.key, language)
