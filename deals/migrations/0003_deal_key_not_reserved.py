"""No deal takes the address of another page: holds for what is written from here on."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0002_company_names"),
        ("minerals", "0001_initial"),
    ]

    operations = [
        AddConstraintNotValid(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "key__in",
                        (
                            "charts",
                            "compare",
                            "embed",
                            "export",
                            "facets",
                            "feed",
                            "map",
                            "new",
                            "stats",
                        ),
                    ),
                    _negated=True,
                ),
                name="deal_key_not_reserved",
                violation_error_message="This key is the address of another page: add what the deal is about.",
            ),
        ),
    ]
