"""Tables on disk and the frozen model they stand for: read, check, overlay, write."""

from __future__ import annotations

from keruen.model.model import Model
from keruen.model.package import write_descriptor
from keruen.model.study import Reading, input_hashes, load_model, read_study
from keruen.model.templates import list_templates, new_study
from keruen.model.write import write_study

__all__ = [
    "Model",
    "Reading",
    "input_hashes",
    "list_templates",
    "load_model",
    "new_study",
    "read_study",
    "write_descriptor",
    "write_study",
]
