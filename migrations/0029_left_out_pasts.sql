-- Channels that were closed to the bot when the past of who joined was read: they are read once they open, for the same
-- joiners. A scan that leaves some out has a number, which its joiners bear.
CREATE TABLE left_out (
    community  BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    channel    BIGINT NOT NULL,
    first_scan BIGINT NOT NULL,
    last_scan  BIGINT NOT NULL,
    PRIMARY KEY (community, channel)
);

-- NULL: their past was read whole, or is still to be.
ALTER TABLE members ADD COLUMN past_scan BIGINT;
