"""Walks through the steps as a person would, by the words on the pages."""

import io

from tests.support.checks import text_of
from tests.support.pages import Page, PageClient

ADDRESS = "/beslut/inlasning"


def send_file(client: PageClient, data: bytes, name: str = "beslut.xlsx", status: int = 200) -> Page:
    """The first step, on to the second."""
    client.get(ADDRESS)
    return client.post(ADDRESS, {"file": (io.BytesIO(data), name)}, status=status)


def send_large(client: PageClient, path: str, data: bytes, status: int = 200, **fields: str) -> Page:
    """A large file, its form put together here: Werkzeug's own client would leave files open."""
    head = "--x\r\n"
    for name, value in ({"csrf_token": client.token()} | fields).items():
        head += f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n--x\r\n'
    head += 'Content-Disposition: form-data; name="file"; filename="stor.csv"\r\nContent-Type: text/csv\r\n\r\n'
    body = head.encode() + data + b"\r\n--x--\r\n"
    return client._open("POST", path, status, True, data=body, content_type="multipart/form-data; boundary=x")


def labels_of(page: Page) -> dict[str, str]:
    """The name of each field by its label; of an option (radio) the name and value."""
    names = {}
    controls = {c.get("id"): c for c in page.tree.iter() if c.tag in {"input", "select", "textarea"} and c.get("id")}
    for label in page.tree.iter("label"):
        control = controls.get(label.get("for"))
        if control is not None:
            names.setdefault(text_of(label), control.get("name"))
    return names


def chosen(page: Page) -> dict[str, str]:
    """Label → the text that is chosen, for every select."""
    by_name = {name: label for label, name in labels_of(page).items()}
    found = {}
    for select in page.tree.iter("select"):
        options = list(select.iter("option"))
        option = next((o for o in options if o.get("selected") is not None), options[0])
        if select.get("name") in by_name:
            found[by_name[select.get("name")]] = text_of(option)
    return found


def answer(client: PageClient, answers: dict[str, str], *, status: int = 200) -> Page:
    """Chooses by the texts of labels and options, and sends the step's form."""
    page = client.page
    names, fields = labels_of(page), {}
    for label, text in answers.items():
        name = names[label]
        (select,) = (s for s in page.tree.iter("select") if s.get("name") == name)
        fields[name] = next(o.get("value") for o in select.iter("option") if text_of(o).startswith(text))
    return client.submit(fields, form="version", status=status)


def options_of(page: Page, name: str) -> dict[str, str]:
    """Value → label of the options of a radio field."""
    labels = {label.get("for"): text_of(label) for label in page.tree.iter("label")}
    return {
        control.get("value"): labels[control.get("id")]
        for control in page.tree.iter("input")
        if control.get("type") == "radio" and control.get("name") == name
    }


def figures(page: Page) -> list[str]:
    """The figures of the preview."""
    return [text_of(item) for ul in page.tree.iter("ul") if ul.get("class") == "figures" for item in ul.iter("li")]


def read_text(client: PageClient, text: str, answers: dict[str, str] | None = None, *, name: str = "lista.csv") -> Page:
    """A text file through every step with what is proposed, and `answers` (field → value) for days and values."""
    send_file(client, text.encode(), name)
    client.submit({}, form="head_row")
    page = client.submit({}, form="kolumn_0")
    return client.submit(answers or {}, form="version") if page.heading.startswith("Hur är datum") else page


def save(client: PageClient) -> Page:
    """The last step."""
    return client.submit({}, form="seen")


def notices(page: Page) -> list[str]:
    """What the page tells in boxes."""
    return [text_of(e) for e in page.tree.iter() if (e.get("class") or "").split(" ")[0] == "notice"]


def errors_of(page: Page) -> list[str]:
    """The bad places that the preview tells."""
    boxes = [e for e in page.tree.iter("div") if e.get("class") == "notice notice-error"]
    return [text_of(item) for box in boxes for item in box.iter("li")]
