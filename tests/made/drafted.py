"""Which languages are whole, and stay so; a draft that is begun may lack texts, which are in English then."""

from foresight.texts import languages

#: Drafts that have every text.
WHOLE_DRAFTS = ("fr", "ru")

#: Languages that have every text.
WHOLE = (*languages(), *WHOLE_DRAFTS)
