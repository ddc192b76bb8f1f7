"""The pages under the rules that the server gives browsers: they work, and what the rules forbid does not."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.costly


@pytest.fixture
def ruled(visitor: Callable[..., Any]) -> Any:
    """A visitor whose browser keeps to the rules."""
    screen = visitor(bypass_csp=False)
    screen.page.goto(screen.server.url)
    screen.sentence()
    return screen


def test_all_pages_live_under_the_rules(ruled: Any):
    links = ruled.page.locator(".menu a")
    expect(links).to_have_count(10)
    names = links.all_text_contents()
    for name in names:
        ruled.menu_link(name).click()
        expect(ruled.page.locator(".menu a[aria-current]")).to_have_text(name)
        expect(ruled.main.get_by_role("heading", level=1)).to_be_visible()


def test_what_was_open_comes_back_under_the_rules(ruled: Any):
    box = ruled.page.locator("input.typed").first
    sentence = ruled.sentence()
    box.fill("4")
    box.press("Enter")
    expect(ruled.headline).not_to_have_text(sentence)
    expect(ruled.page.locator("html")).not_to_have_attribute("data-settled", "1")
    ruled.page.reload()
    expect(box).to_have_value("4")
    ruled.page.reload()  # again with a session of its own
    expect(box).to_have_value("4")


def test_a_script_that_stands_in_a_page_or_is_made_of_a_text_does_not_run(ruled: Any):
    ruled.page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "document.body.dataset.ran = 'script'";
          document.body.append(script);
          const picture = document.createElement("img");
          picture.setAttribute("onerror", "document.body.dataset.ran = 'handler'");
          picture.addEventListener("error", () => { document.body.dataset.tried = "handler"; });
          document.body.append(picture);
          picture.src = "data:,";
        }"""
    )
    expect(ruled.page.locator("body[data-tried]")).to_have_count(1)
    expect(ruled.page.locator("body[data-ran]")).to_have_count(0)
    assert len([error for error in ruled.errors if "Content Security Policy" in error]) == 2
    ruled.errors.clear()


def test_no_other_page_frames_the_server(visitor: Callable[..., Any]):
    screen = visitor(bypass_csp=False)
    screen.page.goto(f"{screen.server.url}assets/app.css")
    with screen.page.expect_event("console", lambda told: "frame" in told.text):
        screen.page.set_content(f'<iframe src="{screen.server.url}"></iframe>')
    expect(screen.page.frame_locator("iframe").locator("#app")).to_have_count(0)
    screen.errors.clear()
    screen.refused.clear()
