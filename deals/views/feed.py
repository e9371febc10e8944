"""The Atom feed of a list of deals: what was published about them, newest first.

Fifty entries a page; a page links to the one with what was published before it (RFC 5005), so
that a reader who was away for long misses nothing. ``before`` is an edition's place in the order
of publication: unlike the number of a page it stays right while others are published.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import orjson
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from config.lib.caching import public_page
from config.lib.problems import InvalidParameters, ParameterProblem, answer_problems, shortened
from config.lib.words import count_in_words
from deals.differences import Difference
from deals.filters import DealFilterSet
from deals.history import between
from deals.licence import LICENCE
from deals.models import Edition
from deals.taking import Taking, selection_sentence

ENTRIES: Final = 50
BEFORE: Final = "before"
MOST_CHANGES: Final = 5
_SEQ: Final = re.compile(r"[1-9][0-9]{0,17}")


class PagedFeed(Atom1Feed):
    """An Atom feed with the links of RFC 5005, given as ``links={"next": address}``."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        for relation, address in self.feed["links"].items():
            handler.addQuickElement("link", "", {"rel": relation, "href": address})


@answer_problems
@public_page
def deal_feed(request: HttpRequest) -> HttpResponse:
    """The last editions of the deals that the parameters leave; refreshed names are no news."""
    filterset = DealFilterSet(request.GET)
    filterset.raise_for_problems({"ordering", BEFORE})
    before = _before(request)
    deals = filterset.qs.order_by().values("deal")
    editions = Edition.objects.readable().news().filter(deal__in=deals).order_by("-seq")
    if filterset.clock.as_of is not None:
        editions = editions.filter(published_at__lte=filterset.clock.as_of)
    if before is not None:
        editions = editions.filter(seq__lt=before)
    page = list(editions.for_list()[: ENTRIES + 1])
    entries, older = page[:ENTRIES], page[ENTRIES:]
    changes = _changes_of(entries)

    site = f"{request.scheme}://{request.get_host()}"
    taking = Taking(filterset, site, selection_sentence(filterset), 0)
    first = f"{site}{taking.feed_href}"
    link = "&" if "?" in first else "?"
    links = {"first": first} if before is not None else {}
    if older:
        links["next"] = f"{first}{link}{BEFORE}={entries[-1].seq}"
    selection = taking.query.urlencode()
    listed = f"{site}{reverse('deals:list')}"
    feed = PagedFeed(
        title=f"Lodebook: {taking.sentence}",
        link=f"{listed}?{selection}" if selection else listed,
        description="",
        subtitle="Critical-minerals deals: who holds what, whose money it is, and how firm.",
        feed_url=request.build_absolute_uri(),
        feed_guid=first,
        author_name="Lodebook",
        feed_copyright=LICENCE,
        language="en-GB",
        links=links,
    )
    for edition in entries:
        address = f"{site}{edition.get_absolute_url()}"
        feed.add_item(
            title=_title(edition),
            link=address,
            unique_id=address,
            unique_id_is_permalink=True,
            description=_words(edition, changes.get(edition.pk)),
            pubdate=edition.published_at,
            updateddate=edition.published_at,
        )
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get(BEFORE, "")
    if not text:
        return None
    if not _SEQ.fullmatch(text):
        raise InvalidParameters(
            [
                ParameterProblem(
                    parameter=BEFORE,
                    value=text,
                    detail=f"“{shortened(text)}” is no place in the order of publication: take "
                    "the address from the link “next”, or leave it out.",
                )
            ]
        )
    return int(text)


def _title(edition: Edition) -> str:
    number = f" (edition {edition.number})" if edition.number > 1 else ""
    return f"{edition.title}{number}"


def _changes_of(editions: Sequence[Edition]) -> dict[int, list[Difference]]:
    """What each edition changed in the one before, by id; two queries, none if all are first."""
    later = [edition.pk for edition in editions if edition.number > 1]
    if not later:
        return {}
    earlier = (
        Edition.objects.readable()
        .filter(deal=OuterRef("deal"), number__lt=OuterRef("number"))
        .order_by("-number")
        .values("pk")[:1]
    )
    pairs = dict(
        Edition.objects.filter(pk__in=later)
        .annotate(earlier=Subquery(earlier))
        .exclude(earlier=None)
        .values_list("pk", "earlier")
    )
    documents = (
        Edition.objects.select_related("document")
        .defer("search", "search_names")
        .in_bulk([*pairs, *pairs.values()])
    )
    return {pk: between(documents[old], documents[pk]) for pk, old in pairs.items()}


def _words(edition: Edition, changes: Sequence[Difference] | None) -> str:
    """“Agreement: MoU signed → Agreement signed. Source added: …”, or what the deal is about."""
    if not changes:
        summary: str = orjson.loads(edition.document.summary_text)["summary"]
        return summary
    said = [_sentence(change) for change in changes[:MOST_CHANGES]]
    if len(changes) > MOST_CHANGES:
        said.append(f"And {count_in_words(len(changes) - MOST_CHANGES, 'more change')}.")
    return " ".join(said)


def _sentence(change: Difference) -> str:
    if not change.before:
        words = f"{change.fact}, new: {change.after}"
    elif not change.after:
        words = f"{change.fact}, taken out: {change.before}"
    else:
        words = f"{change.fact}: {change.before} → {change.after}"
    return words if words.endswith((".", "!", "?")) else f"{words}."
