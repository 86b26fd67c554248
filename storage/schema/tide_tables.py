"""The table of the tide: one row, whose mark only rises while nothing committed is lost."""

from sqlalchemy import BigInteger, Boolean, Column, Table, Uuid, text

from storage.schema.columns import check, metadata, moment, moments, texts, wall

tides = Table(
    "tides",
    metadata,
    Column("single", Boolean, primary_key=True, server_default=text("true")),
    Column("lineage", Uuid, nullable=False),
    Column("height", BigInteger, nullable=False),
    wall(),
    *texts("sweep", "sweep_run", null=True),
    moment("swept_wall", null=True),
    *moments("ebbed_wall", "lived_wall", null=True),
    *texts("ebbed_why", null=True),
    check("single", "single"),
    check("swept", "num_nulls(sweep, sweep_run, swept_wall) IN (0, 3)"),
    check("ebbed", "num_nulls(ebbed_wall, ebbed_why) IN (0, 2)"),
)
