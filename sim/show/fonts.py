"""Which installed fonts show Chinese, so that names in any script appear in figures without a warning."""

from __future__ import annotations

from functools import lru_cache

CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Noto Sans CJK TC",
    "Arial Unicode MS",
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
    "AR PL UMing CN",
)
"""Families to look for, those made for screens first."""

_MISSING = "□"


def families() -> list[str]:
    """Return the font families to write with: Matplotlib's own first, then an installed Chinese one."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return ["DejaVu Sans", *[name for name in CHINESE if name in installed][:1]]


def showable(text: str, fonts: list[str]) -> str:
    """Return the text with a box for each character that none of the fonts has."""
    if text.isascii():
        return text
    return "".join(sign if any(_has(font, sign) for font in fonts) else _MISSING for sign in text)


@lru_cache(maxsize=4096)
def _has(family: str, sign: str) -> bool:
    from matplotlib import font_manager

    return bool(font_manager.get_font(font_manager.findfont(family)).get_char_index(ord(sign)))
