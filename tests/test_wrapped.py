"""What stands around a question is left out before the question is read, and nothing else is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.wrapped import unwrapped


@pytest.mark.parametrize(
    "typed",
    [
        "1. What does the EU want?",
        "(2) What does the EU want?",
        "Q: What does the EU want?",
        "Question 3: What does the EU want? 🤔",
        '"What does the EU want?"',
        "Can you explain in simple terms: What does the EU want?",
        "According to the author, What does the EU want?",
        "I'm a student writing an essay. What does the EU want?",
        "By the way, What does the EU want? 🙏",
        "As a student, What does the EU want?",
        "What does the EU want? I need this for my homework.",
    ],
)
def test_an_english_question_stands_alone(typed: str) -> None:
    assert unwrapped(typed) == "What does the EU want?"


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("do you happen to know who signed?", "who signed?"),
        ("Help me understand why the talks are slow", "why the talks are slow"),
        ("what should China do, says the author?", "what should China do?"),
        ("What forums should China use in this paper?", "What forums should China use?"),
        ("What's new in USMCA...", "What's new in USMCA"),
        ("I read that the US won. Is it true?", "the US won?"),
        ("when was it signed, was it in May 2018?", "when was it signed?"),
        ("What year was it signed? Was it 2018?", "What year was it signed?"),
        ("I'm confused. Why?", "Why?"),
        ("What does the EU want exactly?", "What does the EU want?"),
        (
            "We run a forum where people meet. Which laws keep data at home?",
            "Which laws keep data at home?",
        ),
        ("I find all this hard. Which laws keep data at home?", "Which laws keep data at home?"),
    ],
)
def test_what_is_asked_in_english(typed: str, asked: str) -> None:
    assert unwrapped(typed) == asked


@pytest.mark.parametrize(
    "typed",
    [
        "1、欧盟想要什么？",
        "一、欧盟想要什么？",
        "问题2：欧盟想要什么？",
        "“欧盟想要什么？”",
        "请列出：欧盟想要什么？",
        "能不能告诉我欧盟想要什么？",
        "请解释一下欧盟想要什么？",
        "我想知道欧盟想要什么？",
        "记者想确认一下：欧盟想要什么？",
        "作者认为，欧盟想要什么？",
        "话说欧盟想要什么来着？",
        "那个，欧盟想要什么呀？",
        "论文里说欧盟想要什么？",
        "文中欧盟想要什么？",
        "我是学生，在写作业。欧盟想要什么？",
        "我是学生，一直没想明白：欧盟想要什么？",
        "我对这些不太懂，欧盟想要什么？",
        "欧盟想要什么？我写作业要用。",
    ],
)
def test_a_chinese_question_stands_alone(typed: str) -> None:
    assert unwrapped(typed) == "欧盟想要什么？"


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("哪年签的，是不是2018年？", "哪年签的?"),
        ("我在上海教书。他们想知道，欧盟对数据本地化有什么要求？", "欧盟对数据本地化有什么要求？"),
        ("听说中国退出了，是真的吗？", "中国退出了吗？"),
    ],
)
def test_what_is_asked_in_chinese(typed: str, asked: str) -> None:
    assert unwrapped(typed) == asked


@pytest.mark.parametrize(
    "typed",
    [
        "3.3小节大概说了什么",
        "2、3月发生了什么",
        "美国想知道什么",
        "分析师怎么看？",
        "其实质是什么？",
        "就是说不清楚吗？",
        "37℃时会怎样？",
        "电子商务工作小组里，由谁监督？",
        "我国的工作重点，是什么？",
        "中国在问，美国答应了吗？",
        "那美国呢？",
        "它还有谁参加呢？",
        "Why did the US withdraw again?",
        "那个国家怎么看？",
        "解释权归谁？",
        "说明什么",
        "作者认为呢？",
        "作者怎么看？",
        "作者最后提了什么建议？",
        "论文里说了什么",
        "论文说服了谁",
        "文章对它评价高吗",
        "文中提到了哪些国家？",
        "文中的图说明什么",
        "我看到他们提出了数字税。为什么？",
        "我公司在美国。要交数据吗？",
        "我写论文要用",
        "请介绍一下中国的立场",
        "What methods are used in this paper?",
        "How many are there in the paper?",
        "I think data localization is bad. Does the author agree?",
        "Is it true?",
        "听说美国退出了，为什么？",
        "是2018年签的吗？",
        "Please list the countries that require data localization.",
        "I need this for my homework.",
        '"data controller" and "data processor"',
        "",
    ],
)
def test_what_is_asked_stays(typed: str) -> None:
    assert unwrapped(typed) == typed


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.text("我是学生，。？1. Iam论文中说…🤔“”", max_size=30))
def test_something_is_left_of_any_text(text: str) -> None:
    assert bool(unwrapped(text).strip()) == bool(text.strip())
