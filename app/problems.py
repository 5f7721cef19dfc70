"""What went wrong becomes one line in the reader's language that says what to do.

The messages of `AskPaperError` are English; for a Chinese reader those that can come up on the
page are said in Chinese here. Knows nothing of Gradio.
"""

from __future__ import annotations

import re
from html import escape

from app.questions import MAX_QUESTION
from app.words import WORDS
from sources import AskPaperError, BusyError, Language, PaperError, QuestionError

# English messages as `re.fullmatch` sees them, and what Chinese readers get instead.
_CHINESE = (
    (r"(.+) is of a format that cannot be read: use (.+)", r"\1 的格式无法识别，请改用 \2"),
    (r"(.+) is too big \((.+)\): split it into parts of at most (.+)",
     r"\1 太大（\2），请拆成不超过 \3 的几份"),
    (r"(.+) cannot be read(?: \(.+\))?: check the (?:file|path)", r"\1 无法读取，请检查这个文件"),
    (r"(.+) is empty", r"\1 是空文件"),
    (r"(.+) cannot be fetched \((.+)\): check it", r"\1 无法获取（\2），请检查网址"),
    (r"(.+) is of a format that cannot be read \((.+)\)", r"\1 的格式无法识别（\2）"),
    (r"(.+) redirects more than .*", r"\1 转址太多，请换一个网址"),
    (r"(.+) is no URL: check it", r"\1 不是网址，请检查"),
    (r"(.+) is refused: only http .*", r"\1 不能获取：只支持 http 和 https 网址"),
    (r"(.+) is refused: no user .*", r"\1 不能获取：网址中不能有用户名或空格"),
    (r"(.+) is refused: it leads to the private address (.+)",
     r"\1 不能获取：它指向内部地址 \2"),
    (r"(.+) comes packed: .*", r"\1 是压缩过的，请用浏览器下载后添加文件"),
    (r"(.+) is too big: at most (.+) are read", r"\1 太大，最多读 \2"),
    (r"holds no text", "其中没有文字"),
    (r"it is not text: save it as plain text in (.+)", r"不是文本文件，请另存为 \1 编码的纯文本"),
    (r"no Word file that can be read.*", "不是可以读取的 Word 文件，请用 Word 重新存为 .docx"),
    (r"a Word file that unpacks to (.+): split it", r"Word 文件解压后有 \1，请拆成几份"),
    (r"no PDF that can be read.*", "不是可以读取的 PDF，请用阅读器打开后重新保存"),
    (r"the PDF asks for a password.*", "这个 PDF 有密码，请另存一份没有密码的"),
    (r"a PDF of (.+) pages: give one of 1 to (.+) pages",
     r"这个 PDF 有 \1 页，只能读 1 到 \2 页的"),
    (r"more than (.+) characters: split the file", r"超过 \1 个字符，请拆成几份"),
    (r"its pages are pictures without text: .*(pip install .+)",
     r"页面是扫描的图片，没有文字；要识别其中的文字，请先运行 \1"),
    (r"its pages are pictures without text.*", "页面是图片，其中没有认得出的文字"),
    (r"reading took longer than (.+) s: split the file", r"读了 \1 秒还没读完，请拆成几份"),
    (r"the reader broke down on it .*", "读取时程序崩溃，请把文件重新保存一次"),
    (r"no file (.+): check the path", r"没有文件 \1，请检查路径"),
    (r"(.+) is not a file: give the path of a paper", r"\1 不是文件，请给出论文的路径"),
    (r"(.+) is not the listed file: .*", r"\1 与目录所列的不符，请从仓库恢复它"),
    (r"the file has (.+) pages: page (.+) is none of them", r"这个文件有 \1 页，没有第 \2 页"),
    (r"page (.+) cannot be drawn .*", r"第 \1 页画不出来，请把文件重新保存后再添加"),
    (r"no pages are kept of .*", "没有保存这篇论文的页面，重新添加 PDF 之后就有了"),
    (r"(.+) belongs here and stays", r"\1 是自带的论文，不能移除"),
    (r".+: another process changes it; wait for it to end",
     "另一个程序正在修改索引，请等它结束后再试"),
    (r"(.+): cannot be written .*nothing was changed.*",
     r"索引所在的文件夹无法写入（\1），请腾出空间，或用 ASKPAPER_INDEX 换一个文件夹"),
    (r"(.+): made by another .*(?:rebuild): (.+)", r"索引由另一版本建立（\1），请运行 \2"),
    (r"(.+?): .*copy it to .*mend it: (.+)",
     r"索引已损坏，又无法写入（\1）；请把它复制到别处，让 ASKPAPER_INDEX 指向那里，再运行 \2"),
    (r"(.+?): .*mend it: (.+)", r"索引已损坏（\1），请运行 \2"),
)  # fmt: skip


def told(error: AskPaperError, language: Language) -> str:
    """The error's message in that language, without a full stop; as it is where there is none."""
    return str(error) if language == "en" else _in_chinese(str(error))


def problem_html(error: AskPaperError | None, question: str, language: Language) -> str:
    """What is wrong with `question`; None is a failure that is not the user's."""
    if error is None:
        message = WORDS[language]["failed"]
    elif language == "en":
        message = f"{str(error)[:1].upper()}{str(error)[1:]}."
    elif isinstance(error, BusyError):
        message = "一分钟内的问题太多了，请稍等片刻再问。"
    elif isinstance(error, QuestionError):
        message = _chinese_problem(question)
    else:
        message = f"出错了：{told(error, language)}"
    return _alert(message)


def shelf_problem_html(error: AskPaperError, language: Language) -> str:
    """Why a paper could not be added or removed."""
    kind = "unreadable" if isinstance(error, PaperError) else "unshelved"
    return _alert(WORDS[language][kind].format(told(error, language)))


def _alert(message: str) -> str:
    return f'<p class="problem" role="alert">{escape(message)}</p>'


def _in_chinese(message: str) -> str:
    if named := re.fullmatch(r"('.*?'): (.+)", message):
        return f"{named[1]}：{_in_chinese(named[2])}"
    for english, chinese in _CHINESE:
        if found := re.fullmatch(english, message):
            return found.expand(chinese)
    return message


def _chinese_problem(question: str) -> str:
    if not question.strip():
        return "问题是空的，请输入一个问题。"
    if len(question.strip()) > MAX_QUESTION:
        return f"问题太长（{len(question.strip()):,} 个字符），最多 {MAX_QUESTION:,} 个字符。"
    return "问题中没有可以理解的文字，请用普通文字重新输入。"
