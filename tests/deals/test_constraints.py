"""Half values are refused by the database too, where a comparison with nothing lets them pass."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from deals.models import Deal, FinancingLine, Project

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

VALUED = Deal.objects.filter(value_low__isnull=False)
FUNDED = FinancingLine.objects.filter(amount__isnull=False)


@pytest.mark.parametrize(
    ("rows", "half", "constraint"),
    [
        (VALUED, {"value_low": None}, "deal_value_whole"),
        (VALUED, {"value_high": None}, "deal_value_whole"),
        (VALUED, {"value_low": None, "value_high": None}, "deal_value_whole"),
        (VALUED, {"value_currency": ""}, "deal_value_whole"),
        (VALUED, {"value_basis": ""}, "deal_value_whole"),
        (FUNDED, {"amount": None}, "financing_line_amount"),
        (FUNDED, {"currency": ""}, "financing_line_amount"),
        (Project.objects.all(), {"latitude": 5, "longitude": None}, "project_place_whole"),
        (Project.objects.all(), {"latitude": None, "longitude": 5}, "project_place_whole"),
    ],
)
def test_a_half_value_is_refused(
    rows: models.QuerySet[Any], half: dict[str, Any], constraint: str
) -> None:
    pk = rows.values_list("pk", flat=True)[0]
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        rows.filter(pk=pk).update(**half)
