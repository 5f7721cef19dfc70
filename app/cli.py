"""`python -m app`: the page; `ask "…"`: one answer; `chat`: a conversation in the terminal."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

from app.answers import Answer, Turn
from app.assistant import Assistant
from app.guard import HOST, PORT, QUESTIONS_PER_MINUTE, Listening
from sources import AskPaperError, language_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line. Returns the exit status: 1 for a user's mistake."""
    options = _parser().parse_args(arguments)
    try:
        {None: _serve, "ask": _ask, "chat": _chat}[options.command](options)
        sys.stdout.flush()
    except AskPaperError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough; Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m app", description="Ask a paper and check the answers. Opens the chat page."
    )
    parser.add_argument("--paper", help="a file, a URL, or the id of an indexed paper")
    parser.add_argument("--host", default=HOST, help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=PORT, help="default: %(default)s")
    parser.add_argument(
        "--no-password", action="store_true", help="let the network ask without ASKPAPER_PASSWORD"
    )
    parser.add_argument(
        "--questions-per-minute",
        type=int,
        default=QUESTIONS_PER_MINUTE,
        help="taken from one address (default: %(default)s)",
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    commands = parser.add_subparsers(dest="command", title="without the page")
    once = commands.add_parser("ask", help="answer one question")
    once.add_argument("question")
    once.add_argument("--json", action="store_true", help="the whole answer as JSON")
    commands.add_parser("chat", help="a conversation in the terminal")
    return parser


def _serve(options: argparse.Namespace) -> None:
    from app.shelf import open_shelf

    shelf = open_shelf(options.paper)  # what is wrong with it is told before gradio is read
    from app.server import start

    listening = Listening(
        options.host, options.port, options.no_password, options.questions_per_minute
    )
    page = start(shelf, listening, open_browser=not options.no_browser)
    print(f"The page is at {page.local_url} (Ctrl-C stops it).", flush=True)
    page.block_thread()


def _ask(options: argparse.Namespace) -> None:
    answer = Assistant.open(options.paper).ask(options.question)
    if options.json:
        print(json.dumps(answer.to_dict(), ensure_ascii=False, indent=1))
    else:
        print(to_text(answer))


def _chat(options: argparse.Namespace) -> None:
    assistant = Assistant.open(options.paper)
    print(f"{assistant.document.name}\nAsk away; an empty line ends the conversation.")
    history: list[Turn] = []
    while question := _read():
        try:
            answer = assistant.ask(question, history)
        except AskPaperError as error:
            print(error)
            continue
        if answer.standalone_question != answer.question:
            print(f"({answer.standalone_question})")
        print(to_text(answer))
        history.append(Turn(question, answer.text))


def _read() -> str:
    try:
        return input("\n> ").strip()
    except EOFError:
        return ""


def to_text(answer: Answer) -> str:
    """The answer and its sources for a terminal."""
    sources = [
        f"[{each.marker}] {' › '.join(filter(None, (each.paper, each.section)))}"
        + (f", p. {each.page}" if each.page else "")
        for each in answer.citations
    ]
    notice = [answer.notice, ""] if answer.notice else []
    return "\n".join([*notice, _marked(answer), "", *sources]).rstrip()


def _marked(answer: Answer) -> str:
    """The text, with what is not supported said behind each such sentence."""
    text = answer.text
    for _, end in reversed(answer.unsupported):
        text = text[:end] + _UNSUPPORTED[language_of(answer.question)] + text[end:]
    return text


_UNSUPPORTED = {"en": " (not supported)", "zh": "（未证实）"}
