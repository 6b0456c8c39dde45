"""A suppression that silences nothing is told, unless nobody can tell."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from stsec_magic import Config, Finding, check
from stsec_magic.checker import examine
from stsec_magic.cli import main
from stsec_magic.notebook.read import from_mapping
from tests.credentials import openai_key, password
from tests.notebooks_in_memory import code, markdown, notebook, raw, stream, write
from tests.results import everything_said, file_place, place

SECRET = f"password = '{password('unused')}'"
RULE = "unused-suppression"


def unused(
    *cells: dict[str, Any], metadata: dict[str, Any] | None = None, config: Config | None = None
) -> list[Finding]:
    found = check(notebook(*cells, metadata=metadata), config).findings
    return [each for each in found if each.rule == RULE]


def ignoring(names: Any) -> dict[str, Any]:
    return {"stsec": {"ignore": names}}


@pytest.mark.parametrize(
    "cell",
    [
        code("x = 1  # stsec: ignore"),
        code("x = 1  # stsec: ignore[hardcoded-secret] once"),
        code(f"# stsec: ignore[credentials]\n{SECRET}"),
        code(f"{SECRET}  # stsec: ignore[untrusted-load]"),
        code("%%bash\necho hi  # stsec: ignore"),
        code("!echo hi  # stsec: ignore"),
        code("x = (  # stsec: ignore"),
        code("print 'x'  # stsec: ignore"),
        markdown("text <!-- stsec: ignore -->"),
        markdown(f"<!-- stsec: ignore -->\n\n{SECRET}"),
        raw("text  % stsec: ignore"),
    ],
    ids=lambda cell: cell["source"].replace("\n", " / ")[:40],
)
def test_a_comment_that_silences_nothing_is_told(cell: dict[str, Any]) -> None:
    (found,) = unused(cell)
    assert (found.severity.value, found.confidence.value, found.suppressed) == ("low", "high", None)
    assert found.message.startswith("the comment silences nothing")
    assert (found.location.cell, found.location.pointer) == (1, None)
    text = cell["source"].split("\n")[found.location.line - 1]
    start = text.index("stsec") - (5 if "<!--" in text else 2)
    assert (found.location.column, found.location.end_column) == (start + 1, len(text) + 1)


@pytest.mark.parametrize(
    "cell",
    [
        code(f"{SECRET}  # stsec: ignore"),
        code(f"{SECRET}  # stsec: ignore[jwt, credentials]"),
        code(f"{SECRET}  # stsec: ignore[no-such-rule, hardcoded-secret]"),
        markdown(f"<!-- stsec: ignore -->\n{SECRET}"),
        code(f"%%bash\nexport {SECRET.replace(' ', '')}  # stsec: ignore"),
        code(SECRET, tags=["stsec-ignore"]),
        code("x", [stream(SECRET)], tags=["stsec-ignore"]),
        code(SECRET, metadata=ignoring(["hardcoded-secret"])),
        code(f"{SECRET}  # stsec: ignore", tags=["stsec-ignore"], metadata=ignoring(["hardcoded-secret"])),
    ],
)
def test_one_that_silences_something_is_not(cell: dict[str, Any]) -> None:
    assert unused(cell) == []
    assert unused(cell, code(SECRET), metadata=ignoring(["hardcoded-secret"])) == []


@pytest.mark.parametrize(
    "cell",
    [
        code("print('# stsec: ignore')"),
        code('x = """\n# stsec: ignore\n"""'),
        code("x = f'# stsec: ignore {y}'"),
        code("x = (  '# stsec: ignore'"),
        code("%%bash\necho '# stsec: ignore'"),
        code("!echo '# stsec: ignore'"),
        code("# write `# stsec: ignore` behind it"),
        code("x", [stream("# stsec: ignore")]),
        code("# stsec: ignored"),
        code("# stsec ignore"),
        markdown("Write `# stsec: ignore` or `<!-- stsec: ignore -->`."),
        markdown("```\n<!-- stsec: ignore -->\nx = 1  # stsec: ignore\n```"),
        markdown("Like this:\n\n    <!-- stsec: ignore -->"),
        markdown("# stsec: ignore"),
        code("x = 1  # noqa: S301  # nosec"),
        code("x", tags=["stsec", "ignore", "stsec-ignored"]),
    ],
)
def test_what_is_no_comment_of_ours_is_not(cell: dict[str, Any]) -> None:
    assert unused(cell) == []


