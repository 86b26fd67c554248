-- Wishes to enroll somebody: under an id of whoever asks, or in place of what is live.

CREATE TABLE wishes (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    workflow_id TEXT NOT NULL,
    request TEXT,
    run_id TEXT,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT wishes_pkey PRIMARY KEY (id),
    CONSTRAINT wishes_workflow_id_request_key UNIQUE (workflow_id, request)
);
