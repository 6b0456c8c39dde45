"""What secrets are called: as their vendors do, as the code does, and never by another secret."""

from __future__ import annotations

import pytest

from tests.credentials import password, token
from tests.fix.mended import mended

CALLED = [
    ("openai_api_key = '@KEY@'", "OPENAI_API_KEY"),
    ("k = '@KEY@'", "OPENAI_API_KEY"),
    ("dbPassword = '@PASSWORD@'", "DB_PASSWORD"),
    ("class C:\n    smtp_password = '@PASSWORD@'", "SMTP_PASSWORD"),
    ("connect(password='@PASSWORD@')", "PASSWORD"),
    ("passwort_für_alle_password = '@PASSWORD@'", "PASSWORT_FR_ALLE_PASSWORD"),
    ("url = 'mysql+pymysql://me:@PASSWORD@@db.bikes.io/x'", "MYSQL_PASSWORD"),
    ("url = 'https://me:@PASSWORD@@files.bikes.io/x'", "HTTP_PASSWORD"),
    ("import os\nk = os.getenv('MyKey', '@KEY@')", "MyKey"),
    ("%env my_own_name=@KEY@", "my_own_name"),
]


@pytest.mark.parametrize(("source", "name"), CALLED)
def test_the_name(source: str, name: str) -> None:
    assert list(mended(source).kept) == [name]


def test_a_secret_in_the_place_of_a_name_is_no_name() -> None:
    other = token("in the place of a name", 40)
    result = mended(f"import os\nk = os.getenv('{other}', '@KEY@')")
    assert list(result.kept) == ["OPENAI_API_KEY"]
    assert other not in str(result.why)


def test_names_with_numbers_stay_one_to_one() -> None:
    values = [password(f"n {i}") for i in range(4)]
    result = mended(*(f"password = '{value}'" for value in values), kept={"PASSWORD_3": "else"})
    assert result.kept == dict(zip(["PASSWORD", "PASSWORD_2", "PASSWORD_4", "PASSWORD_5"], values, strict=True))


def test_code_names_a_secret_before_a_comment_does() -> None:
    first, second = (password(f"rank {i}") for i in range(2))
    result = mended(f"# password = '{first}'\npassword = '{second}'")
    assert result.kept == {"PASSWORD": second, "PASSWORD_2": first}
