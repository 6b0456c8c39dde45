"""``stsec rules``: all rules, a line each."""

from __future__ import annotations

from collections.abc import Iterable

from stsec_magic.model.rule import Rule


def table(rules: Iterable[Rule]) -> str:
    """Draw them.

    Args:
        rules: In any order; the few that are told by code come first, as there are a thousand formats.

    Returns:
        Lines, with a final newline.
    """
    rows = sorted(rules, key=lambda rule: (rule.provider is not None, rule.id))
    width = max((len(rule.id) for rule in rows), default=0)
    return "".join(
        f"{rule.id:<{width}}  {rule.severity.value:<6}  {rule.group.value:<11}  {rule.title}\n" for rule in rows
    )
