"""Kebab-case keys, the stable names of records in addresses and documents."""

from django.core.validators import RegexValidator

KEY_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
KEY_MAX_LENGTH = 80

validate_key = RegexValidator(
    KEY_PATTERN,
    "“%(value)s” is not a key: use lower-case letters, digits and single hyphens, "
    "such as kz-cove-tungsten.",
)
