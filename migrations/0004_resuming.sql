-- What a listening session has shown, and who listens: so that the next process can take a session up where this one
-- stopped, and that no two ever listen to the same.

-- The channels and open threads of a community as its session has shown them, up to the last frame that was counted. A
-- resume shows none of them again.
CREATE TABLE sights (
    community      BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    channel        BIGINT NOT NULL,
    -- Of a thread only: the channel whose rules it follows.
    parent         BIGINT,
    age_restricted BIGINT NOT NULL CHECK (age_restricted IN (0, 1)),
    access         TEXT NOT NULL CHECK (access IN ('reads', 'no_history', 'hidden')),
    threads        TEXT NOT NULL CHECK (threads IN ('none', 'public', 'joined', 'all')),
    -- Live counting takes the messages above it; those below are counted or among the readings.
    floor_id       BIGINT NOT NULL,
    PRIMARY KEY (community, channel)
);

-- The bot's own roles in a community, and what they allow: a channel that is made or changed later is judged by them.
CREATE TABLE standings (
    community BIGINT PRIMARY KEY REFERENCES communities (community) ON DELETE CASCADE,
    -- The bits of the permissions, before a channel's own rules; NULL where Discord did not say.
    base      BIGINT,
    -- JSON: ids of roles.
    roles     TEXT NOT NULL
);

-- Which process listens to a shard. It says so again and again; once that has ended another one may take over, and what
-- the first one has not stored by then it never stores.
CREATE TABLE leases (
    shard      BIGINT NOT NULL,
    shards     BIGINT NOT NULL,
    -- One run of the program.
    owner      TEXT NOT NULL,
    -- Its data folder, on which one process runs at a time: the next one there need not wait.
    folder     TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (shard, shards)
);

-- Sessions from before have shown what nobody wrote down.
DELETE FROM sessions;
