"""Door: ``%stsec`` and ``%%stsec`` in IPython. What each word does stands in ``live``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.magic import Magics, line_cell_magic, magics_class, no_var_expand
from traitlets import Bool, Enum, Unicode

from stsec_magic.live.attachment import Attachment
from stsec_magic.live.completing import WORDS, complete
from stsec_magic.live.environment import MissingSecretError, load
from stsec_magic.live.mode import Mode
from stsec_magic.live.words import UsageError, number_in, unknown, words_of

if TYPE_CHECKING:
    from stsec_magic.live.guard import Guard
    from stsec_magic.model.config import Config
    from stsec_magic.model.report import Report

__all__ = ["MissingSecretError", "StsecMagics"]

_NAME = "stsec"


@magics_class
class StsecMagics(Magics):
    """``%stsec`` and ``%%stsec``; ``%config StsecMagics`` shows what can be chosen."""

    mode = Enum(("off", "warn", "block"), "off", help="The guard as it is when the extension is loaded.").tag(
        config=True
    )
    mask = Bool(False, help="Whether secrets are masked in outputs and in the history while the guard is on.").tag(
        config=True
    )
    select = Unicode("", help="Only these rules or groups, comma-separated.").tag(config=True)
    ignore = Unicode("", help="Not these rules or groups, comma-separated.").tag(config=True)
    fail_on = Unicode("", help="The least severity that stops a cell: high, medium, low, never.").tag(config=True)
    baseline = Unicode("", help="The file with what was known before; the guard doesn't ask it.").tag(config=True)
    fix_style = Enum(
        ("", "environ", "secrets"), "", help="What %stsec fix has secrets read from: os.environ or st.secrets."
    ).tag(config=True)
    unsafe_fixes = Bool(False, help="Whether %stsec fix may change what code means.").tag(config=True)

    def __init__(self, shell: Any) -> None:  # noqa: ANN401
        """Take a shell, and look at nothing yet: the extension loads in an instant."""
        super().__init__(shell)
        self._shell = shell
        self._attachment = Attachment(shell)

    @no_var_expand
    @line_cell_magic
    def stsec(self, line: str, cell: str | None = None) -> Report | None:
        """Check this notebook before it becomes an app: leaked credentials, untrusted pickles.

        %stsec                       check this notebook as it is saved, and what ran since
        %stsec cell [N]              check In [N], or show why the last cell was stopped
        %stsec audit PATH ...        audit notebooks and folders
        %stsec artifact FILE ...     what would these files do if they were loaded?
        %stsec on [warn|block]       check every cell before it runs, and every unpickling; block stops them
        %stsec on mask               besides, mask secrets in what cells display and in the history
        %stsec off                   switch that off
        %stsec allow once            let the cell that was stopped run once, as it is
        %stsec env [NAME ...]        put the project's secrets into os.environ, and show their names
        %stsec fix [--diff] [--unsafe-fixes] [--style environ|secrets] [PATH ...]
                                     mend this notebook as it is saved, or others
        %stsec explain RULE          why it matters, what to do instead
        %stsec rules                 what is looked for
        %stsec status                what is on, and what is known

        %%stsec [warn|block] [--select RULES] [--ignore RULES] [--fail-on LEVEL]
                                     check this cell, and run it if nothing is found

        `report = %stsec` gives the report to Python: report.findings, report.to_dict().
        """
        if cell is not None:
            self._run_checked(line, cell)
            return None
        try:
            word, *rest = words_of(line, self._variables) or [""]
            return self._do(word, rest)
        except UsageError as error:
            print(f"%stsec: {error}")  # noqa: T201
            return None

    def _do(self, word: str, rest: list[str]) -> Report | None:
        if word not in WORDS:
            raise unknown(word)
        if word in ("", "cell", "audit"):
            return self._check(word, rest)
        if word in ("on", "off", "allow"):
            self._switch(word, rest)
        else:
            self._tell(word, rest)
        return None

    def _check(self, word: str, rest: list[str]) -> Report:
        from stsec_magic.audit.settings import ConfigError
        from stsec_magic.live import checking

        try:
            if word == "audit":
                return checking.audit(rest or ["."], self.chosen(Path(rest[0] if rest else ".")))
            if word == "cell":
                return checking.cell(self.guard, number_in(rest), self.chosen())
            if rest:
                raise unknown(rest[0])
            return checking.session(self.guard, self._variables, self.chosen())
        except (checking.NoCellError, ConfigError) as error:
            raise UsageError(str(error)) from None

    def _switch(self, word: str, rest: list[str]) -> None:
        if word == "allow":
            if rest != ["once"]:
                raise UsageError("allow once lets the cell that was stopped last run once, as it is")
            said = "run the cell again: it will not be stopped" if self.guard.allow_once() else "no cell was stopped"
            print(said)  # noqa: T201
        elif word == "off":
            self.guard.off()
        else:
            self._on(rest)

    def _on(self, rest: list[str]) -> None:
        odd = [word for word in rest if word not in WORDS["on"]]
        modes = [Mode(word) for word in rest if word not in ("mask", *odd)]
        if odd or len(modes) > 1:
            raise UsageError(f"on takes warn or block, and mask, not {' '.join(odd or rest)!r}")
        mode = modes[0] if modes else (self.guard.mode or Mode.WARN)
        masks = "mask" in rest or (not modes and self.guard.masks)
        self.guard.on(mode, self.chosen(), masks=masks)
        what = "stopped where something is found" if mode is Mode.BLOCK else "checked, and run all the same"
        masked = "; secrets are masked in outputs and in the history" if masks else ""
        print(f"stsec is on: cells and unpickling are {what}{masked}")  # noqa: T201

    def _tell(self, word: str, rest: list[str]) -> None:
        from stsec_magic.live import telling

        if word in ("artifact", "explain") and not rest:
            raise UsageError(f"%stsec {word} {'FILE ...' if word == 'artifact' else 'RULE'}")
        if word == "artifact":
            telling.artifact(rest)
        elif word == "env":
            load(rest)
        elif word == "fix":
            self._fix(rest)
        elif word == "explain":
            telling.explain(rest[0])
        elif word == "rules":
            telling.rules()
        else:
            telling.status(self.guard, self._variables)

    def _fix(self, rest: list[str]) -> None:
        from stsec_magic.audit.settings import ConfigError
        from stsec_magic.live import fixing

        try:
            fixing.fix(rest, self._variables, self.chosen)
        except ConfigError as error:
            raise UsageError(str(error)) from None

    def _run_checked(self, line: str, cell: str) -> None:
        """``run_cell_magic("stsec", ...)``: whoever writes ``%%stsec`` in a cell is met by the guard's transformer."""
        self._shell.run_cell(f"%%{_NAME} {line}\n{cell}").raise_error()

    @property
    def _variables(self) -> dict[str, object]:
        found: dict[str, object] = self._shell.user_ns
        return found

    def chosen(self, start: Path | None = None) -> Config:
        """The project's choices, and those of ``%config``.

        Args:
            start: Where to look for them; by default the working directory.

        Raises:
            UsageError: One of them can't be taken.
        """
        from stsec_magic.audit import settings

        try:
            return settings.override(
                settings.load(start or Path.cwd()),
                select=self.select or None,
                ignore=self.ignore or None,
                fail_on=self.fail_on or None,
                exclude=(),
                baseline=self.baseline or None,
                fix_style=self.fix_style or None,
                unsafe_fixes=self.unsafe_fixes,
            )
        except settings.ConfigError as error:
            raise UsageError(str(error)) from None

    @property
    def guard(self) -> Guard:
        """This shell's guard; made when it is first needed."""
        return self._attachment.guard

    def start(self) -> None:
        """Switch the guard on, if that is the user's standing choice."""
        if self.mode != "off":
            self._on([self.mode, *(["mask"] if self.mask else [])])

    def close(self) -> None:
        """Leave nothing active behind; whoever relied on the guard is told."""
        if self._attachment.close():
            print("stsec is off")  # noqa: T201


def attach(shell: Any) -> None:  # noqa: ANN401
    """``%load_ext stsec_magic``.

    Args:
        shell: IPython's.
    """
    detach(shell)
    magics = StsecMagics(shell)
    shell.register_magics(magics)
    shell.set_hook("complete_command", complete, str_key=f"%{_NAME}")
    magics.start()


def detach(shell: Any) -> None:  # noqa: ANN401
    """``%unload_ext stsec_magic``; nothing where it wasn't loaded.

    Args:
        shell: IPython's.
    """
    manager = shell.magics_manager
    magics = manager.registry.pop(StsecMagics.__name__, None)
    if magics is None:
        return
    magics.close()
    for kind in ("line", "cell"):
        manager.magics[kind].pop(_NAME, None)
    if magics in shell.configurables:
        shell.configurables.remove(magics)
    dispatcher = shell.strdispatchers.get("complete_command")
    if dispatcher is not None:
        dispatcher.strs.pop(f"%{_NAME}", None)
