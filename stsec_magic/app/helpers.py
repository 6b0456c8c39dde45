"""Small functions that an app gets where it needs them."""

from __future__ import annotations

from collections.abc import Container

from stsec_magic.app import calls, figures, shown
from stsec_magic.app.streamlit import ST

_SHOW = f'''def {shown.HELPER}(value):
    """Show what the last line of a notebook cell gave, if it gave anything."""
    if value is not None:
        {ST}.write(value)
'''

_FIGURES = f'''def {figures.HELPER}():
    """Show all that matplotlib has drawn, as a notebook does when a cell ends."""
    for number in PYPLOT.get_fignums():
        {ST}.pyplot(PYPLOT.figure(number))
    PYPLOT.close("all")
'''


_INFO = f'''def {calls.INFO}(table, **options):
    """Show what a table says of itself."""
    text = io.StringIO()
    table.info(buf=text, **options)
    {ST}.text(text.getvalue())
'''


def helpers(wanted: Container[str], pyplot: str) -> str:
    """The functions' text.

    Args:
        wanted: Their names.
        pyplot: The name that the app knows ``matplotlib.pyplot`` by.
    """
    texts = [
        text
        for name, text in ((shown.HELPER, _SHOW), (calls.INFO, _INFO), (figures.HELPER, _FIGURES))
        if name in wanted
    ]
    return "\n\n".join(texts).replace("PYPLOT", pyplot)
