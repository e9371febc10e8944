"""No deal has the address of another page: looks at those that were there before."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0003_deal_key_not_reserved"),
    ]

    operations = [
        ValidateConstraint(model_name="deal", name="deal_key_not_reserved"),
    ]
