"""One secret in many places: shown once, counted where it stands again."""

from __future__ import annotations

from collections.abc import Iterable

from stsec_magic.model.finding import Finding
from stsec_magic.report.place import place


class Twins:
    """The findings of a report by the secret that they show."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Take a report's findings, in its order."""
        self._groups: dict[object, list[Finding]] = {}
        for finding in findings:
            group = finding.properties.get("secret_group")
            if group is not None:
                self._groups.setdefault(group, []).append(finding)

    def is_first(self, finding: Finding) -> bool:
        """Whether a secret wasn't shown before, or it is none."""
        return self._places(finding)[0] is finding

    def words(self, finding: Finding) -> str:
        """How many places share the secret, or where it was shown; nothing for one that stands alone."""
        places = self._places(finding)
        if len(places) == 1:
            return ""
        first = places[0]
        if finding is not first:
            home = "" if first.location.path == finding.location.path else f"{first.location.path}, "
            return f"the same secret as in {home}{place(first.location)}"
        notebooks = len({each.location.path for each in places})
        where = f", in {notebooks} notebooks" if notebooks > 1 else ""
        return f"the same secret stands in {len(places)} places{where}"

    def _places(self, finding: Finding) -> list[Finding]:
        return self._groups.get(finding.properties.get("secret_group"), [finding])
