"""Notebooks to redact, and what a secret looks like in every encoding."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterator
from typing import Any

from stsec_magic import checker
from stsec_magic.hits import IN_MEMORY
from stsec_magic.model.config import Config
from stsec_magic.notebook.read import from_mapping
from stsec_magic.project.secret_files import Kept
from stsec_magic.redact.notebook import Redacted, redacted


def code(source: Any, *outputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None}
    return {**cell, "source": source, "outputs": [*outputs], **more}


def markdown(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "m", "metadata": {}, "source": source, **more}


def stream(text: Any, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def display(**data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {k.replace("_", "/", 1): v for k, v in data.items()}}


def book(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    numbered = [
        {**cell, "id": f"{cell['id']}{i}" if len(cell["id"]) == 1 else cell["id"]} for i, cell in enumerate(cells)
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": numbered}


def redact(notebook: dict[str, Any], *others: str, config: Config | None = None) -> Redacted:
    examined = checker.examine(from_mapping(notebook, IN_MEMORY), config or Config(), b"0" * 16)
    return redacted(notebook, examined, [Kept("KEY", value, "secrets.toml") for value in others])


def encodings(value: str) -> Iterator[tuple[str, str]]:
    """Names of encodings, and the value in a text of each."""
    data = value.encode()
    quoted = "".join(f"%{byte:02X}" if byte > 127 or not chr(byte).isalnum() else chr(byte) for byte in data)
    yield "as it is", f"it is {value} there"
    yield "json", json.dumps({"k": value})
    yield "json twice", json.dumps(json.dumps({"k": value}))
    yield "json thrice", json.dumps(json.dumps(json.dumps({"k": value})))
    yield "html", f"<td>{html.escape(value)}</td>"
    yield "html in json", json.dumps(html.escape(value))
    yield "html in numbers", "".join(f"&#{ord(char)};" for char in value)
    yield "percent", f"https://x.io/?k={quoted}&b=1"
    yield "percent in lower case", f"https://x.io/?k={quoted.lower() if value.islower() else quoted}&b=1"
    yield "percent everywhere", "".join(f"%{byte:02x}" for byte in data)
    yield "plus for space", f"https://x.io/?k={quoted.replace('%20', '+')}"
    yield "repr", repr([value])
    yield "repr twice", repr(repr(value))
    yield "escapes", "'" + "".join(f"\\x{byte:02x}" for byte in data) + "'"
    yield "unicode escapes", '"' + "".join(f"\\u{ord(char):04x}" for char in value) + '"'
    yield "hex", data.hex()
    yield "HEX", data.hex().upper()
    for before in range(3):
        text = b"x" * before + data + b"and more"
        yield f"base64 {before}", base64.b64encode(text).decode()
        yield f"urlsafe {before}", base64.urlsafe_b64encode(text).decode()
        long = b"." * (60 + before) + data + b"!" * 100
        yield f"wrapped base64 {before}", base64.encodebytes(long).decode()
        yield f"wrapped base64 in json {before}", json.dumps(base64.encodebytes(long).decode())
        inner = json.dumps({"k": value, "other": 1}).encode()
        yield f"json in base64 {before}", base64.b64encode(b" " * before + inner).decode()
    middle = len(value) // 2
    yield "colours", f"\x1b[31m{value[:middle]}\x1b[0;1m{value[middle:]}\x1b[0m"
    yield "tags", f"<span>{html.escape(value[:middle])}</span><b class='x'>{html.escape(value[middle:])}</b>"
    # A quote where the value is broken could be the literal's own.
    yield "literals", value if {"'", '"'} & {*value} else f"{value[:middle]!r}\n    {value[middle:]!r}"


def ways(value: str) -> set[str]:
    """What must not remain: the value, its stable core in base64, in hex."""
    data = value.encode()
    found = {value, json.dumps(value)[1:-1], html.escape(value), data.hex(), data.hex().upper()}
    for before in range(3):
        encoded = base64.b64encode(b"." * before + data).decode().rstrip("=")
        core = encoded[-(-8 * before // 6) : 8 * (before + len(data)) // 6]
        found |= {core, core.replace("+", "-").replace("/", "_")}
    return found


def strings(value: Any) -> Iterator[str]:
    """Every text and key of a notebook, lists of strings joined."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from strings(each)
    elif isinstance(value, list):
        yield "".join(each for each in value if isinstance(each, str))
        for each in value:
            yield from strings(each)
    else:
        yield str(value)


def remains(notebook: Any, value: str) -> list[str]:
    """The ways of a value that still stand in a notebook, whatever separates their characters."""
    said = [text for each in strings(notebook) for text in (each, each.replace("\n", "").replace("\\n", ""))]
    return [f"a way of {len(way)} characters" for way in ways(value) if any(way in text for text in said)]
