"""The pages of the book for facilitators, from the catalogues of the facilitator's kit, in each language."""

import re
from typing import Final

from foresight.documents.markdown import markdown
from foresight.texts import Words, drafts, keys, languages
from foresight.workshop.guide import guide

#: Languages that have every text; a draft that is begun has no page yet.
LANGUAGES: Final = (*languages(), *(draft for draft in drafts() if keys(draft) >= keys()))

#: Commands within the quotes of each language, which a book shows as code.
_COMMAND: Final = re.compile(r"[“«]\s*((?:foresight |--)[^”»]*?)\s*[”»]")

#: Phone beside wall, and the desk below; pictures are drawn by `make picture`.
_PICTURES: Final = """::::{{grid}} 1 1 2 2
:::{{grid-item}}
:columns: 12 12 3 3
![{phone}]({language}-phone.png)
:::
:::{{grid-item}}
:columns: 12 12 9 9
![{wall}]({language}-wall.png)
:::
:::{{grid-item}}
:columns: 12
![{desk}]({language}-desk.png)
:::
::::"""


def facilitator(language: str) -> str:
    """Return the page in a language, as MyST markdown."""
    names = {face: Words(language).say(f"kit.faces.{face}.title") for face in ("phone", "desk", "wall")}
    page = markdown(guide(language, (_PICTURES.format(language=language, **names),)))
    return _COMMAND.sub(r"`\1`", page)
