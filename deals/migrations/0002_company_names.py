"""An index of all names of companies, for suggestions while a reader types."""

import config.lib.sorting
import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("countries", "0002_country_aliases"),
        ("deals", "0001_initial"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="company",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    config.lib.sorting.PlainNames("name", "aliases"), name="gin_trgm_ops"
                ),
                name="company_names",
            ),
        ),
    ]
