"""Which names say that their value is a secret."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache


class NameKind(Enum):
    """What a name promises of its value.

    Attributes:
        PASSWORD: Chosen by a person: any text may be one.
        SECRET: Made by a machine: a token, an API key, a client secret.
        KEY: Perhaps: ``key``, ``auth``, ``deepgram_key``; only a random-looking value counts.
    """

    PASSWORD = "chosen"
    SECRET = "made"
    KEY = "perhaps"


# What a scan has to look for: every name that `kind_of` accepts holds one of these words.
WORDS = (
    "passw", "passphrase", "passcode", "pwd", "pass_", "_pass", "userpass", "dbpass", "pass=", "pass =", "pass:",
    'pass"', "pass'", "pw=", "pw =", "pw:", 'pw"', "pw'", "_pw", "psw", "psswd", "pswd", "motdepasse", "contrasena",
    "senha", "kennwort", "seed_phrase", "mnemonic", "secret", "token", "credential", "authorization", "bearer", "jwt",
    "pat=", "pat =", "pat:", 'pat"', "pat'", "_pat", "apikey", "api_key", "api-key", "api key", "api.key", "appkey",
    "app_key", "app-key", "accesskey", "access_key", "access-key", "authkey", "auth_key", "auth-key", "_key", "-key",
    ".key", 'key"', "key'", "key=", "key =", " key", "key:", "private", "appid", "_auth", "auth_", 'auth"', "auth'",
    "auth=", "auth =", "_sk", "_sas", "_dsn", "dsn=", "webhook", "session_id", "sessionid", "session=", "signature",
    "cookie", "securestring", "/pass:",
)  # fmt: skip

# Most tokens are a language model's and most paths, patterns and keys() are no secrets; nor is what is called.
_TOKEN_GOES_ON = re.compile(rb"(?!s(?![a-z])|i[sz]|[a-z0-9_$.\-]{0,100}+\()")
_PAT_GOES_ON = re.compile(rb"(?!h|tern|ch|ient)")
_KEY_GOES_ON = re.compile(rb"(?!s?\(|word|board|point)")
# In minified scripts every second word is a key; no secret is shorter than this.
_KEY_HAS_VALUE = re.compile(rb"\s{0,20}(?:[a-z@$]{0,2}\\?[\"'`][^\"'`\n]{8}|[^\n,;{}()\"'`]{8}|[^\n,;{}()]{10})")
FOLLOWED_BY = {"key:": _KEY_HAS_VALUE, "token": _TOKEN_GOES_ON, "_pat": _PAT_GOES_ON, ".key": _KEY_GOES_ON}
"""For words that stand in many another one: what may follow in a name that `kind_of` accepts, in lower case."""

_SPLIT = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

_PASSWORD = frozenset(
    "password passwd passwort pwd passphrase pass passcode pw psw psswd pswd userpass contrasena senha kennwort "
    "motdepasse passw dbpass dbpassword mypassword userpassword mnemonic".split()
)
# "<one of these> pass" is a password; any other pass may be a step.
_PASS_BEFORE = frozenset(
    "db database user usr my smtp imap mail email login ftp sftp ssh root admin mysql postgres pg pgsql redis mongo "
    "sql auth account app service http proxy wifi sudo key cert api rabbitmq mqtt ldap vpn bot server host basic new "
    "old default master neo4j elastic oracle snowflake".split()
)
_SECRET = frozenset(
    "secret token apikey appkey accesskey authkey secretkey privatekey authtoken accesstoken bearertoken apitoken "
    "clientsecret bearer authorization credential pat jwt appsecret apisecret consumersecret tokensecret".split()
)
# "<one of these> key" is as sure as "api key".
_KEY_BEFORE = frozenset(
    "api app access auth secret private account service subscription consumer client admin master encryption signing "
    "storage shared license licence application developer dev user integration ingestion webhook hmac rest server "
    "sdk root read write fernet crypto deploy ssh rsa".split()
)
_KEY = frozenset("key secrets credentials auth sk sas dsn sid cookie session webhook signature appid sessionid".split())

# An option of Windows' commands, a command of PowerShell's.
_WHOLE = frozenset(("/pass", "convertto-securestring"))

# A name that ends so speaks of the secret and does not hold it.
_ABOUT = frozenset(
    "name names id ids uri url urls path paths file filename files dir directory folder type types length len size "
    "count counts num number numbers field fields column columns col cols label labels env var vars variable variables "
    "header headers prefix suffix regex regexp pattern format policy hint placeholder prompt message msg title help "
    "description desc expiry expires expiration expire timeout ttl limit limits index idx version versions status "
    "state endpoint host user username class func function list set map dict manager provider service store scope "
    "scopes error errors exception invalid valid check checker strength entry input widget form reset change text "
    "ring pair pairs error alias algorithm algo hash hashed digest salt info config settings options args kwargs "
    "generator factory helper util utils handler required enabled disabled flag mode method counter usage budget "
    "window embedding embeddings vocab vocabulary ids mask masks pos tag tags lemma freq frequency frequencies "
    "classification classifier loss logits probs prob score scores weight weights ratio per rate cost price prices "
    "arn region date time at location source vault reference ref key_id keyid request response str".split()
)
# Words right before "token" or "key" that turn it into something harmless, however random its value.
_HARMLESS = frozenset(
    "tokenizer tokenize tokenized tokenizers tokenization tokens max min pad eos bos cls sep unk mask special next "
    "stop start end begin first last prev previous current page continuation sync csrf xsrf csrfmiddlewaretoken cancel "
    "cancellation public pub primary foreign sort partition cache hash lookup dict index keyboard keyword keywords "
    "keyframe keypoint keypoints keystone monkey turkey hockey jockey whiskey keypress hotkey shortcut context "
    "placeholder unique composite candidate bucket join group merge legend registry color colour option prompt "
    "completion output total num word decoder encoder forced attention node natural surrogate object issuer "
    "authenticity author authority authors authorship cart basket order row record column col sample "
    "idempotency socket".split()
)
# Wherever in a name one of these stands, a random-looking value is worth a look.
_SPEAKING = frozenset("secret password passwd passphrase apikey credential credentials".split())
# password_text, token_value, secret_key_base64: what the value is written as, or for which stage.
_QUALIFIER = frozenset(
    "data value bytes b64 base64 live test prod production sandbox dev primary secondary plain cleartext encoded "
    "default new old base".split()
)
# token_string, auth_code: so common otherwise that only a random-looking value counts.
_VAGUE_QUALIFIER = frozenset("string header code text".split())


@lru_cache(maxsize=4096)
def kind_of(name: str) -> NameKind | None:
    """Judge a name.

    Args:
        name: As written, in any case style: ``dbPassword``, ``X-Api-Key``, ``AWS_SECRET_ACCESS_KEY``.

    Returns:
        What it promises; None where it names no secret.
    """
    if name.lower() in _WHOLE:
        return NameKind.PASSWORD
    words = [word.lower() for word in _SPLIT.findall(name)]
    while words and words[-1].isdigit():
        words.pop()  # token2
    found = _kind(words, shouted=name == name.upper())
    if found is None and words and words[-1] not in _ABOUT and _SPEAKING.intersection(words):
        return NameKind.KEY  # secret_do_not_commit
    return found


def _kind(words: list[str], *, shouted: bool) -> NameKind | None:
    if not words or words[-1] in _ABOUT:
        return None
    *before, last = words
    if before and last in _QUALIFIER:
        return _kind(before, shouted=shouted)
    if before and last in _VAGUE_QUALIFIER:
        return NameKind.KEY if _kind(before, shouted=shouted) is not None else None
    if last == "pass" and not shouted and not (before and before[-1] in _PASS_BEFORE):
        # A Python statement; a renderer's or a compiler's pass.
        return NameKind.KEY if before else None
    if _is_password(last, before):
        return NameKind.PASSWORD
    nearest = before[-1] if before else ""
    if last == "key" and nearest in _KEY_BEFORE:
        return NameKind.SECRET  # whatever the API is of: MAP_API_KEY
    if last in _HARMLESS or nearest in _HARMLESS:
        return None
    if last in _SECRET or last.endswith(("token", "secret", "apikey", "secretkey", "accesskey")):
        return NameKind.SECRET
    return NameKind.KEY if last in _KEY or last.endswith("key") else None


def _is_password(last: str, before: list[str]) -> bool:
    if last in ("phrase", "words"):
        return before[-1:] in (["seed"], ["mnemonic"], ["recovery"])
    return last in _PASSWORD or last.endswith(("password", "passwd", "pwd"))
