"""Assemble a page: sections in order, stylesheet, script, and a policy that forbids the network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from keruen.i18n import Translator, shown, translator
from keruen.report.page.assumptions import assumptions, counts
from keruen.report.page.context import Context, context_of
from keruen.report.page.elements import elements
from keruen.report.page.flows import flows
from keruen.report.page.forecast import forecast
from keruen.report.page.ladders import corridor_ladders
from keruen.report.page.line_rise import rises
from keruen.report.page.maps import maps
from keruen.report.page.matter import Matter
from keruen.report.page.method import method, sources
from keruen.report.page.names import BASE_LANGUAGE, Said
from keruen.report.page.projects import projects
from keruen.report.page.staircases import comparison, staircases
from keruen.report.page.systems import observations, questions, systems
from keruen.report.page.verdicts import answers
from keruen.report.palette import stylesheet

_PACKAGE: Final = "keruen.report"
_TEMPLATES: Final = "templates"


class Sibling(NamedTuple):
    """The same report in another language: its file and its language."""

    file: str
    language: str


class Link(NamedTuple):
    """A link to a sibling, named in its own language."""

    file: str
    language: str
    name: str


def _safe(value: object) -> object:
    """Make a foreign string harmless before it is escaped; markup of ours stays as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return shown(value, limit=None)
    return value


@cache
def environment() -> Environment:
    """Templates of pages: everything is escaped, and what is not given is an error."""
    return Environment(
        loader=PackageLoader(_PACKAGE, _TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_safe,
    )


@cache
def asset(name: str) -> str:
    """Text of a file beside the templates."""
    folder = resources.files(_PACKAGE).joinpath(_TEMPLATES)
    return folder.joinpath(name).read_text(encoding="utf-8").strip()


def policy(script: str) -> str:
    """Content security policy of a page whose only script is this one: nothing is ever fetched.

    >>> policy("").split("; ")[0]
    "default-src 'none'"
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    rules = (
        "default-src 'none'",
        f"script-src 'sha256-{digest}'",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(rules)


def _title(context: Context) -> Said:
    settings = context.matter.model.settings
    for language in (context.t.language, BASE_LANGUAGE, *settings.title):
        if language in settings.title:
            return Said(settings.title[language], language)
    return Said(settings.name, BASE_LANGUAGE)


def _description(context: Context) -> Said:
    texts = context.matter.model.settings.description
    for language in (context.t.language, BASE_LANGUAGE, *texts):
        if language in texts:
            return Said(texts[language], language)
    return Said("", context.t.language)


def render_matter(matter: Matter, t: Translator, siblings: Sequence[Sibling] = ()) -> str:
    """Write the page of a run that was read.

    Parameters
    ----------
    matter : Matter
        The run and its study.
    t : Translator
        Language of the page.
    siblings : sequence of Sibling
        The same report in other languages.

    Returns
    -------
    str
        HTML, whole: it names no file but its siblings.
    """
    context = context_of(matter, t)
    script = asset("page.js")
    links = [Link(s.file, s.language, translator(s.language)("report.language")) for s in siblings]
    template = environment().get_template("page.html.j2")
    return template.render(
        t=t,
        lang=t.language,
        title=_title(context),
        description=_description(context),
        links=links,
        policy=policy(script),
        css=Markup(stylesheet() + asset("page.css")),  # noqa: S704  (our own files)
        script=Markup(script),  # noqa: S704
        answers=answers(context),
        rises=rises(context),
        maps=maps(context),
        flows=flows(context),
        forecast=forecast(context),
        comparison=comparison(context),
        staircases=staircases(context),
        ladders=corridor_ladders(context),
        level=t(f"report.level.{matter.level}"),
        elements=elements(context),
        projects=projects(context),
        systems=systems(context),
        questions=questions(context),
        observations=observations(context),
        counts=counts(context),
        assumptions=assumptions(context),
        sources=sources(context),
        method=method(context),
        years=matter.years,
        scenario=matter.run.manifest["scenario"],
    )
