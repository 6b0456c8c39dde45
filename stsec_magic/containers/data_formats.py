"""Formats of files that hold data and no code, told by how they begin."""

from __future__ import annotations

from stsec_magic.containers.found import View

_MAGICS = (
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"FEA1", "a Feather file"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"GGUF", "a GGUF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_SAFETENSORS = range(8, 100_000_000)
"""Bytes that the header of a safetensors file may have: https://huggingface.co/docs/safetensors/index#format"""


def data_format(data: View) -> str | None:
    """What kind of data a file holds.

    Args:
        data: Its bytes.

    Returns:
        A few words: "a Parquet file"; None where it may be anything.
    """
    head = bytes(data[:16])
    if int.from_bytes(head[:8], "little") in _SAFETENSORS and head[8:10] in (b'{"', b"{ ", b"{}"):
        return "a safetensors file"
    return next((words for magic, words in _MAGICS if head.startswith(magic)), None)
