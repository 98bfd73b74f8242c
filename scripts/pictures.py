"""Takes the README's pictures from the demonstration school: python3 scripts/pictures.py

Serves the demo from a temporary folder, opens the real pages, writes docs/pictures.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import boot

FOLDER = boot.ROOT / "docs" / "pictures"
PASSWORD = "demo"  # noqa: S105 - of invented people
PHONE = {"width": 390, "height": 780}
PC = {"width": 1280, "height": 800}

# picture: (who looks, through what, at which page, in light or dark)
SCREENS = {
    "today-phone": ("li", PHONE, "/", "light"),
    "roll-phone": ("li", PHONE, "ROLL", "light"),
    "roll-dark": ("li", PHONE, "ROLL", "dark"),
    "schedule-pc": ("lin", PC, "/schedule", "light"),
    "children-pc": ("lin", PC, "/children", "light"),
    "sheet-pc": ("zhou", PC, "LAST_WEEK", "light"),
    "today-head-pc": ("zhou", PC, "/", "light"),
    "calls-phone": ("li", PHONE, "/calls", "light"),
    "counselling-pc": ("he", PC, "/counselling/desk", "light"),
}


def main() -> int:
    boot.speak_utf8()
    look = argparse.RawDescriptionHelpFormatter
    argparse.ArgumentParser(description=__doc__, formatter_class=look).parse_args()
    python = boot.environment(boot.ROOT / ".venv-test", boot.requirements("test"))
    if Path(sys.executable).resolve() != python.resolve() or sys.prefix == sys.base_prefix:
        return subprocess.call([python, __file__], env=boot.with_source())
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        arguments = ["serve", "--demo", "--data", data, "--port", "0", "--no-browser"]
        with subprocess.Popen(
            [python, "-m", "liushou_web", *arguments],
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=boot.with_source(),
        ) as server:
            found = (re.search(r"http://\S+:\d+", line) for line in server.stdout)
            try:
                take_all(next(filter(None, found))[0])
            finally:
                server.terminate()
                server.stdout.read()
    return 0


def take_all(url: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=boot.find_browser(),
            args=["--no-sandbox", "--disable-background-networking"],
        )
        for name, (who, size, path, scheme) in SCREENS.items():
            page = signed_in(browser, url, who, size, scheme)
            page.goto(address(page, url, path))
            page.screenshot(path=FOLDER / f"{name}.png")
            print(name)
        take_print(signed_in(browser, url, "zhou", PC, "light"), url)
        browser.close()


def signed_in(browser, url: str, who: str, size: dict, scheme: str):
    page = browser.new_context(viewport=size, color_scheme=scheme).new_page()
    page.goto(url + "/login")
    page.fill("[name=login]", who)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda reached: "/login" not in reached)
    return page


def address(page, url: str, path: str) -> str:
    """The page meant: the roll that is open now, or the sheet of the last whole week."""
    if path == "ROLL":
        return url + page.locator("article.on a").first.get_attribute("href")
    if path == "LAST_WEEK":
        page.goto(url + "/reports/week")
        return url + page.get_by_role("link", name="上一週").get_attribute("href")
    return url + path


def take_print(page, url: str) -> None:
    """The first printed page of last week's sheet, as it would come out of the printer."""
    page.goto(address(page, url, "LAST_WEEK"))
    page.goto(url + page.get_by_role("link", name="打印", exact=True).get_attribute("href"))
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "week.pdf"
        page.pdf(path=sheet, prefer_css_page_size=True)
        picture = [str(sheet), str(FOLDER / "week-print")]
        subprocess.run(
            ["pdftoppm", "-png", "-r", "80", "-f", "1", "-singlefile", *picture], check=True
        )
    print("week-print")


if __name__ == "__main__":
    sys.exit(main())
