"""The rules about a project's files; what they find stands in no notebook, or in none alone (``project_checks``)."""

from __future__ import annotations

from stsec_magic.model.levels import Confidence, Severity
from stsec_magic.model.rule import Group, Rule


def _rule(id: str, title: str, severity: Severity, help: str, confidence: Confidence = Confidence.HIGH) -> Rule:
    return Rule(id, title, Group.PROJECT, severity, confidence, f"{id}: {help}")


TRACKED_SECRET_FILE = _rule(
    "tracked-secret-file",
    "Secret file in git",
    Severity.HIGH,
    """a file that holds secrets is tracked by git.

**What it does**: asks git about ``secrets.toml``, ``.env`` files, private keys (``*.pem``, ``*.key``, ``*.ppk``,
``id_rsa``, ``*.p12``, ``*.jks``), keys of Google's service accounts, ``.netrc``, ``.pgpass``, ``.aws/credentials`` and
``kaggle.json``, about copies of these (``.env.bak``, ``.env (1)``), and where one is a link about what it leads to.
What they hold decides: a certificate is no finding, nor is an ``.env`` file without a secret, one of placeholders, of
values for development, of encrypted values, or what git encrypts by a filter. An example (``.env.example``) is one if
a real secret stands in it. A key that a passphrase locks is of medium severity, one that lies among tests of low.

**Why is this bad**: everybody who may read the repository has the secrets, and so does everybody who ever cloned it.

**Use instead**: rotate them; ``git rm --cached FILE``; ignore the file. Deleting it is not
enough: the history keeps it.
""",
)

UNIGNORED_SECRET_FILE = _rule(
    "unignored-secret-file",
    "Secret file that git does not ignore",
    Severity.MEDIUM,
    """a file that holds secrets lies in a repository, and git doesn't ignore it.

**What it does**: asks git about the same files as ``tracked-secret-file``: not tracked yet, and not ignored by any
``.gitignore``, ``.git/info/exclude`` or the user's own excludes file. Outside of a repository it says nothing.

**Why is this bad**: the next ``git add .`` takes it.

**Use instead**: a line in ``.gitignore``; ``git check-ignore -v FILE`` shows whether it works.
""",
)

READABLE_SECRET_FILE = _rule(
    "readable-secret-file",
    "Secret file that others may read",
    Severity.LOW,
    """a file that holds secrets may be read by other users of the machine.

**What it does**: looks at the mode of the same files as ``tracked-secret-file``, and at the folders above: where one
of them lets nobody else in, the file is safe. Not on Windows.

**Why is this bad**: on a shared server (JupyterHub, a cluster's login node) everybody who has an account has the
secrets. Streamlit doesn't look at the mode of its ``secrets.toml``.

**Use instead**: ``chmod 600 FILE``.
""",
)

TRACKED_ARTIFACT = _rule(
    "tracked-artifact",
    "Pickle in git",
    Severity.LOW,
    """a file that a notebook unpickles is tracked by git.

**What it does**: asks git about the files that ``untrusted-load`` tells of, as far as they came from elsewhere: a model
that a notebook or a script of the tree writes is none.

**Why is this bad**: whoever may push, or open a pull request that is merged unseen, decides what runs when the notebook
loads the file. Nobody reviews the bytes of a pickle.

**Use instead**: a format that holds data alone (safetensors, skops, ONNX, Parquet), or a digest that is compared with
before the load.
""",
    Confidence.MEDIUM,
)

UNIGNORED_ARTIFACT = _rule(
    "unignored-artifact",
    "Pickle that git does not ignore",
    Severity.LOW,
    """a file that a notebook unpickles lies in a repository, and git doesn't ignore it.

**What it does**: asks git about the same files as ``tracked-artifact``: not tracked yet, not ignored, and not clean.

**Why is this bad**: the next ``git add .`` hands a stranger's pickle on to everybody who clones the repository, in your
name.

**Use instead**: a line in ``.gitignore``, and a download whose digest is compared with before the load.
""",
    Confidence.MEDIUM,
)

