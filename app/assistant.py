"""The way of a question: understood, searched, answered, cited.

`Assistant.stream` is the one path that the page, the command line, `ask` and the evaluation
share. It keeps nothing between questions: history is passed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from pathlib import Path

import numpy as np

from app.analysed import Sentence
from app.answers import Answer, Citation, Turn
from app.aspects import Aspect, aspect, searched
from app.colloquial import formal
from app.countries import abbreviation
from app.courtesy import courteous
from app.discourse import Talk, quoted_at
from app.extract import (
    Context,
    Extract,
    cited_first,
    extract,
    quote_place,
    quote_spans,
)
from app.followup import (
    asks_for_more,
    asks_to_go_on,
    drawn,
    goes_on,
    of_another,
    plain,
    standalone,
)
from app.generate import generate, rewrite
from app.highlight import answering_words
from app.llm import LanguageModel, open_llm
from app.questions import check_question
from app.typed import corrected, read_as
from app.verbatim import verbatim
from app.wording import compose, quotes_of, refuses
from index import TOP_K, Index, build_index, open_index
from index.encoder import Floats
from index.glossary import expressions
from index.ingest import Progress
from index.places import following, without_places
from index.retrieval import ScoredChunk
from index.spelling import as_in, spelt_chunk
from sources import Document, IndexMismatch, StoreError, language_of, load_paper

TEXTS_KEPT = 256  # texts of which it is remembered how they fit the paper and are written
CITED_READ = 3  # sentences of the last answer that tell where it stood
ANSWER_READ = 600  # characters of each
GOING_ON = 0.7  # confidence that the next sentences are more of the same
_CITED = re.compile(r"[^\n]*?(?:\[\d+\])+")


class Assistant:
    """Answers questions about papers of an index; safe to share between threads."""

    def __init__(
        self,
        index: Index,
        papers: Sequence[str] | str | None = None,
        llm: LanguageModel | None = None,
    ) -> None:
        """`papers` are ids in the index, or one, by default its first. Raises StoreError for
        another, and for an index without papers.

        With `llm` a language model answers, and what it says is checked; without, the papers are
        quoted.
        """
        if not index.documents:
            raise StoreError("no paper in the index; add one: python -m index add FILE")
        self.index, self.llm = index, llm
        self.papers = tuple(index.ids(papers or next(iter(index.documents))))
        self.quoting = Assistant(index, self.papers) if llm else self
        """The same without a language model."""
        self._chinese = any(index.documents[each].language == "zh" for each in self.papers)
        # The evaluation asks every prefix of a conversation: what was scored before is kept.
        self.scores = lru_cache(TEXTS_KEPT)(lambda text: index.scores(text, self.papers))
        self._formal = lru_cache(TEXTS_KEPT)(lambda text: formal(text, self._holds))

    @classmethod
    def open(cls, paper: str | Path | None = None) -> Assistant:
        """The assistant on the default index, which is built if there is none yet, with the
        language model that ASKPAPER_LLM names, if it does.

        `paper` is the id of a paper, or a file, which is added to the index if it is not there.
        """
        return cls.at_hand(paper) or cls.made(paper)

    @classmethod
    def at_hand(cls, paper: str | Path | None = None) -> Assistant | None:
        """What `open` gives where nothing has to be built for it, or else None."""
        llm = open_llm()
        try:
            index = open_index()
        except IndexMismatch:
            raise
        except StoreError:
            return None
        if paper is not None and str(paper) not in index.documents:
            paper = load_paper(paper).doc_id
            if paper not in index.documents:
                return None
        return cls(index, None if paper is None else str(paper), llm)

    @classmethod
    def made(
        cls, paper: str | Path | None = None, progress: Progress = lambda done, total: None
    ) -> Assistant:
        """What `open` gives where the index has to be built, or mended, or `paper` added."""
        asked = None if paper is None else load_paper(paper).doc_id
        index = build_index([] if paper is None else [paper], progress=progress)
        return cls(index, asked, open_llm())

    @property
    def document(self) -> Document:
        """The paper that is asked, the first of several."""
        return self.index.documents[self.paper]

    @property
    def paper(self) -> str:
        """The id of the paper that is asked, the first of several."""
        return self.papers[0]

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
        meant = self._meant(asked)
        if reply := courteous(meant):
            yield Answer(asked, asked, as_in(asked, reply), (), (), answered=False, confidence=0.0)
            return
        history = [replace(turn, question=self._meant(turn.question)) for turn in history]
        history = [turn for turn in history if not courteous(turn.question)]
        rewritten = rewrite(self.llm, asked, history) if self.llm and history else ""
        understood = self._meant(rewritten) or standalone(meant, history)
        near = self._near(drawn(meant, understood), _talked(history)[-1]) if history else None
        about = aspect(understood, self.index.weigh)
        sought = self._searched(understood, about)
        typed = (
            sought
            if meant == understood
            else self._searched(meant, aspect(meant, self.index.weigh))
        )
        found = tuple(self.index.search(sought, top_k, self.papers, typed=typed, near=near))
        talk = self.talk(meant, understood, history, found)
        context = Context(about, meant if history else "", talk)
        chosen = verbatim(
            self._place(meant, understood, history) or self._read(understood, found, context),
            self.index,
        )
        found = chosen.found or cited_first(found, chosen)
        if self.llm is None:
            yield from self._quote(asked, understood, found, chosen)
            return
        *_, quoted = self._quote(asked, understood, found, chosen)
        *_, refused = self._quote(asked, understood, found, replace(chosen, answered=False))
        yield from generate(self.llm, quoted, refused, self._cite)

    def _meant(self, typed: str) -> str:
        """A question as the rules read it."""
        return corrected(read_as(typed, self._text), self._text)

    @property
    def _text(self) -> str:
        """The paper that tells how words are spelt, if one is asked."""
        return self.document.text if len(self.papers) == 1 else ""

    def _holds(self, words: str) -> bool:
        """Whether one of the papers has these words, in small letters."""
        return any(words in self.index.spelt(paper).text.lower() for paper in self.papers)

    def _place(self, meant: str, understood: str, history: Sequence[Turn]) -> Extract | None:
        """What stands at the place of a paper that is asked for, if one is."""
        if history and asks_to_go_on(meant) and (more := self._going_on(history[-1])):
            return more
        # "section 4" names a place only where one paper is asked.
        if len(self.papers) > 1:
            return None
        paper, chunks = self.index.spelt(self.paper), self.index.chunks_of(self.paper)
        if paper is not self.document:
            chunks = [*map(spelt_chunk, chunks)]
        return quote_place(understood, paper, chunks, self.index.weigh)

    def _read(self, understood: str, found: Sequence[ScoredChunk], context: Context) -> Extract:
        """What the chunks found say."""
        words = self._formal(without_places(understood))
        read = [replace(hit, chunk=spelt_chunk(hit.chunk)) for hit in found]
        texts = [self.index.spelt(each).text for each in {hit.chunk.doc_id for hit in found}]
        return extract(words, read, self.index.weigh, texts, context)

    def talk(
        self,
        question: str,
        understood: str,
        history: Sequence[Turn],
        found: Sequence[ScoredChunk],
    ) -> Talk | None:
        """What a question goes on with, if it goes on with something; `history` is oldest first.
        What it quotes is looked for in the papers of the chunks found."""
        question = self._meant(question)
        if not history or not goes_on(question, understood):
            return None
        asked = plain(question)
        typed = self._formal(without_places(asked))
        history = _talked(history)
        last = self._meant(history[-1].question)
        together = self._formal(without_places(f"{last} {asked}"))
        papers = [self.index.documents[each] for each in {hit.chunk.doc_id for hit in found}]
        answers = ["" if refuses(turn.answer_text) else turn.answer_text for turn in history]
        told = [quoted_at(quotes_of(answer), papers) for answer in answers]
        before = tuple(chain(*told[:-1]))
        another = of_another(question, understood, last)
        return Talk(typed, together, told[-1], before, asks_for_more(question), another)

    def _searched(self, question: str, about: Aspect | None) -> str:
        """The question as it is searched for."""
        question = self._formal(question)
        sought = searched(question, about)
        if language_of(question) == "en" and self._chinese:
            sought = " ".join([sought, *expressions(question)])
        if len(self.papers) == 1 and (
            short := abbreviation(question, self.index.spelt(self.paper).text)
        ):
            sought = f"{sought} {short}"
        return sought

    def _near(self, strength: float, last: Turn) -> Floats | None:
        """What being near to the places that the last answer cites adds to each chunk's score."""
        said = _CITED.findall(last.answer_text) or [last.answer_text or last.question]
        fits = [self.scores(text[:ANSWER_READ]) for text in said[:CITED_READ]]
        near = [self.index.nearness(int(each.argmax())) for each in fits if each.any()]
        return np.asarray(strength * np.mean(near, axis=0), np.float32) if near else None

    def _going_on(self, last: Turn) -> Extract | None:
        """What comes next after the sentences that the last answer quotes, if it quotes some."""
        quotes = [] if refuses(last.answer_text) else quotes_of(last.answer_text)
        for paper in self.papers:
            document = self.index.documents[paper]
            if spans := following(document, quotes):
                return quote_spans(spans, document, self.index.chunks_of(paper), GOING_ON)
        return None

    def _quote(
        self, asked: str, understood: str, found: tuple[ScoredChunk, ...], chosen: Extract
    ) -> Iterator[Answer]:
        citations = tuple(
            self._mark(self._cite(marker, sentence), understood)
            for marker, sentence in enumerate(chosen.sentences, 1)
        )
        for shown, text in enumerate(compose(asked, chosen), 1):
            yield Answer(
                question=asked,
                standalone_question=(
                    asked if understood == read_as(asked, self._text) else as_in(asked, understood)
                ),
                text=text,
                citations=citations[:shown],
                retrieved=found,
                answered=chosen.answered,
                confidence=chosen.confidence,
                missing=chosen.missing,
            )

    @staticmethod
    def _mark(citation: Citation, question: str) -> Citation:
        at = citation.start
        spans = answering_words(question, citation.quote)
        return replace(citation, highlights=tuple((at + start, at + end) for start, end in spans))

    def _cite(self, marker: int, sentence: Sentence) -> Citation:
        document = self.index.documents[sentence.chunk.doc_id]
        return Citation(
            marker=marker,
            chunk=sentence.chunk,
            quote=document.text[sentence.start : sentence.end],
            start=sentence.start,
            end=sentence.end,
            page=document.page_at(sentence.start),
            section=" › ".join(sentence.chunk.section),
            boxes=document.boxes(sentence.start, sentence.end),
            paper=document.name if len(self.papers) > 1 else "",
        )


def _talked(history: Sequence[Turn]) -> Sequence[Turn]:
    """What was answered; all, where nothing was."""
    return [turn for turn in history if not refuses(turn.answer_text)] or history


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
