"""To be written."""

from django.http import HttpRequest, HttpResponse


def mineral_list(request: HttpRequest) -> HttpResponse:
    return HttpResponse("mineral_list")


def mineral_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse("mineral_detail")
