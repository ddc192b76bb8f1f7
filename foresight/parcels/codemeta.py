"""What the program is, for machines: CodeMeta 3.0, in terms of schema.org."""

import json
from collections.abc import Mapping
from typing import Any, Final

from foresight.parcels.distribution import installed

_CONTEXT: Final = "https://w3id.org/codemeta/3.0"
_LICENCES: Final = "https://spdx.org/licenses"
_STATUS: Final = "Development Status :: "


def codemeta(libraries: Mapping[str, str]) -> bytes:
    """Return `codemeta.json`, from what the program declares of itself.

    Parameters
    ----------
    libraries : Mapping[str, str]
        Versions by name.
    """
    own = installed().metadata
    (status,) = (line.removeprefix(_STATUS) for line in own.get_all("Classifier", []) if line.startswith(_STATUS))
    terms: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "SoftwareSourceCode",
        "name": own["Name"],
        "description": own["Summary"],
        "version": own["Version"],
        "author": [{"@type": "Organization", "name": own["Author"]}],
        "license": f"{_LICENCES}/{own['License-Expression']}",
        "keywords": own["Keywords"].split(","),
        "applicationCategory": "Computational Model",
        "developmentStatus": status,
        "operatingSystem": "Any",
        "programmingLanguage": {"@type": "ComputerLanguage", "name": "Python", "version": own["Requires-Python"]},
        "runtimePlatform": [f"Mesa {libraries['mesa']}"],
        "softwareRequirements": [
            {"@type": "SoftwareApplication", "name": name, "version": version} for name, version in libraries.items()
        ],
    }
    return f"{json.dumps(terms, indent=2, ensure_ascii=False)}\n".encode()
