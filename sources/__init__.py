"""Papers become text: what a paper says, in which section, in which sentences."""

from __future__ import annotations

from sources.catalog import PaperEntry, catalog
from sources.documents import Document, Section
from sources.errors import (
    AskPaperError,
    BusyError,
    EncoderError,
    GoldError,
    IndexMismatch,
    ModelError,
    PaperError,
    QuestionError,
    ScanError,
    ServerError,
    StoreError,
)
from sources.language import Language, language_of
from sources.layout import Box
from sources.loaders import Source, document_of, fetch_source, load, load_paper, read_source
from sources.sentences import split_sentences

__all__ = [
    "AskPaperError",
    "Box",
    "BusyError",
    "Document",
    "EncoderError",
    "GoldError",
    "IndexMismatch",
    "Language",
    "ModelError",
    "PaperEntry",
    "PaperError",
    "QuestionError",
    "ScanError",
    "Section",
    "ServerError",
    "Source",
    "StoreError",
    "catalog",
    "document_of",
    "fetch_source",
    "language_of",
    "load",
    "load_paper",
    "read_source",
    "split_sentences",
]
