"""What a user can mend, each with one line that says what, where and how.

    AskPaperError
    ├── PaperError       a paper is missing, unreadable, empty or of an unknown format
    │   └── ScanError        a paper is pictures of pages, without text
    ├── QuestionError    a question is empty, too long or not text
    ├── EncoderError     a model folder is missing, truncated or foreign
    ├── StoreError       the index cannot be read, written or found
    │   └── IndexMismatch    the index was made by another encoder or another version
    ├── ModelError       a language model is unknown, not installed, or does not answer
    ├── ServerError      the page cannot be served, such as on a port that is taken
    ├── BusyError        more questions in a minute than the server takes from one address
    └── GoldError        a gold file or a set to measure on has a wrong line

Commands print the message to stderr and exit with 1; nobody sees a traceback for these.
"""

from __future__ import annotations


class AskPaperError(Exception):
    """Base of every error that a user can mend. The message is one line."""


class PaperError(AskPaperError):
    """A paper is missing, unreadable, empty or of an unknown format."""


class ScanError(PaperError):
    """A paper is pictures of pages, without text."""


class QuestionError(AskPaperError):
    """A question is empty, too long or not text."""


class EncoderError(AskPaperError):
    """A model folder is missing, truncated or foreign."""


class StoreError(AskPaperError):
    """The index cannot be read, written or found."""


class IndexMismatch(StoreError):  # noqa: N818 - it says what does not match
    """The index was made by another encoder or by another version of askpaper."""


class ModelError(AskPaperError):
    """A language model is unknown, not installed or without its key, or does not answer."""


class ServerError(AskPaperError):
    """The page cannot be served."""


class BusyError(AskPaperError):
    """More questions in a minute than the server takes from one address."""


class GoldError(AskPaperError):
    """A gold file, or a set to measure on, has a wrong line."""
