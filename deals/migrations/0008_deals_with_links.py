"""The few deals with links, found without looking at all the others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("deals", "0007_renaming"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="edition",
            index=models.Index(
                condition=models.Q(("links", []), _negated=True),
                fields=["key"],
                name="edition_with_links",
            ),
        ),
    ]
