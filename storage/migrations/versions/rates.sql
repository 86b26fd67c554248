-- Rates of senders and of recipient domains: what went, and who waits for its turn.

CREATE SEQUENCE lane_places;

CREATE TABLE lanes (
    name TEXT NOT NULL,
    gone BIGINT NOT NULL,
    first_wall TIMESTAMP WITH TIME ZONE,
    CONSTRAINT lanes_pkey PRIMARY KEY (name)
);

CREATE TABLE goes (
    lane TEXT NOT NULL,
    number BIGINT NOT NULL,
    at_wall TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT goes_pkey PRIMARY KEY (lane, number),
    CONSTRAINT goes_lane_fkey FOREIGN KEY (lane) REFERENCES lanes (name)
);

ALTER TABLE deferrals ADD COLUMN lane TEXT;
ALTER TABLE deferrals ADD COLUMN place BIGINT;
ALTER TABLE deferrals ADD COLUMN lane_wall TIMESTAMP WITH TIME ZONE;
ALTER TABLE deferrals ADD COLUMN urgent BOOLEAN DEFAULT false NOT NULL;
ALTER TABLE deferrals ADD CONSTRAINT deferrals_lane_fkey FOREIGN KEY (lane) REFERENCES lanes (name);
ALTER TABLE deferrals DROP CONSTRAINT deferrals_given_up_check;
ALTER TABLE deferrals ADD CONSTRAINT deferrals_given_up_check
    CHECK ((give_up_at IS NULL) = (num_nonnulls(brake, lane) = 1));
ALTER TABLE deferrals ADD CONSTRAINT deferrals_lane_check
    CHECK (num_nulls(lane, place, lane_wall) IN (0, 3));
CREATE INDEX deferrals_lane_idx ON deferrals (lane, place)
    WHERE over_at IS NULL AND lane IS NOT NULL;
