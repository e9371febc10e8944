"""The admin of deals, companies, events, projects, rates and editions, one file a family."""

from deals.admin import companies, deal, editions, reference, renamings

__all__ = ["companies", "deal", "editions", "reference", "renamings"]
