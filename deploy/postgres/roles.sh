#!/bin/sh
# Makes a role each for Temporal and Postroad, without superuser's rights, and Postroad's database.
# The PostgreSQL image runs this once, when its volume is empty.
set -eu

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set temporal_password="$TEMPORAL_DB_PASSWORD" \
    --set postroad_password="$POSTROAD_DB_PASSWORD" <<'SQL'
CREATE ROLE temporal LOGIN CREATEDB PASSWORD :'temporal_password';
CREATE ROLE postroad LOGIN PASSWORD :'postroad_password';
CREATE DATABASE postroad OWNER postroad;
REVOKE CONNECT ON DATABASE postroad FROM PUBLIC;
SQL
