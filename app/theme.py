"""How the page looks and is launched: Gradio's plainest theme with the colours of `page.css`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

ASSETS = Path(__file__).parent / "assets"
STYLES = ("page.css", "answer.css", "paper.css", "leaf.css", "phone.css")
SCRIPTS = ("paper.js", "page.js", "leaf.js", "kept.js")
SANS = (
    *("system-ui", "-apple-system", "Segoe UI", "PingFang SC", "Hiragino Sans GB"),
    *("Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "sans-serif"),
)


def launch_settings() -> dict[str, Any]:
    """How the page is launched wherever it listens: its look, and nothing from outside."""
    scripts = "\n".join((ASSETS / each).read_text(encoding="utf-8") for each in SCRIPTS)
    return {
        "theme": _theme(),
        "css_paths": [ASSETS / each for each in STYLES],
        "head": f"<script>{scripts}</script>",
        "quiet": True,
        "share": False,
        "footer_links": [],
        "enable_monitoring": False,
        "run_history": False,
        "ssr_mode": False,
        "pwa": False,
        "mcp_server": False,
    }


def _theme() -> gr.themes.Base:
    colours = {
        "body_background_fill": "var(--desk)",
        "body_text_color": "var(--ink)",
        "body_text_color_subdued": "var(--muted)",
        "background_fill_primary": "var(--desk)",
        "background_fill_secondary": "var(--sheet)",
        "block_background_fill": "transparent",
        "border_color_primary": "var(--line)",
        "input_background_fill": "var(--sheet)",
        "input_placeholder_color": "var(--muted)",
        "button_primary_background_fill": "var(--accent)",
        "button_primary_background_fill_hover": "var(--accent-deep)",
        "button_primary_text_color": "var(--on-accent)",
        "button_secondary_background_fill": "transparent",
        "button_secondary_background_fill_hover": "var(--tint)",
        "button_secondary_text_color": "var(--ink)",
        "button_secondary_border_color": "var(--line)",
    }
    both = colours | {f"{name}_dark": value for name, value in colours.items()}
    theme = gr.themes.Base(font=SANS, font_mono=("ui-monospace", "monospace"))
    return theme.set(**both, block_border_width="0px", block_shadow="none")
