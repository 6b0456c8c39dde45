"""Files that shell commands fetch, unpack, copy and move: wget, curl, git clone, tar, cp and their like."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from typing import NamedTuple

_COMMAND = re.compile(
    r"(?<![\w./-])(?P<name>wget|curl|aria2c|gdown|git[ ]clone|aws[ ]s3|gsutil|gcloud[ ]storage|azcopy|kaggle"
    r"|huggingface-cli|hf[ ]download|scp|rsync|rclone|unzip|tar|gunzip|bunzip2|unxz|mv|cp)(?=[ \t])"
    r"(?P<rest>(?:\"[^\"\n]{0,600}\"|'[^'\n]{0,600}'|\\\r?\n|[^\n;|&\"']){1,1200})"
)
WORDS = frozenset("wget curl aria2c gdown git aws gsutil gcloud azcopy kaggle huggingface hf scp rsync rclone".split())
"""One of these stands wherever a command fetches something."""

_URL = re.compile(r"(?:https?|ftp|s3|gs|az|abfss?)://|\0|\w[\w.-]{0,60}+(?:@[\w.-]{1,60}+)?:[^\\]")
_REMOTE = re.compile(r"(?:s3|gs|az|abfss?|https?)://|[\w.-]{1,60}+(?:@[\w.-]{1,60}+)?:(?![\\/]{2})")
_OUTPUT = ("-O", "-o", "--output-document", "--output", "--out", "--to", "-d", "--dir")
_SAVED_AS = {
    "wget": ("-O", "--output-document", ">"),
    "curl": ("-o", "--output", ">"),
    "aria2c": ("-o", "--out"),
    "gdown": ("-O", "--output"),
}
_FOLDER = ("-P", "--directory-prefix", "-p", "--path", "--local-dir", "--output-dir", "-C", "--directory")
_MARKS = ("-", ">")
_REDIRECTION = re.compile(r"(?<=\s)1?>{1,2}(?![&>])")


class Moved(NamedTuple):
    """A file or a folder that a command makes.

    Attributes:
        path: Where it is then.
        folder: Whether that is a folder with anything in it.
        source: The file that it is made from; None for what comes from the network.
    """

    path: str
    folder: bool
    source: str | None


def moved(text: str, spell: Callable[[str], str]) -> Iterator[tuple[int, Moved]]:
    """Find what commands fetch and move.

    Args:
        text: A cell's source: commands after ``!``, in ``%%bash``, in strings.
        spell: Gives a text with ``{name}`` and ``$name`` in it filled in.

    Yields:
        The command's offset, and what it makes.
    """
    for match in _COMMAND.finditer(text):
        if text[text.rfind("\n", 0, match.start()) + 1 : match.start()].lstrip().startswith("#"):
            continue
        words = _words(spell(match["rest"].replace("\\\n", " ")))
        for each in _made(match["name"], words):
            yield match.start(), each


def moved_by(words: list[str]) -> Iterator[Moved]:
    """Find what a command fetches and moves that is given as a list.

    Args:
        words: The command's name and its arguments, as ``subprocess`` takes them.
    """
    for size in (2, 1):
        name = " ".join(words[:size])
        match = _COMMAND.match(f"{name} -")
        if match is not None and match["name"] == name:
            yield from _made(name, words[size:])
            return


def _words(rest: str) -> list[str]:
    try:
        words = shlex.split(_REDIRECTION.sub(r" > ", rest), comments=True)
    except ValueError:  # an open quote
        words = rest.split()
    return words


def _made(name: str, words: list[str]) -> Iterator[Moved]:
    if name in ("unzip", "tar"):
        yield from _unpacked(words, is_tar=name == "tar")
    elif name in ("gunzip", "bunzip2", "unxz"):
        for word in _plain(words):
            yield Moved(word.rpartition(".")[0], folder=False, source=word)
    elif name in ("mv", "cp"):
        yield from _copied(_plain(words))
    elif name == "git clone":
        given = _plain(words, ("--depth", "-b", "--branch", "-o", "--origin", "-c", "--config", "-j", "--jobs"))
        if given:
            folder = given[1] if len(given) > 1 else _base(given[0]).removesuffix(".git")
            yield Moved(folder, folder=True, source=None)
    elif name in ("kaggle", "huggingface-cli", "hf download"):
        yield from _dataset(words)
    elif name in ("wget", "curl", "aria2c", "gdown"):
        yield from _fetched(name, words)
    else:
        yield from _from_remote(words)


def _fetched(name: str, words: list[str]) -> Iterator[Moved]:
    folder = _option(words, ("-P", "--directory-prefix") if name == "wget" else ("--output-dir",))
    output = _option(
        words, ("-o", "--output", ">") if name == "curl" else ("-O", "--output-document", "-o", "--output", ">")
    )
    if output is not None:
        yield Moved(f"{folder}/{output}" if folder else output, folder=output.endswith("/"), source=None)
        return
    if name == "curl" and not any(re.fullmatch(r"-\w*O\w*|--remote-name", word) for word in words):
        return  # it prints what it fetches
    for word in words:
        if _URL.match(word):
            base = _base(re.split(r"[?#]", word)[0])
            if base:
                yield Moved(f"{folder}/{base}" if folder else base, folder=False, source=None)
    if folder:
        yield Moved(folder, folder=True, source=None)


def _from_remote(words: list[str]) -> Iterator[Moved]:
    given = [word for word in _plain(words) if word not in ("cp", "sync", "mv", "copy", "rsync", "copyto")]
    if len(given) < 2 or not _REMOTE.match(given[0]) or _REMOTE.match(given[-1]):
        return
    target = given[-1]
    if target in (".", "./") or target.endswith("/"):
        yield Moved(
            f"{target.rstrip('/.')}/{_base(given[0])}".lstrip("/") or _base(given[0]), folder=False, source=None
        )
    yield Moved(target, folder=False, source=None)
    if target not in (".", "./"):
        yield Moved(target, folder=True, source=None)


def _dataset(words: list[str]) -> Iterator[Moved]:
    if "download" not in words and "-d" not in words and len(_plain(words)) < 1:
        return
    folder = _option(words, ("-p", "--path", "--local-dir", "--dir"))
    if folder is not None:
        yield Moved(folder, folder=True, source=None)
    elif "--unzip" in words:
        yield Moved("", folder=True, source=None)
    named = _option(words, ("-d", "--dataset", "-c", "--competition")) or (_plain(words) or [""])[-1]
    if named and named != "download":
        yield Moved(f"{folder}/{_base(named)}.zip" if folder else f"{_base(named)}.zip", folder=False, source=None)


def _unpacked(words: list[str], *, is_tar: bool) -> Iterator[Moved]:
    if is_tar and not any(re.match(r"-?[a-zA-Z]*x|--extract", word) for word in words[:2]):
        return
    archives = [word for word in words if re.search(r"\.(?:zip|tar|tgz|t?[gbx]z2?|7z)\b|\0", word, re.IGNORECASE)]
    folder = _option(words, ("-C", "--directory") if is_tar else ("-d",)) or ""
    for archive in archives[:1]:
        yield Moved(folder, folder=True, source=archive)


def _copied(given: list[str]) -> Iterator[Moved]:
    if len(given) < 2:
        return
    *sources, target = given
    for source in sources:
        if target in (".", "./") or target.endswith("/") or len(sources) > 1:
            yield Moved(_into(target, source), folder=False, source=source)
        else:
            yield Moved(target, folder=False, source=source)
            yield Moved(f"{target}/{_base(source)}", folder=False, source=source)


def _option(words: list[str], names: tuple[str, ...]) -> str | None:
    """The value of an option, as a word of its own or behind ``=``."""
    for i, word in enumerate(words):
        if word in names and i + 1 < len(words):
            return words[i + 1]
        name, equals, value = word.partition("=")
        if equals and name in names:
            return value
        if len(word) > 2 and word[:2] in names and word[0] == "-" and word[1] != "-" and word[1].isupper():
            return word[2:]  # -Odata.zip
    return None


def _plain(words: list[str], valued: tuple[str, ...] = (*_OUTPUT, *_FOLDER)) -> list[str]:
    """The words that are no options and no values of known ones."""
    found: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.startswith(_MARKS):
            skip = word in valued
        else:
            found.append(word)
    return found


def _into(folder: str, source: str) -> str:
    """Where a file is once it was put into a folder."""
    return _base(source) if folder in (".", "./") else f"{folder.rstrip('/')}/{_base(source)}"


def _base(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]
