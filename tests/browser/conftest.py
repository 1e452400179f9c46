"""A running portal with its authority, and a real Chromium."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.support.stack import Stack

SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="session")
def portal(tmp_path_factory):
    with Stack("sqlite", tmp_path_factory.mktemp("portal"), scale=0.6) as stack:
        stack.manage("demo")
        yield stack


@pytest.fixture(scope="session")
def chromium():
    program = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    assert program, "the browser suite needs Chromium (Debian: chromium)"
    quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=quiet)
        yield browser
        browser.close()


@pytest.fixture(params=SIZES)
def page(request, portal, chromium):
    context = chromium.new_context(
        viewport=SIZES[request.param], base_url=f"http://127.0.0.1:{portal.web_port}", locale="en-US"
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "response", lambda answer: complaints.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
    )
    page.complaints = complaints
    page.size = request.param
    yield page
    context.close()


@pytest.fixture(scope="session")
def password(portal):
    return (portal.folder / "keys" / "demonstration_password").read_text()
