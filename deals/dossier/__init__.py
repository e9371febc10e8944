"""One deal as a nested document: its shape, reading, building and writing.

The record is what staff assert; it is the only part of a document in fixtures and imports, so that
export → import → export is the identity. Around it the API carries a computed envelope, which
`deals.indexing` makes.
"""

from deals.dossier.building import build, build_documents, plain_number, working_documents
from deals.dossier.catalogue import Catalogue
from deals.dossier.reading import Problem, RecordError, incomplete, read
from deals.dossier.schema import DOSSIER_VERSION, Record, as_document, upgrade
from deals.dossier.writing import forget_links, write

__all__ = [
    "DOSSIER_VERSION",
    "Catalogue",
    "Problem",
    "Record",
    "RecordError",
    "as_document",
    "build",
    "build_documents",
    "forget_links",
    "incomplete",
    "plain_number",
    "read",
    "upgrade",
    "working_documents",
    "write",
]
