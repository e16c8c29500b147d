-- "Not on these dates": one row a day, as ISO 8601 writes it, where the member lives.
CREATE TABLE days_away (
    community BIGINT NOT NULL,
    member    BIGINT NOT NULL,
    day       TEXT NOT NULL,
    PRIMARY KEY (community, member, day),
    FOREIGN KEY (community, member) REFERENCES members (community, member) ON DELETE CASCADE
);
CREATE INDEX days_away_by_day ON days_away (day);
