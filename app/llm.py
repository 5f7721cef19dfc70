"""The language model, if the reader has named one in ASKPAPER_LLM; the only place that names a
provider.

Nothing is looked for: without the variable there is no language model, and nothing leaves the
machine. Knows nothing of papers, prompts or citations.
"""

from __future__ import annotations

import importlib
import logging
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sources import ModelError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

VARIABLE = "ASKPAPER_LLM"
TIMEOUT = 30.0  # seconds without a word from the server; a local model may have to be loaded first
DEADLINE = 180.0  # seconds for a whole reply, however steadily it drips
MAX_REPLY = 3_000  # characters; an answer of four sentences has a quarter of that
MAX_HEARD = 60_000  # characters, with what the model thinks aloud
KEPT_WARM = "10m"  # by Ollama
# Tokens of prompt and reply. Ollama cuts the start of what is longer, unless it is told, and is
# else asked for all that the model can hold, which no small machine has the memory for.
CONTEXT = 8_192
MAX_TOKENS = 2_048  # of a reply, where a provider wants to be told

_THOUGHT = re.compile(r"</think(?:ing)?>")
_THINKING = re.compile(r"<think.*|</?t?h?i?n?k?i?n?g?\Z", re.DOTALL)  # or about to


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A model of a provider. `name` is as in ASKPAPER_LLM; `deadline` is in seconds.

    Each request has a connection of its own, which is closed with it. On a shared one the garbage
    collector could close an old reply while a new request holds the lock of the pool.
    """

    name: str
    connect: Callable[[], AbstractContextManager[LLM]]
    deadline: float = DEADLINE

    def stream(self, system: str, user: str) -> Iterator[str]:
        """The reply so far, without what the model thinks aloud in <think>.

        Closing the iterator ends the request. Raises ModelError when the server cannot be
        reached, refuses, goes silent or breaks off, and for a reply longer than MAX_REPLY.
        """
        from llama_index.core.llms import ChatMessage

        messages = [ChatMessage(role="system", content=system), ChatMessage(content=user)]
        ends, heard = time.monotonic() + self.deadline, ""
        try:
            with self.connect() as llm, closing(llm.stream_chat(messages)) as replies:
                for reply in replies:
                    heard += reply.delta or ""
                    # Some models leave out where they begin to think.
                    said = _THINKING.sub("", _THOUGHT.split(heard)[-1]).lstrip()
                    late = time.monotonic() > ends
                    if late or len(said) > MAX_REPLY or len(heard) > MAX_HEARD:
                        raise ModelError(f"{self.name}: the reply does not end")
                    if said:
                        yield said
        except ModelError:
            raise
        except Exception as error:  # each client has its own kinds, and those of its transport
            logging.getLogger(__name__).warning("%s: %s", self.name, error)
            raise ModelError(f"{self.name}: {_why(error)}") from error

    def reply(self, system: str, user: str) -> str:
        """The whole reply. Raises ModelError as `stream` does."""
        *_, said = ["", *self.stream(system, user)]
        return said.strip()


def _why(error: Exception) -> str:
    if (status := getattr(error, "status_code", None) or 0) > 0:
        return f"HTTP {status}"
    return "timeout" if "timeout" in type(error).__name__.lower() else "connection lost"


def open_llm(name: str | None = None) -> LanguageModel | None:
    """The model that `name`, or else ASKPAPER_LLM, gives as provider/model; None without a name.

    Raises ModelError for an unknown provider, one that is not installed, or one that lacks its
    key. No request is made.
    """
    name = (os.environ.get(VARIABLE, "") if name is None else name).strip()
    if not name:
        return None
    provider, _, model = name.partition("/")
    if provider not in _PROVIDERS or not model:
        known = ", ".join(f"{each}/NAME" for each in _PROVIDERS)
        raise ModelError(f"{VARIABLE}={name}: no such provider; write one of {known}")
    try:
        connect = partial(_PROVIDERS[provider], model)
        with connect() as llm:  # what is missing should show now, not at the first question
            _ = llm.metadata  # Anthropic's client knows the names of its models
            return LanguageModel(name, connect)
    except ImportError as error:
        raise ModelError(
            f"{VARIABLE}={name}: {provider} is not installed; "
            f'pip install -c constraints.txt -e ".[{provider}]"'
        ) from error
    except Exception as error:  # whatever a client finds wrong with its settings
        why = " ".join(str(error).split()).partition(". ")[0]
        raise ModelError(f"{VARIABLE}={name}: {why}; check the variables of {provider}") from error


@contextmanager
def _ollama(model: str) -> Iterator[LLM]:
    host = os.environ.get("OLLAMA_HOST", "http://127.0.0.1:11434")
    url = host if "://" in host else f"http://{host}"
    llm = _made(
        "ollama.Ollama",
        model=model,
        base_url=url,
        temperature=0.0,
        context_window=CONTEXT,
        thinking=False,
        request_timeout=TIMEOUT,
        keep_alive=KEPT_WARM,
    )
    with closing(llm.client._client):
        yield llm


@contextmanager
def _openai(model: str) -> Iterator[LLM]:
    """Any server that speaks the protocol: OPENAI_BASE_URL (or _API_BASE) and OPENAI_API_KEY."""
    import httpx

    url = os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_BASE")
    key = os.environ.get("OPENAI_API_KEY") or ("none" if url else "")
    if not key:
        raise ModelError("neither OPENAI_API_KEY nor OPENAI_BASE_URL is set")
    with httpx.Client(timeout=TIMEOUT) as client:
        yield _made(
            "openai_like.OpenAILike",
            model=model,
            is_chat_model=True,
            api_base=url or "https://api.openai.com/v1",
            api_key=key,
            temperature=0.0,
            timeout=TIMEOUT,
            max_retries=0,  # app.generate tries again
            http_client=client,
        )


@contextmanager
def _anthropic(model: str) -> Iterator[LLM]:
    """Anthropic, or what ANTHROPIC_BASE_URL names, with ANTHROPIC_API_KEY."""
    if not os.environ.get("ANTHROPIC_API_KEY"):
        raise ModelError("ANTHROPIC_API_KEY is not set")
    llm = _made(
        "anthropic.Anthropic",
        model=model,
        temperature=0.0,
        max_tokens=MAX_TOKENS,
        timeout=TIMEOUT,
        max_retries=0,
    )
    with closing(llm._client):
        yield llm


def _made(where: str, **settings: Any) -> Any:
    module, name = where.split(".")
    return getattr(importlib.import_module(f"llama_index.llms.{module}"), name)(**settings)


_PROVIDERS = {"ollama": _ollama, "openai": _openai, "anthropic": _anthropic}
