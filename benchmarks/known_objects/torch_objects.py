"""Objects of torch that take more than a line."""

import importlib
import inspect
import io
import pkgutil
from collections.abc import Iterable, Iterator

import torch
import torch.nn as nn
from make import COUNTS, File


def kinds() -> "list[object]":
    """All dtypes."""
    found = {str(each): each for each in vars(torch).values() if isinstance(each, torch.dtype)}
    return [found[name] for name in sorted(found)]


def saved(items: "Iterable[object]", itself: bool = True) -> "Iterator[object]":
    """Each object itself, and the files that torch.save makes of it in its old and its new format."""
    items = iter(items)
    while True:
        item = COUNTS.attempt("torch item", lambda: [next(items)])
        if item is None:
            return
        if itself:
            yield item[0]
        for zipped in (True, False):
            stream = io.BytesIO()
            done = COUNTS.attempt(
                f"torch.save({type(item[0]).__name__})", lambda i=item[0], z=zipped, s=stream: _save(i, s, z)
            )
            if done:
                yield File(stream.getvalue())


def _save(item: "object", stream: "io.BytesIO", zipped: bool) -> bool:
    if "_use_new_zipfile_serialization" in inspect.signature(torch.save).parameters:
        torch.save(item, stream, _use_new_zipfile_serialization=zipped)
    else:
        torch.save(item, stream)
    return True


def tries(expressions: "Iterable[str]") -> "Iterator[object]":
    """What expressions give, of those that this version understands."""
    space = {
        "torch": torch,
        "nn": nn,
        "own": importlib.import_module("torch_objects"),
        "np": importlib.import_module("numpy"),
    }
    space["layers"] = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    for expression in expressions:
        made = COUNTS.attempt(expression, lambda e=expression: [eval(e, space)])
        if made is not None:
            yield made[0]


def modules(package: str) -> "list[object]":
    """A package's modules."""
    found = [importlib.import_module(package)]
    for info in pkgutil.iter_modules(found[0].__path__, package + "."):
        module = COUNTS.attempt("import " + info.name, lambda name=info.name: importlib.import_module(name))
        if module is not None:
            found.append(module)
    return found


def built(cls: type) -> "object":
    """A module with small numbers for whatever its constructor wants."""
    for arguments in (
        (),
        (2,),
        (2, 2),
        (4, 2),
        (2, 2, 1),
        (2, 2, 2),
        (nn.Linear(2, 2),),
        ([2, 2],),
        (1, 4, 3),
        (4, 2, 1, 1),
    ):
        try:
            return cls(*arguments)
        except Exception:  # The next arguments are tried.
            continue
    raise TypeError("no arguments fit")


def backward(model: "nn.Module") -> "nn.Module":
    """A model that has gradients."""
    model.double().train()(torch.rand(4, 2, dtype=torch.double)).sum().backward()
    return model


def stepped(cls: type, model: "nn.Module") -> "object":
    """An optimizer that has taken a step."""
    optimizer = cls(model.parameters(), lr=0.1)
    backward(model)
    try:
        optimizer.step()
    except Exception:
        COUNTS.failed.setdefault(cls.__name__ + ".step", "it can't")
    return optimizer


def schedulers(model: "nn.Module") -> "Iterator[object]":
    """Schedulers of the learning rate."""
    one = torch.optim.lr_scheduler
    wanted = {
        "StepLR": (2,), "MultiStepLR": ([1, 2],), "ExponentialLR": (0.9,), "CosineAnnealingLR": (3,),
        "ReduceLROnPlateau": (), "CyclicLR": (0.1, 0.2), "OneCycleLR": (0.1, 10), "CosineAnnealingWarmRestarts": (2,),
        "LinearLR": (), "ConstantLR": (), "PolynomialLR": (), "LambdaLR": (abs,), "MultiplicativeLR": (abs,),
    }  # fmt: skip
    for name in sorted(wanted):
        made = COUNTS.attempt(
            name, lambda n=name: getattr(one, n)(torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9), *wanted[n])
        )
        if made is not None:
            yield made
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for make in (
        lambda: one.SequentialLR(optimizer, [one.StepLR(optimizer, 1), one.StepLR(optimizer, 2)], [1]),
        lambda: one.ChainedScheduler([one.StepLR(optimizer, 1)]),
    ):
        made = COUNTS.attempt("scheduler", make)
        if made is not None:
            yield made


def quantized(which: int) -> "Iterator[object]":
    """One of several quantized models, models that are observed before they are, and what belongs to them."""
    space = getattr(torch, "quantization", None) or torch.ao.quantization
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    made = (
        lambda: space.quantize_dynamic(model, {nn.Linear}),
        lambda: space.quantize_dynamic(nn.LSTM(2, 3), {nn.LSTM}),
        lambda: _prepared(space, model),
        lambda: space.convert(_prepared(space, model)),
        lambda: space.get_default_qconfig("fbgemm"),
        space.MinMaxObserver,
        space.HistogramObserver,
        space.QuantStub,
        space.DeQuantStub,
    )[which]
    yield made()


def _prepared(space: "object", model: "nn.Module") -> "nn.Module":
    model = nn.Sequential(space.QuantStub(), *model, space.DeQuantStub()).eval()
    model.qconfig = space.get_default_qconfig("fbgemm")
    prepared = space.prepare(model)
    prepared(torch.rand(4, 2))
    return prepared


def hooked() -> "torch.Tensor":
    """A tensor with an empty table of hooks."""
    tensor = torch.zeros(2, requires_grad=True)
    tensor.register_hook(print).remove()
    return tensor


def with_attribute(tensor: "torch.Tensor") -> "torch.Tensor":
    """A tensor that somebody has tied something to."""
    tensor.note = "a"
    return tensor


def hooks(model: "nn.Module") -> "Iterator[object]":
    """A model with functions of torch as hooks."""
    model.register_forward_hook(nn.functional.relu).remove()
    yield model
