"""Taking a selection away: files, the API's address, a feed, and words to cite it with.

All rest on the same parameters as the list. What is cited names the day up to which Lodebook had
published (``as_of``), so that whoever follows it sees the same deals.
"""

from __future__ import annotations

import datetime
import re
import shlex
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.http import QueryDict
from django.urls import reverse

from config.lib.imprecise import ImpreciseDate
from config.lib.words import count_in_words, date_in_words
from deals.filters import DealFilterSet
from deals.licence import LICENCE
from deals.presenting.citation import tex
from deals.selecting import Addresses, Selection, known_query

NAME: Final = "Lodebook: an open tracker of critical-minerals deals"
SPREADSHEET: Final = {"for": "spreadsheet"}
API_PAGE_SIZE: Final = 500
_LONGEST_NAME: Final = 80


@dataclass(frozen=True, kw_only=True)
class FileFormat:
    """A kind of file: its address by name, what it is called, and what it holds, in a sentence."""

    url_name: str
    label: str
    holds: str
    has_columns: bool = False
    extra: Mapping[str, str] | None = None


FORMATS: Final = (
    FileFormat(
        url_name="deals:export_xlsx",
        label="Excel workbook",
        holds="Deals with numbers, dates and yes or no as such; parties, financing, its events, "
        "milestones and sources on sheets of their own; codebook, licence and citation.",
        has_columns=True,
    ),
    FileFormat(
        url_name="deals:export_csv",
        label="CSV for spreadsheets",
        holds="A row a deal, with headings in words; opens rightly in Excel and LibreOffice, and "
        "no text can act as a formula.",
        has_columns=True,
        extra=SPREADSHEET,
    ),
    FileFormat(
        url_name="deals:export_csv",
        label="CSV",
        holds="A row a deal, as programs read it: UTF-8, names of columns as in the API, every "
        "text as it stands.",
        has_columns=True,
    ),
    FileFormat(
        url_name="deals:export_json",
        label="JSON",
        holds="Whole records with every source, citation and disagreement, as one array.",
    ),
    FileFormat(
        url_name="deals:export_ndjson",
        label="NDJSON",
        holds="The same, a record a line; Lodebook can import it.",
    ),
    FileFormat(
        url_name="deals:export_geojson",
        label="GeoJSON",
        holds="A point a host for QGIS and other maps: the label point of the country, unless a "
        "source says where the project is.",
        has_columns=True,
    ),
)


@dataclass(frozen=True)
class Download:
    """A file on offer, with the columns on show or with all."""

    file: FileFormat
    href: str
    chosen_href: str


