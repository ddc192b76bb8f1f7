"""The causal claims of the source document that the model states, and how each can be switched off."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from foresight.documents.document import Table
from foresight.documents.sources import rules
from foresight.texts import Words


class Claim(NamedTuple):
    """One claim.

    Parameters
    ----------
    paragraph : str
        Of ESCAP/CED/2022/1.
    settings : tuple[str, ...]
        What a scenario sets against it, each ``path=value``.
    replacements : tuple[str, ...]
        What `Inputs.replace` sets against it in Python: values outside the range that a scenario may have.
    """

    paragraph: str
    settings: tuple[str, ...] = ()
    replacements: tuple[str, ...] = ()


#: Claims by identifier; the words are in the section `claim` of the text catalogue.
CLAIMS: Final[Mapping[str, Claim]] = {
    "H1": Claim("¶37", ("structure.gate=any_three", "structure.gate=all_five", "structure.gate=calendar")),
    "H2": Claim("¶37", (), ("trust_gain=0",)),
    "H3": Claim("¶37", ("uncertainties.trust_effect=0", "structure.gate=calendar")),
    "H4": Claim(
        "¶42",
        (
            "uncertainties.accountability_effect=0",
            "uncertainties.accountability_catalysis=0",
            "uncertainties.base_performance_share=0",
            "levers.performance_share=0",
        ),
    ),
    "H5": Claim(
        "¶13", ("uncertainties.capacity_gain=0", "uncertainties.capacity_decay=0"), ("income=1e9", "base_capacity=0.9")
    ),
    "H6": Claim("¶12", ("uncertainties.slow_start=0",)),
    "H7": Claim(
        "¶21, ¶40",
        (
            "uncertainties.outside_peer_effect=0",
            "levers.linking=0",
            "uncertainties.body_weight=0",
        ),
        ("peer_effect=0", "sd_subregion_action=0"),
    ),
    "H8": Claim(
        "¶41",
        ("uncertainties.assistance_effect=0", "uncertainties.base_solidarity_share=0", "levers.solidarity_share=0"),
        ("ldc_penalty=0",),
    ),
}


def stated_by(name: str) -> tuple[str, ...]:
    """Return the rules whose docstrings name a claim."""
    return tuple(rule.name for rule in rules() if name in rule.claims)


def claim_table(words: Words) -> Table:
    """Return the claims with the rules that state them and what switches them off."""
    columns = ("claim", "meaning", "paragraph", "rules", "settings", "replacements")
    return Table(
        "claims",
        tuple(words.say(f"column.{name}") for name in columns),
        tuple(_row(name, claim, words) for name, claim in CLAIMS.items()),
        code=(3, 4, 5),
    )


def _row(name: str, claim: Claim, words: Words) -> tuple[str, ...]:
    sentence = words.say(f"claim.{name}")
    lists = (stated_by(name), claim.settings, claim.replacements)
    return name, sentence, claim.paragraph, *("\n".join(one) for one in lists)
