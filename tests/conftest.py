"""Fixtures of the tests that call the program."""

import gc
import os
import sys
from collections.abc import Callable, Generator, Iterator

import pytest
from command_line import Answer, signals_kept
from forked import Forks

from foresight.cli import main as cli

# Modules and tests stay to the end: looking through them for garbage again and again takes a fifth of the time.
gc.set_threshold(100_000, 50, 100)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say beside a failure what to do now."""
    report = yield
    if report.failed and (mark := item.get_closest_marker("what_now")):
        report.sections.append(("What now", *mark.args))
    return report


@pytest.fixture(scope="session", autouse=True)
def own_units(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let what pyam knows of units be kept here: the user's may be of an environment that is gone, and not be read."""
    os.environ["IAM_UNITS_CACHE"] = str(tmp_path_factory.mktemp("units"))


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program speak English, hide where its faults come from, and write 80 columns."""
    for name in cli.LANGUAGE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv(cli.DEBUG, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def call(english: None, capfd: pytest.CaptureFixture[str]) -> Callable[..., Answer]:  # noqa: ARG001
    """Call the program in this process."""

    def answer(*words: str) -> Answer:
        with signals_kept(), pytest.raises(SystemExit) as ending:
            cli.main(words)
        captured = capfd.readouterr()
        return Answer(int(ending.value.code or 0), captured.out, captured.err)

    return answer


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """Return whom processes are asked for that begin with the program imported."""
    if sys.platform != "linux":
        pytest.skip("elsewhere sockets do not hand on whole messages with open files")
    made = Forks(tmp_path_factory.mktemp("forks"))
    yield made
    made.close()
