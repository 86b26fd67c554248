#!/bin/sh
# Brings Temporal's two databases to the schema of this release of its tools; harmless when they
# are there. Where and as whom: SQL_PLUGIN, SQL_HOST, SQL_PORT, SQL_USER, SQL_PASSWORD.
set -eu

bring_up_to_date() {
    export SQL_DATABASE="$1"
    temporal-sql-tool create-database
    temporal-sql-tool setup-schema --version 0.0
    temporal-sql-tool update-schema --schema-name "$2"
}

bring_up_to_date temporal postgresql/v12/temporal
bring_up_to_date temporal_visibility postgresql/v12/visibility
