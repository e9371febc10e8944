"""The one reader and writer of YAML and JSON documents.

Plain YAML 1.1 reads the country ``NO`` as false, the key ``on`` as true and ``2025-11-06`` as a
date, and lets a small file grow to fill the memory. Documents here hold one small set of values
(`Value`), and what is read from YAML is what the same document would be in JSON.
"""

from config.lib.documents.reading import load_json, load_yaml, read_ndjson
from config.lib.documents.values import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_KEY_LENGTH,
    DocumentError,
    Value,
)
from config.lib.documents.writing import dump_yaml

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_KEY_LENGTH",
    "DocumentError",
    "Value",
    "dump_yaml",
    "load_json",
    "load_yaml",
    "read_ndjson",
]
