"""Signed URLs that say when they end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stsec_magic.rules.presigned import is_expired

NOW = datetime(2024, 6, 1, 12, 0, tzinfo=UTC)
AMZ = "https://b.s3.amazonaws.com/f?X-Amz-Credential=ID&X-Amz-Date={date}&X-Amz-Expires={seconds}&X-Amz-Signature=S"
EPOCH = "https://storage.googleapis.com/b/f?GoogleAccessId=ID&Expires={at}&Signature=S"
SAS = "https://a.blob.core.windows.net/c/f?sv=2022-11-02&st=2020-01-01T00:00:00Z&se={day}&sr=b&sig=S"


def _expired(text: str, mark: str = "ID", now: datetime = NOW) -> bool:
    return is_expired(text, text.index(mark), now)


def test_amazon():
    assert _expired(AMZ.format(date="20240601T100000Z", seconds=3600))
    assert not _expired(AMZ.format(date="20240601T113000Z", seconds=3600))
    assert _expired(AMZ.format(date="20240101T000000Z", seconds=604800))


def test_amazon_without_its_duration_lasts_seven_days():
    text = "https://b.s3.amazonaws.com/f?X-Amz-Date={}&X-Amz-Signature=S"
    assert _expired(text.format("20240520T000000Z"), "S")
    assert not _expired(text.format("20240529T000000Z"), "S")


def test_the_very_second():
    text = AMZ.format(date="20240601T110000Z", seconds=3600)
    assert not _expired(text, now=NOW)
    assert _expired(text, now=NOW + timedelta(seconds=1))


def test_seconds_since_1970():
    at = int(NOW.timestamp())
    assert _expired(EPOCH.format(at=at - 1))
    assert not _expired(EPOCH.format(at=at + 60))


def test_azure_lasts_until_the_day_ends():
    assert _expired(SAS.format(day="2024-05-30T00:00:00Z"), "sig")
    assert not _expired(SAS.format(day="2024-06-01"), "sig")
    assert not _expired(SAS.format(day="2030-01-01T00%3A00%3A00Z"), "sig")


def test_ampersands_of_html():
    assert _expired(EPOCH.format(at=1_500_000_000).replace("&", "&amp;"))
    assert _expired(SAS.format(day="2021-01-01").replace("&", "&amp;"), "sig")


def test_the_place_may_stand_anywhere_in_the_url():
    text = AMZ.format(date="20240101T000000Z", seconds=60)
    for mark in ("https", "X-Amz-Credential", "X-Amz-Signature", "=S"):
        assert _expired(text, mark)


@pytest.mark.parametrize("around", ['url = "{}"', "see <{}>", "`{}`", "[a]\n{}\n[b]", "x\\{}\\y"])
def test_around_the_url(around: str):
    assert _expired(around.format(AMZ.format(date="20240101T000000Z", seconds=60)))


def test_a_neighbour_does_not_count():
    old = EPOCH.format(at=1_500_000_000)
    text = f"{old} https://b.s3.amazonaws.com/f?AWSAccessKeyId=OTHER"
    assert _expired(text, "ID")
    assert not _expired(text, "OTHER")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no url",
        "key=value",
        "https://example.org/f?Signature=S",
        AMZ.format(date="20249999T999999Z", seconds=1),
        EPOCH.format(at="99999999999"),
        SAS.format(day="2024-99-99"),
        "https://a/f?Expires=never",
    ],
)
def test_what_says_no_end_has_none(text: str):
    assert not is_expired(text, 0, NOW)


def test_the_present_is_the_default():
    assert is_expired(EPOCH.format(at=1_000_000_000), 5)
    assert not is_expired(EPOCH.format(at=9_999_999_999), 5)
