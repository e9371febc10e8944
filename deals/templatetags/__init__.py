"""Template tags that know deals."""
