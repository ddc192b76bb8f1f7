"""Messages of a browser keep their order, whatever is loaded beside."""

from collections.abc import Mapping
from typing import Any

import pytest
from foresight_ui.inbox import Inbox

from foresight.bounds import MESSAGES
from foresight.errors import InputError


def test_what_comes_while_something_is_loaded_is_answered_afterwards_in_order():
    answered: list[int] = []

    def answer(message: Mapping[str, Any]) -> None:
        answered.append(message["n"])
        if message.get("loads"):
            inbox.hold()

    inbox = Inbox(answer)
    for message in ({"n": 1}, {"n": 2, "loads": True}, {"n": 3}, {"n": 4, "loads": True}, {"n": 5}):
        inbox.take(message)
    assert answered == [1, 2]
    inbox.go_on()
    assert answered == [1, 2, 3, 4]
    inbox.go_on()
    inbox.take({"n": 6})
    assert answered == [1, 2, 3, 4, 5, 6]


def test_not_too_many_messages_wait():
    answered: list[Mapping[str, Any]] = []
    inbox = Inbox(answered.append)
    inbox.hold()
    for _ in range(MESSAGES.most):
        inbox.take({})
    with pytest.raises(InputError, match="200"):
        inbox.take({})
    inbox.go_on()
    assert len(answered) == MESSAGES.most
