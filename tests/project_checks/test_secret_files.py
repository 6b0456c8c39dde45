"""Files of secrets that git has, or will have next, or that others may read."""

from __future__ import annotations

import base64
import json
import os
import sys
from pathlib import Path

import pytest

from stsec_magic.project_checks import modes
from tests.credentials import github_token, openai_key, password, private_key, token
from tests.project.repositories import commit, put, repository, run
from tests.project_checks.trees import book, everything, open_above, project, rows, told

TOML = f'[db]\npassword = "{password(1)}"\n'
ENV = f"OPENAI_API_KEY={openai_key(1)}\n"
ACCOUNT = json.dumps({"type": "service_account", "project_id": "p", "private_key": private_key(1)})
LOCKED = private_key(2).replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")
KAGGLE = json.dumps({"username": "me", "key": token("kaggle", 32, "hex")})
AWS_EXAMPLE = "".join(("wJalrXUtn", "FEMI/K7MDENG/", "bPxRfiCY", "EXAMPLEKEY"))
AWS = f"[default]\naws_access_key_id = x\naws_secret_access_key = {token('aws', 40)}\n"
posix = pytest.mark.skipif(sys.platform == "win32", reason="no modes on Windows")

PUTTY = (
    "PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\nComment: mine\r\nPublic-Lines: 2\r\n"
    f"{token('public', 64)}\r\n{token('more', 20)}\r\nPrivate-Lines: 1\r\n{token('private', 48)}\r\nPrivate-MAC: 0\r\n"
)

