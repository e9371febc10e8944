"""To be written."""

from django.http import HttpRequest, HttpResponse


def deal_history(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse("deal_history")


def deal_edition(request: HttpRequest, key: str, number: int) -> HttpResponse:
    return HttpResponse("deal_edition")
