-- How a community votes on times; a poll that runs keeps what it began with.
ALTER TABLE programmes ADD COLUMN ballot TEXT NOT NULL DEFAULT 'reactions'
    CHECK (ballot IN ('reactions', 'buttons', 'native'));
