-- Lists of people to enroll, row by row.

CREATE TABLE lists (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    fingerprint TEXT NOT NULL,
    sequence TEXT NOT NULL,
    name TEXT NOT NULL,
    by TEXT NOT NULL,
    terms JSONB NOT NULL,
    attempt INTEGER DEFAULT 0 NOT NULL,
    created_wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    uploaded_wall TIMESTAMP WITH TIME ZONE,
    stopped_wall TIMESTAMP WITH TIME ZONE,
    finished_wall TIMESTAMP WITH TIME ZONE,
    CONSTRAINT lists_pkey PRIMARY KEY (id)
);
CREATE INDEX lists_fingerprint_created_wall_idx ON lists (fingerprint, created_wall);

CREATE TABLE list_rows (
    list_id UUID NOT NULL,
    line INTEGER NOT NULL,
    contact_id TEXT,
    key TEXT,
    data JSONB NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    run_id TEXT,
    CONSTRAINT list_rows_pkey PRIMARY KEY (list_id, line),
    CONSTRAINT list_rows_list_id_fkey FOREIGN KEY(list_id) REFERENCES lists (id),
    CONSTRAINT list_rows_state_check CHECK (state IN ('waiting', 'starting', 'started', 'refused')),
    CONSTRAINT list_rows_refused_check CHECK ((state = 'refused') = (reason IS NOT NULL)),
    CONSTRAINT list_rows_started_check CHECK ((state = 'started') = (run_id IS NOT NULL))
);
CREATE INDEX list_rows_open_idx ON list_rows (list_id, line) WHERE state IN ('waiting', 'starting');
