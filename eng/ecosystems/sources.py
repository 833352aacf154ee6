"""Imports of modules whose own imports are not installed."""

import importlib.util
import sys
import types


class StandIn(types.ModuleType):
    """A module that has every name asked for: a class that does nothing, and can be called or derived from."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Exception,), {"__init__": lambda self, *_, **__: None})


def stand_in(*names, **members):
    """Puts stand-ins into sys.modules and into the packages they belong to; the last gets the members."""
    for name in names:
        sys.modules[name] = StandIn(name)
        package, _, part = name.rpartition(".")
        if package:
            setattr(sys.modules[package], part, sys.modules[name])
    vars(sys.modules[names[-1]]).update(members)
    return sys.modules[names[-1]]


def load(name, path):
    """Executes a file as the module of a name."""
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
