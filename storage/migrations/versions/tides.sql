-- The tide: a mark that only rises. Its row comes with the first work done, so that no two
-- databases that were migrated from nothing have one lineage.

CREATE TABLE tides (
    single BOOLEAN DEFAULT true NOT NULL,
    lineage UUID NOT NULL,
    height BIGINT NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    sweep TEXT,
    sweep_run TEXT,
    swept_wall TIMESTAMP WITH TIME ZONE,
    ebbed_wall TIMESTAMP WITH TIME ZONE,
    lived_wall TIMESTAMP WITH TIME ZONE,
    ebbed_why TEXT,
    CONSTRAINT tides_pkey PRIMARY KEY (single),
    CONSTRAINT tides_single_check CHECK (single),
    CONSTRAINT tides_swept_check CHECK (num_nulls(sweep, sweep_run, swept_wall) IN (0, 3)),
    CONSTRAINT tides_ebbed_check CHECK (num_nulls(ebbed_wall, ebbed_why) IN (0, 2))
);

-- What an enrollment was started with, so that its workflow can be started anew.

ALTER TABLE enrollments ADD COLUMN given JSONB;