WRITABLE_ARTIFACT = _rule(
    "writable-artifact",
    "Pickle that others may change",
    Severity.MEDIUM,
    """a file that a notebook unpickles may be changed by other users of the machine.

**What it does**: looks at the mode of the files that ``untrusted-load`` tells of, whoever wrote them, and at the
folders above: where one of them lets nobody else in, the file is safe. Not on Windows.

**Why is this bad**: on a shared server whoever has an account can put a pickle there that runs as you when the notebook
loads it, however harmless the file is now.

**Use instead**: ``chmod go-w FILE``, and a format that holds data alone.
""",
)

MISSING_SECRET = _rule(
    "missing-secret",
    "Secret that nobody set",
    Severity.MEDIUM,
    """the code reads a secret that no file of the project names.

**What it does**: gathers what notebooks and apps read from ``st.secrets``, and the names from ``os.environ`` that speak
of a secret. Each should stand in ``secrets.toml``, ``.env`` or in an example of these (``secrets.toml.example``,
``.env.example``). What has a default, is asked for before (``"KEY" in st.secrets``), or is set by the code itself is
not missing. Where ``st.secrets`` is read and no such file exists, it says so once for the project (low).

**Why is this bad**: the notebook ran in your environment; the app fails with a KeyError at its first visitor, and
whoever sets it up is tempted to write the value into the code.

**Use instead**: name the key in ``secrets.toml`` and, with a placeholder, in ``secrets.toml.example``.
""",
    Confidence.MEDIUM,
)

UNUSED_SECRET = _rule(
    "unused-secret",
    "Secret that nobody reads",
    Severity.LOW,
    """a key of ``.streamlit/secrets.toml`` is read by nothing in the project.

**What it does**: looks for every key and table at the root of the file in the code of the folder that it stands in.
It says nothing where the code reads ``st.secrets`` as a whole or by computed names, nor of a key that a library which
is imported would take from the environment (``OPENAI_API_KEY`` beside ``import openai``).

**Why is this bad**: a secret that is only kept can only leak. Often it is left over, or its name is misspelt.

**Use instead**: take it out, and revoke it where it was issued.
""",
    Confidence.MEDIUM,
)

WEAK_APP_CONFIG = _rule(
    "weak-app-config",
    "Streamlit setting that weakens the app",
    Severity.MEDIUM,
    """``.streamlit/config.toml`` turns a protection off, or shows too much.

**What it does**: looks for ``server.enableXsrfProtection = false`` and ``server.enableCORS = false`` (low where
Streamlit overrides it because the other protection is on), ``client.showErrorDetails = "full"``, and a secret that is
written into ``server.cookieSecret``; and, low, for ``runner.enforceSerializableSessionState = true``, which has
Streamlit pickle all that is put into ``st.session_state``. What isn't set is not told, although errors are shown in
full by default.

**Why is this bad**: without them, another website can act in the name of a visitor: upload files, send what a widget
would send. An error shown in full gives every visitor the line of code and its message, which may hold a database's
URL. Whoever has the cookie's secret can sign in as anybody.

**Use instead**: leave the protections on; ``showErrorDetails = "none"`` for an app that others use;
``STREAMLIT_SERVER_COOKIE_SECRET`` in the environment.
""",
)

TRACKED_CHECKPOINTS = _rule(
    "tracked-checkpoints",
    "Notebook checkpoints in git",
    Severity.LOW,
    """an ``.ipynb_checkpoints`` folder is tracked by git.

**What it does**: asks git about the copies that Jupyter keeps of notebooks. Of medium severity where this audit found a
credential in one of them.

**Why is this bad**: a copy keeps what was taken out of the notebook: a key, an output. Nobody looks there.

**Use instead**: ``git rm -r --cached .ipynb_checkpoints``, and ``.ipynb_checkpoints/`` in ``.gitignore``.
""",
)

RULES = (
    TRACKED_SECRET_FILE,
    UNIGNORED_SECRET_FILE,
    READABLE_SECRET_FILE,
    TRACKED_ARTIFACT,
    UNIGNORED_ARTIFACT,
    WRITABLE_ARTIFACT,
    MISSING_SECRET,
    UNUSED_SECRET,
    WEAK_APP_CONFIG,
    TRACKED_CHECKPOINTS,
)
