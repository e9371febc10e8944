"""Where a deal's working record stands beside what readers see: obstacles and differences."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, Self

import orjson

from deals.differences import Difference, differences
from deals.dossier import (
    Problem,
    Record,
    RecordError,
    as_document,
    build_documents,
    incomplete,
    read,
)
from deals.indexing import stored_record
from deals.models import Deal, Edition
from deals.names import NameBook


@dataclass
class Standing:
    """The working record beside the last edition.

    ``record`` is None where the draft has mistakes that no edition can hold. ``digest`` names the
    state that was looked at, so that no other is published for it.
    """

    deal: Deal
    last: Edition | None
    digest: str
    record: Record | None = None
    problems: list[Problem] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    differs: bool = False

    @classmethod
    def of(cls, deal: Deal) -> Self:
        """How ``deal`` stands now."""
        document = build_documents([deal])[0]
        last = deal.editions.order_by("-number").select_related("document").first()
        standing = cls(deal, last, _digest(document))
        try:
            standing.record = read(document, None)
        except RecordError as error:
            standing.problems = [*error.problems, *incomplete(document)]
            return standing
        standing.problems = incomplete(standing.record)
        if standing.current is not None:
            standing._compare(standing.record, standing.current)
        return standing

    @property
    def current(self) -> Edition | None:
        """The edition that readers see now, or None."""
        return self.last if self.last is not None and self.last.is_current else None

    def _compare(self, record: Record, edition: Edition) -> None:
        published = as_document(stored_record(edition.document))
        draft = as_document(record)
        self.differs = published != draft
        self.differences = differences(
            {"record": published, "names": orjson.loads(edition.document.names_text)},
            {"record": draft, "names": NameBook([record]).of(record)},
        )


def published_record(deal_pk: int) -> Record | None:
    """The record of the current edition, or None."""
    edition = Edition.objects.current().filter(deal=deal_pk).select_related("document").first()
    return None if edition is None else stored_record(edition.document)


def _digest(document: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(document)).hexdigest()[:16]
