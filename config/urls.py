"""Every address of the site."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.metrics import metrics
from config.root_files import favicon, healthz
from deals.monitoring import site_figures
from deals.views import compare, countries, minerals, policies, sitemaps

# Profiles of countries, minerals and policies show deals, so their views live with the deals;
# their addresses belong to the apps that own the records.
country_urls = [
    path("", countries.country_list, name="list"),
    path("compare/", compare.comparison_page, {"comparing": compare.COUNTRIES}, name="compare"),
    path(
        "compare.csv",
        compare.comparison_file,
        {"comparing": compare.COUNTRIES},
        name="compare_csv",
    ),
    path("<slug:iso2>/", countries.country_detail, name="detail"),
]
mineral_urls = [
    path("minerals/", minerals.mineral_list, name="list"),
    path(
        "minerals/compare/",
        compare.comparison_page,
        {"comparing": compare.MINERALS},
        name="compare",
    ),
    path(
        "minerals/compare.csv",
        compare.comparison_file,
        {"comparing": compare.MINERALS},
        name="compare_csv",
    ),
    path("minerals/<slug:slug>/", minerals.mineral_detail, name="detail"),
    path("policies/", policies.policy_list, name="policies"),
    path("policies/<slug:key>/", policies.policy_detail, name="policy"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include("config.api")),  # first: a program asks more often than a person
    path("", include("deals.urls")),
    path("countries/", include((country_urls, "countries"))),
    path("", include((mineral_urls, "minerals"))),
    path("cards/", include("deals.card_urls")),
    path("sitemap.xml", sitemaps.sitemap_index, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap, name="sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, {"site_figures": site_figures}, name="metrics"),
    path("favicon.ico", favicon),
]

handler400 = "config.errors.bad_request"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

if settings.DEBUG:
    from config.styleguide import styleguide

    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
