"""The names that a server answers to, so that no page of another name can speak with it."""

import re
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

try:
    import fcntl
except ImportError:  # Windows, where the name of a machine stands for all its addresses
    fcntl = None  # type: ignore[assignment]

from foresight.errors import InputError, Problem, shown

#: Addresses that stand for all of a machine.
EVERYWHERE: Final = ("0.0.0.0", "::")

#: Names of a machine for itself.
_OWN: Final = ("localhost", "127.0.0.1", "[::1]")

#: What `--origin` may be: a name or an address, with or without a port.
_ORIGIN: Final = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")

#: Addresses of documentation and of private networks; the way to each leaves by one of the machine's own addresses.
_AFAR: Final = (
    (socket.AF_INET, ("192.0.2.1", "10.255.255.254", "172.31.255.254", "192.168.255.254")),
    (socket.AF_INET6, ("2001:db8::1",)),
)

#: What asks the system for the address of a network card (netdevice(7)), and how those are called that lead to none.
_GET_ADDRESS: Final = 0xC0206921 if sys.platform == "darwin" else 0x8915
_VIRTUAL: Final = ("br-", "docker", "lo", "tun", "utun", "vboxnet", "veth", "virbr", "vmnet")

#: The port that addresses of pages leave out.
_USUAL_PORT: Final = 80
_LAST_PORT: Final = 65535


class Names:
    """The names of one server.

    Parameters
    ----------
    port : int
        Where it listens.
    address : str
        What it listens on; one of `EVERYWHERE` adds the names and addresses of the machine.
    origins : sequence of str
        Names that it is given beside, such as ``192.168.0.2:5006``, or ``example.org`` behind a proxy.

    Raises
    ------
    InputError
        If an origin is no name.
    """

    def __init__(self, port: int, address: str, origins: Sequence[str] = ()) -> None:
        if wrong := [origin for origin in origins if not _is_place(origin)]:
            raise InputError([Problem("--origin", "", "not_a_host", shown(one), nearest=_within(one)) for one in wrong])
        hosts = [*_OWN, *(machine() if address in EVERYWHERE else [_bracketed(address)])]
        if address == EVERYWHERE[0]:  # it listens on no address of the other kind
            hosts = [host for host in hosts if not host.startswith("[")]
        self.port, self._everywhere = port, address in EVERYWHERE
        self._others = [host for host in hosts if not is_own(host)]
        named = [place for host in hosts for place in self._places(host.lower())]
        self.all = tuple(dict.fromkeys([*named, *(origin.lower() for origin in origins)]))

    @property
    def place(self) -> str:
        """The address that others in the network of this machine can use; empty where none can."""
        return f"http://{self._places(self._others[0])[-1]}" if self._others else ""

    @property
    def present_place(self) -> str:
        """The same as it is now, where this machine may have come to another network since it began."""
        hosts = (_bracketed(one) for one in (*_ways_out(), *_cards())) if self._everywhere else ()
        return next((f"http://{self._places(host)[-1]}" for host in hosts if not is_own(host)), self.place)

    @property
    def is_alone(self) -> bool:
        """Whether this machine has no address in a network."""
        return self._everywhere and all(is_own(_bracketed(one)) for one in (*_ways_out(), *_cards()))

    def has(self, host: str, here: str) -> bool:
        """Return whether a name is one of the server's own.

        Parameters
        ----------
        host : str
            The name as a browser gives it, with the port unless that is the usual one.
        here : str
            The address of this machine that the browser has come to; it is a name too.
        """
        return host.lower() in (*self.all, *self._places(_bracketed(here)))

    def has_origin(self, origin: str, here: str) -> bool:
        """Return whether a page comes from this server, by the origin that its browser tells."""
        try:
            scheme, host, *rest = urlsplit(origin)
        except ValueError:
            return False
        return scheme in ("http", "https") and not any(rest) and self.has(host, here)

    def _places(self, host: str) -> list[str]:
        """Return how browsers write a host with the port of the server."""
        return [f"{host}:{self.port}", *([host] if self.port == _USUAL_PORT else [])]


def is_own(host: str) -> bool:
    """Tell whether a name is one of a machine for itself, which means another machine elsewhere."""
    return host in _OWN or host.startswith("127.")


def machine() -> list[str]:
    """Return the names and addresses of this machine in its network."""
    name = socket.gethostname().lower()
    names = [name] if "." in name else [name, f"{name}.local"]
    addresses = dict.fromkeys([*_ways_out(), *_cards(), *_addresses_of(name)])
    return [*map(_bracketed, addresses), *(one for one in names if _ORIGIN.fullmatch(one))]


def _ways_out() -> Iterator[str]:
    """Yield the own addresses that ways to others begin at; nothing is sent."""
    for family, targets in _AFAR:
        for target in targets:
            with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((target, 9))
                yield probe.getsockname()[0]


def _cards() -> Iterator[str]:
    """Yield the address of each network card, those to virtual machines last: a hotspot leads nowhere else."""
    if fcntl is None:
        return
    names = sorted((name for _, name in socket.if_nameindex()), key=lambda name: name.startswith(_VIRTUAL))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for name in names:
            with suppress(OSError):  # it has none
                found = fcntl.ioctl(probe, _GET_ADDRESS, name.encode()[:15].ljust(40, b"\0"))
                yield socket.inet_ntoa(found[20:24])


def _addresses_of(name: str) -> Iterator[str]:
    with suppress(OSError):
        for *_, place in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM):
            yield str(place[0])


def _is_place(origin: str) -> bool:
    """Tell whether this is a name or an address, with a port that there is or without."""
    parts = _ORIGIN.fullmatch(origin.lower())
    return parts is not None and int((parts[2] or ":0")[1:]) <= _LAST_PORT


def _within(origin: str) -> str:
    """Return the name in the address of a page; empty where there is none."""
    with suppress(ValueError):
        place = urlsplit(origin).netloc
        return place if _is_place(place) else ""
    return ""


def _bracketed(address: str) -> str:
    """Write an address as it stands before a port."""
    plain = address.removeprefix("::ffff:").partition("%")[0]
    return f"[{plain}]" if ":" in plain and not plain.startswith("[") else plain
