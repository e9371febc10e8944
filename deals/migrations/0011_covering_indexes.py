"""Keys and links of all deals, read from indexes alone."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("deals", "0010_renaming_until"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="edition",
            index=models.Index(
                condition=models.Q(("period__upper_inf", True)),
                fields=["key"],
                include=["id", "cause"],
                name="edition_current_by_key",
            ),
        ),
        AddIndexConcurrently(
            model_name="edition",
            index=models.Index(
                condition=models.Q(("links", []), _negated=True),
                fields=["key"],
                include=["id", "cause", "period", "links"],
                name="edition_linking",
            ),
        ),
        RemoveIndexConcurrently(model_name="edition", name="edition_current_key"),
        RemoveIndexConcurrently(model_name="edition", name="edition_with_links"),
    ]
