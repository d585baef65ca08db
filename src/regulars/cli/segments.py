"""`regulars segments`: saved conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from regulars.cli.condition_problems import describe_problems, pointing_into
from regulars.cli.conditions import print_count
from regulars.cli.context import ACTOR, installation
from regulars.cli.exports import FORMAT_OPTION, OUT_OPTION, export_to
from regulars.cli.import_report import print_table, printable
from regulars.domain.segments.tree import InSegment
from regulars.services.segment_descriptions import describe_segments
from regulars.services.segments import Segments

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from regulars.services.segment_descriptions import DescribedSegment
    from regulars.store.contract.segments import SegmentCount

_TREND_DAYS: Final = 30


@click.group()
def segments() -> None:
    """Saved conditions on customers."""


@segments.command("list")
@click.argument("company")
def list_segments(company: str) -> None:
    """List the segments: name, when and by whom changed, condition."""
    with installation() as opened:
        for each in Segments(opened).load(opened.open_register(company)):
            click.echo(
                f"{each.name}\t{_show(each.changed_at)}\t{each.changed_by}\t{each.condition}"
            )


@segments.command("show")
@click.argument("company")
@click.argument("name")
def show_segment(company: str, name: str) -> None:
    """Show a segment: its condition, what that means, its versions, and how its customers have
    become more or fewer in the last 30 days.
    """
    with installation() as opened:
        register = opened.open_register(company)
        found = Segments(opened)
        segment = found.find(register, name)
        (described,) = describe_segments(register, [segment])
        _print_segment(described)
        versions = found.load_versions(register, segment)
        trend = found.load_trend(register, segment, _TREND_DAYS)
    print_table(
        ("version", "changed", "by", "name", "condition"),
        ((each.version, _show(each.changed_at), each.changed_by, each.name, each.condition)
         for each in versions),
        title="Versions",
    )  # fmt: skip
    if trend:
        _print_trend(trend)


@segments.command("save")
@click.argument("company")
@click.argument("name")
@click.argument("expression")
def save_segment(company: str, name: str, expression: str) -> None:
    """Make a segment, or give the one of this name another condition."""
    with installation() as opened:
        register = opened.open_register(company)
        with pointing_into(expression):
            saved = Segments(opened).save(register, name, expression, actor=ACTOR)
    click.echo(f"segment {saved.name} saved, version {saved.version}", err=True)


@segments.command("count")
@click.argument("company")
@click.argument("name")
def count_segment(company: str, name: str) -> None:
    """Count the customers of a segment."""
    with installation() as opened:
        register = opened.open_register(company)
        print_count(opened, register, InSegment(Segments(opened).find(register, name).name))


@segments.command("export")
@click.argument("company")
@click.argument("name")
@FORMAT_OPTION
@OUT_OPTION
def export_segment(company: str, name: str, export_format: str, out: Path | None) -> None:
    """Write the customers of a segment."""
    with installation() as opened:
        register = opened.open_register(company)
        condition = InSegment(Segments(opened).find(register, name).name)
        export_to(opened, register, condition, export_format, out)


@segments.command("rename")
@click.argument("company")
@click.argument("name")
@click.argument("new_name")
def rename_segment(company: str, name: str, new_name: str) -> None:
    """Give a segment another name. Conditions that refer to it go on doing so."""
    with installation() as opened:
        register = opened.open_register(company)
        renamed = Segments(opened).rename(register, name, new_name, actor=ACTOR)
    click.echo(f"segment renamed to {renamed.name}", err=True)


@segments.command("delete")
@click.argument("company")
@click.argument("name")
def delete_segment(company: str, name: str) -> None:
    """Delete a segment that no other one refers to, with its versions and its trend."""
    with installation() as opened:
        Segments(opened).delete(opened.open_register(company), name, actor=ACTOR)
    click.echo("segment deleted", err=True)


def _print_segment(described: DescribedSegment) -> None:
    segment = described.segment
    lines = [segment.name, segment.condition, described.sentence]
    if described.used_by:
        lines.append(f"Used by {', '.join(described.used_by)}.")
    for line in lines:
        click.echo(printable(line))
    click.echo()
    if described.problems:
        # It was right when it was saved: the company's fields have changed since.
        click.echo(describe_problems(segment.condition, described.problems), err=True)


def _print_trend(trend: list[SegmentCount]) -> None:
    channels = sorted({channel for each in trend for channel in each.reach})
    click.echo()
    print_table(
        ("day", "customers", *channels),
        ((each.day, each.customers, *(each.reach.get(channel, "") for channel in channels))
         for each in trend),
        title="Trend",
    )  # fmt: skip


def _show(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
