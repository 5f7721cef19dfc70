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
    PaperError,
    QuestionError,
    ServerError,
    StoreError,
)
from sources.language import Language, language_of
from sources.loaders import load, load_paper
from sources.sentences import split_sentences

__all__ = [
    "AskPaperError",
    "BusyError",
    "Document",
    "EncoderError",
    "GoldError",
    "IndexMismatch",
    "Language",
    "PaperEntry",
    "PaperError",
    "QuestionError",
    "Section",
    "ServerError",
    "StoreError",
    "catalog",
    "language_of",
    "load",
    "load_paper",
    "split_sentences",
]
