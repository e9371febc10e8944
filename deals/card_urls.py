"""Addresses of the pictures that links to our pages show: the address of the page below cards/."""

from django.urls import path

from deals.views import cards

app_name = "cards"

urlpatterns = [
    path("home.png", cards.home_card, name="home"),
    path("deals.png", cards.selection_card, name="selection"),
    path("deals/<slug:key>.png", cards.deal_card, name="deal"),
    path("countries/<slug:iso2>.png", cards.country_card, name="country"),
    path("minerals/<slug:slug>.png", cards.mineral_card, name="mineral"),
    path("companies/<slug:slug>.png", cards.company_card, name="company"),
    path("events/<slug:key>.png", cards.event_card, name="event"),
    path("policies/<slug:key>.png", cards.policy_card, name="policy"),
]
