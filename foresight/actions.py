"""The axes of the model: five actions, five domains, five subregions, four rungs, four phases."""

from typing import Final

#: The five multilateral actions (source document, paragraphs 44 and 47), in the order of every array.
ACTIONS: Final = ("solidarity", "transparency", "accountability", "financing", "networking")
SOLIDARITY, TRANSPARENCY, ACCOUNTABILITY, FINANCING, NETWORKING = range(len(ACTIONS))

#: The infrastructure of the first phase (paragraph 37), as positions in `ACTIONS`.
INFRASTRUCTURE: Final = (SOLIDARITY, TRANSPARENCY, NETWORKING)

#: The five policy domains (paragraph 10).
DOMAINS: Final = ("climate", "growth", "ecosystems", "people", "cities")

#: Subregions; the position is the address of their random draws, so the order never changes.
SUBREGIONS: Final = ("ENEA", "NCA", "Pacific", "SSWA", "SEA")

#: Groups of countries in special situations; `REST` is every member in none of them.
GROUPS: Final = ("LDC", "LLDC", "SIDS", "REST")

#: Highest rung of ambition, one rung a phase.
RUNGS: Final = 4

FIRST_YEAR: Final = 2017
LAST_YEAR: Final = 2040

#: First years of the four phases; the document gives five-year phases but not their years.
PHASE_STARTS: Final = (2020, 2025, 2030, 2035)

#: Years in which a calendar would open rungs 2, 3 and 4: the milestones that delays are counted from.
MILESTONES: Final = PHASE_STARTS[1:]
