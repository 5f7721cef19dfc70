"""A follow-up is read as it was typed, too, and near to what was quoted last."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app import Assistant, Turn
from app.discourse import DISCOURSE_FEATURES, Talk, discourse
from app.doubt import FOLLOWED_FEATURES, followed_features
from app.features import gather
from app.followup import goes_on, standalone
from app.ranker import models
from index import Index
from index.chunking import Chunk
from index.retrieval import ScoredChunk, Searcher

SENTENCES = (
    "The council met in Geneva.",
    "Its chair came from Peru.",
    "Apples are grown in orchards near the sea.",
)
TEXT = " ".join(SENTENCES)
REFUSAL = "The paper does not seem to answer this. The closest places in it:\n“Apples.” [1]"


def place(sentence: str) -> tuple[str, int, int]:
    return "paper", TEXT.index(sentence), TEXT.index(sentence) + len(sentence)


def column(name: str, talk: Talk, question: str = "Where did the council meet?") -> Sequence[float]:
    chunk = Chunk("c", "paper", TEXT, 0, len(TEXT), (), ())
    found, weigh = [ScoredChunk(chunk, 1.0, 1)], Searcher.from_texts([TEXT]).weigh
    evidence = gather(question, found, weigh(question))
    features, typed = discourse(talk, evidence, found, weigh, models().ranker.scores)
    assert len(typed.sentences) == (len(SENTENCES) if talk.typed else 0)
    assert features.shape == (len(SENTENCES), len(DISCOURSE_FEATURES))
    told: list[float] = features[:, DISCOURSE_FEATURES.index(name)].tolist()
    return told


def test_what_stands_beside_the_last_quote_is_near() -> None:
    near = column("near", Talk("and the chair?", "", last=(place(SENTENCES[0]),)))
    assert near[0] == 1.0 > near[1] > near[2] > 0
    assert column("near", Talk("and the chair?", "", last=(("another", 0, 9),))) == [0.0] * 3


def test_each_way_of_reading_ranks_anew() -> None:
    talk = Talk("where are apples grown?", "Who is the chair? where are apples grown?")
    assert np.argmax(column("understood", talk)) == 0
    assert np.argmax(column("typed", talk)) == np.argmax(column("alike", talk)) == 2
    assert max(column("together", talk)) == 0.0
    nothing = Talk("", "")
    assert column("typed", nothing) == column("alike", nothing) == [0.0] * 3


def test_what_earlier_answers_quoted_is_marked() -> None:
    talk = Talk("", "", last=(place(SENTENCES[1]),), before=(place(SENTENCES[0]),))
    assert column("told_before", talk) == [1.0, 0.0, 0.0]


def test_what_was_refused_is_no_topic() -> None:
    talked = [Turn("When did the council meet in Geneva?", "“In May.” [1]")]
    refused = [*talked, Turn("Who paid for the president's jet?", REFUSAL)]
    assert standalone("why?", refused) == standalone("why?", talked)
    asked = [*talked, Turn("How many members signed in 2022?", REFUSAL)]
    assert standalone("and in 2018?", asked) == "How many members signed in 2018?"
    # Where nothing was answered, there is nothing else.
    assert "jet" in standalone("why?", refused[1:])


def test_how_it_was_typed_and_where_the_last_answer_stood_count() -> None:
    weights = dict(zip(DISCOURSE_FEATURES, models().discourse.tolist(), strict=True))
    assert min(weights[name] for name in ("understood", "typed", "together", "near")) > 0


def test_a_topic_that_was_refused_does_not_draw(index: Index) -> None:
    assistant = Assistant(index)
    history = [Turn("美国《云法案》什么时候生效的？", "")]
    history = [Turn(history[0].question, assistant.ask(history[0].question).text)]
    refused = Turn("How many staff does the WTO have?", REFUSAL)
    asked = "谁签的？"
    assert assistant.ask(asked, [*history, refused]).citations == (
        assistant.ask(asked, history).citations
    )


def test_a_whole_question_may_be_on_anything() -> None:
    whole = "How many trade agreements did Australia sign with Asian countries?"
    assert not goes_on(whole, whole)
    assert goes_on(f"Besides that, {whole}", f"Besides that, {whole}")
    assert goes_on("why?", "The council met in Geneva: why?")
    assert goes_on("who came out worst", "who came out worst")
    assert not goes_on("Different topic: who is the chair?", "who is the chair?")


def test_what_was_typed_speaks_against_an_answer() -> None:
    chunk = Chunk("c", "paper", TEXT, 0, len(TEXT), (), ())
    found, weigh = [ScoredChunk(chunk, 1.0, 1)], Searcher.from_texts([TEXT]).weigh

    def sure(typed: str) -> float:
        question = f"council met in Geneva: {typed}"
        evidence = gather(question, found, weigh(question))
        talk = Talk(typed, question, last=(place(SENTENCES[0]),))
        follows, heard = discourse(talk, evidence, found, weigh, models().ranker.scores)
        scores = follows @ models().discourse
        features = followed_features(0.9, typed, heard, follows, scores)
        assert features.shape == (len(FOLLOWED_FEATURES),)
        return models().followed.probability(features)

    assert sure("where did its chair come from?") > sure("which glaciers melted fastest?")
    assert 0 < sure("") < 1
