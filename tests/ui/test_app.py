"""The server: what the connection to a browser is like."""

import gc
import socket

import pytest
from foresight_ui.serving.connection import Connection
from wire import House, visited


@pytest.mark.costly
def test_each_piece_of_a_message_is_sent_at_once():
    async def options(house: House) -> list[int]:
        """Return what the operating system says of the connections of a server that somebody has come to."""
        await house.come()
        connections = [one for one in gc.get_objects() if type(one) is Connection and one.ws_connection is not None]
        return [
            one.ws_connection.stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for one in connections
        ]

    assert visited(options) == [1]