@dataclass(frozen=True)
class Taking:
    """The ways to take the deals of a filter set away; `site` is ``https://example.org``."""

    filterset: DealFilterSet
    site: str
    sentence: str
    count: int
    columns: str = ""
    """What ``?columns=`` of a file with the columns on show is."""

    @cached_property
    def query(self) -> QueryDict:
        """The filters, the order and the times."""
        return known_query(self.filterset, keep=lambda name: name in self.filterset.filters)

    @property
    def downloads(self) -> list[Download]:
        """Every kind of file."""
        return [self._download(one, reverse(one.url_name)) for one in FORMATS]

    def _download(self, one: FileFormat, path: str) -> Download:
        extra, chosen_href = one.extra or {}, ""
        if one.has_columns and self.columns:
            chosen_href = self._addresses.href(path, {**extra, "columns": self.columns})
        return Download(one, self._addresses.href(path, extra), chosen_href)

    @property
    def feed_href(self) -> str:
        """The Atom feed."""
        return self._href("deals:feed")

    @cached_property
    def api_url(self) -> str:
        """The API's list of the same deals."""
        return f"{self.site}{self._href('api:deal-list')}"

    @property
    def curl(self) -> str:
        """The first page, in a shell."""
        return f"curl --compressed {shlex.quote(self.api_url)}"

    @property
    def pandas(self) -> str:
        """All of them as a table, in Python."""
        address = f"{self.site}{self._href('deals:export_csv')}"
        # Without keep_default_na pandas takes the code of Namibia, NA, for an empty cell.
        return (
            "import pandas\n\n"
            "deals = pandas.read_csv(\n"
            f'    "{address}",\n'
            '    keep_default_na=False, na_values=[""],\n'
            ")"
        )

    @property
    def pandas_from_api(self) -> str:
        """The same from the API, page by page."""
        address = f"{self.site}{self._href('api:deal-list', {'page_size': str(API_PAGE_SIZE)})}"
        return (
            "import pandas, requests\n\n"
            f'rows, address = [], "{address}"\n'
            "while address:\n"
            "    page = requests.get(address).json()\n"
            '    rows += page["results"]\n'
            '    address = page["next"]\n'
            "deals = pandas.json_normalize(rows)"
        )

    @property
    def as_of(self) -> datetime.date:
        """Up to the end of which day what was published is read."""
        return self.filterset.clock.last_day

    @property
    def is_settled(self) -> bool:
        """Whether nothing can be published any more that a citation of today would show."""
        return self.as_of < self.filterset.clock.today

    @cached_property
    def permalink(self) -> str:
        """The list as it stands, for good."""
        return f"{self.site}{self._href('deals:list', {'as_of': self.as_of.isoformat()})}"

    @property
    def times(self) -> str:
        """“as published by 22 Nov 2026; the world on 1 Jun 2025”."""
        words = f"as published by {date_in_words(self.as_of)}"
        on = self.filterset.clock.on
        return f"{words}; the world on {date_in_words(on)}" if on else words

    @property
    def citation(self) -> str:
        """The selection in words, to cite."""
        return (
            f"{NAME}. “{self.sentence}”: {count_in_words(self.count, 'deal')}, {self.times}. "
            f"{self.permalink} (accessed {date_in_words(self.filterset.clock.today)}). {LICENCE}."
        )

    @property
    def bibtex(self) -> str:
        """The same as a BibTeX entry."""
        today = self.filterset.clock.today
        key = f"lodebook-{slug_of(self.filterset) or 'deals'}-{self.as_of}"
        fields = {
            "author": "{Lodebook}",
            "title": f"{{{tex(NAME)}}}: {tex(self.sentence)}",
            "year": f"{self.as_of.year}",
            "month": f"{self.as_of.month}",
            "note": tex(f"{count_in_words(self.count, 'deal')}, {self.times}. {LICENCE}"),
            "url": self.permalink,
            "urldate": today.isoformat(),
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{{key},\n{lines}}}"

    def _href(self, url_name: str, extra: Mapping[str, str] | None = None) -> str:
        return self._addresses.href(reverse(url_name), extra)

    @cached_property
    def _addresses(self) -> Addresses:
        return Addresses(self.query, safe=",")


def selection_sentence(filterset: DealFilterSet) -> str:
    """The selection in words, as the list has it at its head."""
    return Selection(filterset, {}).sentence


def file_name(filterset: DealFilterSet, suffix: str) -> str:
    """``lodebook-deals-host-kz-2026-11-22.csv``: what was chosen, and the day that it is of.

    ``on`` and ``as_of`` are named where they are given: ``…-on-2025-06-01-as-of-2026-01-31.csv``.
    """
    clock = filterset.clock
    parts = ["lodebook-deals", slug_of(filterset)]
    if clock.on:
        parts.append(f"on-{clock.on}")
    parts.append(f"as-of-{clock.last_day}" if clock.as_of else str(clock.today))
    return f"{'-'.join(part for part in parts if part)}.{suffix}"


def slug_of(filterset: DealFilterSet) -> str:
    """The choices as ``host-kz-mineral-tungsten``; “selection” if that gets long."""
    words = []
    for name, value in filterset.cleaned.items():
        if name in ("on", "as_of", "ordering"):
            continue
        values = list(value) if isinstance(value, Mapping) else [value]
        words.append(name)
        words += [_value_slug(one) for one in values]
    slug = "-".join(word.replace("__", "-").replace("_", "-") for word in words if word)
    return slug if len(slug) <= _LONGEST_NAME else "selection"


def _value_slug(value: object) -> str:
    text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    if isinstance(value, ImpreciseDate):
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
