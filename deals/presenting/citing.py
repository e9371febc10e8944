"""Sources of a deal: their numbers on the page, and which of them speak to a fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from deals.models import normalised_url


@dataclass(frozen=True)
class Cite:
    """A source under its number in the list of sources."""

    number: int
    ref: str
    publisher: str


class SourceBook:
    """The sources and citations of one record."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record
        self._by_ref = {
            source["ref"]: Cite(number, source["ref"], source["publisher"])
            for number, source in enumerate(record["sources"], start=1)
        }

    def cite(self, ref: str | None) -> list[Cite]:
        """The source under ``ref``, if one is named."""
        found = self._by_ref.get(ref or "")
        return [found] if found else []

    def agreeing(self, fact: str) -> list[Cite]:
        """Sources named for ``fact`` that say the same as the record, each once, in order."""
        return self._cites(
            citation["source"]
            for citation in self.record["citations"]
            if citation["fact"] == fact and not citation["stated"]
        )

    def of_item(self, fact: str, ref: str) -> list[Cite]:
        """Sources named for one nested item, such as a financing line."""
        return self._cites(
            citation["source"]
            for citation in self.record["citations"]
            if citation["fact"] == fact and citation["item"] == ref and not citation["stated"]
        )

    def differing(self, fact: str) -> list[tuple[str, str | None, list[Cite]]]:
        """What sources say otherwise about ``fact``: words, ref of the item meant, and who."""
        said: dict[tuple[str, str | None], list[str]] = {}
        for citation in self.record["citations"]:
            if citation["fact"] == fact and citation["stated"]:
                said.setdefault((citation["stated"], citation["item"]), []).append(
                    citation["source"]
                )
        return [(stated, item, self._cites(refs)) for (stated, item), refs in said.items()]

    def quotes(self, fact: str) -> list[tuple[str, str, list[Cite]]]:
        """Quote, place in the source, and the source, of each citation that has one."""
        return [
            (citation["quote"] or "", citation["locator"] or "", self.cite(citation["source"]))
            for citation in self.record["citations"]
            if citation["fact"] == fact and (citation["quote"] or citation["locator"])
        ]

    @property
    def independent_at_most(self) -> int:
        """Sources that may be independent: those known to repeat one story count once."""
        return len(
            {source["origin"] or normalised_url(source["url"]) for source in self.record["sources"]}
        )

    def _cites(self, refs: Iterable[str]) -> list[Cite]:
        found = {ref: self._by_ref[ref] for ref in refs if ref in self._by_ref}
        return sorted(found.values(), key=lambda cite: cite.number)


def publishers(cites: Iterable[Cite]) -> str:
    """Names of publishers, each once: “Business Wire, Qazinform”."""
    return ", ".join(dict.fromkeys(cite.publisher for cite in cites))
