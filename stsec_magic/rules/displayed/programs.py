"""Commands of a shell whose purpose is to print a secret: ``gcloud auth print-access-token``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from stsec_magic.rules.secret_names import kind_of

_HELP = frozenset(("-h", "--help", "help"))
_QUERY = ("--query", "--field", "-field")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,60}")
_LISTED = re.compile(r"[-_:.]")


@dataclass(frozen=True, slots=True)
class Program:
    """A command that prints a secret.

    Attributes:
        words: Its words, options left out: ``gh auth token``.
        prints: What it prints.
        given: Options, one of which it must be given for that; none where it always does.
        withheld: Options with which it doesn't.
    """

    words: tuple[str, ...]
    prints: str
    given: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


def _all(words: str, prints: str, given: str = "", withheld: str = "") -> Program:
    return Program((*words.split(),), prints, (*given.split(),), (*withheld.split(),))


_OUTPUT = ("-o", "--output")
_NAMES_ALONE = tuple(f"{option}{form}" for option in ("-o", "-o=", "--output=") for form in ("name", "wide"))

# Each as its vendor's reference describes it: cloud.google.com/sdk/gcloud/reference, learn.microsoft.com/cli/azure,
# docs.aws.amazon.com/cli/latest/reference, cli.github.com/manual, kubernetes.io/docs/reference/kubectl,
# developer.hashicorp.com/vault/docs/commands, developer.1password.com/docs/cli, docs.doppler.com/docs/cli,
# devcenter.heroku.com/articles/heroku-cli-commands, fly.io/docs/flyctl, git-scm.com/docs/git-credential,
# docs.databricks.com/dev-tools/cli, www.passwordstore.org, man pages of security(1) and secret-tool(1).
_PROGRAMS = (
    _all("gcloud auth print-access-token", "an access token"),
    _all("gcloud auth print-identity-token", "an identity token"),
    _all("gcloud auth application-default print-access-token", "an access token"),
    _all("gcloud secrets versions access", "a secret"),
    _all("gh auth token", "a token"),
    _all("gh auth status", "a token", "-t --show-token"),
    _all("az account get-access-token", "an access token"),
    _all("az ad sp create-for-rbac", "a password"),
    _all("az ad sp credential reset", "a password"),
    _all("az keyvault secret show", "a secret"),
    _all("az storage account keys list", "account keys"),
    _all("az storage account show-connection-string", "a connection string"),
    _all("az acr credential show", "passwords"),
    _all("az cosmosdb keys list", "account keys"),
    _all("aws configure get aws_secret_access_key", "a secret access key"),
    _all("aws configure get aws_session_token", "a session token"),
    _all("aws configure export-credentials", "credentials"),
    _all("aws secretsmanager get-secret-value", "a secret"),
    _all("aws ssm get-parameter", "a secret", "--with-decryption"),
    _all("aws ssm get-parameters", "secrets", "--with-decryption"),
    _all("aws ssm get-parameters-by-path", "secrets", "--with-decryption"),
    _all("aws sts assume-role", "credentials"),
    _all("aws sts get-session-token", "credentials"),
    _all("aws ecr get-login-password", "a password"),
    _all("aws iam create-access-key", "a secret access key"),
    Program(("kubectl", "get", "secret"), "secrets", _OUTPUT, _NAMES_ALONE),
    Program(("kubectl", "get", "secrets"), "secrets", _OUTPUT, _NAMES_ALONE),
    _all("kubectl config view", "credentials", "--raw"),
    _all("vault kv get", "a secret"),
    _all("vault read", "a secret"),
    _all("vault print token", "a token"),
    _all("op read", "a secret"),
    _all("op item get", "a secret", "--reveal"),
    _all("pass show", "a password"),
    _all("security find-generic-password", "a password", "-w -g"),
    _all("security find-internet-password", "a password", "-w -g"),
    _all("secret-tool lookup", "a secret"),
    _all("doppler secrets", "secrets", "", "--only-names"),
    _all("doppler secrets get", "a secret"),
    _all("doppler secrets download", "secrets", "--no-file"),
    _all("heroku config", "the app's settings"),
    _all("heroku auth:token", "a token"),
    _all("fly auth token", "a token"),
    _all("flyctl auth token", "a token"),
    _all("git credential fill", "a password"),
    _all("databricks auth token", "a token"),
)
_BY_NAME: dict[str, list[Program]] = {}
for _program in _PROGRAMS:
    _BY_NAME.setdefault(_program.words[0], []).append(_program)


def _keyword(words: tuple[str, ...]) -> str:
    """What a text holds in any case in which such a command stands; options may stand between its words."""
    return words[-1] if _LISTED.search(words[-1]) else " ".join(words[-2:])


KEYWORDS = tuple(sorted({_keyword(each.words) for each in _PROGRAMS}))
"""What stands in every text with such a command, in lower case."""


def printed(name: str, words: list[str]) -> str:
    """What a command prints that is secret.

    Args:
        name: The command.
        words: What it is given.

    Returns:
        A few words; empty where it prints no secret.
    """
    known = _BY_NAME.get(name.replace("\\", "/").rpartition("/")[2])
    if known is None or not _HELP.isdisjoint(words):
        return ""
    for each in known:
        if _stands(each.words[1:], words) and _is_given(each, words) and _asks(words):
            return each.prints
    return ""


def asks_for_secret(query: str) -> bool:
    """Whether what is asked of an answer is the secret in it: ``.accessToken``, ``Parameter.Value``, all of it.

    Args:
        query: A path of jq or JMESPath, or a field's name.
    """
    words = _WORD.findall(query)
    return not words or any(word.lower() == "value" or kind_of(word) is not None for word in words)


def _stands(wanted: tuple[str, ...], words: list[str]) -> bool:
    """Whether the words of a command stand there one after another, options and their values before them."""
    first = next((i for i, word in enumerate(words) if word == wanted[0]), None)
    if first is None or (first and not words[0].startswith("-")):
        return False
    return tuple(words[first : first + len(wanted)]) == wanted


def _is_given(program: Program, words: list[str]) -> bool:
    options = {word.partition("=")[0] for word in words if word.startswith("-")}
    tied = (f"{option}={value}" for option, value in pairwise(words))
    if any(word in program.withheld for word in (*words, *tied)):
        return False
    # -ojson is -o json.
    short = {word[:2] for word in words if word.startswith("-") and not word.startswith("--")}
    return not program.given or not (options | short).isdisjoint(program.given)


def _asks(words: list[str]) -> bool:
    """Whether the answer isn't cut down to something harmless."""
    for i, word in enumerate(words):
        option, equals, value = word.partition("=")
        if option in _QUERY:
            return asks_for_secret(value if equals else "".join(words[i + 1 : i + 2]))
    return True
