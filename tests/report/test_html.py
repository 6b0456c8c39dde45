"""The report in a notebook: what JupyterLab lets through, harmless, readable on any page and without any style."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stsec_magic import Finding, Report, check
from stsec_magic.model.finding import Copy, Related
from stsec_magic.model.levels import Severity
from stsec_magic.model.location import SESSION
from stsec_magic.model.problem import Problem, ProblemKind
from stsec_magic.report import palette
from stsec_magic.report.html import render
from tests.credentials import openai_key, password
from tests.notebooks_in_memory import code, markdown, notebook, stream

SECRET = password("html")
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=y>&lt;$x^2$ \\(y\\) \u202e\x1b[2J\x00\ud83d"

# Of JupyterLab 4.6, @jupyterlab/apputils, sanitizer.ts: what it keeps of an untrusted notebook's HTML.
KEPT_TAGS = set("a b code details div p pre span summary table tbody td tr".split())
KEPT_ATTRIBUTES = {("a", "href")} | {(tag, "style") for tag in KEPT_TAGS}
_LENGTH = r"(0|\d+(\.\d+)?(px|em|%))"
_COLOUR = r"(#[0-9a-f]{6}|rgba\(\d{1,3},\d{1,3},\d{1,3},0?\.\d+\)|transparent)"
KEPT_STYLES = {
    "background": _COLOUR,
    "border": "none",
    "border-collapse": "collapse",
    "border-top": rf"{_LENGTH} solid {_COLOUR}",
    "color": _COLOUR,
    "cursor": "pointer",
    "line-height": r"\d+(\.\d+)?",
    "margin": rf"{_LENGTH}( {_LENGTH}){{0,3}}",
    "max-width": _LENGTH,
    "opacity": r"0?\.\d+",
    "overflow-wrap": "break-word",
    "overflow-x": "auto",
    "padding": rf"{_LENGTH}( {_LENGTH}){{0,3}}",
    "table-layout": "fixed",
    "text-align": "left",
    "vertical-align": "top",
    "white-space": "pre",
    "width": _LENGTH,
}


class Page(HTMLParser):
    """Reads HTML, and fails where a tag isn't closed in its turn or JupyterLab would take something away."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.links: list[str] = []
        self.pieces: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in KEPT_TAGS
        self.open.append(tag)
        for name, value in attrs:
            assert (tag, name) in KEPT_ATTRIBUTES
            assert value
            if name == "href":
                self.links.append(value)
            else:
                for declaration in value.split(";"):
                    key, _, setting = declaration.partition(":")
                    assert re.fullmatch(KEPT_STYLES[key], setting), declaration

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.pieces.append((self.open[-1] if self.open else "", data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment

    @property
    def text(self) -> str:
        """What is read where no style is kept."""
        return "".join(data for _, data in self.pieces)

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.text.splitlines() if line.strip()]


def page(*cells: Any) -> Page:
    return Page(render(check(notebook(*cells))))


def moved(report: Report, path: str, **changes: Any) -> Report:
    """The same report, of a notebook at another path."""
    findings = [replace(each, location=replace(each.location, path=path), **changes) for each in report.findings]
    return replace(report, findings=tuple(findings))


def test_a_finding_reads_well_without_any_style() -> None:
    shown = page(code(f"import os\npassword = '{SECRET}'\nx = 1", count=7))
    mark = f"...({len(SECRET)})"
    assert shown.lines == [
        "1 notebook, 1 cell: 1 finding (1 high)",
        "<notebook>",
        "high",
        "hardcoded-secret · cell 1 · In [7] · line 2",
        "a literal value for 'password'; read it from os.environ or st.secrets",
        "1 │ import os",
        f"2 │ password = '{mark}'",
        f"  │ {' ' * 12}{'^' * len(mark)}",
        "3 │ x = 1",
    ]


def test_a_clean_report_is_one_green_line() -> None:
    html = render(check(notebook(code("x = 1"))))
    assert Page(html).lines == ["✓ 1 notebook, 1 cell: nothing found"]
    assert f'<b style="color:{palette.GREEN}">✓' in html


def test_what_could_not_be_checked_is_not_called_clean() -> None:
    problem = Problem("a.ipynb", 3, ProblemKind.UNPARSED_CELL, f"is {EVIL}")
    html = render(Report((), (problem,), 1, 3))
    assert palette.GREEN not in html
    lines = Page(html).lines
    assert lines[:4] == [
        "1 notebook, 3 cells: nothing found, 1 problem",
        "Not checked in full",
        "problem",
        lines[3],
    ]
    assert lines[3].startswith("a.ipynb, cell 3: is <script>")


def test_many_problems_are_counted() -> None:
    problems = tuple(Problem(f"{i}.ipynb", None, ProblemKind.INVALID_JSON, "is not JSON") for i in range(25))
    lines = Page(render(Report((), problems, 25, 0))).lines
    assert sum("is not JSON" in line for line in lines) == 20
    assert lines[-1] == "5 more are in the report's problems."


def test_a_secret_in_many_places_is_shown_once() -> None:
    key = openai_key(1)
    shown = page(code(f"k = '{key}'", [stream(key)]), markdown(key))
    assert sum("│" in line for line in shown.lines) == 2
    assert shown.lines.count("the same secret stands in 3 places") == 1
    assert shown.lines.count("the same secret as in cell 1") == 2


def test_related_places_copies_and_doubts_are_said() -> None:
    report = check(
        notebook(
            code("import pickle, requests\nr = requests.get(u)"),
            code("pickle.loads(r.content)"),
            code("import numpy as np\nx = np.load(requests.get(u), allow_pickle=flag)"),
        )
    )
    lines = Page(render(report)).lines
    assert "downloaded here: cell 1, line 2" in lines
    assert any(line.endswith(" (low confidence)") for line in lines)
    copied = replace(report, findings=(replace(report.findings[0], copies=(Copy("<i>copy", 4, 1),)),))
    assert "also in <i>copy, cell 4" in Page(render(copied)).lines


def test_a_sessions_cells_are_called_by_their_prompts() -> None:
    related = (Related(SESSION, 3, 2, "downloaded here"),)
    lines = Page(render(moved(several(1), SESSION, related=related))).lines
    assert lines[1:4] == ["<session>", "high", "openai-api-key · In [1] · line 1"]
    assert lines[-1] == "downloaded here: In [3], line 2"


def test_suppressed_findings_are_only_counted() -> None:
    lines = page(code(f"password = '{SECRET}'  # stsec: ignore")).lines
    assert lines == ["✓ 1 notebook, 1 cell: nothing found, 1 suppressed"]


def several(n: int) -> Report:
    return check(notebook(*(code(f"k = '{openai_key(i)}'") for i in range(n))))


@pytest.mark.parametrize(("n", "folded"), [(30, 0), (31, 1), (42, 12)])
def test_what_is_beyond_thirty_is_folded(n: int, folded: int) -> None:
    html = render(several(n))
    assert Page(html).text.count("openai-api-key") == n
    before, _, inside = html.partition("<details>")
    assert before.count("openai-api-key") == n - folded
    assert (f">{folded} more</summary>" in inside) == bool(folded)


def test_thousands_stay_small_and_say_where_the_rest_is() -> None:
    one = several(1)
    html = render(replace(one, findings=one.findings * 5000))
    assert html.count("openai-api-key") == 100
    assert len(html) < 200_000
    assert Page(html).lines[-1] == "4,900 more are in the report's findings."


def test_notebooks_are_headed_by_their_paths() -> None:
    one = several(2)
    both = replace(one, findings=moved(one, "a.ipynb").findings + moved(one, "b.ipynb").findings)
    lines = Page(render(both)).lines
    assert [line for line in lines if line.endswith(".ipynb")] == ["a.ipynb", "b.ipynb"]


def every_text_evil(report: Report) -> Report:
    first: Finding = report.findings[0]
    assert first.excerpt is not None
    rows = replace(first.excerpt, lines=(EVIL,), first=1, line=1, start=1, end=4)
    where = replace(first.location, path=EVIL, mime=EVIL, pointer=EVIL)
    evil = replace(first, message=EVIL, location=where, excerpt=rows)
    return replace(report, findings=(evil,), problems=(Problem(EVIL, 1, ProblemKind.UNREADABLE, EVIL),))


@pytest.mark.parametrize("language", ["python", "html", "bash", "text", "no such language"])
def test_a_strangers_text_stays_text(language: str) -> None:
    report = every_text_evil(several(1))
    first = report.findings[0]
    assert first.excerpt is not None
    report = replace(report, findings=(replace(first, excerpt=replace(first.excerpt, language=language)),))
    shown = Page(render(report))
    assert shown.text.count("<script>alert(1)</script>") == 5
    assert [c for c in shown.text if c != "\n" and not c.isprintable()] == []
    assert shown.links == []


def test_no_text_becomes_a_formula() -> None:
    """MathJax reads the text of a notebook's page, save what stands in <pre>, between two tags."""
    shown = Page(render(every_text_evil(several(1))))
    html = re.sub(r"<pre.*?</pre>", "", render(every_text_evil(several(1))), flags=re.DOTALL)
    assert shown.text.count("$x^2$") == 5
    for piece in re.split(r"<[^<>]{1,300}>", html):
        assert not re.search(r"\$.*\$|\\.", piece, re.DOTALL), piece


def test_only_our_own_pages_become_links() -> None:
    report = several(1)
    assert Page(render(report)).links == ["https://platform.openai.com/api-keys"]
    first = report.findings[0]
    for message in ("x; revoke it: javascript:alert(1)", 'x; revoke it: https://a.org/"onclick="x'):
        assert Page(render(replace(report, findings=(replace(first, message=message),)))).links == []
    told = replace(
        first, message="'; revoke it: https://evil.example/'; revoke it: https://evil.example", properties={}
    )
    assert Page(render(replace(report, findings=(told,)))).links == []


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_gives_sound_html(line: str, path: str) -> None:
    report = moved(check(notebook(code(f"{line}\nk = '{openai_key(1)}'  # {line}"))), path, message=line)
    shown = Page(render(report))
    assert [c for c in shown.text if c != "\n" and not c.isprintable()] == []
    assert openai_key(1) not in shown.text


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):  # why\n    '''a\n    {}'''\n    return 1.5",
        "@cache\nclass A: key = '{}'",
        "!curl -H 'Authorization: Bearer {}' https://a.org",
        "%%html\n<b title='{}'>x</b>",
        "%%sql\nSELECT '{}' FROM t",
        "k = '漢字 {}'",
        "k = '{}' \\",
    ],
)
def test_colours_change_no_letter(source: str) -> None:
    report = check(notebook(code(source.format(openai_key(1)))))
    (finding, *_) = report.findings
    assert finding.excerpt is not None
    rows = [data for data in Page(render(report)).lines if "│" in data]
    code_rows = [row.partition("│ ")[2] for row in rows if set(row.partition("│ ")[2].strip()) != {"^"}]
    assert code_rows == [line.rstrip() for line in finding.excerpt.lines]


