"""Our retrieval as a LlamaIndex retriever, for query engines and agents built with it.

RetrieverQueryEngine.from_args(PaperRetriever(open_index()), llm=…)
"""

from __future__ import annotations

from collections.abc import Sequence

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from index.library import TOP_K, Index


class PaperRetriever(BaseRetriever):
    """Finds chunks as nodes; their metadata hold doc_id, start, end, section and pages."""

    def __init__(
        self, index: Index, k: int = TOP_K, papers: Sequence[str] | str | None = None
    ) -> None:
        """`papers` restricts the search to one paper of the index or to several."""
        self._index, self._k, self._papers = index, k, papers
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._index.search(query_bundle.query_str, self._k, self._papers)
        return [
            NodeWithScore(
                node=TextNode(
                    id_=each.chunk.chunk_id,
                    text=each.chunk.text,
                    metadata={
                        "doc_id": each.chunk.doc_id,
                        "start": each.chunk.start,
                        "end": each.chunk.end,
                        "section": " › ".join(each.chunk.section),
                        "pages": list(each.chunk.pages),
                    },
                ),
                score=each.score,
            )
            for each in found
        ]
