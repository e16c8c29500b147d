-- Who keeps whom company beside writing to them: in voice channels and in threads. Only members have rows here.

-- Members who sit in a voice channel and hear what is said there, as far as the last flush knows. A resumed session shows
-- nobody again, so the next process goes on from here.
CREATE TABLE stays (
    community BIGINT NOT NULL,
    member    BIGINT NOT NULL,
    channel   BIGINT NOT NULL,
    -- All minutes before it are counted, or were before they came.
    since     BIGINT NOT NULL,
    PRIMARY KEY (community, member),
    FOREIGN KEY (community, member) REFERENCES members (community, member) ON DELETE CASCADE
);

-- The voice channel in which Discord puts whoever has fallen silent.
ALTER TABLE communities ADD COLUMN afk_channel BIGINT;

-- Members who wrote in a thread in a week, so that each pair counts once for it. Kept until the next week is over.
CREATE TABLE thread_talk (
    community BIGINT NOT NULL,
    thread    BIGINT NOT NULL,
    week      BIGINT NOT NULL,
    member    BIGINT NOT NULL,
    -- Their first one there in that week.
    message   BIGINT NOT NULL,
    PRIMARY KEY (community, thread, week, member),
    FOREIGN KEY (community, member) REFERENCES members (community, member) ON DELETE CASCADE
);
CREATE INDEX thread_talk_by_week ON thread_talk (week);
