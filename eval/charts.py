"""Line charts as inline SVG, coloured by the page's style sheet.

Both axes run from 0 to 1 unless a chart says otherwise. Knows nothing of what is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 380, 270
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 12, 44
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)

Point = tuple[float, float]
Place = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Series:
    """A named line through points (x, y); `sizes` draws a dot of that area share at each point.

    `style` is the class that colours it. `notes` are shown when a dot is pointed at.
    """

    name: str
    points: Sequence[Point]
    style: str
    sizes: Sequence[float] = ()
    notes: Sequence[str] = ()
    line: bool = True


def chart(
    title: str,
    axes: tuple[str, str],
    series: Sequence[Series],
    x_ticks: Sequence[float] = TICKS,
    diagonal: bool = False,
) -> Markup:
    """One chart. The x axis runs from the first to the last tick, the y axis from 0 to 1."""
    low, high = x_ticks[0], x_ticks[-1]
    span = (high - low) or 1.0

    def across(x: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (x - low) / span

    parts = [
        Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, HEIGHT, title),
        *_axes(axes, x_ticks, across),
    ]
    if diagonal:
        ends = (across(low), _up(0), across(high), _up(1))
        parts.append(Markup('<line class="ideal" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(*ends))
    for each in series:
        parts += _series(each, across)
    return Markup("").join([*parts, Markup("</svg>")])


def _up(y: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * y


def _axes(axes: tuple[str, str], x_ticks: Sequence[float], across: Place) -> list[Markup]:
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for y in TICKS:
        at = _up(y)
        line = '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
        label = '<text x="{}" y="{:.1f}" text-anchor="end">{}</text>'
        parts.append(Markup(line).format(LEFT, right, at, at))
        parts.append(Markup(label).format(LEFT - 6, at + 4, f"{y:g}"))
    for x in x_ticks:
        label = '<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>'
        parts.append(Markup(label).format(across(x), bottom + 16, f"{x:g}"))
    middle = (LEFT + right) / 2, (TOP + bottom) / 2
    label = '<text class="axis" x="{}" y="{}" text-anchor="middle">{}</text>'
    parts.append(Markup(label).format(middle[0], HEIGHT - 8, axes[0]))
    turned = (
        '<text class="axis" transform="translate(11 {}) rotate(-90)" text-anchor="middle">{}</text>'
    )
    parts.append(Markup(turned).format(middle[1], axes[1]))
    return parts


def _series(each: Series, across: Place) -> list[Markup]:
    places = [(round(across(x), 1), round(_up(y), 1)) for x, y in each.points]
    parts = []
    if each.line and len(places) > 1:
        path = " ".join(f"{x},{y}" for x, y in places)
        parts.append(Markup('<polyline class="{}" points="{}"/>').format(each.style, path))
    sizes = each.sizes or [0.0] * len(places)
    notes = each.notes or [f"{each.name}: {x:g}, {y:.2f}" for x, y in each.points]
    if each.sizes or len(places) <= 12:
        dot = '<circle class="{}" cx="{}" cy="{}" r="{:.1f}"><title>{}</title></circle>'
        parts += [
            Markup(dot).format(each.style, x, y, 3 + 9 * size**0.5, note)
            for (x, y), size, note in zip(places, sizes, notes, strict=True)
        ]
    return parts
