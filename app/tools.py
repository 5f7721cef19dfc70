"""The MCP server: what a language model of somebody else may ask of the papers.

Not Gradio's own, which answers in Python's notation where programs expect JSON, and whose extra
asks for an older pydantic than the rest of askpaper.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import getdoc
from typing import Annotated, Any, TypeVar

from anyio import to_thread
from mcp.server.fastmcp import Context, FastMCP
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field

from app.guard import Admit
from app.programs import Programs
from index import TOP_K

INSTRUCTIONS = (
    "Answers questions about research papers with sentences quoted from them to the letter. "
    "Ask in Chinese or English; quotes stay in the language of the paper. Where the paper does "
    "not say, `answered` is false: do not answer from elsewhere as if the paper had said it."
)
READ_ONLY = ToolAnnotations(readOnlyHint=True, openWorldHint=False)

Question = Annotated[str, Field(description="in Chinese or English, at most 2,000 characters")]
Paper = Annotated[str, Field(description="an id that list_papers gives; the first one if empty")]
History = Annotated[
    list[dict[str, str]] | None,
    Field(description='earlier turns, oldest first, as {"question": "…"}, for a follow-up'),
]
Limit = Annotated[int, Field(ge=1, le=50, description="how many chunks")]
Call = Context[Any, Any, Any]
T = TypeVar("T")


def tool_server(programs: Programs, admit: Admit) -> FastMCP:
    """The tools, stateless, to be mounted at `/mcp`; who may call is checked before."""
    server = FastMCP(
        "askpaper",
        INSTRUCTIONS,
        json_response=True,
        stateless_http=True,
        log_level="WARNING",
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )

    async def run(work: Callable[[], T], call: Call) -> T:
        request = call.request_context.request
        admit(request.client.host if request and request.client else "")
        return await to_thread.run_sync(work)

    async def ask_paper(
        question: Question, call: Call, history: History = None, paper: Paper = ""
    ) -> dict[str, Any]:
        """Answer a question about a paper. `text` is the answer with markers [n]; `citations`
        give for each n the quote, its section, page and character offsets, and `verified`.
        `answered` is false where the paper does not say; `confidence` is 0 to 1. A follow-up
        needs `history`; `standalone_question` tells how it was understood."""

        def work() -> dict[str, Any]:
            answer = programs.ask(question, history or [], paper).to_dict()
            del answer["retrieved"]  # search_paper gives it; here it would only fill a context
            return answer

        return await run(work, call)

    async def search_paper(
        question: Question, call: Call, paper: Paper = "", limit: Limit = TOP_K
    ) -> list[dict[str, Any]]:
        """Find the passages of a paper that are closest to a question, best first: their text,
        section, pages, character offsets, score, and which word met which."""
        return await run(lambda: programs.search(question, paper, limit), call)

    async def list_papers(call: Call) -> list[dict[str, Any]]:
        """List the papers that can be asked: id (`paper`), name, year, length in characters."""
        return await run(programs.papers, call)

    for tool in (ask_paper, search_paper, list_papers):
        server.add_tool(tool, description=getdoc(tool), annotations=READ_ONLY)
    return server