def test_the_mark_stands_under_wide_letters() -> None:
    (row, mark) = (line for line in page(code(f"k = '漢字' + '{openai_key(1)}'")).lines if "│" in line)
    assert mark.index("^") == row.index("sk-proj-") + 2  # two letters, each as wide as two


def test_code_is_coloured() -> None:
    html = render(check(notebook(code(f"def f(): return 'a'  # b\nk = '{openai_key(1)}'"))))
    for colour, words in [
        (palette.VIOLET, "def"),
        (palette.BLUE, "f"),
        (palette.GREEN, "&#x27;a&#x27;"),
        (palette.GREY, "# b"),
    ]:
        assert f'<span style="color:{colour}">{words}</span>' in html


PAGES = {"white": (255,) * 3, "Lab's dark": (0x11,) * 3, "VS Code's dark": (0x1E,) * 3, "Lab's cells": (0x21,) * 3}
COLOURS = sorted({*palette.TOKENS.values(), *palette.SEVERITIES.values(), palette.GREEN, palette.BLUE})


def luminance(colour: tuple[float, ...]) -> float:
    parts = (c / 255 for c in colour)
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def blended(colour: tuple[float, ...], share: float, behind: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(share * c + (1 - share) * b for c, b in zip(colour, behind, strict=True))


def test_the_formula_for_contrast() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((0x77,) * 3, (255,) * 3) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("behind", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_is_readable_on_every_page(colour: str, behind: tuple[float, ...]) -> None:
    letters = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    assert contrast(letters, behind) >= 3.8
    *grey, share = (float(part) for part in re.findall(r"[\d.]+", palette.TINT))
    assert contrast(letters, blended(tuple(grey), share, behind)) >= 3.3


@pytest.mark.parametrize(
    ("words", "behind"), [((0,) * 3, (255,) * 3), ((255,) * 3, (0x11,) * 3), ((0xCC,) * 3, (0x1E,) * 3)]
)
def test_what_stands_back_is_still_readable(words: tuple[float, ...], behind: tuple[float, ...]) -> None:
    share = float(palette.QUIET.partition(":")[2]) * 0.87  # as strong as Lab's own text is
    assert contrast(blended(words, share, behind), behind) >= 4.5


def test_each_severity_has_its_colour() -> None:
    assert len({palette.SEVERITIES[each] for each in Severity}) == 3
    report = several(1)
    for severity in Severity:
        html = render(replace(report, findings=(replace(report.findings[0], severity=severity),)))
        assert f'<b style="color:{palette.SEVERITIES[severity]}">{severity.value}</b>' in html
        assert f'<span style="color:{palette.SEVERITIES[severity]}">1 {severity.value}</span>)</b>' in html