def test_other_languages_have_strings_and_comments_too() -> None:
    r = {"language_info": {"name": "R"}}
    found = unused(code("y <- '# stsec: ignore'\nx <- 1  # stsec: ignore"), metadata=r)
    assert [place(each) for each in found] == [(2, 9)]


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("stsec-ignore", "the tag silences nothing in its cell; take it away"),
        ("stsec-allow-jwt", "the tag silences nothing in its cell; take it away"),
        ("stsec-allow-hardcoded_secret", "the tag silences nothing: 'hardcoded_secret' is no rule; did you mean"),
        ("stsec-allow-", "the tag silences nothing: what it names is no rule"),
    ],
)
def test_a_tag_that_silences_nothing_is_told(tag: str, message: str) -> None:
    (found,) = unused(code("x"), code("x", tags=["a", tag]))
    assert found.message.startswith(message)
    assert (found.location.cell, found.location.part.value) == (2, "metadata")
    assert found.location.pointer == "/cells/1/metadata/tags/1"


@pytest.mark.parametrize(
    ("names", "pointer"), [(["hardcoded-secret", "jwt"], "1"), ({"credentials": "x", "jwt": ""}, "jwt")]
)
def test_an_entry_that_silences_nothing_is_told(names: Any, pointer: str) -> None:
    (found,) = unused(code("x"), code(SECRET, metadata=ignoring(names)))
    assert found.location.pointer == f"/cells/1/metadata/stsec/ignore/{pointer}"
    assert found.message == "the entry in metadata.stsec silences nothing in its cell; take it away"
    (found,) = unused(code("x"), code(SECRET), metadata=ignoring(names))
    assert (found.location.cell, found.location.pointer) == (None, f"/metadata/stsec/ignore/{pointer}")
    assert found.message == "the entry in metadata.stsec silences nothing in its notebook; take it away"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("hardcoded_secret", ": 'hardcoded_secret' is no rule; did you mean 'hardcoded-secret'?"),
        ("jwt, untrusted-laod", ": 'untrusted-laod' is no rule; did you mean 'untrusted-load'?"),
        ("zzzzzz", ": 'zzzzzz' is no rule"),
        ("not a name", ": what it names is no rule"),
        (" , ", " names no rule, so it silences nothing"),
        ("", " names no rule, so it silences nothing"),
    ],
)
def test_a_name_that_is_no_rules_is_told(names: str, words: str) -> None:
    (found,) = unused(code(f"{SECRET}  # stsec: ignore[{names}]"))
    assert words in found.message
    assert found.message.endswith(words) or "did you mean" in found.message


@pytest.mark.parametrize(
    ("options", "names", "told"),
    [
        ({}, "jwt", True),
        ({"ignore": frozenset(("jwt",))}, "jwt", False),
        ({"ignore": frozenset(("jwt",))}, "jwt, untrusted-load", False),
        ({"ignore": frozenset(("jwt",))}, "credentials", False),
        ({"ignore": frozenset(("jwt",))}, "loads", True),
        ({"ignore": frozenset(("jwt",))}, "jwtt", True),
        ({"select": frozenset(("loads", RULE))}, "jwt", False),
        ({"select": frozenset(("loads", RULE))}, "loads", True),
        ({"select": frozenset(("loads",))}, "loads", False),
        ({"ignore": frozenset(("project",))}, "jwt", False),
        ({"per_path_ignores": {"*": frozenset(("credentials",))}}, "jwt", False),
        ({"per_path_ignores": {"other/*": frozenset(("credentials",))}}, "jwt", True),
        ({}, "known-secret", False),
        ({}, "artifacts", False),
        ({}, f"jwt, {RULE}", False),
        ({}, RULE, False),
    ],
)
def test_nobody_can_tell_of_rules_that_were_not_asked_for(options: dict[str, Any], names: str, told: bool) -> None:
    config = Config(**options)
    assert len(unused(code(f"x = 1  # stsec: ignore[{names}]"), config=config)) == told
    listed = [name.strip() for name in names.split(",")]
    if len(listed) == 1:
        assert len(unused(code("x", tags=[f"stsec-allow-{names}"]), config=config)) == told
        assert len(unused(code("x"), metadata=ignoring(listed), config=config)) == told


def test_what_silences_the_deselected_is_not_in_vain() -> None:
    cell = code(f"{SECRET}  # stsec: ignore")
    assert unused(cell, config=Config(select=frozenset(("loads", RULE)))) == []


