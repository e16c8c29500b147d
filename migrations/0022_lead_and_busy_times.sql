-- Days between a poll's opening and the first time that it offers: time to arrange oneself.
ALTER TABLE programmes ADD COLUMN lead_days BIGINT NOT NULL DEFAULT 3 CHECK (lead_days BETWEEN 2 AND 14);

-- Busy times of the calendar that a member handed over: nothing of it but these.
CREATE TABLE busy_times (
    community BIGINT NOT NULL,
    member    BIGINT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at   BIGINT NOT NULL,
    PRIMARY KEY (community, member, starts_at),
    CHECK (starts_at < ends_at),
    FOREIGN KEY (community, member) REFERENCES members (community, member) ON DELETE CASCADE
);
CREATE INDEX busy_times_by_end ON busy_times (ends_at);
