"""To be written."""

from django.http import HttpRequest, HttpResponse


def country_list(request: HttpRequest) -> HttpResponse:
    return HttpResponse("country_list")


def country_detail(request: HttpRequest, iso2: str) -> HttpResponse:
    return HttpResponse("country_detail")
