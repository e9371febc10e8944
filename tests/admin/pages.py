"""The deal form as a browser sends it: read from the page, changed, sent back."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.test import Client

ADD = "/admin/deals/deal/add/"


class FormReader(HTMLParser):
    """Collects names and values of the fields of the largest form of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, list[str]] = {}
        self._form: dict[str, list[str]] = {}
        self._select: tuple[str, bool] | None = None
        self._textarea: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        name = a.get("name") or ""
        if tag == "form":
            self._form = {}
        elif tag == "input" and name and "disabled" not in a:
            kind = a.get("type", "text")
            if kind in {"submit", "button"} or (
                kind in {"checkbox", "radio"} and "checked" not in a
            ):
                return
            self._form.setdefault(name, []).append(a.get("value") or "")
        elif tag == "select" and "disabled" not in a:
            self._select = (name, "multiple" in a)
        elif tag == "option" and self._select and "selected" in a:
            self._form.setdefault(self._select[0], []).append(a.get("value") or "")
        elif tag == "textarea":
            self._textarea, self._text = name, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            self._form.setdefault(self._textarea, []).append(self._text.removeprefix("\n"))
            self._textarea = None
        elif tag == "select" and self._select:
            name, multiple = self._select
            if not multiple:
                self._form.setdefault(name, [""])
            self._select = None
        elif tag == "form" and len(self._form) > len(self.data):
            self.data = self._form

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._text += data


def form_of(response: Any) -> dict[str, list[str]]:
    """What sending the form of a page without touching it would send."""
    reader = FormReader()
    reader.feed(response.content.decode())
    return {name: values for name, values in reader.data.items() if "__prefix__" not in name}


def add_rows(data: dict[str, Any], prefix: str, *rows: dict[str, Any]) -> None:
    """Fills in rows after those that stand in ``data``, or in its empty ones."""
    total = int(data[f"{prefix}-TOTAL_FORMS"][0])
    first = int(data[f"{prefix}-INITIAL_FORMS"][0])
    for number, row in enumerate(rows, start=first):
        for name, value in row.items():
            data[f"{prefix}-{number}-{name}"] = value
    data[f"{prefix}-TOTAL_FORMS"] = [str(max(total, first + len(rows)))]


def send(client: Client, address: str, data: dict[str, Any], button: str = "_continue") -> Any:
    """Presses a button of the form."""
    return client.post(address, data | {button: "1"})


def errors_on(response: Any) -> str:
    """All error lists of a page as text, for a failing test to show."""
    reader = _Errors()
    reader.feed(response.content.decode())
    return " | ".join(reader.found)


class _Errors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "ul" and "errorlist" in (dict(attrs).get("class") or ""):
            self._depth = 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "ul":
            self._depth = 0

    def handle_data(self, data: str) -> None:
        if self._depth and data.strip():
            self.found.append(data.strip())
