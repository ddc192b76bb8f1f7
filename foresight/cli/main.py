"""The command line: how it is read, and the ways it ends; `commands` has what it can do.

Data goes to stdout, progress and messages go to stderr. Exit codes: 0 done, 1 a fault of the program or of
the machine, 2 the input cannot be used or the disk is full, 130 interrupted (Ctrl-C), 141 the reader of stdout
went away, 143 terminated. However it ends, no file is left half-written. Each verb imports what it needs when it
is called, so that help appears at once.
"""

import functools
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from itertools import islice, pairwise
from typing import Annotated, Any, Final, NoReturn

import typer
from typer.core import TyperGroup

from foresight.cli import commands
from foresight.cli.screen import Screen
from foresight.errors import InputError, Problem, listed, nearest, shortened, shown
from foresight.files import is_full
from foresight.interruption import Ending, listen, see_out
from foresight.texts import drafts, languages
from foresight.version import program_version

FAULT: Final = 1
WRONG_INPUT: Final = 2
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells have it
READER_GONE: Final = 141  # 128 + SIGPIPE
TERMINATED: Final = 143  # 128 + SIGTERM

#: Set it to see where a fault of the program comes from.
DEBUG: Final = "FORESIGHT_DEBUG"

#: They say which language texts have where `--language` does not, the first that is set.
LANGUAGE_VARIABLES: Final = ("FORESIGHT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")

#: Verbs that write for readers, and so in the languages too that no native speaker has reviewed.
WRITING: Final = ("brief",)

_FLAGS: Final = ("--json", "--quiet", "--version")
_LANGUAGE: Final = "--language"

#: When Python looks for garbage: modules stay to the end, and looking through them again and again takes a while.
_SELDOM: Final = (100_000, 50, 100)

#: What a call that is not as it should be ends with; Typer has a click of its own, or takes the one installed.
_MISUSE: Final[Any] = typer.BadParameter.__base__


class _Verbs(TyperGroup):
    """The verbs by their names."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a verb; InputError with the nearest if there is none of that name."""
        found = super().get_command(ctx, cmd_name)
        if found is None and not ctx.resilient_parsing:
            names, given = tuple(self.commands), shown(cmd_name)
            raise InputError([Problem("", "", "unknown_command", given, listed(names), nearest(cmd_name, names))])
        return found


