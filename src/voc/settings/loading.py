"""Reads `voc.yml` and says in plain words what is wrong with it."""

import difflib
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from voc.errors import InputError
from voc.settings.model import Settings


def load(path: Path) -> Settings:
    """The settings in ``path``.

    Reads   the YAML file.
    Raises  InputError naming the file, the key and the fix, for every mistake at once.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  # a SafeLoader
    except FileNotFoundError:
        raise InputError(f"there is no {path}", "run `voc init` here, or name one with --config") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {type(error).__name__}", "it must be a UTF-8 text file") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not YAML"
        fix = getattr(error, "fix", "mend the YAML there; indentation is by spaces")
        raise InputError(f"{path}{where}: {problem}", fix) from None
    if not isinstance(content, dict):
        raise InputError(f"{path} holds no settings", "run `voc init` in an empty folder to see what it looks like")
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        inner = {item["loc"][:depth] for item in found for depth in range(len(item["loc"]))}
        # a list whose only entry is wrong is also "too short": the entry's own mistake says it better
        mistakes = [_mistake(item) for item in found if not (item["type"] == "too_short" and item["loc"] in inner)]
        raise InputError(
            f"{path}: " + "; ".join(mistakes),
            f"mend {'it' if len(mistakes) == 1 else 'them'} in {path}; docs/configuration.md lists every key",
        ) from None


class _KeyMistake(yaml.MarkedYAMLError):
    """A key that YAML would take in silence."""

    def __init__(self, problem: str, key: yaml.Node, fix: str) -> None:
        super().__init__(problem=problem, problem_mark=key.start_mark)
        self.fix = fix


class _Loader(yaml.SafeLoader):
    """YAML in which every key is written once, and where it counts.

    The YAML specification (1.2.2, section 3.2.1.1) wants keys of a mapping to be unique; PyYAML lets the last one win.
    """

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        lines: dict[Any, int] = {}
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                raise _KeyMistake("the merge key << is not allowed", key, "write the keys out where they belong")
            name = self.construct_object(key, deep=True)
            if not isinstance(name, Hashable):
                continue  # PyYAML itself says what is wrong with it
            if name in lines:
                raise _KeyMistake(f"{name} is written twice, first in line {lines[name]}", key, "keep one of the two")
            lines[name] = key.start_mark.line + 1
        super().flatten_mapping(node)


def _mistake(error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), _keys_at(error["loc"][:-1]), n=1)
        return f"{where} is not a known key" + (f" (did you mean {near[0]}?)" if near else "")
    if error["type"] == "missing":
        return f"{where} is missing"
    message = error["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message


def _keys_at(location: tuple[Any, ...]) -> list[str]:
    """Names that the model at ``location`` knows, by walking the fields' types."""
    model: Any = Settings
    for part in location:
        if isinstance(model, type) and issubclass(model, BaseModel) and part in model.model_fields:
            model = model.model_fields[part].annotation
        if not isinstance(model, type) or not issubclass(model, BaseModel):
            inside = [a for a in getattr(model, "__args__", ()) if isinstance(a, type) and issubclass(a, BaseModel)]
            model = inside[0] if inside else model
    if isinstance(model, type) and issubclass(model, BaseModel):
        return [field.alias or name for name, field in model.model_fields.items()]
    return []
