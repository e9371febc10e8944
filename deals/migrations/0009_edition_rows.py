"""Rows of CSV files beside the editions; `reindex_editions` writes those of earlier ones."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0008_deals_with_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="EditionRow",
            fields=[
                (
                    "edition",
                    models.OneToOneField(
                        help_text="The edition.",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="row",
                        serialize=False,
                        to="deals.edition",
                    ),
                ),
                (
                    "layout",
                    models.CharField(help_text="Tells apart rows of other columns.", max_length=8),
                ),
                (
                    "text",
                    models.TextField(help_text="The row, with a gap for what depends on the day."),
                ),
            ],
        ),
    ]
