-- Secret addresses by which members' calendars read their own meetups. Only a keyed hash of the secret is kept, so whoever
-- reads the database has no address. One for each member: a new one ends the old one.
CREATE TABLE feeds (
    community  BIGINT NOT NULL,
    member     BIGINT NOT NULL,
    secret     TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (community, member),
    FOREIGN KEY (community, member) REFERENCES members (community, member) ON DELETE CASCADE
);
