-- Good places to meet, as admins have listed them by city: public ones.
CREATE TABLE places (
    community BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    city      BIGINT NOT NULL,
    name      TEXT NOT NULL,
    added_at  BIGINT NOT NULL,
    PRIMARY KEY (community, city, name)
);

-- Who says where a meetup takes place; one that has a time keeps what it began with.
ALTER TABLE programmes ADD COLUMN place_by TEXT NOT NULL DEFAULT 'host' CHECK (place_by IN ('host', 'vote'));