HELD = {
    ".streamlit/secrets.toml": TOML,
    "app/.streamlit/secrets.toml": TOML,
    ".env": ENV,
    ".env.production": ENV,
    "sub/.env.local": f"export DB_PASSWORD='{password(2)}'\n",
    "url/.env": f"DATABASE_URL=postgresql://me:{password(3)}@db.internal/x\n",
    "server.key": private_key(3),
    "certs/all.pem": f"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n{private_key(4)}\n",
    "id_rsa": private_key(5).replace("PRIVATE", "RSA PRIVATE"),
    "ssh/id_ed25519": private_key(6).replace("PRIVATE", "OPENSSH PRIVATE"),
    "account.json": ACCOUNT,
    ".netrc": f"machine api.internal login me password {password(4)}\n",
    ".pgpass": f"db.internal:5432:x:me:{password(5)}\n",
    ".aws/credentials": AWS,
    "kaggle.json": KAGGLE,
    "secrets.toml": TOML,
    ".streamlit/secrets.toml.bak": TOML,
    ".env-prod": ENV,
    "prod.env": ENV,
    ".envrc": f"export OPENAI_API_KEY={openai_key(1)}\n",
    "deploy_key": private_key(7).replace("PRIVATE", "OPENSSH PRIVATE"),
    "id_rsa.bak": private_key(8).replace("PRIVATE", "RSA PRIVATE"),
    "private_key.txt": private_key(9),
    "vault.env": ENV,
    "named.env": f"MY_PROJECT={github_token(1)}\n",
    "laptop.ppk": PUTTY,
    "AuthKey_1.p8": private_key(11),
    "id_rsa_prod": private_key(12).replace("PRIVATE", "RSA PRIVATE"),
    "id_ed25519.work": private_key(13).replace("PRIVATE", "OPENSSH PRIVATE"),
    "server.key.1": private_key(14),
    ".env (1)": ENV,
    ".env copy": ENV,
    "kaggle (1).json": KAGGLE,
    "server copy 2.key": private_key(15),
    "secrets (2).toml": TOML,
    "headed.pem": private_key(10).replace("KEY-----\n", "KEY-----\nComment: mine\n\n", 1),
}
EXAMPLES = [
    ".env.example",
    ".env.sample",
    ".env.local.template",
    ".streamlit/secrets.toml.example",
    "secrets.example.toml",
]
HARMLESS = {
    ".env": "DEBUG=1\nPORT=8000\nOPENAI_API_KEY=\n",
    ".env.ci": "IMAGE=python:3.11-slim-bookworm\nSHA=da39a3ee5e6b4b0d3255bfef95601890afd80709\nURL=https://a.example.org/x1?y=2\n",
    ".env.test": "OPENAI_API_KEY=your-key-here\nPASSWORD=<password>\n",
    ".env.example": "OPENAI_API_KEY=sk-...\nDB_PASSWORD=hunter22\nTOKEN=paste-your-token-here\n",
    ".env.sample": f"AWS_SECRET_ACCESS_KEY={AWS_EXAMPLE}\n",
    ".streamlit/secrets.toml.example": 'OPENAI_API_KEY = "<your key>"\n[db]\npassword = "s3cret"\n',
    ".env.template": "OPENAI_API_KEY = <your key>\n",
    ".env.a": f'API_TOKEN="encrypted:{token("dotenvx", 80)}"\n',
    ".env.b": f"API_TOKEN=ENC[AES256_GCM,data:{token('sops', 40)},type:str]\n",
    ".env.vault": f"DOTENV_VAULT_PRODUCTION={token('vault', 80)}\n",
    ".env.enc": f"API_TOKEN={token('enc', 40)}\n",
    ".env.crypt": f"\0GITCRYPT\0API_TOKEN={token('crypt', 40)}\n",
    ".env.development": (
        f"IMAGE=ghcr.io/me/app@sha256:{token('digest', 64, 'hex')}\nDATABASE_URL=postgresql://dev:{password(9)}@localhost:5432/x\n"
        "REDIS_URL=redis://:redis@cache:6379\nMINIO_ROOT_PASSWORD=minioadmin\nAWS_SECRET_ACCESS_KEY=localstack\n"
        f"DB_PASSWORD=development\nSHEET_ID={token('sheet', 44)}\nSTRIPE_PRICE=price_{token('price', 24)}\n"
        f"CONTRACT=0x{token('contract', 40, 'hex')}\nSECRET_KEY=django-insecure-change-me\n"
        "OPENAI_API_KEY=sk-no-key-required\n"
    ),
    "cert.pem": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    "pub.key": "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
    "shown.pem": "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n",
    "talk.key": "PK\x03\x04 a presentation",
    "a.json": json.dumps({"type": "service_account", "private_key": "<your key>"}),
    "b.json": json.dumps({"type": "service", "private_key_id": "x"}),
    "c.json": json.dumps(["service_account", "private_key"]),
    "d.json": '{"service_account": private_key',
    "kaggle.json": json.dumps({"username": "me", "key": "your-key"}),
    "x/kaggle.json": "{",
    ".netrc": "machine x login me password <password>\n",
    ".aws/config": "[default]\nregion = eu\n",
    "credentials": AWS,
    "store.jks": "no store",
    "x/secrets.toml": "[profile]\nname = 'me'\n",
    "parse-secrets-toml.ipynb": json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}),
    "secrets_toml.py": "def f(): pass\n",
    "docs/secrets.toml.md": TOML,
    "secrets.toml.j2": TOML,
    ".streamlit/secrets.toml.gpg": "\x85\x02",
    ".env.zip": "PK\x03\x04",
    ".env.py": ENV,
    "prod.env": "export API_KEY=`pass show x`\n",
    "id_rsa.pub": "ssh-rsa AAAAB3Nza",
    "id_rsa_prod.pub": "ssh-rsa AAAAB3Nza",
    "public.ppk": PUTTY[: PUTTY.index("Private-Lines")],
}


@pytest.mark.parametrize("name", HELD)
def test_a_tracked_file_of_secrets(tmp_path: Path, name: str) -> None:
    root = project(tmp_path, {name: HELD[name]}, tracked=True)
    assert rows(root) == [("tracked-secret-file", "high", name)]


