"""Commands of a shell whose purpose is to print a secret: ``gcloud auth print-access-token``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from stsec_magic.rules.secret_names import kind_of

_NOTHING = frozenset(("--help", "help", "--generate-cli-skeleton", "-o=none", "--output=none"))
"""Words with which no command prints what it is asked for."""

_QUERY = ("--query", "--field", "-field")
_TEMPLATE = re.compile(
    r"(?:-o|--output)?=?(?:jsonpath|custom-columns|go-template)(?:-as-json)?=(.{0,400})|--template=(.{0,400})"
)
_PATH = re.compile(r"[A-Za-z_][\w\-]{0,60}+(?:\.[A-Za-z_][\w\-]{0,60}+){0,12}+(?!\.[\[{])")
_PLACE = re.compile(r"\[[\d*:]{0,20}\]")
_COUNTED = re.compile(r"\b(?:length|keys)\b")
_WHOLE = frozenset(
    "value data parameter parameters credentials accesskey passwords connectionstring stringdata".split()
)
"""Parts of answers in which a secret stands, besides those whose names say so."""

_HARMLESS = re.compile(r"sys/.{0,200}|.{0,200}/(?:role-id|username|user|email|url|host|hostname)")
_CHANNELS = frozenset(("alpha", "beta", "preview"))
_ENDING = re.compile(r"\.(?:exe|cmd|bat)\Z", re.IGNORECASE)
_PARTS = re.compile(r"[/,.]")
"""``secret/x``, ``secrets,configmaps`` and ``default.aws_secret_access_key`` are what their parts are."""

_SPEAKING = frozenset(("kubectl", "doppler", "heroku", "gcloud"))
"""Commands whose names stand in no other text."""

_LISTED = re.compile(r"[-_:.]")


@dataclass(frozen=True, slots=True)
class Program:
    """A command that prints a secret.

    Attributes:
        words: Its words, options left out: ``gh auth token``.
        prints: What it prints.
        given: Options, one of which it must be given for that; none where it always does.
        withheld: Options with which it doesn't.
        is_last: Whether another word behind them makes another command of it.
    """

    words: tuple[str, ...]
    prints: str
    given: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    is_last: bool = False


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
    _all("gcloud secrets versions access", "a secret", "", "--out-file"),
    _all("gh auth token", "a token"),
    _all("gh auth status", "a token", "-t --show-token"),
    _all("az account get-access-token", "an access token"),
    _all("az ad sp create-for-rbac", "a password", "", "--create-cert"),
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
    Program(("kubectl", "get", "secret"), "secrets", (*_OUTPUT, "--template"), _NAMES_ALONE),
    Program(("kubectl", "get", "secrets"), "secrets", (*_OUTPUT, "--template"), _NAMES_ALONE),
    _all("kubectl config view", "credentials", "--raw"),
    _all("vault kv get", "a secret"),
    _all("vault read", "a secret"),
    _all("vault print token", "a token"),
    _all("op read", "a secret", "", "-o --out-file"),
    _all("op item get", "a secret", "--reveal"),
    _all("pass show", "a password", "", "-c --clip"),
    _all("security find-generic-password", "a password", "-w -g"),
    _all("security find-internet-password", "a password", "-w -g"),
    _all("secret-tool lookup", "a secret"),
    Program(("doppler", "secrets"), "secrets", (), ("--only-names",), is_last=True),
    _all("doppler secrets get", "a secret"),
    _all("doppler secrets download", "secrets", "--no-file"),
    Program(("heroku", "config"), "the app's settings", is_last=True),
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
    if words[0] in _SPEAKING:
        return words[0]
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
    known = _BY_NAME.get(_ENDING.sub("", name.replace("\\", "/").rpartition("/")[2]))
    if known is None:
        return ""
    said = {*words, *(f"{option}={value}" for option, value in pairwise(words))}
    if not _NOTHING.isdisjoint(said) or words[-1:] == ["-h"] or any(_HARMLESS.fullmatch(word) for word in words):
        return ""
    options = {word.partition("=")[0] for word in words if word.startswith("-")}
    # -ojson is -o json.
    options |= {word[:2] for word in words if word.startswith("-") and not word.startswith("--")}
    for each in known:
        is_given = not each.given or not options.isdisjoint(each.given)
        is_withheld = not said.isdisjoint(each.withheld) or not options.isdisjoint(each.withheld)
        if is_given and not is_withheld and _stands(each, words) and _asks(words):
            return each.prints
    return ""


def asks_for_secret(query: str) -> bool:
    """Whether what is asked of an answer is the secret in it: ``.accessToken``, ``Parameter.Value``, all of it.

    Args:
        query: A path of jq or JMESPath, or a field's name.
    """
    if _COUNTED.search(query):
        return False
    lasts = [path.rpartition(".")[2] for path in _PATH.findall(_PLACE.sub("", query))]
    return not lasts or any(last.lower() in _WHOLE or kind_of(last) is not None for last in lasts)


def _stands(program: Program, words: list[str]) -> bool:
    """Whether the words of a command stand there in order; options and their values may stand between them."""
    wanted = [*program.words[1:]]
    is_value = False
    for word in words:
        if word.startswith("-"):
            is_value = "=" not in word
        elif wanted and (word == wanted[0] or (len(wanted) == 1 and wanted[0] in _PARTS.split(word))):
            del wanted[0]
            is_value = False
        elif is_value:
            is_value = False
        elif not wanted:
            return not program.is_last
        elif word not in _CHANNELS:
            return False
    return not wanted


def _asks(words: list[str]) -> bool:
    """Whether the answer isn't cut down to something harmless."""
    for option, value in zip(words, [*words[1:], ""], strict=True):
        name, equals, given = option.partition("=")
        if name in _QUERY:
            return asks_for_secret(given if equals else value)
        template = _TEMPLATE.fullmatch(option)
        if template is not None:
            return _is_of_data(template[1] or template[2] or "")
    return True


def _is_of_data(template: str) -> bool:
    """Whether a template of kubectl's shows what a secret holds, and not what it is called."""
    lasts = [path.rpartition(".")[2] for path in _PATH.findall(template)]
    is_whole = any(kind_of(last) is not None or last in ("data", "stringData") for last in lasts)
    return is_whole or (".data." in template and not template.rstrip("}' ").endswith(("username", "user")))
