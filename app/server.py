"""How the page is served: where it listens and to whom, and what it offers to programs.

Programs use Gradio's API (`/ask`, `/search`, `/papers`; the events of the page are not part of
it) or MCP at the path `/mcp` (`app.tools`). `app.programs` does what they ask, `app.guard`
refuses who must not.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr
from gradio.events import api
from starlette.middleware import Middleware
from threadpoolctl import threadpool_limits

from app.guard import MAX_UPLOAD, PORT, Admit, Guard, Limit, Listening, is_loopback
from app.programs import Programs
from app.shelf import Shelf
from app.theme import launch_settings
from app.tools import tool_server
from app.ui import build_page
from index import TOP_K
from sources import AskPaperError, ServerError

SESSIONS = 200  # conversations kept in memory, 1 MB for five turns; the oldest goes first
T = TypeVar("T")


def start(shelf: Shelf, listening: Listening, open_browser: bool = False) -> gr.Blocks:
    """The page, served by a thread until it is closed; `local_url` tells where.

    The index is built meanwhile, where there is none. The password is that of ASKPAPER_PASSWORD.
    Raises ServerError where it cannot listen, and where it must not: beyond this machine it takes
    a password, unless `everyone` may ask. Raises too why the index cannot be built, if that shows
    at once, as in a folder that cannot be written.
    """
    host, port = listening.host, listening.port
    password = os.environ.get("ASKPAPER_PASSWORD") or None
    if not (password or listening.everyone or is_loopback(host)):
        raise ServerError(
            f"listening on {host} lets the whole network ask; set ASKPAPER_PASSWORD, "
            "or allow it with --no-password"
        )
    _check_port(host, port)
    shelf.begin()
    # Answers share the cores among themselves: threads inside of one product of small matrices
    # make twenty people wait four times as long.
    threadpool_limits(1, user_api="blas")
    admit = Limit(listening.questions_per_minute).count
    programs = Programs(shelf)
    page = build_page(shelf, admit)
    with page:
        _offer_api(programs, admit)
    tools = tool_server(programs, admit)
    around: dict[str, Any] = {
        "routes": tools.streamable_http_app().routes,
        "lifespan": lambda app: tools.session_manager.run(),
        "middleware": [Middleware(Guard, password, listening.everyone)],
    }
    shelf.check()
    page.launch(
        server_name=host,
        server_port=port,
        inbrowser=open_browser,
        prevent_thread_lock=True,
        app_kwargs=around,
        max_file_size=MAX_UPLOAD,
        state_session_capacity=SESSIONS,
        **launch_settings(),
    )
    return page


def _offer_api(programs: Programs, admit: Admit) -> None:
    """Adds the public endpoints to the page that is being built."""

    def mended(work: Callable[[], T], request: gr.Request) -> T:
        try:
            admit(_address(request))
            return work()
        except AskPaperError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def ask(
        question: str,
        request: gr.Request,
        history: list[dict[str, str]] | None = None,
        paper: str = "",
    ) -> dict[str, Any]:
        """Answers a question about a paper with quotes, each with the place where it stands.

        Parameters:
            question: in Chinese or English, at most 2,000 characters
            history: earlier turns, oldest first, as {"question": "…"}
            paper: an id of /papers; the paper of the page if it is left out
        """
        return mended(lambda: programs.ask(question, history or [], paper).to_dict(), request)

    def search(
        question: str, request: gr.Request, paper: str = "", limit: int = TOP_K
    ) -> list[dict[str, Any]]:
        """Finds the chunks of a paper that are closest to a question, best first.

        Parameters:
            question: in Chinese or English, at most 2,000 characters
            paper: an id of /papers; the paper of the page if it is left out
            limit: how many chunks, at most 50
        """
        return mended(lambda: programs.search(question, paper, limit), request)

    def papers(request: gr.Request) -> list[dict[str, Any]]:
        """Lists the papers that can be asked."""
        return mended(programs.papers, request)

    for endpoint in (ask, search, papers):
        api(endpoint, api_name=endpoint.__name__, queue=False)


def _address(request: gr.Request) -> str:
    return request.client.host if request.client else ""


def _check_port(host: str, port: int) -> None:
    """Asks the system for the port before gradio does, which would say it in ten lines."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address[0], port))  # not `address`: it has the port modulo 65536
    except (OSError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ServerError(
            f"cannot listen on port {port} of {host} ({why}); choose another with --port, "
            f"such as --port {port + 1 if 0 < port < 65535 else PORT + 1}"
        ) from error