def test_only_what_names_the_rule_silences_it() -> None:
    def silenced(*cells: dict[str, Any], **how: Any) -> list[bool]:
        return [each.suppressed is not None for each in unused(*cells, **how)]

    comment = "x = 1  # stsec: ignore[jwt]"
    assert silenced(code(comment, tags=["stsec-ignore"])) == [False, False]
    assert silenced(code(comment), metadata=ignoring([RULE])) == [True]
    assert silenced(code(comment), metadata=ignoring(["project"])) == [True]
    assert silenced(code(comment, tags=[f"stsec-allow-{RULE}"])) == [True]
    assert silenced(code(f"{comment}  # nosec")) == [False]


def test_a_finding_says_where_it_stands_in_the_file(tmp_path: Path) -> None:
    path = write(
        tmp_path / "nb.ipynb",
        notebook(
            code("x\ny  # stsec: ignore[jwt]", tags=["stsec-ignore"]),
            markdown("", metadata=ignoring({"jwt": ""})),
            metadata=ignoring(["jwt"]),
        ),
    )
    lines = path.read_text(encoding="utf-8").split("\n")
    report = check(path)
    assert [f.location.pointer and f.location.pointer.rpartition("/")[2] for f in report.findings] == [
        None,
        "0",
        "jwt",
        "0",
    ]
    starts = ["# stsec: ignore[jwt]", "stsec-ignore", '"', "jwt"]
    for finding, text in zip(report.findings, starts, strict=True):
        line, column = file_place(finding)
        assert line is not None and column is not None
        assert lines[line - 1][column - 1 :].startswith(text)


def test_a_checkpoint_is_folded_and_a_nested_notebook_is_no_second_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = json.dumps(notebook(code("x = 1  # stsec: ignore", tags=["stsec-ignore"])))
    cells = [
        code("x = 1  # stsec: ignore", tags=["stsec-ignore"], metadata=ignoring(["jwt"])),
        code(f"%%writefile inner.ipynb\n{inner}"),
        code(f"text = {inner!r}"),
        code("x", [stream(inner)]),
    ]
    write(tmp_path / "nb.ipynb", notebook(*cells))
    write(tmp_path / ".ipynb_checkpoints/nb-checkpoint.ipynb", notebook(*cells))
    assert main(["audit", str(tmp_path), "--format", "json"]) == 0
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [(f["rule"], f["cell"], f["part"], len(f["copies"])) for f in findings] == [
        (RULE, 1, "source", 1),
        (RULE, 1, "metadata", 1),
        (RULE, 1, "metadata", 1),
    ]


def test_hits_and_findings_stay_side_by_side() -> None:
    book = notebook(code(f"{SECRET}\nx = 1  # stsec: ignore", tags=["stsec-allow-jwt"]), metadata=ignoring(["jwt"]))
    examined = examine(from_mapping(book, "nb.ipynb"), Config(), b"")
    assert len(examined.hits) == 4
    assert [hit.rule.id for hit in examined.hits] == [finding.rule for finding in examined.checked.findings]


def test_what_cannot_be_read_as_cells_has_no_comments(tmp_path: Path) -> None:
    path = tmp_path / "nb.ipynb"
    path.write_text('{"cells": [ "x = 1  # stsec: ignore"', encoding="utf-8")
    assert check(path).findings == ()


def test_a_comment_makes_no_problem_of_a_cell_that_does_not_parse() -> None:
    assert check(notebook(code("x = (\n1 1  # stsec: ignore"))).problems == ()


@pytest.mark.parametrize(
    "cell",
    [
        code("x = 1  # stsec: ignore[{key}]"),
        code("x = 1  # stsec: ignore[jwt] {key}"),
        code("x", tags=["stsec-allow-{key}"]),
        code("x", metadata=ignoring(["{key}"])),
        code("x", metadata=ignoring({"{key}": "{key}"})),
    ],
)
def test_nothing_leaks(cell: dict[str, Any]) -> None:
    for key in (openai_key("unused"), password("unused")):
        told = json.loads(json.dumps(cell).replace("{key}", key))
        report = check(notebook(code(f"k = '{key}'\npassword = '{key}'"), told))
        assert RULE in {finding.rule for finding in report.findings}
        assert key not in everything_said(report)


@pytest.mark.parametrize("names", ["", "[credentials, x{}]"])
def test_many_comments_take_their_share_of_time(names: str) -> None:
    lines = [f"<!-- stsec: ignore{names} -->".replace("{}", str(i)) for i in range(3_000)]
    for make, text in ((markdown, "\n".join(lines)), (code, "\n".join(lines)), (markdown, " ".join(lines[:500]))):
        began = time.process_time()
        assert len(unused(make(text))) == text.count("stsec")
        assert time.process_time() - began < 5
