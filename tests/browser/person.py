"""Somebody before a screen, as the journeys tell of them."""

from pathlib import Path

from tests.browser.conftest import Site, listen


class Person:
    """Somebody before a screen of their own, who goes by what the pages say."""

    def __init__(self, site: Site, page, email: str) -> None:
        self.site, self.page, self.faults = site, page, listen(page)
        page.set_default_timeout(10_000)
        site.sign_in(page, email)

    def opens(self, path: str) -> str:
        """Opens an address; the page's text."""
        self.page.goto(self.site.url(path))
        return self.text

    def finds(self, register: str, number: str) -> str:
        """Opens a register and in it the record of this number; its text."""
        self.opens(register)
        return self.follows(number)

    def follows(self, text: str) -> str:
        """Follows the first link with this text, or name."""
        self.page.locator("main").get_by_role("link", name=text, exact=True).first.click()
        self.page.wait_for_load_state()
        return self.text

    def does(self, step: str, **words: str) -> str:
        """Follows the link to a step, fills in what it asks for and presses the button of the same name."""
        self.follows(step)
        for name, text in words.items():
            self.writes(name, text)
        return self.presses(step)

    def presses(self, text: str) -> str:
        """Presses a button."""
        self.page.locator("main").get_by_role("button", name=text, exact=True).click()
        self.page.wait_for_load_state()
        return self.text

    def writes(self, name: str, text: str) -> None:
        """Fills in a field."""
        self.page.locator(f"main [name={name}]").fill(text)

    def chooses(self, name: str, value: str) -> None:
        """Chooses one of several."""
        self.page.locator(f"main input[name={name}][value='{value}']").check()

    def selects(self, name: str, value: str) -> None:
        """Chooses in a list."""
        self.page.locator(f"main select[name={name}]").select_option(value)

    @property
    def text(self) -> str:
        """What the page says, without its menu."""
        return " ".join(self.page.locator("main").inner_text().split())

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def downloads(self, name: str) -> bytes:
        """The file behind the first link with this text."""
        with self.page.expect_download() as waiting:
            self.page.locator("main").get_by_role("link", name=name, exact=True).first.click()
        return Path(waiting.value.path()).read_bytes()
