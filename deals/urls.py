"""Addresses of deals, companies, events and sources, grouped by prefix.

The names are a contract: bookmarks and other people's tools rest on them.
"""

from django.urls import include, path

from deals.presenting.citation import FORMS
from deals.views import (
    about,
    charts,
    companies,
    compare,
    deals,
    events,
    exports,
    facet,
    feed,
    geography,
    history,
    home,
    sources,
    suggest,
)

app_name = "deals"

deal_urls = [
    path("", deals.deal_list, name="list"),
    path("export.csv", exports.export_csv, name="export_csv"),
    path("export.xlsx", exports.export_xlsx, name="export_xlsx"),
    path("export.json", exports.export_json, name="export_json"),
    path("export.ndjson", exports.export_ndjson, name="export_ndjson"),
    path("export.geojson", geography.export_geojson, name="export_geojson"),
    path("feed.atom", feed.deal_feed, name="feed"),
    path("charts/<slug:name>.svg", charts.chart_svg, name="chart_svg"),
    path("charts/<slug:name>.png", charts.chart_png, name="chart_png"),
    path("charts/<slug:name>.csv", charts.chart_csv, name="chart_csv"),
    path("facets/<slug:name>/", facet.facet_values, name="facet"),
    path("compare/", compare.comparison_page, {"comparing": compare.DEALS}, name="compare"),
    path("compare.csv", compare.comparison_file, {"comparing": compare.DEALS}, name="compare_csv"),
    path("<slug:key>/", deals.deal_detail, name="detail"),
    path("<slug:key>/history/", history.deal_history, name="history"),
    path("<slug:key>/editions/<int:number>/", history.deal_edition, name="edition"),
    *(
        path(
            f"<slug:key>/editions/<int:number>/cite.{form.ending}",
            history.deal_citation,
            {"form": form.ending},
            name=f"cite_{form.ending}",
        )
        for form in FORMS
    ),
]

company_urls = [
    path("", companies.company_list, name="companies"),
    path("<slug:slug>/", companies.company_detail, name="company"),
]

event_urls = [
    path("", events.event_list, name="events"),
    path("<slug:key>/", events.event_detail, name="event"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("about/", about.about, name="about"),
    path("sources/", sources.source_list, name="sources"),
    path("suggest/", suggest.suggestions, name="suggest"),
    path("deals/", include(deal_urls)),
    path("companies/", include(company_urls)),
    path("events/", include(event_urls)),
    path("embed/deals/<slug:name>/", charts.chart_embed, name="chart_embed"),
]
