"""Tables of a brief."""

from functools import partial
from typing import Final

from foresight.documents.document import Table
from foresight.facts.members import REGION
from foresight.facts.parameters import uncertainties
from foresight.facts.scopes import SCOPES
from foresight.reports.brief.findings import difference, threshold
from foresight.reports.brief.writing import BriefWords
from foresight.results.attribution import PARTS
from foresight.scenario.words import Happening, happenings, setting

#: What stands beside an empty cell.
_NOTHING: Final = ""


def compared(words: BriefWords) -> Table:
    """Return what was compared: what each path changes, and what it asks for."""
    rows = [
        (
            words.path(one),
            _changes(one, words),
            words.cite("made", "effort_points", partial(words.number, digits=1), scenario=one),
        )
        for one in words.grounds.scenarios
    ]
    return words.table("compared", words.heads("path changes points"), rows)


def results(words: BriefWords) -> Table:
    """Return what paths come to."""
    rows = [
        (
            words.path(path),
            f"{words.in_the_end(path)} ({words.end_band(path)})",
            _from_base(path, REGION, words),
            words.in_the_end(path, "trust"),
            words.cite("completed", "share", words.share, scenario=path),
        )
        for path in words.grounds.scenarios
    ]
    note = words.say("brief.note_results", base=words.path(words.grounds.base), **_told(words))
    return words.table("results", words.heads("path delivered difference trust completed"), rows, note)


def groups(words: BriefWords) -> Table:
    """Return steps delivered by subregion and group, and what each path changes."""
    base, *others = words.grounds.scenarios
    rows = [
        (
            words.scope(scope),
            words.in_the_end(base, scope=scope),
            *(f"{words.in_the_end(one, scope=scope)} ({difference(words, one, base, scope)})" for one in others),
        )
        for scope in SCOPES
    ]
    columns = (words.say("brief.column.scope"), *map(words.path, words.grounds.scenarios))
    return words.table("groups", columns, rows, words.say("brief.note_groups", base=words.path(base)))


def deeds(words: BriefWords) -> Table:
    """Return what each action did of what each path changes."""
    others = list(words.grounds.scenarios)[1:]
    rows = [
        (
            words.part(part),
            *(words.cite("actions", "mean", words.small, scenario=one, part=part) for one in others),
        )
        for part in PARTS
    ]
    columns = (words.say("brief.column.part"), *map(words.path, others))
    return words.table("deeds", columns, rows, words.say("brief.note_deeds"))


def turning(words: BriefWords, most: int = 5) -> Table:
    """Return the numbers that move the lead of the path that goes furthest most."""
    labels = {"scenario": words.grounds.best, "other": words.grounds.base}
    table = words.grounds.tables["turning"]
    rows = table[(table["scenario"] == labels["scenario"]) & table["parameter"].isin(uncertainties())]
    moved = rows.groupby("parameter", sort=False)["lead"].agg(lambda lead: lead.max() - lead.min())
    shown = [
        (
            words.parameter(str(name)),
            words.say(f"tag.{uncertainties()[str(name)].tag}"),
            *(_at(words, {**labels, "parameter": str(name), "place": place}) for place in ("low", "high")),
        )
        for name in moved.nlargest(most).index
    ]
    return words.table("turning", words.heads("parameter tag lowest highest"), shown, words.say("brief.note_turning"))


def watch(words: BriefWords, most: int = 5) -> Table:
    """Return what to watch, with thresholds and errors."""
    names = words.grounds.tables["watch"]["observable"].head(most)
    relation = words.grounds.tables["watch"].set_index("observable")["relation"]
    rows = [
        (
            words.observable(name),
            f"{'≥' if relation[name] == '>=' else '≤'} {threshold(words, name)}",
            *(_error(words, error, name) for error in ("false_alarm", "miss")),
        )
        for name in names
    ]
    note = words.say("brief.note_watch", confidence=words.constant("confidence", words.share))
    return words.table("watch", words.heads("observable reading false_alarm miss"), rows, note)


def member(code: str, words: BriefWords) -> Table:
    """Return what paths bring to a member."""
    rows = [
        (
            words.path(path),
            f"{words.in_the_end(path, scope=code)} ({words.end_band(path, scope=code)})",
            _from_base(path, code, words),
            words.in_the_end(path, "overdue_share", scope=code),
            words.cite("flows", "median", words.number, scenario=path, scope=code, flow="grant"),
            words.cite("flows", "median", words.number, scenario=path, scope=code, flow="contribution"),
        )
        for path in words.grounds.scenarios
    ]
    note = words.say("brief.note_member", **_told(words))
    return words.table(
        f"member-{code}", words.heads("path delivered difference overdue grant contribution"), rows, note
    )


