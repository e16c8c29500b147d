-- Stays in other cities: one row a day, as ISO 8601 writes it, by the clocks there.
CREATE TABLE trips (
    community BIGINT NOT NULL,
    member    BIGINT NOT NULL,
    day       TEXT NOT NULL,
    city      BIGINT NOT NULL,
    PRIMARY KEY (community, member, day),
    FOREIGN KEY (community, member) REFERENCES members (community, member) ON DELETE CASCADE
);
CREATE INDEX trips_by_day ON trips (day);
