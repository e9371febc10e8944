"""Finding the edition behind a key: it may have moved, been withdrawn or never been public."""

from __future__ import annotations

import datetime
from dataclasses import replace

from deals.codes import Cause
from deals.models import Edition
from deals.models.edition import EditionQuerySet
from deals.reading import Clock


class DealNotFound(LookupError):
    """No edition has ever stood under this key, or none by the day that was asked for."""

    def __init__(self, key: str, *, published_on: datetime.date | None = None) -> None:
        reason = f"There is no deal with the key “{key}”."
        if published_on is not None:
            reason = f"“{key}” was first published on {published_on}, after the day you ask for."
        super().__init__(reason)
        self.published_on = published_on


class DealMoved(LookupError):
    """The deal has another key now."""

    def __init__(self, key: str) -> None:
        super().__init__(f"This deal is “{key}” now.")
        self.key = key


class DealGone(LookupError):
    """The deal is not public any more: `closing` is the withdrawal or removal.

    `last_number` is that of the last edition that can be read, None if there is none.
    """

    def __init__(self, closing: Edition, last_number: int | None) -> None:
        self.closing = closing
        self.last_number = last_number
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        day = self.closing.published_at.date()
        if self.closing.cause == Cause.EXPUNGE:
            return f"This deal was removed on {day}."
        reason = f" {self.closing.reason}" if self.closing.reason else ""
        last = f" Its last edition is number {self.last_number}." if self.last_number else ""
        return f"This deal was withdrawn on {day}.{reason}{last}"


def editions_of(key: str) -> EditionQuerySet:
    """All editions of the deal that stands, or stood last, under a key: withdrawals too.

    Raises DealNotFound.
    """
    latest = Edition.objects.filter(key=key).order_by("-seq").only("deal_id").first()
    if latest is None:
        raise DealNotFound(key)
    return Edition.objects.filter(deal=latest.deal_id)


def find_edition(key: str, clock: Clock) -> Edition:
    """The edition that readers see under a key at the time of `clock`, with its document.

    A past `on` does not matter: it changes what is told of a deal, not whether it can be read.
    Raises DealMoved, DealGone or DealNotFound.
    """
    visible = replace(clock, on=None).editions()
    edition = visible.filter(key=key).select_related("document").first()
    if edition is not None:
        return edition
    editions = editions_of(key)
    present = visible.filter(pk__in=editions.values("pk")).only("key").first()
    if present is not None:
        raise DealMoved(present.key)
    if clock.as_of is not None:
        editions = editions.filter(published_at__lte=clock.as_of)
    closing = editions.order_by("-number").first()
    if closing is None:
        first = editions_of(key).earliest("number")
        raise DealNotFound(key, published_on=first.published_at.date())
    last = editions.readable().order_by("-number").only("number").first()
    raise DealGone(closing, last.number if last else None)


def first_published_at() -> datetime.datetime | None:
    """When Lodebook's first edition came out: before it `as_of` finds nothing."""
    return Edition.objects.order_by("published_at").values_list("published_at", flat=True).first()
