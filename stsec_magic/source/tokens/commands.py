"""Commands whose short options take a password, as data."""

from __future__ import annotations

GLUED = frozenset(
    "mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mariadb mariadb-dump mysqlsh sshpass "
    "7z 7za rar unrar".split()
)
"""The password follows ``-p`` without a space."""

APART = {
    "sshpass": "-p", "docker": "-p", "podman": "-p", "nerdctl": "-p", "az": "-p", "skopeo": "-p",
    "redis-cli": "-a", "sqlcmd": "-P", "bcp": "-P", "mongo": "-p", "mongosh": "-p",
    "mongodump": "-p", "ldapsearch": "-w", "ipmitool": "-P", "cypher-shell": "-p", "influx": "-t",
}  # fmt: skip
"""By command: the option that the password follows as a word of its own."""

WORDS = frozenset(word for name in (*GLUED, *APART) for word in name.split("-") if word not in ("cli", "dump", "shell"))
"""Identifiers, one of which stands wherever such a command does."""
