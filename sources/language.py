"""Chinese or English: the one rule that every part of askpaper follows."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

Language = Literal["zh", "en"]

CHINESE_SHARE = 0.2  # of the letters; "WTO和RCEP有什么区别" is Chinese, with some Latin in it

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=4096)  # an answer asks it of the same paper and sentences again and again
def language_of(text: str) -> Language:
    """The language most of a text is in; "en" for whatever is not Chinese."""
    letters = len(_LETTER.findall(text))
    return "zh" if len(_HAN.findall(text)) > CHINESE_SHARE * letters else "en"
