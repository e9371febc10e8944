"""The names behind a record's slugs and codes, as they are when an edition is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from config.lib.prepared import Among, Together
from countries.models import Bloc, Country
from deals.dossier import Record
from deals.models import Company, Event, Project
from minerals.models import Mineral

type Names = dict[str, Any]

_NAMES: Final = Together(
    lambda: {
        "companies": Company.objects.filter(Among("slug", "companies"))
        .order_by()
        .values_list("slug", "name", "aliases", "type", "country_id", "country__name"),
        "projects": Project.objects.filter(Among("slug", "projects"))
        .order_by()
        .values_list("slug", "name", "country_id", "country__name", "region"),
        "events": Event.objects.filter(Among("key", "events"))
        .order_by()
        .values_list("key", "name", "happened_on"),
        "minerals": Mineral.objects.filter(Among("slug", "minerals"))
        .order_by()
        .values_list("slug", "name", "symbol", "short_form", "category", "aliases"),
        "countries": Country.objects.filter(Among("iso2", "countries"))
        .order_by()
        .values_list("iso2", "name"),
        "blocs": Bloc.objects.filter(Among("key", "blocs"))
        .order_by()
        .values_list("key", "name", "short_name"),
    }
)


class NameBook:
    """Names of all that a set of records mentions, loaded at once."""

    def __init__(self, records: Iterable[Record]) -> None:
        records = list(records)
        places = [place for record in records for place in record.countries]
        found = _NAMES(
            companies={slug for record in records for slug in company_slugs(record)},
            projects={item.project for record in records for item in record.projects},
            events={record.event for record in records if record.event},
            minerals={slug for record in records for slug in record.minerals},
            countries={place.country for place in places if place.country},
            blocs={place.bloc for place in places if place.bloc},
        )
        self.countries: dict[str, str] = dict(found["countries"])
        self.companies: dict[str, dict[str, Any]] = {}
        for slug, name, aliases, kind, country, country_name in found["companies"]:
            self.companies[slug] = {
                "name": name,
                "aliases": aliases,
                "type": kind,
                "country": country,
            }
            if country:
                self.countries[country] = country_name
        self.projects: dict[str, dict[str, Any]] = {}
        for slug, name, country, country_name, region in found["projects"]:
            self.projects[slug] = {"name": name, "country": country, "region": region or None}
            self.countries[country] = country_name
        self.events = {
            key: {"name": name, "happened_on": str(happened_on)}
            for key, name, happened_on in found["events"]
        }
        self.minerals = {
            slug: {
                "name": name,
                "symbol": symbol or None,
                "short_form": short_form,
                "category": category,
                "aliases": aliases,
            }
            for slug, name, symbol, short_form, category, aliases in found["minerals"]
        }
        self.blocs = {
            key: {"name": name, "short_name": short_name}
            for key, name, short_name in found["blocs"]
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
