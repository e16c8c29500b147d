-- By which key the hashes of people were made, so that another one is noticed. The key itself lies elsewhere.
CREATE TABLE keys (
    name        TEXT PRIMARY KEY CHECK (name = 'people'),
    -- A keyed hash of a fixed text.
    fingerprint TEXT NOT NULL
);

-- Admins see rounds as the last one saw people: an exclusion that is taken back stays until the next round.
ALTER TABLE exclusions ADD COLUMN lifted_at BIGINT;

-- Whether somebody rested when the last round was held.
ALTER TABLE members ADD COLUMN rested BIGINT NOT NULL DEFAULT 0 CHECK (rested IN (0, 1));
