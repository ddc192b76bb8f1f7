"""The server: what the connection to a browser is like."""

import asyncio
import gc
import re
import socket

import pytest
from foresight_ui.app import Connection, server
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect


@pytest.mark.costly
def test_each_piece_of_a_message_is_sent_at_once():
    async def options() -> list[int]:
        """Return what the operating system says of the connections of a server that somebody has come to."""
        web = server(0)
        web.start()
        page = await AsyncHTTPClient().fetch(f"http://127.0.0.1:{web.port}/")
        token = re.search(rb'"token":"([^"]+)"', page.body)[1].decode()
        visitor = await websocket_connect(HTTPRequest(f"ws://127.0.0.1:{web.port}/ws"), subprotocols=["bokeh", token])
        await visitor.read_message()  # the server acknowledges
        connections = [one for one in gc.get_objects() if type(one) is Connection]
        found = [
            one.ws_connection.stream.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for one in connections
        ]
        visitor.close()
        web.stop()
        return found

    assert asyncio.run(options()) == [1]
