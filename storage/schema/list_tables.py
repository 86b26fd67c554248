"""The tables of lists: people to be enrolled together, row by row."""

from sqlalchemy import Column, Integer, Table

from storage.schema.columns import (
    check,
    document,
    index,
    key_of,
    metadata,
    moments,
    number,
    one_of,
    own_id,
    texts,
    wall,
    words,
)

lists = Table(
    "lists",
    metadata,
    own_id(),
    *texts("fingerprint", "sequence", "name", "by"),
    document("terms"),
    number("attempt", default=0),
    wall("created_wall"),
    *moments("uploaded_wall", "stopped_wall", "finished_wall", null=True),
    index(None, "fingerprint", "created_wall"),
)

list_rows = Table(
    "list_rows",
    metadata,
    key_of("lists.id", "list_id", key=True),
    Column("line", Integer, primary_key=True, autoincrement=False),
    words("contact_id", null=True),
    words("key", null=True),
    document("data"),
    words("state"),
    *texts("reason", "run_id", null=True),
    one_of("state", "waiting", "starting", "started", "refused"),
    check("refused", "(state = 'refused') = (reason IS NOT NULL)"),
    check("started", "(state = 'started') = (run_id IS NOT NULL)"),
    index("list_rows_open_idx", "list_id", "line", where="state IN ('waiting', 'starting')"),
)
