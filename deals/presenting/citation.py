"""How to cite an edition of a deal: as text, and for BibTeX, RIS and CSL readers.

An edition never changes, so a citation of it is permanent. One told for a past day (``on``) names
that day and carries it in its address.
"""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass
from typing import Final

from config.lib.words import date_in_words
from deals.licence import LICENCE

PUBLISHER: Final = "Lodebook"
_TEX: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
"""Characters that TeX reads as something else. All others are written as they are, in UTF-8."""


@dataclass(frozen=True)
class Citation:
    """An edition of a deal as it is cited."""

    key: str
    number: int
    title: str
    published_on: datetime.date
    url: str
    """Address of the edition, which stays."""
    on: datetime.date | None = None
    """The day of the world that it is told for, if a past one."""

    @property
    def text(self) -> str:
        told = f", as the world stood on {date_in_words(self.on)}" if self.on else ""
        return (
            f"{PUBLISHER}, “{self.title}”, edition {self.number}, published "
            f"{date_in_words(self.published_on)}{told}. {self.url} ({LICENCE})"
        )

    @property
    def identifier(self) -> str:
        """“lodebook-kz-cove-kaz-2”: the same wherever the edition is cited."""
        return f"lodebook-{self.key}-{self.number}"

    @property
    def bibtex(self) -> str:
        """An entry ``@misc``, which BibTeX and BibLaTeX both know."""
        fields = {
            "author": f"{{{PUBLISHER}}}",
            "title": f"{{{tex(self.title)}}}",
            "year": str(self.published_on.year),
            "month": str(self.published_on.month),
            "date": str(self.published_on),
            "edition": str(self.number),
            "publisher": PUBLISHER,
            "url": self.url,
            "note": tex(self._note),
        }
        lines = [f"  {name:<9} = {{{value}}}," for name, value in fields.items()]
        return "\n".join([f"@misc{{{self.identifier},", *lines, "}", ""])

    @property
    def ris(self) -> str:
        """A record of the type “data file”, with the line ends that the format asks for."""
        tags = [
            ("TY", "DATA"),
            ("ID", self.identifier),
            ("AU", PUBLISHER),
            ("TI", _line(self.title)),
            ("ET", str(self.number)),
            ("PY", str(self.published_on.year)),
            ("DA", f"{self.published_on:%Y/%m/%d}"),
            ("PB", PUBLISHER),
            ("UR", self.url),
            ("N1", self._note),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {value}\r\n" for tag, value in tags)

    @property
    def csl(self) -> str:
        """A list of one item of the type “dataset”, as JSON."""
        day = self.published_on
        item = {
            "id": self.identifier,
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": PUBLISHER}],
            "publisher": PUBLISHER,
            "issued": {"date-parts": [[day.year, day.month, day.day]]},
            "version": f"edition {self.number}",
            "URL": self.url,
            "note": self._note,
        }
        return json.dumps([item], ensure_ascii=False, indent=2) + "\n"

    @property
    def _note(self) -> str:
        told = f"As the world stood on {date_in_words(self.on)}. " if self.on else ""
        return f"{told}Edition {self.number}. {LICENCE}"

    def in_form(self, form: str) -> str:
        """The citation for a file that ends in ``form``: see `FORMS`."""
        written: dict[str, str] = {"bib": self.bibtex, "ris": self.ris, "json": self.csl}
        return written[form]


@dataclass(frozen=True)
class Form:
    """A file that programs for references read."""

    ending: str
    label: str
    media_type: str


FORMS: Final = (
    Form("bib", "BibTeX", "application/x-bibtex; charset=utf-8"),
    Form("ris", "RIS", "application/x-research-info-systems; charset=utf-8"),
    Form("json", "CSL-JSON", "application/vnd.citationstyles.csl+json"),
)


def tex(text: str) -> str:
    """``text`` on one line, as TeX reads it."""
    return "".join(_TEX.get(letter, letter) for letter in _line(text))


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
