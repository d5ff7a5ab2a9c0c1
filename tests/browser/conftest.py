"""One JupyterLab and one Chromium for all browser tests; each test opens its own notebook in its own page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from find_browser import BrowserNotFound
from lab_in_browser import Lab, running_browser, running_lab
from playwright.sync_api import BrowserContext, Page


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    folder: Path = tmp_path_factory.mktemp("browser")
    try:
        with running_browser(folder) as context:
            yield context
    except BrowserNotFound as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def page(browser: BrowserContext) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(20_000)
    yield page
    page.close()


@pytest.fixture
def run_notebook(lab: Lab, page: Page, request: pytest.FixtureRequest) -> Callable[[Sequence[str]], Page]:
    """A function that stores *cells* as a notebook, opens it in JupyterLab, runs it and gives the page."""

    def run(cells: Sequence[str]) -> Page:
        name = f"{request.node.name}.ipynb"
        lab.write_notebook(name, cells)
        lab.open(page, name)
        lab.run_all(page)
        return page

    return run
