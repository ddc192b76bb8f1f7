"""What every answer tells a browser about what its pages may do."""

from typing import Final

#: What pages may load and run, one rule a kind; all else is forbidden.
_ALLOWED: Final = {
    "default-src": "'none'",
    "script-src": "'self' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
"""Looser than this server alone are: scripts from ``blob:``, as Panel makes a module of each component in the browser
itself; styles within the page, as Bokeh writes those of its models and our charts place their labels there; pictures
from ``data:``, as the picture of the tab and a chart saved as PNG are. No script that stands in a page, and none made
of a text, runs."""

#: Headers of every answer.
HEADERS: Final = {
    "Content-Security-Policy": "; ".join(f"{kind} {sources}" for kind, sources in _ALLOWED.items()),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
