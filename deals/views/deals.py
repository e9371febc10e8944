"""To be written."""

from django.http import HttpRequest, HttpResponse


def deal_list(request: HttpRequest) -> HttpResponse:
    return HttpResponse("deal_list")


def deal_detail(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse("deal_detail")
