"""Every public address: read from the URL configuration, so that a new one is asked as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import quote

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

KNOWN_DEALS = ("kz-cove-kaz-tau-ken-samruk-tungsten", "kz-jogmec-tau-ken-samruk-mou")
QUESTIONS = {
    "deals:suggest": "?q={}",
    "deals:compare_csv": f"?deal={KNOWN_DEALS[0]}&deal={{}}",
    "countries:compare_csv": "?country=US&country={}",
    "minerals:compare_csv": "?mineral=copper&mineral={}",
}
"""What must be asked of an address that says nothing without a question."""


@dataclass(frozen=True)
class Route:
    """A named address and the parameters that it takes."""

    name: str
    parameters: tuple[str, ...]

    def addresses(self, pool: Sequence[str]) -> Iterator[str]:
        """Its addresses with every value of the pool that fits; whole numbers where asked."""
        if question := QUESTIONS.get(self.name):
            for value in (*pool, *KNOWN_DEALS[1:]):
                yield f"{reverse(self.name)}{question.format(quote(value))}"
            return
        values = [
            ["1", "2"] if name in {"number", "pk", "id"} else pool for name in self.parameters
        ]
        for chosen in product(*values):
            try:
                yield reverse(self.name, kwargs=dict(zip(self.parameters, chosen, strict=True)))
            except NoReverseMatch:
                continue


def public_routes() -> list[Route]:
    """Every named route but the admin's and the monitors', which let no reader in."""
    routes = {
        route for route in _routes(get_resolver().url_patterns, ()) if route.name != "metrics"
    }
    return sorted(routes, key=lambda route: route.name)


def _routes(
    patterns: Sequence[URLPattern | URLResolver], spaces: tuple[str, ...]
) -> Iterator[Route]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
                yield from _routes(pattern.url_patterns, inner)
        elif pattern.name:
            parts: Any = pattern.pattern
            names = parts.converters or parts.regex.groupindex
            yield Route(":".join([*spaces, pattern.name]), tuple(names))
