"""What a list of profiles is asked for: texts, choices, an order, a page, and all that is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict

from config.lib.paging import DEFAULT_PAGE_SIZE, Page, paginate
from config.lib.problems import InvalidParameters, ParameterProblem, shortened, unknown_value
from deals.rail import printable
from deals.reading import Clock
from deals.views.profile import page as profile_page

LETTERS_READ: Final = 200
VALUES_READ: Final = 50
ORDERING: Final = "ordering"


class ListQuery:
    """The query of a list. Reading collects problems; a list with any shows them and no rows."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.problems: list[ParameterProblem] = []

    def text(self, name: str) -> str:
        """The text that a parameter gives, or "" for none or for one that cannot be searched."""
        return self._read(name, self.data.get(name, ""))

    def texts(self, name: str) -> list[str]:
        """All texts of a parameter, each once."""
        given = self.data.getlist(name)
        if len(given) > VALUES_READ:
            self._wrong(name, None, f"At most {VALUES_READ} values, and these are {len(given)}.")
            return []
        texts = (self._read(name, text) for text in given)
        return list(dict.fromkeys(text for text in texts if text))

    def choice(self, name: str, known: Collection[str], what: str, *, upper: bool = False) -> str:
        """The code that a parameter gives, one of ``known``; ``what`` says what those are."""
        text = self.text(name)
        is_small = upper and text.upper() in known
        return self._known(name, text.upper() if is_small else text, known, what)

    def choices(self, name: str, known: Collection[str], what: str) -> list[str]:
        """All codes of a parameter."""
        codes = (self._known(name, code, known, what) for code in self.texts(name))
        return [code for code in codes if code]

    def ordering(self, columns: Iterable[str], default: str) -> str:
        """The order asked for: a column, with “-” before it where the largest comes first."""
        known = [sign + column for column in columns for sign in ("", "-")]
        return self.choice(ORDERING, known, "an order") or default

    def page(self, items: Any) -> Page[Any]:
        """The page of a list or queryset that is asked for; empty where anything is wrong."""
        try:
            page: Page[Any] = paginate([] if self.problems else items, self.data)
        except InvalidParameters as error:
            self.problems += error.problems
            page = Page([], number=1, size=DEFAULT_PAGE_SIZE, count=0, query=self.data)
        return page

    def answer(
        self, request: HttpRequest, template: str, clock: Clock, context: dict[str, Any]
    ) -> HttpResponse:
        """The list as a page, with its problems: 400 where there are any."""
        response = profile_page(request, template, clock, {**context, "problems": self.problems})
        if self.problems:
            response.status_code = HTTPStatus.BAD_REQUEST
        return response

    def _known(self, name: str, code: str, known: Collection[str], what: str) -> str:
        if code and code not in known:
            self.problems.append(unknown_value(name, printable(code), what, known))
            return ""
        return code

    def _read(self, name: str, text: str) -> str:
        text = text.strip()
        if len(text) > LETTERS_READ:
            detail = f"At most {LETTERS_READ} characters are read, and this has {len(text):,}."
            self._wrong(name, text, detail)
            return ""
        if "\x00" in text:
            self._wrong(name, text, "No text holds the character U+0000.")
            return ""
        return text

    def _wrong(self, name: str, value: str | None, detail: str) -> None:
        shown = None if value is None else shortened(printable(value))
        self.problems.append(ParameterProblem(parameter=name, value=shown, detail=detail))
