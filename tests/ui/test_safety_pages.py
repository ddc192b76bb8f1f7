"""The pages under the rules that the server gives browsers: they work, and what the rules forbid does not."""

from collections.abc import Iterator

import pytest
from conftest import Screen, Server, window
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.costly


@pytest.fixture
def ruled(browser: Browser, shared_server: Server) -> Iterator[Screen]:
    """A visitor whose browser keeps to the rules."""
    with window(browser, bypass_csp=False) as page:
        page.goto(shared_server.url)
        expect(page.locator(".headline")).to_contain_text("2040")
        yield Screen(page, shared_server)


def test_all_pages_live_under_the_rules(ruled: Screen):
    menu = ruled.page.get_by_role("navigation", name="Pages").get_by_role("link")
    names = menu.all_inner_texts()
    assert len(names) == 8
    for name in (*names, names[0]):
        ruled.go(name, {"Explore": "Explore"}.get(name, name))
    ruled.field("Transparency").fill("2")
    ruled.field("Transparency").press("Enter")
    ruled.page.reload()
    expect(ruled.field("Transparency")).to_have_value("2")
    ruled.check()


def test_a_script_that_stands_in_a_page_or_is_made_of_a_text_does_not_run(ruled: Screen):
    ruled.page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "document.body.dataset.ran = 'script'";
          document.body.append(script);
          const picture = document.createElement("img");
          picture.setAttribute("onerror", "document.body.dataset.ran = 'handler'");
          picture.src = "data:,";
          document.body.append(picture);
          try { new Function("document.body.dataset.ran = 'text'")(); } catch { document.body.dataset.kept = "kept"; }
        }"""
    )
    expect(ruled.page.locator("body[data-kept]")).to_have_count(1)
    expect(ruled.page.locator("body[data-ran]")).to_have_count(0)
    assert ruled.errors


def test_no_other_page_frames_the_server(browser: Browser, shared_server: Server):
    with window(browser, bypass_csp=False) as page:
        page.set_content(f'<iframe src="{shared_server.url}"></iframe>')
        page.wait_for_load_state("networkidle")
        assert page.frames[1].locator("#app").count() == 0
