"""The page of help of a command."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType

from foresight.cli.layout import heading, listing, paragraph
from foresight.cli.prose import Prose
from foresight.cli.screen import Screen


def page(screen: Screen, command: Any, context: Any) -> str:
    """Write the page of help of a command.

    Parameters
    ----------
    screen : Screen
        Which has the language and the width.
    command, context
        What Typer makes of a function, and the call.
    """
    with screen.out.capture() as written:
        screen.show(*_parts(screen, command, context))
    return written.get()


def usage(screen: Screen, command: Any, context: Any) -> str:
    """Write how a command is called; `page` says what is given."""
    places = [_place(parameter) for parameter in command.get_params(context) if _is_argument(parameter)]
    names = [context.command_path, screen.say("help.usage_options"), *places]
    return " ".join(names + ([screen.say("help.usage_command")] if _commands(command) else []))


def sections(screen: Screen, command: Any, context: Any) -> dict[str, list[tuple[str, str]]]:
    """Return the arguments, commands and options of a command, each with its words; `page` says what is given."""
    parameters = command.get_params(context)
    return {
        "arguments": [(one.metavar, _told(screen, one)) for one in parameters if _is_argument(one)],
        "commands": [(name, one.help) for name, one in _commands(command).items()],
        "options": [(_option(one), _told(screen, one)) for one in parameters if not _is_argument(one)],
    }


def _parts(screen: Screen, command: Any, context: Any) -> Iterator[RenderableType]:
    yield paragraph(screen.say("help.usage", usage=usage(screen, command, context)))
    yield Prose(command.help)
    for name, rows in sections(screen, command, context).items():
        if rows:
            yield from (heading(screen.say(f"help.{name}")), listing(rows))


def _commands(command: Any) -> dict[str, Any]:
    return getattr(command, "commands", {})


def _is_argument(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def _place(argument: Any) -> str:
    """Write where an argument stands in a call."""
    name = f"{argument.metavar} …" if argument.nargs < 0 else argument.metavar
    return name if argument.required else f"[{name}]"


def _option(option: Any) -> str:
    """Write the names of an option, and what its value is like."""
    value = "" if option.is_flag or not option.metavar else f" {option.metavar}"
    return f"{', '.join(option.opts)}{value}"


def _told(screen: Screen, one: Any) -> str:
    """Explain an option or argument, with the value that it has otherwise."""
    words = screen.say(f"help_option.{one.name}")
    known = isinstance(one.default, int | float | str) and not isinstance(one.default, bool) and one.default != ""
    return screen.say("help.default", words=words, value=one.default) if known else words
