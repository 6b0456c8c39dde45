"""Door: ``jupyter nbconvert --to streamlit``. What it does stands in ``conversion.to_streamlit``.

nbconvert loads every exporter that is installed whenever it starts: this module imports nothing that is heavy.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters.templateexporter import TemplateExporter
from traitlets import Bool, TraitError, Unicode, default
from traitlets.config import Application

from stsec_magic.conversion.traits import Choices

if TYPE_CHECKING:
    from stsec_magic.conversion.to_streamlit import ToStreamlit

_SHARE = Path(__file__).parent / "app" / "share"


class StreamlitExporter(Choices, TemplateExporter):
    """Exports a notebook as a checked Streamlit app; refuses one that leaks credentials or loads untrusted pickles."""

    export_from_notebook = "Streamlit app"
    output_mimetype = "text/x-python"

    mend = Bool(True, help="Whether secrets in code become st.secrets[...] where that is safe.").tag(config=True)
    app_name = Unicode("app", help="What the app is called where --output says nothing.").tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".py"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "streamlit"

    def get_prefix_root_dirs(self) -> list[str]:
        """Where templates are looked for: the package's own folder comes last, so that anybody's own one counts."""
        return [*super().get_prefix_root_dirs(), str(_SHARE)]  # type: ignore[no-untyped-call]

    def __init__(self, config: Any = None, **kw: Any) -> None:  # noqa: ANN401
        """Take nbconvert's configuration.

        Args:
            config: The configuration.
            **kw: Traits.

        Raises:
            TraitError: A choice can't be taken; on the command line that is one line, and the end.
        """
        self._conversion: ToStreamlit | None = None
        try:
            super().__init__(config=config, **kw)  # type: ignore[no-untyped-call]
        except TraitError as error:
            if Application.initialized():
                from stsec_magic.conversion import command_line

                if command_line.is_command_line(self):
                    command_line.stop(self, [f"stsec: {error}"])
            raise
        if Application.initialized():
            from stsec_magic.conversion import command_line

            command_line.make_legible(self)

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> tuple[Any, Any]:  # noqa: ANN401
        """Convert a notebook.

        Args:
            nb: The notebook, nbformat 4.
            resources: nbconvert's; ``resources["stsec"]`` gets the report and what could not be translated.
            **kw: Ignored.

        Returns:
            The app's text, and the resources with the files that belong to it.

        Raises:
            ConversionException: The notebook is refused; it carries the report. On the command line that is three
                lines and exit status 1 instead.
        """
        from stsec_magic.conversion.to_streamlit import ToStreamlit

        self._conversion = ToStreamlit(self, nb)
        script, resources = super().from_notebook_node(nb, resources, **kw)
        self._conversion.require_sound(script)
        return script, resources

    def _preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:  # noqa: ANN401
        if self._conversion is None:  # nobody but from_notebook_node calls it
            return super()._preprocess(nb, resources)  # type: ignore[no-untyped-call, no-any-return]
        self._conversion.before(nb, resources)
        nb, resources = super()._preprocess(nb, resources)  # type: ignore[no-untyped-call]
        return self._conversion.translated(nb, resources)
