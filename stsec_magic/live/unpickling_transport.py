"""Which unpickling is a library's own: objects on their way between processes that the user started himself.

Who called the unpickler is told by the nearest frame that is no pickle machinery. That it must be one of a few
functions, which call no function of the user's, is what keeps ``pool.submit(pickle.load, file)`` out: there the
nearest frame is the pool's worker. C code has no frame: what a pickle calls seems to be called by whoever loads it.
So no function counts here that a pickle could name to have its own bytes loaded; where one decodes (``deserialize``
of distributed), what counts is who called it.
"""

from __future__ import annotations

from types import FrameType

_MACHINERY = frozenset(
    (
        *("pickle", "_compat_pickle", "copyreg", "cloudpickle", "cloudpickle.cloudpickle", "loky.cloudpickle_wrapper"),
        *("joblib.externals.cloudpickle", "joblib.externals.cloudpickle.cloudpickle"),
        "joblib.externals.loky.cloudpickle_wrapper",
    )
)
"""Modules that unpickle for whoever calls them."""

_DECODERS = ("distributed.protocol.", "ipyparallel.serialize.", "msgpack.", "contextlib.")
"""The same in packages whose transports have more to decode than pickles, and what stands between their functions."""

_TRANSPORTS = {
    # Pools, executors, managers, torch's data loaders and loky receive by these two.
    "multiprocessing.connection": frozenset(("recv",)),
    "multiprocessing.queues": frozenset(("get",)),
    "multiprocessing.spawn": frozenset(("_main",)),
    # Python 3.14; do_call of concurrent.futures.interpreter, which calls the user's function, isn't among them.
    "concurrent.futures.interpreter": frozenset(("run",)),
    "concurrent.interpreters": frozenset(("_call", "call")),
    "concurrent.interpreters._queues": frozenset(("get", "get_nowait")),
    "distributed.comm.utils": frozenset(("_from_frames",)),
    "distributed.comm.inproc": frozenset(("read",)),
    "distributed.core": frozenset(("clean_exception", "error_message")),
    "distributed.client": frozenset(("_handle_warn", "_handle_key_in_memory", "_run")),
    "distributed.scheduler": frozenset(("update_graph", "register_scheduler_plugin", "workers_to_close")),
    # What the user hands to a cluster is pickled and loaded at once, for a name for it.
    "dask.tokenize": frozenset(("_normalize_pickle",)),
    "ipyparallel.client.client": frozenset(("_handle_apply_reply", "_dispatch_iopub", "result_status")),
    "ipyparallel.engine.kernel": frozenset(("do_apply",)),
}
"""By module, the functions that receive."""


def is_transport(frame: FrameType | None) -> bool:
    """Whether a library unpickles for its own transport.

    Args:
        frame: Where the unpickler is, or whoever called it.
    """
    while frame is not None:
        module = str(frame.f_globals.get("__name__"))
        if module not in _MACHINERY and not f"{module}.".startswith(_DECODERS):
            return frame.f_code.co_name in _TRANSPORTS.get(module, ())
        frame = frame.f_back
    return False
