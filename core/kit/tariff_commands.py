"""Commands of tariffs: `boshu tariff ...` tries them on cases, on one stay and on what real lots recorded. Nothing is stored."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from core.kit.works import work

tariff = typer.Typer(no_args_is_help=True)
Yaml = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="YAML of the rule language.")]


@tariff.command("verify")
def verify_tariff(path: Yaml, cases: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="YAML of cases.")]) -> None:
    """Price each case of a file; print each that comes out otherwise."""
    lines, is_right = work("verify_tariff")(path, cases)
    print("\n".join(lines))
    raise typer.Exit(0 if is_right else 1)


@tariff.command("explain")
def explain_tariff(
    path: Yaml,
    entry: Annotated[datetime, typer.Option(help="Wall time of the tariff's zone.")],
    leave: Annotated[datetime, typer.Option("--exit", help="Wall time of the tariff's zone.")],
    vehicle: str = "",
    zone: str = "",
    attr: Annotated[list[str] | None, typer.Option(help="An attribute, such as spaces=2.")] = None,
    day_type: Annotated[str, typer.Option(help="Type of the day of entry; any: that of its weekday.")] = "any",
) -> None:
    """Print what one stay costs, line by line."""
    print("\n".join(work("explain_tariff")(path, entry, leave, vehicle, zone, attr or [], day_type)))


@tariff.command("recorded")
def compare_recorded(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Past stays with their money, plain, gzip or tar.")],
    tariffs: Annotated[list[str], typer.Option("--tariff", help="YAML; each later one as WALL-TIME=YAML, from when it holds.")],
    mapping: Annotated[str, typer.Option("--map", help="Name of a shipped mapping, or the path of a YAML file.")],
    zone: str = "",
    *,
    each: Annotated[bool, typer.Option(help="Print each stay that cost something else.")] = False,
) -> None:
    """Price the stays of a file; print how many cost what was recorded, and the rest by reason."""
    print("\n".join(work("recorded")(path, mapping, tariffs, zone, is_each=each)))