@pytest.mark.parametrize("name", HELD)
def test_one_that_the_next_add_takes(tmp_path: Path, name: str) -> None:
    root = project(tmp_path, {name: HELD[name]})
    assert rows(root) == [("unignored-secret-file", "medium", name)]
    assert "not there yet" in told(root)[0][0].message
    run(root, "add", ".")
    assert rows(root) == [("tracked-secret-file", "high", name)]


@pytest.mark.parametrize("name", HELD)
def test_an_ignored_one_is_as_it_should_be(tmp_path: Path, name: str) -> None:
    assert rows(project(tmp_path, {name: HELD[name], ".gitignore": f"{Path(name).name}\n"})) == []


@pytest.mark.parametrize("name", HELD)
def test_outside_of_a_repository_nobody_can_add_it(tmp_path: Path, name: str) -> None:
    assert rows(project(tmp_path, {name: HELD[name], "requirements.txt": ""}, git=False)) == []


@pytest.mark.parametrize("name", HARMLESS)
def test_a_file_that_only_looks_like_one(tmp_path: Path, name: str) -> None:
    assert rows(project(tmp_path, {name: HARMLESS[name]}, tracked=True)) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_with_a_real_secret(tmp_path: Path, name: str) -> None:
    text = f"OPENAI_API_KEY = '{openai_key(1)}'\n"
    root = project(tmp_path / "a", {name: text}, tracked=True)
    assert rows(root) == [("tracked-secret-file", "high", name)]
    assert "put a placeholder there, and rotate it" in told(root)[0][0].message
    (finding,) = told(project(tmp_path / "b", {name: text}))[0]
    assert (finding.rule, finding.severity.value, finding.fixable) == ("unignored-secret-file", "medium", False)
    assert finding.confidence.value == "high"


def test_an_example_whose_value_no_vendor_knows_fails_nothing(tmp_path: Path) -> None:
    text = f"DATABASE_URL=postgresql://app:{token('url', 24)}@db.acme.io:5432/prod\nJWT_SECRET={token('jwt', 40)}\n"
    (finding,) = told(project(tmp_path, {".env.example": text}, tracked=True))[0]
    assert (finding.rule, finding.confidence.value) == ("tracked-secret-file", "low")


@pytest.mark.parametrize(
    "text",
    [
        private_key(11).replace("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n", 1),
        "-----BEGIN OPENSSH PRIVATE KEY-----\n"
        + base64.encodebytes(b"openssh-key-v1\0\0\0\0\x0aaes256-ctr\0\0\0\x06bcrypt" + bytes(range(120))).decode()
        + "-----END OPENSSH PRIVATE KEY-----\n",
    ],
    ids=["PEM", "OpenSSH"],
)
def test_other_keys_that_a_passphrase_locks(tmp_path: Path, text: str) -> None:
    assert rows(project(tmp_path, {"id_rsa": text}, tracked=True)) == [("tracked-secret-file", "medium", "id_rsa")]


