"""The way of a question: understood, searched, answered, cited.

`Assistant.stream` is the one path that the page, the command line, `ask` and the evaluation
share. It keeps nothing between questions: history is passed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from app.answers import Answer, Citation, Turn
from app.extract import Extract, compose, extract, quote_place
from app.features import Sentence
from app.followup import standalone
from app.generate import generate, rewrite
from app.llm import LanguageModel, open_llm
from app.questions import check_question
from index import TOP_K, Index, build_index, open_index
from index.places import without_places
from index.retrieval import ScoredChunk
from sources import Document, IndexMismatch, StoreError, load_paper


class Assistant:
    """Answers questions about one paper of an index; safe to share between threads."""

    def __init__(
        self, index: Index, paper: str | None = None, llm: LanguageModel | None = None
    ) -> None:
        """`paper` is an id in the index, by default its first. Raises StoreError for another.

        With `llm` a language model answers, and what it says is checked; without, the paper is
        quoted.
        """
        self.index, self.llm = index, llm
        self.paper = paper or next(iter(index.documents))
        if self.paper not in index.documents:
            known = ", ".join(index.documents)
            raise StoreError(f"no paper {paper!r} in the index; it holds {known}")

    @classmethod
    def open(cls, paper: str | Path | None = None) -> Assistant:
        """The assistant on the default index, which is built if there is none yet, with the
        language model that ASKPAPER_LLM names, if it does.

        `paper` is the id of a paper, or a file, which is added to the index if it is not there.
        """
        llm = open_llm()
        try:
            index = open_index()
        except IndexMismatch:
            raise
        except StoreError:
            index = build_index()
        if paper is None or str(paper) in index.documents:
            return cls(index, None if paper is None else str(paper), llm)
        document = load_paper(paper)
        if document.doc_id not in index.documents:
            index = build_index([paper])
        return cls(index, document.doc_id, llm)

    @property
    def document(self) -> Document:
        """The paper that is asked."""
        return self.index.documents[self.paper]

    def ask(self, question: str, history: Sequence[Turn] = (), top_k: int = TOP_K) -> Answer:
        """The whole answer. Raises QuestionError for what cannot be asked."""
        *_, answer = self.stream(question, history, top_k)
        return answer

    def stream(
        self, question: str, history: Sequence[Turn] = (), top_k: int = TOP_K
    ) -> Iterator[Answer]:
        """Ever more complete answers; the last one is whole. `history` is oldest first.

        Closing the iterator ends what a language model is writing.
        """
        asked = check_question(question)
        rewritten = rewrite(self.llm, asked, history) if self.llm and history else ""
        understood = rewritten or standalone(asked, history)
        found = tuple(self.index.search(understood, top_k, self.paper))
        words = without_places(understood)
        chosen = quote_place(understood, self.document, self.index.chunks) or extract(
            words, found, self.index.weigh(words)
        )
        if self.llm is None:
            yield from self._quote(asked, understood, found, chosen)
            return
        *_, quoted = self._quote(asked, understood, found, chosen)
        *_, refused = self._quote(asked, understood, found, replace(chosen, answered=False))
        yield from generate(self.llm, quoted, refused, self._cite)

    def _quote(
        self, asked: str, understood: str, found: tuple[ScoredChunk, ...], chosen: Extract
    ) -> Iterator[Answer]:
        for shown, text in enumerate(compose(asked, chosen), 1):
            yield Answer(
                question=asked,
                standalone_question=understood,
                text=text,
                citations=tuple(
                    self._cite(marker, sentence)
                    for marker, sentence in enumerate(chosen.sentences[:shown], 1)
                ),
                retrieved=found,
                answered=chosen.answered,
                confidence=chosen.confidence,
            )

    def _cite(self, marker: int, sentence: Sentence) -> Citation:
        return Citation(
            marker=marker,
            chunk=sentence.chunk,
            quote=self.document.text[sentence.start : sentence.end],
            start=sentence.start,
            end=sentence.end,
            page=self.document.page_at(sentence.start),
            section=" › ".join(sentence.chunk.section),
        )


def ask(
    question: str,
    *,
    history: Sequence[Turn] = (),
    paper: str | Path | None = None,
    top_k: int = TOP_K,
    assistant: Assistant | None = None,
) -> Answer:
    """Ask a paper a question; the bundled paper unless another is named.

    Raises QuestionError for what cannot be asked, PaperError for a paper that cannot be read and
    StoreError for an index that cannot be used.
    """
    return (assistant or Assistant.open(paper)).ask(question, history, top_k)
