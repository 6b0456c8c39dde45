"""Signed URLs that carry their own end: whether it has come."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_WINDOW = 2500

# Amazon S3 signature version 4: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
_AMZ_DATE = re.compile(r"X-Amz-Date=(\d{8}T\d{6})Z", re.IGNORECASE)
_AMZ_EXPIRES = re.compile(r"X-Amz-Expires=(\d{1,7})", re.IGNORECASE)
# Version 2 and Google's: seconds since 1970.
_EPOCH = re.compile(r"[?&](?:amp;)?Expires=(\d{9,11})")
# Azure SAS: https://learn.microsoft.com/rest/api/storageservices/create-service-sas
_AZURE = re.compile(r"[?&](?:amp;)?se=(\d{4}-\d{2}-\d{2})")
_SIGNATURE = re.compile(r"[?&](?:amp;)?(?:X-(?:Amz|Goog)-)?sig(?:nature)?=\Z", re.IGNORECASE)
_MARKS = " \t\n\r\f\v\"'<>`\\"
_URL_END = re.compile(r"[\s\"'<>`\\]")


def is_expired(text: str, offset: int, now: datetime | None = None) -> bool:
    """Whether a place lies in a signed URL that has expired.

    Args:
        text: The text.
        offset: A place in it.
        now: The time to compare with; by default the present.

    Returns:
        False too where the URL doesn't say when it ends.
    """
    url = _url(text, offset)
    if "=" not in url:
        return False
    end = _end(url)
    return end is not None and end < (now or datetime.now(UTC))


def is_signature(text: str, offset: int) -> bool:
    """Whether the value at a place is the signature, the part of a signed URL that stands for all of it."""
    return _SIGNATURE.search(text, max(0, offset - 40), offset) is not None


def _url(text: str, offset: int) -> str:
    low = max(0, offset - _WINDOW)
    start = max(low, *(text.rfind(mark, low, offset) + 1 for mark in _MARKS))
    after = _URL_END.search(text, offset, offset + _WINDOW)
    return text[start : after.start() if after else offset + _WINDOW]


def _end(url: str) -> datetime | None:
    try:
        signed = _AMZ_DATE.search(url)
        if signed is not None:
            lasts = _AMZ_EXPIRES.search(url)
            seconds = int(lasts[1]) if lasts else 604_800  # seven days, the longest that is allowed
            return datetime.strptime(signed[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) + timedelta(seconds=seconds)
        epoch = _EPOCH.search(url)
        if epoch is not None:
            return datetime.fromtimestamp(int(epoch[1]), UTC)
        azure = _AZURE.search(url)
        return datetime.strptime(azure[1], "%Y-%m-%d").replace(tzinfo=UTC) + timedelta(days=1) if azure else None
    except (ValueError, OverflowError, OSError):
        return None
