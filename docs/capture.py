"""Makes the moving picture of the README: a question, a citation clicked, a follow-up.

python docs/capture.py      # writes docs/screenshots/tour.webp; needs the extra "test"
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from app.assistant import Assistant
from app.guard import Listening
from app.server import start
from app.shelf import Shelf

MADE = Path(__file__).parent / "screenshots" / "tour.webp"
SIZE = {"width": 1200, "height": 720}
QUESTION = "What is the EU's position on cross-border data flows?"
FOLLOW_UP = "What about China?"
KEY, LOOK, READ = 90, 900, 3200  # milliseconds that a frame stays
POINTER = """([x, y]) => {
    const dot = document.querySelector("#pointer") ?? document.createElement("div");
    dot.id = "pointer";
    dot.style.cssText = `position: fixed; left: ${x - 9}px; top: ${y - 9}px; width: 18px;
        height: 18px; border-radius: 50%; background: #d9480fcc; z-index: 9999;
        pointer-events: none`;
    document.body.append(dot);
}"""
Frame: TypeAlias = tuple[Image.Image, int]


def main() -> None:
    """Serves the page, plays the scene and writes the picture."""
    served = start(Shelf(Assistant.open()), Listening(port=7879))
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, locale="en-US")
        page.goto(str(served.local_url))
        page.locator(".name").wait_for()
        (first, *others), shown = zip(*scene(page), strict=True)
        browser.close()
    served.close(verbose=False)
    first.save(
        MADE, save_all=True, append_images=others, duration=shown, loop=0, quality=70, method=6
    )
    print(f"{MADE}: {MADE.stat().st_size // 1000} kB, {sum(shown) / 1000:.0f} s")


def scene(page: Page) -> Iterator[Frame]:
    """The frames, and how long each stays."""
    yield look(page, LOOK)
    yield from ask(page, QUESTION, 0)
    cited = page.locator(".answer").nth(0).locator(".cite").first
    yield point(page, cited)
    cited.click()
    page.locator("#text .shown").first.wait_for()
    page.wait_for_timeout(1500)
    yield look(page, READ)
    yield from ask(page, FOLLOW_UP, 1)
    cited = page.locator(".answer").nth(1).locator(".cite").first
    yield point(page, cited)
    cited.click()
    page.wait_for_timeout(1500)
    yield look(page, READ)


def ask(page: Page, question: str, turn: int) -> Iterator[Frame]:
    """Types the question and waits until its answer has come."""
    box = page.locator("#question textarea")
    box.click()
    for end in range(3, len(question) + 3, 3):
        box.fill(question[:end])
        yield look(page, KEY)
    yield look(page, LOOK)
    box.press("Enter")
    page.locator(".answer").nth(turn).locator(".cite").first.wait_for(timeout=30_000)
    page.wait_for_timeout(2500)  # until the next questions are there and scrolling has ended
    yield look(page, READ)


def point(page: Page, at: Locator) -> Frame:
    """Moves the pointer there."""
    at.scroll_into_view_if_needed()
    box = at.bounding_box()
    assert box is not None
    spot = (box["x"] + box["width"] - 24, box["y"] + min(24, box["height"] / 2))
    page.mouse.move(*spot)
    page.evaluate(POINTER, spot)
    return look(page, LOOK)


def look(page: Page, milliseconds: int) -> Frame:
    """What the page looks like now."""
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB"), milliseconds


if __name__ == "__main__":
    main()
