"""The pictures that links to our pages show elsewhere: one address for each kind of page."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from config.lib.caching import public_page
from config.lib.crowding import few_at_a_time
from config.lib.problems import InvalidParameters, answer_problems
from config.lib.words import count_in_words, date_in_words, money_in_words
from countries.models import Country
from deals.cards import Card, axes_of, lanes_of, png
from deals.filters import DealFilterSet
from deals.finding import DealGone, DealMoved, DealNotFound, find_edition
from deals.labels import labels
from deals.models import Company, Edition, Event
from deals.models.edition import EditionQuerySet
from deals.portfolios import headlines_of, ladder_of, ladder_of_lines
from deals.reading import Clock, summaries
from deals.selecting import Selection
from minerals.models import Mineral, PolicyMeasure


def _answer(card: Card, request: HttpRequest) -> HttpResponse:
    page = request.build_absolute_uri("/")
    return HttpResponse(png(card, address=page), content_type="image/png")


@public_page
@few_at_a_time
def home_card(request: HttpRequest) -> HttpResponse:
    """What the front page says first."""
    editions = Edition.objects.current()
    ladder = ladder_of(editions, Clock())
    return _answer(
        Card(
            kind="Critical-minerals deals",
            title="Whose money stands behind critical-minerals deals, and how firm it is",
            deck=f"{_financing(ladder.without_financing, ladder.deal_count)}",
            columns=lanes_of(ladder),
        ),
        request,
    )


def _financing(without: int, deals: int) -> str:
    return f"{without:,} of {count_in_words(deals, 'deal')} have no financing on record."


@answer_problems
@public_page
@few_at_a_time
def selection_card(request: HttpRequest) -> HttpResponse:
    """A selection of deals, under the parameters of the list."""
    filterset = DealFilterSet(request.GET)
    if problems := filterset.problems():
        raise InvalidParameters(problems)
    found = filterset.filtered(filterset.editions).order_by()
    ladder = ladder_of(found, filterset.clock)
    return _answer(
        Card(
            kind=count_in_words(ladder.deal_count, "deal"),
            title=Selection(filterset, {}).sentence,
            deck=_deck(found),
            columns=lanes_of(ladder),
        ),
        request,
    )


def _deck(editions: EditionQuerySet) -> str:
    headlines = headlines_of(editions)
    if headlines.usd is None:
        return ""
    return f"Headline values of {money_in_words(headlines.usd)}. Money on record:"


@public_page
@few_at_a_time
def deal_card(request: HttpRequest, key: str) -> HttpResponse:
    """A deal as it stands: its three axes."""
    clock = Clock()
    try:
        edition = find_edition(key, clock)
    except (DealNotFound, DealGone, DealMoved) as error:
        raise Http404(str(error)) from error
    deal = summaries([edition], clock)[0]
    places = ", ".join(place["name"] for place in deal["hosts"][:3])
    announced = f"announced {date_in_words(deal['announced_on'])}" if deal["announced_on"] else ""
    return _answer(
        Card(
            kind=labels()["kind"][deal["kind"]],
            title=deal["title"],
            deck=" · ".join(part for part in (places, announced) if part),
            columns=axes_of(deal),
        ),
        request,
    )


@public_page
@few_at_a_time
def country_card(request: HttpRequest, iso2: str) -> HttpResponse:
    """A country as host."""
    country = get_object_or_404(Country, iso2=iso2.upper())
    hosted = Edition.objects.current().filter(hosts__contains=[country.iso2])
    partnered = Edition.objects.current().filter(partners__contains=[country.iso2]).count()
    ladder = ladder_of(hosted, Clock())
    as_host = f"Host of {count_in_words(ladder.deal_count, 'recorded deal')}"
    return _answer(
        Card(
            kind="Country",
            title=country.name,
            deck=f"{as_host}, partner in {partnered or 'none'}. Money for projects there:",
            columns=lanes_of(ladder),
        ),
        request,
    )


@public_page
@few_at_a_time
def mineral_card(request: HttpRequest, slug: str) -> HttpResponse:
    """A mineral or group and the money for it."""
    mineral = get_object_or_404(Mineral, slug=slug)
    editions = Edition.objects.current().filter(minerals__contains=[slug])
    ladder = ladder_of(editions, Clock())
    deals = count_in_words(ladder.deal_count, "recorded deal").capitalize()
    return _answer(
        Card(
            kind="Mineral",
            title=mineral.name,
            deck=f"{deals}, {ladder.without_financing} without financing on record.",
            columns=lanes_of(ladder),
        ),
        request,
    )


@public_page
@few_at_a_time
def company_card(request: HttpRequest, slug: str) -> HttpResponse:
    """A public company and the money that it provides."""
    company = get_object_or_404(Company.objects.public(), slug=slug)
    clock = Clock()
    editions = Edition.objects.current()
    slugs = [slug, *company.merged_from.values_list("slug", flat=True)]
    deals = editions.filter(companies__overlap=slugs).count()
    lines = (
        clock.lines()
        .filter(edition__in=editions.values("pk"), providers__overlap=slugs)
        .exclude(rung="")
    )
    ladder = ladder_of_lines(lines, deal_count=deals)
    gives = not ladder.is_empty
    return _answer(
        Card(
            kind=company.get_type_display(),
            title=company.name,
            deck=f"Named in {count_in_words(deals, 'recorded deal')}."
            + (" Its money:" if gives else ""),
            columns=lanes_of(ladder) if gives else (),
        ),
        request,
    )


@public_page
@few_at_a_time
def event_card(request: HttpRequest, key: str) -> HttpResponse:
    """What became of an event."""
    event = get_object_or_404(Event.objects.public(), key=key)
    editions = Edition.objects.current().filter(event=key)
    ladder = ladder_of(editions, Clock())
    headlines = headlines_of(editions)
    promised = (
        f", {money_in_words(headlines.usd)} in headlines" if headlines.usd is not None else ""
    )
    return _answer(
        Card(
            kind=date_in_words(event.happened_on),
            title=f"{event.name}: what became of it",
            deck=f"{count_in_words(ladder.deal_count, 'deal').capitalize()} announced{promised}.",
            columns=lanes_of(ladder),
        ),
        request,
    )


@public_page
@few_at_a_time
def policy_card(request: HttpRequest, key: str) -> HttpResponse:
    """A policy measure."""
    measure = get_object_or_404(
        PolicyMeasure.objects.select_related("issuer_country", "issuer_bloc").filter(
            Q(issuer_country__isnull=False) | Q(issuer_bloc__isnull=False)
        ),
        key=key,
    )
    issuer = measure.issuer.name if measure.issuer else ""
    state = measure.get_status_display().lower()
    return _answer(
        Card(
            kind=f"{measure.get_kind_display()}, {state}",
            title=measure.title,
            deck=f"{issuer}. {measure.summary}",
        ),
        request,
    )