app = typer.Typer(cls=_Verbs, pretty_exceptions_enable=False)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line, with the arguments of the process unless others are given."""
    _listen(b"")
    gc.set_threshold(*_SELDOM)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a sign that the code page lacks must not cost the whole answer
    words = _program_options_first(sys.argv[1:] if arguments is None else arguments)
    screen = Screen(_language(words), json="--json" in words)
    _listen(screen.last_words("cli.interrupted"))
    command = typer.main.get_command(app)
    explain(command, screen)
    try:
        raise SystemExit(command(words, prog_name="foresight", standalone_mode=False))
    except InputError as error:
        screen.problems(error.problems)
    except _MISUSE as error:
        screen.problems([_misuse(error, words)])
    raise SystemExit(WRONG_INPUT)


def explain(command: Any, screen: Screen) -> None:
    """Put pages of help in place, and the texts that shells show as they complete words."""
    for verb in (command, *command.commands.values()):
        key = "program" if verb is command else verb.name.replace("-", "_")
        verb.help = screen.say(f"help.{key}")
        for option in verb.params:
            option.help = screen.say(f"help_option.{option.name}")
        verb.format_help = functools.partial(_help, screen, verb)


@app.callback(invoke_without_command=True)
def _program(
    context: typer.Context,
    language: Annotated[str, typer.Option("--language", metavar="en|zh")] = "",
    json: Annotated[bool, typer.Option("--json")] = False,
    quiet: Annotated[bool, typer.Option("--quiet")] = False,
    version_only: Annotated[bool, typer.Option("--version")] = False,
) -> None:
    spoken = _spoken([context.invoked_subcommand or ""])
    screen = context.obj = Screen(language if language in spoken else _known(language), quiet, json)
    if language and language not in spoken:
        screen.problems([Problem(_LANGUAGE, "", "unknown_name", language, ", ".join(spoken))])
        raise typer.Exit(WRONG_INPUT)
    if version_only:
        screen.emit({"version": program_version()}, program_version())
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _listen(words: bytes) -> None:
    """Let Ctrl-C and SIGTERM end the program, with some words."""
    listen(signal.SIGINT, Ending(words, INTERRUPTED))
    listen(signal.SIGTERM, Ending(words, TERMINATED))


def _verb(function: Callable[..., None]) -> Callable[..., None]:
    """Register a verb, which ends in one of the ways that a shell can tell apart."""

    @app.command(context_settings={"allow_extra_args": True})
    @functools.wraps(function)
    def ending(context: typer.Context, **options: Any) -> None:
        screen: Screen = context.obj
        try:
            _refuse(context.args)
            function(context, **options)
            sys.stdout.flush()
        except InputError as error:
            screen.problems(error.problems)
            raise typer.Exit(WRONG_INPUT) from None
        except BrokenPipeError:
            _mute()
            raise typer.Exit(READER_GONE) from None
        except Exception as error:
            if is_full(error):
                _mute()
                screen.problems([Problem("", "", "disk_full")])
                raise typer.Exit(WRONG_INPUT) from None
            if os.environ.get(DEBUG):
                raise
            screen.fault(error, DEBUG)
            raise typer.Exit(FAULT) from None
        finally:
            see_out()

    return ending


for _function in commands.VERBS:
    _verb(_function)


def _mute() -> None:
    """Let nothing more be written to stdout, which is gone or full, not even at the end of the process."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _program_options_first(arguments: Sequence[str]) -> list[str]:
    """Move the options of the whole program to the front: people write them anywhere."""
    first: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == _LANGUAGE:
            first += [word, *islice(words, 1)]
        else:
            (first if word in _FLAGS or word.startswith(f"{_LANGUAGE}=") else rest).append(word)
    return [*first, *rest]


def _language(words: Sequence[str]) -> str:
    """Find the language that help texts are to have."""
    given = [word.removeprefix(f"{_LANGUAGE}=") for word in words if word.startswith(f"{_LANGUAGE}=")]
    given += [after for word, after in pairwise(words) if word == _LANGUAGE]
    last = (given or [""])[-1]
    return last if last in _spoken(words) else _known(last)


def _spoken(words: Sequence[str]) -> tuple[str, ...]:
    """Return the languages that may be asked for: in those of `drafts` documents are written alone."""
    return (*languages(), *drafts()) if set(words) & set(WRITING) else languages()


def _known(language: str) -> str:
    """Return a language there are texts in: the one given, or that of the environment, or English."""
    variables = (os.environ.get(name, "") for name in LANGUAGE_VARIABLES)
    wanted = language or next(filter(None, variables), "")
    return next((known for known in languages() if wanted.lower().startswith(known)), languages()[0])


def _help(screen: Screen, verb: Any, context: Any, formatter: Any) -> None:
    from foresight.cli.help import page

    formatter.write(page(screen, verb, context))


def _refuse(words: Sequence[str]) -> None:
    """Refuse words that a verb has no use for."""
    if words:
        raise InputError([Problem(shortened(" ".join(words)), "", "extra_words")])


def _misuse(error: Any, words: Sequence[str]) -> Problem:
    """Say what is wrong with a call."""
    match type(error).__name__:
        case "NoSuchOption":
            known = [name for one in error.ctx.command.get_params(error.ctx) for name in one.opts if name[:1] == "-"]
            names = list(dict.fromkeys([*known, _LANGUAGE, *_FLAGS]))
            near = nearest(error.option_name, names)
            return Problem("", "", "unknown_option", shown(error.option_name), listed(names), near)
        case "BadOptionUsage":
            valued = any(word.startswith(f"{error.option_name}=") for word in words)
            return Problem(error.option_name, "", "takes_no_value" if valued else "needs_value")
        case "MissingParameter":
            return Problem(error.param.metavar, "", "missing")
        case _:
            return Problem("", "", "misused", shown(error.format_message()))
