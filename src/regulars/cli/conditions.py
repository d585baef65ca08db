"""`regulars count`, and what all commands that take a condition share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from regulars.app import nearest_indexes
from regulars.cli.condition_problems import pointing_into
from regulars.cli.context import installation
from regulars.cli.patience import PatientIndexes
from regulars.domain.segments.check import check_condition
from regulars.domain.segments.text import read_condition, write_condition
from regulars.domain.segments.tree import InSegment, all_of
from regulars.services.segments import Segments

if TYPE_CHECKING:
    from regulars.domain.segments.tree import Condition
    from regulars.services.installation import Installation, Register


@click.command("count")
@click.argument("company")
@click.argument("expression")
def count_customers(company: str, expression: str) -> None:
    """Count the customers that meet a condition, such as 'country = FI and tags has any (vip)'."""
    with installation() as opened:
        register = opened.open_register(company)
        print_count(opened, register, read_expression(opened, register, expression))


def read_expression(opened: Installation, register: Register, expression: str) -> Condition:
    """A condition that can be asked of this company; else its problems are shown, and the command
    ends.
    """
    with pointing_into(expression):
        parsed = read_condition(expression)
        find_segment = Segments(opened).finder(register)
        check_condition(parsed.tree, register.load_schema(), find_segment, parsed.places)
    return parsed.tree


def read_choice(
    opened: Installation, register: Register, where: str | None, segment: str | None
) -> Condition | None:
    """The condition that two options make together; None where neither is given."""
    parts: list[Condition] = []
    if segment is not None:
        parts.append(InSegment(Segments(opened).find(register, segment).name))
    if where is not None:
        parts.append(read_expression(opened, register, where))
    return all_of(parts) if parts else None


def print_count(opened: Installation, register: Register, condition: Condition) -> None:
    """Print how many customers meet a condition."""
    with nearest_indexes(opened) as nearest:
        company = register.company.short_name
        click.echo(PatientIndexes(nearest).count(company, write_condition(condition)))
