"""Nothing is asked of any other host: a room without a network sees all there is."""

import re
from importlib.resources import files

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.costly

ASSETS = files("foresight_ui.assets")

#: Names, not places: nothing is fetched from them.
NAMES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml")


@pytest.mark.parametrize(
    "locale", ["en-GB", *(pytest.param(one, marks=pytest.mark.slow) for one in ("zh-CN", "fr-FR", "ru-RU"))]
)
def test_every_page_comes_from_the_server_alone(visitor, locale):
    screen = visitor(locale=locale)
    screen.open()
    links = screen.page.get_by_role("banner").get_by_role("navigation").get_by_role("link")
    for at in range(links.count()):
        settled = screen.settled()
        links.nth(at).click()
        screen.wait_settled(settled)
        expect(links.nth(at)).to_have_attribute("aria-current", "page")
    for page in ("members/FJI", "bodies/ASEAN"):
        settled = screen.settled()
        screen.page.goto(f"{screen.server.url}#{page}")
        screen.wait_settled(settled)
    screen.page.evaluate("document.fonts.ready")
    screen.check()


@pytest.mark.slow
def test_what_is_saved_and_shared_is_made_without_another_host(screen):
    screen.open()
    screen.page.get_by_role("button", name="Save or show as a table").first.click()
    screen.saved(lambda: screen.page.get_by_role("button", name="Picture (PNG)").first.click())
    screen.digest()
    screen.saved(lambda: screen.share("Table (CSV)"))
    screen.check()


@pytest.mark.parametrize("name", [one.name for one in ASSETS.iterdir() if one.name.endswith((".js", ".css", ".html"))])
def test_no_asset_names_another_host(name):
    text = ASSETS.joinpath(name).read_text("utf-8")
    text = text.replace("%3A", ":").replace("%2F", "/")
    addresses = re.findall(r"""(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s"'`)]*""", text, re.IGNORECASE)
    assert not [one for one in addresses if not one.startswith(NAMES)]
