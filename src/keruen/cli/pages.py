"""Commands that write their help page in the language of the context."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from keruen.cli.usage import nearest, parameter_name, wrong_usage
from keruen.i18n import Translator


class Command(TyperCommand):
    """A command; ``ctx.obj`` is its translator."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        # Checked in parse_args, with a code instead of typer's English sentence.
        self.context_settings = {**self.context_settings, "allow_extra_args": True}

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse, and refuse what is left over."""
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise wrong_usage("unexpected_argument", value=str(rest[0]))
        return rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        _write_page(self, ctx, formatter)


class Group(TyperGroup):
    """A group of commands; ``ctx.obj`` is its translator.

    ``panels`` names the headings below which its help page lists the commands, each with its
    commands in order; what stands in none follows below the usual heading.
    """

    panels: ClassVar[Mapping[str, tuple[str, ...]]] = MappingProxyType({})

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        order = [name for names in self.panels.values() for name in names]
        placed = {name: self.commands[name] for name in order if name in self.commands}
        self.commands = {**placed, **self.commands}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command, or refuse with the nearest name."""
        name = str(args[0])
        command = self.get_command(ctx, name)
        if command is None and not ctx.resilient_parsing:
            known = self.list_commands(ctx)
            raise wrong_usage(
                "unknown_command",
                value=name,
                better=nearest(name, known),
                known=", ".join(known),
            )
        return name, command, args[1:]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page with the commands of the group."""
        _write_page(self, ctx, formatter)
        t: Translator = ctx.obj
        panel_of = {name: panel for panel, names in self.panels.items() for name in names}
        rows: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                panel = panel_of.get(name, "")
                heading = t(f"cli.panel.{panel}") if panel else t("cli.help.commands")
                rows.setdefault(heading, []).append((name, (command.help or "").partition("\n")[0]))
        width = max((len(name) for own in rows.values() for name, _ in own), default=0)
        for heading, own in rows.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), text) for name, text in own])


def _write_page(command: TyperCommand | TyperGroup, ctx: Any, formatter: Any) -> None:
    t: Translator = ctx.obj
    shown = [p for p in command.get_params(ctx) if not getattr(p, "hidden", False)]
    arguments = [p for p in shown if isinstance(p, TyperArgument)]
    options = [p for p in shown if isinstance(p, TyperOption)]
    pieces = [t("cli.help.options_piece"), *map(_usage_piece, arguments)]
    if isinstance(command, TyperGroup):
        pieces.append(t("cli.help.command_piece"))
    formatter.write_usage(ctx.command_path, " ".join(pieces), t("cli.help.usage") + " ")
    for text in (command.help, command.epilog):
        if text:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(text)
    if arguments:
        with formatter.section(t("cli.help.arguments")):
            formatter.write_dl([(parameter_name(a), a.help or "") for a in arguments])
    with formatter.section(t("cli.help.options")):
        formatter.write_dl([_option_row(option, t) for option in options])


def _usage_piece(argument: TyperArgument) -> str:
    name = parameter_name(argument)
    return name if argument.required else f"[{name}]"


def _option_row(option: TyperOption, t: Translator) -> tuple[str, str]:
    names = ", ".join(sorted([*option.opts, *option.secondary_opts], key=len))
    if option.name == "help":
        return names, t("cli.help.show")
    value = "" if option.is_flag else f" {option.metavar or option.name.upper()}"
    return names + value, option.help or ""
