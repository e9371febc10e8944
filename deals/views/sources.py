"""To be written."""

from django.http import HttpRequest, HttpResponse


def source_list(request: HttpRequest) -> HttpResponse:
    return HttpResponse("source_list")
