#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""picture.py FILE: convert output of `tmux capture-pane -e -p` to an SVG.

The terminal has its own background, so that it is readable on light and dark pages. Bars
are drawn as rectangles, because some fonts lack those characters.
"""
import html
import re
import sys
import unicodedata

CELL_WIDTH, CELL_HEIGHT, FONT, MARGIN = 8, 18, 13, 10
GROUND, TEXT, FAINT = "#16191d", "#d7dae0", "#868d99"
COLORS = {30: "#16191d", 31: "#f07178", 32: "#7fc98a", 33: "#e5c07b",
          34: "#6ea8fe", 35: "#c792ea", 36: "#56c7d0", 37: "#d7dae0"}


def runs(line, style):
    """Yield the pieces of a line: (column, text, style). Update style for the next line."""
    column = 0
    for part in re.split("(\x1b\\[[0-9;]*m|\x1b\\(B|[\x0e\x0f])", line):
        sgr = re.fullmatch("\x1b\\[([0-9;]*)m", part)
        if sgr:
            for code in map(int, (sgr[1] or "0").split(";")):
                if code == 0:
                    style.clear()
                elif code in (1, 2, 7):
                    style.add(code)
                elif code == 22:
                    style -= {1, 2}
                elif code == 27:
                    style.discard(7)
                elif code in COLORS or code == 39:
                    style -= set(COLORS)
                    style |= {code} - {39}
        elif part and part[0] not in "\x1b\x0e\x0f":
            yield column, part, frozenset(style)
            column += len(part)


def draw(x, y, text, style, out):
    color = next((COLORS[code] for code in style if code in COLORS), FAINT if 2 in style else TEXT)
    width = len(text) * CELL_WIDTH
    if 7 in style:
        out.append(f'<rect x="{x}" y="{y}" width="{width}" height="{CELL_HEIGHT}" fill="{color}"/>')
        color = GROUND
    # Place each word at its column, whatever the width of the font.
    for word in re.finditer("[\u2588-\u258f]+|[^\\s\u2588-\u258f]+", text):
        at = x + word.start() * CELL_WIDTH
        if "\u2588" <= word[0][0] <= "\u258f":
            eighths = sum(0x2590 - ord(c) for c in word[0])
            out.append(f'<rect x="{at}" y="{y + 4}" width="{eighths * CELL_WIDTH / 8:g}"'
                       f' height="{CELL_HEIGHT - 8}" fill="{color}"/>')
            continue
        weight = ' font-weight="bold"' if 1 in style else ""
        out.append(f'<text x="{at}" y="{y + FONT}" fill="{color}"{weight} textLength="{len(word[0]) * CELL_WIDTH}"'
                   f' lengthAdjust="spacingAndGlyphs">{html.escape(word[0])}</text>')


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = file.read().rstrip("\n").split("\n")
    plain = [re.sub("\x1b\\[[0-9;]*m|\x1b\\(B|[\x0e\x0f]", "", line) for line in lines]
    if not any(line.startswith("STATION") for line in plain):
        sys.exit("picture.py: that is not the screen of l2pc top")
    if any(unicodedata.east_asian_width(c) in "WF" for line in plain for c in line):
        sys.exit("picture.py: there are characters of two columns")
    width = max(map(len, plain)) * CELL_WIDTH + 2 * MARGIN
    height = len(lines) * CELL_HEIGHT + 2 * MARGIN
    style, out = set(), []
    for number, line in enumerate(lines):
        for column, text, how in runs(line, style):
            draw(MARGIN + column * CELL_WIDTH, MARGIN + number * CELL_HEIGHT, text, how, out)
    print('<!-- SPDX-License-Identifier: GPL-2.0 -->')
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
          f' font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="{FONT}">')
    print('<title>l2pc top</title>')
    print(f'<rect width="{width}" height="{height}" rx="6" fill="{GROUND}"/>')
    print("\n".join(out))
    print("</svg>")


main()
