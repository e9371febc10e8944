"""The names behind a record's slugs and codes, as they are when an edition is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from countries.models import Bloc, Country
from deals.dossier import Record
from deals.models import Company, Event, Project
from minerals.models import Mineral

type Names = dict[str, Any]


class NameBook:
    """Names of all that a set of records mentions, loaded in six queries at most."""

    def __init__(self, records: Iterable[Record]) -> None:
        records = list(records)
        self.companies = {
            slug: {"name": name, "aliases": aliases, "type": kind, "country": country}
            for slug, name, aliases, kind, country in Company.objects.filter(
                slug__in={slug for record in records for slug in company_slugs(record)}
            ).values_list("slug", "name", "aliases", "type", "country_id")
        }
        self.projects = {
            slug: {"name": name, "country": country, "region": region or None}
            for slug, name, country, region in Project.objects.filter(
                slug__in={item.project for record in records for item in record.projects}
            ).values_list("slug", "name", "country_id", "region")
        }
        self.events = {
            key: {"name": name, "happened_on": str(happened_on)}
            for key, name, happened_on in Event.objects.filter(
                key__in={record.event for record in records if record.event}
            ).values_list("key", "name", "happened_on")
        }
        self.minerals = {
            slug: {
                "name": name,
                "symbol": symbol or None,
                "short_form": short_form,
                "category": category,
                "aliases": aliases,
            }
            for slug, name, symbol, short_form, category, aliases in Mineral.objects.filter(
                slug__in={slug for record in records for slug in record.minerals}
            ).values_list("slug", "name", "symbol", "short_form", "category", "aliases")
        }
        places = [place for record in records for place in record.countries]
        codes = {
            *(place.country for place in places),
            *(company["country"] for company in self.companies.values()),
            *(project["country"] for project in self.projects.values()),
        }
        self.countries = dict(
            Country.objects.filter(iso2__in=filter(None, codes)).values_list("iso2", "name")
        )
        self.blocs = {
            key: {"name": name, "short_name": short_name}
            for key, name, short_name in Bloc.objects.filter(
                key__in={place.bloc for place in places if place.bloc}
            ).values_list("key", "name", "short_name")
        }

    def of(self, record: Record) -> Names:
        """The names that ``record`` needs, keyed by what they name."""
        companies = {slug: self.companies[slug] for slug in company_slugs(record)}
        projects = {item.project: self.projects[item.project] for item in record.projects}
        countries = {
            *(place.country for place in record.countries),
            *(str(company["country"] or "") for company in companies.values()),
            *(project["country"] for project in projects.values()),
        }
        return {
            "countries": {
                code: {"name": self.countries[code]} for code in sorted(filter(None, countries))
            },
            "blocs": {
                place.bloc: self.blocs[place.bloc] for place in record.countries if place.bloc
            },
            "minerals": {slug: self.minerals[slug] for slug in record.minerals},
            "companies": companies,
            "projects": projects,
            "event": ({"key": record.event, **self.events[record.event]} if record.event else None),
        }


def company_slugs(record: Record) -> list[str]:
    """Parties and providers, each once, in the order of the record."""
    slugs = [party.company for party in record.parties]
    slugs += [slug for line in record.financing for slug in line.providers]
    return list(dict.fromkeys(slugs))
