"""Messages of one browser, answered one after the other, also while something is loaded beside."""

from collections import deque
from collections.abc import Callable

from foresight.bounds import MESSAGES

from .post import Message


class Inbox:
    """What a browser asks for.

    Parameters
    ----------
    answer : callable
        Answers a message, and never raises.
    """

    def __init__(self, answer: Callable[[Message], None]) -> None:
        self._answer = answer
        self._waiting: deque[Message] = deque()
        self._held = False

    def take(self, message: Message) -> None:
        """Answer a message, now or when what is loaded is there; InputError if too many wait already."""
        if self._held:
            MESSAGES.check(len(self._waiting) + 1)
            self._waiting.append(message)
        else:
            self._answer(message)

    def hold(self) -> None:
        """Answer nothing until it goes on."""
        self._held = True

    def go_on(self) -> None:
        """Answer what has come meanwhile, unless something is loaded again."""
        self._held = False
        while self._waiting and not self._held:
            self._answer(self._waiting.popleft())
