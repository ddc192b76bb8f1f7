"""Libraries that only some users need: imported when first needed, and named with their extra when missing."""

import warnings
from importlib import import_module
from typing import Any, Final

from foresight.errors import InputError, Problem

#: The extra of scenario discovery with trees, and of the connector to EMA Workbench.
EXPLORE: Final = "explore"


def extra(module: str, name: str) -> Any:
    """Import a module of a library that comes with an extra.

    Parameters
    ----------
    module : str
        Such as "sklearn.tree".
    name : str
        The extra, as in ``pip install foresight-escap[explore]``.

    Raises
    ------
    InputError
        If it cannot be imported, with the extra that brings it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # libraries warn of what they could use besides and do not find
            return import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        raise InputError([Problem("Python", library, "needs_extra", str(error), details={"extra": name})]) from None
