"""To be written."""

from django.http import HttpRequest, HttpResponse


def company_list(request: HttpRequest) -> HttpResponse:
    return HttpResponse("company_list")


def company_detail(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse("company_detail")
