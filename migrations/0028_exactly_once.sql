-- The messages between members that a listening session has told last, and that are counted: Discord may tell one twice, the
-- second time to the next process. They go with the session.
CREATE TABLE recent_messages (
    shard     BIGINT NOT NULL,
    shards    BIGINT NOT NULL,
    -- Of the frame that told it.
    sequence  BIGINT NOT NULL,
    community BIGINT NOT NULL,
    -- Who wrote it.
    member    BIGINT NOT NULL,
    message   BIGINT NOT NULL,
    PRIMARY KEY (shard, shards, sequence),
    FOREIGN KEY (community, member) REFERENCES members (community, member) ON DELETE CASCADE
);

-- Channels that no session has shown yet while messages in them were told: the first and the last of these, none of which is
-- counted. They are read once the channel is shown.
CREATE TABLE unheard (
    community BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    channel   BIGINT NOT NULL,
    first_id  BIGINT NOT NULL,
    last_id   BIGINT NOT NULL,
    PRIMARY KEY (community, channel)
);

-- A listing stays when its threads have been found, the earliest one of each channel: a thread may have been opened again just
-- before, so that it was not among them, and the session tell of it only after that.
ALTER TABLE listings ADD COLUMN ended BIGINT NOT NULL DEFAULT 0 CHECK (ended IN (0, 1));