# The annex -------------------------------------------------------------------------------------------------------


def events(words: BriefWords) -> Table:
    """Return the dated events of paths, each once."""
    paths: dict[Happening, list[str]] = {}
    for name, scenario in words.grounds.scenarios.items():
        for one in happenings(scenario, words):
            paths.setdefault(one, []).append(name)
    rows = [_event(one, own, words) for one, own in sorted(paths.items(), key=lambda item: item[0].year)]
    return words.table("events", words.heads("event year scope effects paths"), rows)


def parameters(words: BriefWords) -> Table:
    """Return every number that nobody knows, with its value and its range."""
    rows = [
        (
            words.parameter(name),
            words.cite("parameters", "value", words.exact, parameter=name),
            words.spread("parameters", words.exact, "low high", parameter=name),
            words.say(f"tag.{one.tag}"),
        )
        for name, one in uncertainties().items()
    ]
    return words.table("parameters", words.heads("parameter value range tag"), rows, words.say("brief.note_parameters"))


def made(words: BriefWords) -> Table:
    """Return what made the runs: versions and digests."""
    first = words.grounds.results[0].dataset.attrs
    shared = [(words.say(f"brief.made_{name}"), str(first[name])) for name in ("version", "data_digest", "effects")]
    own = [
        (words.path(one.scenario.id), f"{one.scenario.digest()}\n{one.dataset.attrs['result_digest']}")
        for one in words.grounds.results
    ]
    return Table("made", words.heads("what digest"), (*shared, *own), code=(1,))


def _changes(scenario: str, words: BriefWords) -> str:
    """Name what a path sets apart from the base, each kind of setting once."""
    base = words.grounds.base
    if scenario == base:
        return words.say("brief.changes_nothing")
    table = words.grounds.tables["settings"]
    given = table.set_index(["setting", "scenario"])["value"]
    own = [path for path in dict.fromkeys(table["setting"]) if given[path, scenario] != given[path, base]]
    names = dict.fromkeys(_kind(path, words) for path in own)
    return words.listed(names)


def _kind(path: str, words: BriefWords) -> str:
    """Name a kind of setting: a lever without its action, all coalitions and all events."""
    if path.startswith(("event.", "coalition.")):
        return words.say(f"brief.changes_{path.partition('.')[0]}")
    table, _, rest = path.partition(".")
    return (
        setting(f"{table}.{rest.partition('.')[0]}", words)
        if table in ("levers", "uncertainties")
        else setting(path, words)
    )


def _event(event: Happening, paths: list[str], words: BriefWords) -> tuple[str, ...]:
    """Write when an event comes, to whom, what it does and on which paths."""
    labels = {"scenario": paths[0], "event": event.name}
    title = words.cite("events", "event", lambda _: words.names.get(event.name, event.title), **labels)
    does = words.cite("events", "does", lambda _: event.effects, **labels)
    year = words.cite("events", "year", str, **labels)
    return title, year, event.scope, does, words.listed(map(words.path, paths))


def _from_base(scenario: str, scope: str, words: BriefWords) -> str:
    """Write how far a path lies from the base, with its interval."""
    base = words.grounds.base
    if scenario == base:
        return _NOTHING
    labels = {"scenario": scenario, "other": base, "scope": scope}
    return (
        f"{difference(words, scenario, base, scope)} ({words.spread('difference', words.small, 'low high', **labels)})"
    )


def _at(words: BriefWords, labels: dict[str, str]) -> str:
    """Write the lead at an end of a range."""
    lead = words.cite("turning", "lead", words.small, **labels)
    return f"{lead} ({words.cite('turning', 'at', words.exact, **labels)})"


def _error(words: BriefWords, error: str, name: str) -> str:
    """Write how often a threshold errs, with its interval."""
    share = words.cite("watch", error, words.share, observable=name)
    return f"{share} ({words.spread('watch', words.share, f'{error}_low {error}_high', observable=name)})"


def _told(words: BriefWords) -> dict[str, str]:
    constants = {name: words.constant(name, words.share) for name in ("band", "confidence")}
    return {**constants, "year": words.constant("last_year"), "rungs": words.constant("rungs")}
