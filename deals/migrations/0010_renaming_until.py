"""What the last edition of a renaming means: help text alone, no change of the table."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deals", "0009_edition_rows")]

    operations = [
        migrations.AlterField(
            model_name="renaming",
            name="until_seq",
            field=models.BigIntegerField(
                help_text=(
                    "The last edition there was when it began; later ones are looked at only where"
                    " they may have copied the old name."
                ),
                null=True,
            ),
        ),
    ]
