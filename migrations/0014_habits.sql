-- What a community's replies and names have taught of how people talk there: four bounded numbers and a count, which tell
-- of nobody. Stored with the counts that were made by them.
CREATE TABLE habits (
    community BIGINT PRIMARY KEY REFERENCES communities (community) ON DELETE CASCADE,
    -- How far each family of cues is trusted there, in millionths; 1000000 is what the shared constants say.
    by_order  BIGINT NOT NULL,
    by_time   BIGINT NOT NULL,
    by_names  BIGINT NOT NULL,
    by_memory BIGINT NOT NULL,
    -- Replies and names learned from.
    labels    BIGINT NOT NULL
);
