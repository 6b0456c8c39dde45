"""The choices that every door of Jupyter's has. Imports nothing that is heavy."""

from __future__ import annotations

from traitlets import HasTraits, Unicode


class Choices(HasTraits):
    """What counts as a finding, as traits; "" is the project's own choice."""

    select = Unicode("", help="Only these rules or groups, comma-separated.").tag(config=True)
    ignore = Unicode("", help="Not these rules or groups, comma-separated.").tag(config=True)
    fail_on = Unicode("", help="The least severity that counts: high, medium, low, never.").tag(config=True)
    baseline = Unicode("", help="The file with what was known before (stsec audit --write-baseline).").tag(config=True)

    @property
    def choices(self) -> dict[str, str]:
        """The same as ``conversion.choices`` takes it."""
        return {"select": self.select, "ignore": self.ignore, "fail_on": self.fail_on, "baseline": self.baseline}
