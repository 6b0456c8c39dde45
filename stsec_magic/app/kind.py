"""What kinds of things Streamlit has calls of its own for."""

from __future__ import annotations

from enum import Enum

from stsec_magic.app.streamlit import ST


class Kind(Enum):
    """What an expression gives, as far as the way to show it goes.

    Attributes:
        DATAFRAME: A table of pandas or polars, or a column of one.
        FIGURE: A figure of matplotlib.
        DRAWN: A drawing call or its figure, shown by the notebook when the cell ended.
        ARTISTS: What drawing calls give back, which nobody wants to read.
        PLOTLY: A figure of plotly.
        ALTAIR: A chart of Altair.
        IMAGE: A picture.
        TEXT: A text.
        VALUE: Anything else that was shown.
        WIDGET: A widget of ipywidgets.
        NOTHING: Nothing that is shown.
        UNKNOWN: Nobody can tell.
    """

    DATAFRAME = "dataframe"
    FIGURE = "figure"
    DRAWN = "drawn"
    ARTISTS = "artists"
    PLOTLY = "plotly"
    ALTAIR = "altair"
    IMAGE = "image"
    TEXT = "text"
    VALUE = "value"
    WIDGET = "widget"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


CALLS = {
    Kind.DATAFRAME: f"{ST}.dataframe",
    Kind.FIGURE: f"{ST}.pyplot",
    Kind.PLOTLY: f"{ST}.plotly_chart",
    Kind.ALTAIR: f"{ST}.altair_chart",
    Kind.IMAGE: f"{ST}.image",
    Kind.TEXT: f"{ST}.text",
}
"""What shows each kind; ``st.write`` shows the rest."""
