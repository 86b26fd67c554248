#!/bin/sh
# Creates the namespace and its search attributes, and returns when queries know them; harmless
# when they are there. Where: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE. How long the UI shows closed
# enrollments: TEMPORAL_RETENTION, as 30d.
set -eu

# schemas/names.py is where these names come from; a test compares.
attributes="
PostroadSequence Keyword
PostroadVersion Keyword
PostroadState Keyword
PostroadStep Keyword
PostroadEnding Keyword
PostroadHeld Keyword
"

keep_trying() {
    attempts=60
    until "$@" >/dev/null 2>&1; do
        attempts=$((attempts - 1))
        if [ "$attempts" -eq 0 ]; then
            echo "Gave up after a minute; the last try of '$*' said:" >&2
            "$@"
            exit 1
        fi
        sleep 1
    done
}

has_attribute() {
    temporal operator search-attribute list | grep -qw "$1"
}

keep_trying temporal operator cluster health
temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$TEMPORAL_RETENTION"
keep_trying has_attribute WorkflowId

echo "$attributes" | while read -r name type; do
    [ -n "$name" ] || continue
    has_attribute "$name" || temporal operator search-attribute create --name "$name" --type "$type"
    keep_trying temporal workflow count --query "$name is null"
done
