"""A Django database engine: PostgreSQL that starts itself when it is first needed."""
