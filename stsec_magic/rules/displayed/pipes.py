"""What of a command's output is left behind pipes and in files: nothing of a secret in ``env | cut -d= -f1``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from stsec_magic.rules.displayed.programs import asks_for_secret
from stsec_magic.rules.secret_names import kind_of
from stsec_magic.source.tokens.shellwords import Word

FILTERS = frozenset("grep egrep fgrep rg ack findstr".split())
"""Commands that show the lines of a file in which a pattern stands."""

_PASSING = frozenset("sort less more head tail cat tee column nl uniq tac strings tr base64".split())
_REDIRECTED = re.compile(r"(?<!2)(?<!2>)>(?!&\d)")
_LONGEST = 12
_ALTERNATIVES = re.compile(r"\\?\|")
# head -c 4, tail -c5, head --bytes=8: a few characters alone.
_FEW = re.compile(r"(?:-q)?(?:-c|--bytes)[ =]?(\d{1,9})")
_MOST_SHOWN = 16
_SPEAKING = frozenset(
    "api aws openai azure anthropic key secret token pass password pwd auth cred "
    # What the variables of services begin with of which at least one is a secret.
    "hf hugging huggingface kaggle wandb db pg mysql postgres mongo redis github gitlab slack gemini groq cohere "
    "mistral pinecone langchain langsmith replicate tavily serpapi twilio stripe telegram discord neptune comet".split()
)


def is_shown(text: str, commands: list[list[Word]], i: int, end: int) -> bool:
    """Whether what a command prints reaches the output: it goes into no file and through no filter.

    Args:
        text: What the commands stand in.
        commands: The words of each.
        i: The command's number.
        end: Where the shell text ends.
    """
    for _ in range(_LONGEST):
        command = commands[i]
        following = commands[i + 1][0].start if i + 1 < len(commands) else end
        gaps = [text[a.end : b.start] for a, b in pairwise(command)]
        behind = text[command[-1].end : following].replace("\\\n", " ").partition("\n")[0]
        if any(_REDIRECTED.search(gap) for gap in (*gaps, behind)):
            return False
        i += 1
        if "|" not in behind.replace("||", "") or i == len(commands):
            return True
        if not _passes_on(text, commands[i]):
            return False
    return False


def _passes_on(text: str, command: list[Word]) -> bool:
    """Whether secrets that a command reads are in what it prints."""
    name, *words = plain(text, command)
    if name in FILTERS:
        return lets_secrets_through(words)
    if name == "jq":
        return asks_for_secret(next((word for word in words if not word.startswith("-")), ""))
    return name in _PASSING and not shows_few(words)


def lets_secrets_through(words: list[str]) -> bool:
    """Whether a pattern to be filtered by asks for secrets, or only leaves something else out.

    Args:
        words: What ``grep`` is given.
    """
    options = {letter for word in words if word.startswith("-") for letter in word.strip("-")}
    if options & set("cqlL"):
        return False
    pattern = next((word for word in words if not word.startswith("-")), "")
    if "o" in options and "." not in pattern:
        return False
    is_secret = any(_asks_for_secrets(part) for part in _ALTERNATIVES.split(pattern))
    return is_secret != ("v" in options)


def _asks_for_secrets(pattern: str) -> bool:
    word = pattern.strip("_^.*=")
    return word.lower() in _SPEAKING or kind_of(word) is not None


def shows_few(words: list[str]) -> bool:
    """Whether ``head`` or ``tail`` is told to show a few characters alone.

    Args:
        words: What it is given.
    """
    found = _FEW.search(" ".join(words[:4]))
    return found is not None and int(found[1]) <= _MOST_SHOWN


def plain(text: str, command: list[Word]) -> Iterator[str]:
    """The words of a command as the shell hands them on, without the quotes around them.

    Args:
        text: What they stand in.
        command: The words.

    Yields:
        Each word.
    """
    for word in command:
        start, end = word.quoted or (word.start, word.end)
        yield text[start:end]