def test_an_openssh_key_without_a_passphrase(tmp_path: Path) -> None:
    body = base64.encodebytes(b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none" + bytes(range(120))).decode()
    text = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{body}-----END OPENSSH PRIVATE KEY-----\n"
    assert rows(project(tmp_path, {"id_rsa": text}, tracked=True)) == [("tracked-secret-file", "high", "id_rsa")]


def test_what_cannot_be_read_is_not_hidden_from_git(tmp_path: Path) -> None:
    root = project(tmp_path, {"my-secrets.toml": "[x", ".streamlit/secrets.toml": "[x"})
    found = {Path(each.location.path).name: each.fixable for each in told(root)[0]}
    assert found == {"my-secrets.toml": False, "secrets.toml": True}


def test_what_git_keeps_encrypted(tmp_path: Path) -> None:
    root = project(tmp_path, {".env": ENV, ".gitattributes": ".env filter=git-crypt diff=git-crypt\n"})
    assert rows(root) == []
    commit(root, force=True)
    assert rows(root) == []
    put(root / ".gitattributes", ".env filter=lfs\n")
    assert rows(root) == [("tracked-secret-file", "high", ".env")]


@posix
def test_a_link_is_what_it_leads_to(tmp_path: Path) -> None:
    put(tmp_path / "outside" / "real.env", ENV)
    root = project(tmp_path / "a", {".gitignore": "secrets.toml\n", "conf/s.toml": TOML})
    (root / ".env").symlink_to(tmp_path / "outside" / "real.env")
    (root / ".streamlit").mkdir()
    (root / ".streamlit" / "secrets.toml").symlink_to("../conf/s.toml")
    assert rows(root) == [("unignored-secret-file", "medium", ".streamlit/secrets.toml")]
    commit(root, force=True)
    assert rows(root) == [("tracked-secret-file", "high", ".streamlit/secrets.toml")]


@posix
def test_a_folder_of_secrets_that_is_a_link(tmp_path: Path) -> None:
    root = project(tmp_path, {"conf/secrets.toml": TOML}, tracked=True)
    (root / ".streamlit").symlink_to("conf")
    found = rows(root)
    assert {each[0] for each in found} == {"tracked-secret-file"}


@posix
def test_a_pipe_is_nothing_that_git_takes(tmp_path: Path) -> None:
    root = project(tmp_path, {})
    os.mkfifo(root / ".env")
    assert told(root)[0] == []


def test_a_tracked_file_that_is_ignored_is_tracked(tmp_path: Path) -> None:
    root = project(tmp_path, {".env": ENV, ".gitignore": ".env\n"}, tracked=True)
    assert rows(root) == [("tracked-secret-file", "high", ".env")]


def test_a_secrets_toml_without_a_secret(tmp_path: Path) -> None:
    root = project(tmp_path, {".streamlit/secrets.toml": 'region = "eu-west-1"\nport = 1\n'}, tracked=True)
    assert rows(root) == [("tracked-secret-file", "low", ".streamlit/secrets.toml")]


def test_one_of_placeholders(tmp_path: Path) -> None:
    root = project(tmp_path, {".streamlit/secrets.toml": '[a]\nkeys = ["your-key-here", ""]\n'}, tracked=True)
    assert rows(root) == []


@pytest.mark.parametrize("name", ["a.pem", "b.ppk"])
def test_a_key_that_a_passphrase_locks(tmp_path: Path, name: str) -> None:
    files = {name: LOCKED if name == "a.pem" else PUTTY.replace("none", "aes256-cbc")}
    assert rows(project(tmp_path / "a", files, tracked=True)) == [("tracked-secret-file", "medium", name)]
    assert rows(project(tmp_path / "b", files)) == [("unignored-secret-file", "low", name)]


@pytest.mark.parametrize(("name", "start"), [("a.p12", b"\x30\x82\x01"), ("b.jks", b"\xfe\xed\xfe\xed")])
def test_a_store_of_keys(tmp_path: Path, name: str, start: bytes) -> None:
    root = project(tmp_path, {})
    (root / name).write_bytes(start + b"\0" * 90)
    commit(root)
    assert rows(root) == [("tracked-secret-file", "medium", name)]


def test_a_key_of_the_tests(tmp_path: Path) -> None:
    root = project(tmp_path, {"tests/data/server.key": private_key(1)}, tracked=True)
    assert rows(root) == [("tracked-secret-file", "low", "tests/data/server.key")]


def test_a_broken_file_may_hold_secrets(tmp_path: Path) -> None:
    secret = openai_key(7)
    root = project(tmp_path, {".streamlit/secrets.toml": f'key = "{secret}'}, tracked=True)
    findings, problems = told(root)
    assert [(each.rule, each.severity.value, each.confidence.value) for each in findings] == [
        ("tracked-secret-file", "high", "medium")
    ]
    assert ["TOMLDecodeError" in each.message for each in problems] == [True]
    assert secret not in everything(findings, problems)


@posix
def test_what_is_no_file_is_a_problem(tmp_path: Path) -> None:
    root = project(tmp_path, {})
    os.mkfifo(root / ".env")
    (root / ".env.loop").symlink_to(".env.loop")
    (root / ".env.gone").symlink_to("nowhere")
    _, problems = told(root)
    assert sorted(Path(each.path).name for each in problems) == [".env", ".env.loop"]


def test_a_submodule_tracks_its_own_files(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner")
    put(inner / ".env", ENV)
    book(inner / "nb.ipynb", "x = 1")
    commit(inner)
    outer = project(tmp_path / "outer", {})
    run(outer, "submodule", "--quiet", "add", str(inner), "sub")
    assert rows(outer) == [("tracked-secret-file", "high", "sub/.env")]


def test_git_that_cannot_be_asked_is_one_problem(tmp_path: Path) -> None:
    root = project(tmp_path, {".env": ENV, "a/.env": ENV, "b/id_rsa": private_key(1)})
    put(root / ".git" / "config", "[core\n")
    findings, problems = told(root)
    assert findings == []
    assert len(problems) == 1 and "git cannot read the repository" in problems[0].message


def test_a_broken_index_is_one_problem(tmp_path: Path) -> None:
    root = project(tmp_path, {".env": ENV, "a/.env": ENV}, tracked=True)
    (root / ".git" / "index").write_bytes(b"nonsense")
    findings, problems = told(root)
    assert findings == []
    assert len(problems) == 1


def test_no_git_no_problem_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = project(tmp_path / "a", {".env": ENV}, git=False)
    other = project(tmp_path / "b", {".env": ENV})
    nothing = project(tmp_path / "c", {})
    monkeypatch.setenv("PATH", str(tmp_path))
    assert told(one) == ([], []) == told(nothing)
    findings, problems = told(other)
    assert findings == [] and ["not installed" in each.message for each in problems] == [True]


@posix
def test_others_may_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path, {".streamlit/secrets.toml": TOML, ".gitignore": "secrets.toml\n"})
    file = root / ".streamlit" / "secrets.toml"
    file.chmod(0o644)
    closed = open_above(monkeypatch, file)
    found = rows(root, rule="readable-secret-file")
    assert found == [("readable-secret-file", "low", ".streamlit/secrets.toml")]
    assert "everybody" in told(root, rule="readable-secret-file")[0][0].message
    closed.add(root.parent)
    assert rows(root, rule="readable-secret-file") == []
    closed.clear()
    file.chmod(0o640)
    assert rows(root, rule="readable-secret-file") == []
    monkeypatch.setattr(modes.os, "getgid", lambda: -1)
    assert "group" in told(root, rule="readable-secret-file")[0][0].message
    file.chmod(0o600)
    assert rows(root, rule="readable-secret-file") == []


def test_a_name_that_holds_a_secret_is_masked(tmp_path: Path) -> None:
    secret, own = openai_key(3), password(8)
    root = project(
        tmp_path, {f"{secret}/.env": ENV, f"{own}.pem": private_key(1), ".env": f"DB_PASSWORD={own}\n"}, tracked=True
    )
    findings, problems = told(root)
    assert len(findings) == 3
    assert secret not in everything(findings, problems) and own not in everything(findings, problems)


def test_fingerprints_know_no_place(tmp_path: Path) -> None:
    one = told(project(tmp_path / "a", {"x/.env": ENV}, tracked=True))[0]
    other = told(project(tmp_path / "b", {"y/z/.env": ENV.replace("OPENAI", "OTHER")}, tracked=True))[0]
    assert one[0].fingerprint == other[0].fingerprint and len(one[0].fingerprint) == 64
    assert one[0].fingerprint != told(project(tmp_path / "c", {".env": ENV}))[0][0].fingerprint
