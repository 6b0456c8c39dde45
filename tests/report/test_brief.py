from stsec_magic import check
from stsec_magic.report import brief
from tests.conversion.books import key
from tests.notebooks_in_memory import code, notebook


def finding(source):
    (found,) = check(notebook(code(source))).findings
    return found


def test_a_finding_is_a_line_of_code_and_a_message():
    found = finding(f'x = 1\nopenai.api_key = "{key(1)}"')
    assert brief.code_line(found) == 'openai.api_key = "sk-proj-...(112)"'
    assert "revoke" in found.message
    assert "revoke" not in brief.message(found)


def test_a_long_line_is_cut():
    line = brief.code_line(finding(f'k = "{key(2)}"; ' + "y = 1; " * 60))
    assert len(line) == 160
    assert line.endswith("…")
