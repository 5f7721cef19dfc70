"""What was chosen in simplified characters, in the paper's own again."""

from __future__ import annotations

from dataclasses import replace

from app.analysed import Sentence
from app.extract import Extract
from index import Index
from index.chunking import Chunk


def verbatim(chosen: Extract, index: Index) -> Extract:
    """The same places with the text and the chunks as the papers have them."""
    read_in = [*(hit.chunk for hit in chosen.found), *(said.chunk for said in chosen.sentences)]
    papers = {each.doc_id for each in read_in}
    if all(index.spelt(paper) is index.documents[paper] for paper in papers):
        return chosen

    def chunk(read: Chunk) -> Chunk:
        own = index.chunks_of(read.doc_id)
        return next(each for each in own if each.chunk_id == read.chunk_id)

    def sentence(read: Sentence) -> Sentence:
        text = index.documents[read.chunk.doc_id].text[read.start : read.end]
        return replace(read, text=text, chunk=chunk(read.chunk))

    return replace(
        chosen,
        sentences=tuple(map(sentence, chosen.sentences)),
        found=tuple(replace(hit, chunk=chunk(hit.chunk)) for hit in chosen.found),
    )
