"""To be written."""

from django.http import HttpRequest, HttpResponse


def event_list(request: HttpRequest) -> HttpResponse:
    return HttpResponse("event_list")


def event_detail(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse("event_detail")
