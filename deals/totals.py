"""Which headline values may stand in a sum: `counts_toward_total` of every deal in a web of links.

A value does not count if its basis is a programme's budget or an enterprise value; if the deal is
an umbrella whose parts state values; if another deal supersedes it; or if a later deal of the same
chain (`follows`) states the same value. Of deals that follow one another in a circle, which is a
mistake that no rule forbids, the one whose key is the last of the alphabet is taken as the latest,
so that exactly one of them counts. Only editions readers can see take part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from django.db.models import Q

from deals.codes import BASES_NOT_COUNTED, LinkType
from deals.models.edition import EditionQuerySet, pointing_to

COUNTING_LINKS = (LinkType.PART_OF, LinkType.SUPERSEDES, LinkType.FOLLOWS)


@dataclass
class LinkWeb:
    """Deals and their links, as far as they matter for what counts."""

    stated: dict[str, str] = field(default_factory=dict)
    basis: dict[str, str] = field(default_factory=dict)
    counted: dict[str, bool] = field(default_factory=dict)
    """What the columns of the editions say now; nothing of deals that are being published."""
    pointing_here: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, editions: EditionQuerySet) -> Self:
        """The web of all ``editions``, in one query."""
        web = cls()
        web._read(editions)
        return web

    @classmethod
    def around(cls, keys: Iterable[str], editions: EditionQuerySet) -> Self:
        """The web that hangs together with ``keys``, a step outwards at a time."""
        web = cls()
        edge = set(keys)
        seen: set[str] = set()
        while edge:
            seen |= edge
            pointing = pointing_to([f"{link}:{key}" for link in COUNTING_LINKS for key in edge])
            near = editions.filter(Q(key__in=edge) | Q(pk__in=pointing))
            edge = web._read(near) - seen
        return web

    def _read(self, editions: EditionQuerySet) -> set[str]:
        """Adds the deals of ``editions``; their keys, and those that they point to."""
        reached: set[str] = set()
        for key, links, stated, basis, counted in editions.order_by().values_list(
            "key", "links", "stated_value", "value_basis", "counts_toward_total"
        ):
            self.add(key, links=links, stated=stated, basis=basis)
            self.counted[key] = counted
            reached.add(key)
            reached |= {
                target
                for link, _, target in (text.partition(":") for text in links)
                if link in COUNTING_LINKS
            }
        return reached

    def add(self, key: str, *, links: Iterable[str], stated: str, basis: str) -> None:
        """Adds a deal."""
        self.stated[key] = stated
        self.basis[key] = basis
        for text in links:
            link, _, target = text.partition(":")
            self.pointing_here[link, target].add(key)

    def misjudged(self) -> list[str]:
        """Keys of the deals whose column is not what `counts` says."""
        return [key for key, counted in self.counted.items() if counted != self.counts(key)]

    def counts(self, key: str) -> bool:
        """Whether the value of the deal under ``key`` may stand in a sum."""
        stated = self.stated.get(key, "")
        if not stated or self.basis[key] in BASES_NOT_COUNTED:
            return False
        if self._here(LinkType.SUPERSEDES, key):
            return False
        if any(self.stated[part] for part in self._below(LinkType.PART_OF, key)):
            return False
        return not any(
            self.stated[other] == stated and self._is_later(other, key)
            for other in self._below(LinkType.FOLLOWS, key)
        )

    def _is_later(self, other: str, key: str) -> bool:
        """Whether ``other``, which follows ``key``, comes later; in a circle the key decides."""
        is_circle = key in self._below(LinkType.FOLLOWS, other)
        return other > key if is_circle else True

    def _here(self, link: str, key: str) -> set[str]:
        return {other for other in self.pointing_here[link, key] if other in self.stated}

    def _below(self, link: str, key: str) -> set[str]:
        """All that point to ``key``, directly or through others; a circle is walked once."""
        found: set[str] = set()
        edge = self._here(link, key)
        while edge:
            found |= edge
            edge = {below for other in edge for below in self._here(link, other)} - found
        return found - {key}
