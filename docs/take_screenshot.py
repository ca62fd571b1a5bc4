# ruff: noqa: INP001 - a script, not part of a package
"""Signs in to a running local instance and writes docs/studio.png: the dashboard, 1440 by 900.

Reads SUPASTATE_URL, SUPASTATE_STUDIO_USER and SUPASTATE_STUDIO_PASSWORD from var/local.env, which `make up`
writes; a variable of the environment goes before. Needs the development requirements and Chromium (CHROMIUM
names another one).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

DOCS = Path(__file__).resolve().parent
LOCAL_ENV = DOCS.parent / "var" / "local.env"
PICTURE = DOCS / "studio.png"
NEEDED = ("SUPASTATE_URL", "SUPASTATE_STUDIO_USER", "SUPASTATE_STUDIO_PASSWORD")


def read_settings() -> dict[str, str]:
    """Return the three settings, or end with a sentence that names what is missing."""
    lines = LOCAL_ENV.read_text().splitlines() if LOCAL_ENV.exists() else []
    kept = dict(line.removeprefix("export ").split("=", 1) for line in lines if "=" in line)
    found = {name: os.environ.get(name) or kept.get(name, "").strip("'\"") for name in NEEDED}
    missing = [name for name, value in found.items() if not value]
    if missing:
        sys.exit(f"{', '.join(missing)} is not in {LOCAL_ENV}: run `make up` first.")
    return found


def take_screenshot(page: Page, *, url: str, user: str, password: str) -> None:
    """Sign in and photograph the dashboard."""
    page.goto(f"{url}/studio/login/")
    page.fill("#id_username", user)
    page.fill("#id_password", password)
    page.click("#login-form button[type=submit]")
    page.wait_for_selector(".st-cards")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURE)


def main() -> None:
    """Take the picture in headless Chromium."""
    settings = read_settings()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        try:
            take_screenshot(
                page,
                url=settings["SUPASTATE_URL"].rstrip("/"),
                user=settings["SUPASTATE_STUDIO_USER"],
                password=settings["SUPASTATE_STUDIO_PASSWORD"],
            )
        except Error as exc:
            sys.exit(f"Studio at {settings['SUPASTATE_URL']} did not show its dashboard: {exc.message}")
        finally:
            browser.close()
    sys.stdout.write(f"{PICTURE}\n")


if __name__ == "__main__":
    main()
