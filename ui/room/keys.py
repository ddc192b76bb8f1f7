"""Codes, which people type, and secrets, which nobody can guess; of secrets the digest alone is ever kept."""

import hmac
import secrets
from hashlib import sha256
from typing import Final

#: Letters of a code, without those that look like figures; and how many it has.
LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH: Final = 6

#: Bytes of a secret, 144 bits.
_SECRET: Final = 18


def new_code() -> str:
    """Return a code, one of 190 million."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def new_secret() -> str:
    """Return a secret that fits into an address."""
    return secrets.token_urlsafe(_SECRET)


def digest_of(secret: str) -> str:
    """Return what a secret is known by."""
    return sha256(secret.encode()).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Tell whether two texts are the same, in a time that does not hang on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def typed(code: str) -> str:
    """Return a code as it is known, however somebody typed it."""
    return "".join(sign for sign in code.upper() if sign.isalnum())
