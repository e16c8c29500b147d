-- One text for SQLite and PostgreSQL. Columns are BIGINT, TEXT and DOUBLE PRECISION only; instants are milliseconds since
-- 1970 (UTC); Discord's ids are BIGINT, our own 22 characters of base62; truth is 0 or 1.
--
-- Whoever has not said "count me in" has no row here. All that is personal hangs on `members` and goes with it.

CREATE TABLE communities (
    community           BIGINT PRIMARY KEY,
    name                TEXT NOT NULL,
    zone                TEXT NOT NULL,
    locale              TEXT NOT NULL,
    moderators_channel  BIGINT,
    half_life_days      BIGINT NOT NULL CHECK (half_life_days > 0),
    since               BIGINT NOT NULL,
    -- The bot was removed then; the rest is erased 30 days later, unless it comes back.
    removed_at          BIGINT
);

-- What a community does to make its members meet. One at first, numbered 1.
CREATE TABLE programmes (
    community        BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    programme        BIGINT NOT NULL CHECK (programme > 0),
    channel          BIGINT NOT NULL,
    cadence          TEXT NOT NULL,
    style            TEXT NOT NULL CHECK (style IN ('discreet', 'open')),
    asks_per_30_days BIGINT NOT NULL CHECK (asks_per_30_days >= 0),
    pairs_per_round  BIGINT NOT NULL CHECK (pairs_per_round > 0),
    required_role    BIGINT,
    paused           BIGINT NOT NULL CHECK (paused IN (0, 1)),
    -- Counts the rounds; whoever holds a round raises it first, so that no round is held twice.
    round            BIGINT NOT NULL,
    next_round_at    BIGINT,
    last_round_at    BIGINT,
    -- What the last round found, as data, for the admins' status.
    last_outcome     TEXT,
    PRIMARY KEY (community, programme)
);

-- The admins' word on what is watched. Without a row, Discord's own marks decide (age-restricted channels are ignored).
CREATE TABLE channels (
    community BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    channel   BIGINT NOT NULL,
    watch     TEXT NOT NULL CHECK (watch IN ('watched', 'ignored')),
    PRIMARY KEY (community, channel)
);

-- Whom the admins keep out. `person` is a keyed hash: it may be a bystander, and it survives their leaving.
CREATE TABLE exclusions (
    community  BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    person     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (community, person)
);

CREATE TABLE members (
    community        BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    member           BIGINT NOT NULL,
    membership       TEXT NOT NULL CHECK (membership IN ('active', 'paused', 'left')),
    paused_until     BIGINT,
    -- A snowflake: live counting takes messages from it on.
    counted_from     BIGINT NOT NULL,
    city             BIGINT,
    availability     BIGINT NOT NULL,
    venue            TEXT NOT NULL CHECK (venue IN ('in_person', 'call', 'either')),
    door             TEXT NOT NULL CHECK (door IN ('direct', 'mention', 'look')),
    may_be_named     BIGINT NOT NULL CHECK (may_be_named IN (0, 1)),
    open_to_everyone BIGINT NOT NULL CHECK (open_to_everyone IN (0, 1)),
    PRIMARY KEY (community, member)
);
CREATE INDEX members_by_member ON members (member);

-- "Rather not with this person". `person` is a keyed hash; the other is never told.
CREATE TABLE avoids (
    community  BIGINT NOT NULL,
    member     BIGINT NOT NULL,
    person     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (community, member, person),
    FOREIGN KEY (community, member) REFERENCES members (community, member) ON DELETE CASCADE
);

-- "I'd like to meet X": private, directed, expiring. `person` is a keyed hash, since X may be a bystander.
CREATE TABLE wishes (
    community  BIGINT NOT NULL,
    member     BIGINT NOT NULL,
    person     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- Asked once; the row stays until nobody may be asked again.
    spent      BIGINT NOT NULL CHECK (spent IN (0, 1)),
    PRIMARY KEY (community, member, person),
    FOREIGN KEY (community, member) REFERENCES members (community, member) ON DELETE CASCADE
);

-- Amounts are thousandths of a message; weeks are ISO weeks since Monday 1970-01-05, UTC.
CREATE TABLE ties (
    community   BIGINT NOT NULL,
    low         BIGINT NOT NULL,
    high        BIGINT NOT NULL,
    week        BIGINT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('reply', 'mention', 'turn', 'reaction', 'voice', 'thread')),
    low_to_high BIGINT NOT NULL,
    high_to_low BIGINT NOT NULL,
    PRIMARY KEY (community, low, high, week, kind),
    CHECK (low < high),
    FOREIGN KEY (community, low) REFERENCES members (community, member) ON DELETE CASCADE,
    FOREIGN KEY (community, high) REFERENCES members (community, member) ON DELETE CASCADE
);
CREATE INDEX ties_by_high ON ties (community, high);

-- Up to which message each channel has been counted.
CREATE TABLE marks (
    community    BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    channel      BIGINT NOT NULL,
    last_message BIGINT NOT NULL,
    PRIMARY KEY (community, channel)
);

-- What is still to be read by REST: messages above after_id and not above before_id; cursor is how far it got.
CREATE TABLE readings (
    community BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    channel   BIGINT NOT NULL,
    after_id  BIGINT NOT NULL,
    before_id BIGINT NOT NULL,
    cursor_id BIGINT NOT NULL,
    PRIMARY KEY (community, channel, after_id)
);

-- Channels in which threads archived since a message are still to be found: no snapshot shows those.
CREATE TABLE listings (
    community BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    channel   BIGINT NOT NULL,
    since_id  BIGINT NOT NULL,
    PRIMARY KEY (community, channel, since_id)
);

-- Who has joined and whose past is still to be read: they wait for their turn, or their community's scan is theirs.
CREATE TABLE pasts (
    community BIGINT NOT NULL,
    member    BIGINT NOT NULL,
    reading   BIGINT NOT NULL CHECK (reading IN (0, 1)),
    PRIMARY KEY (community, member),
    FOREIGN KEY (community, member) REFERENCES members (community, member) ON DELETE CASCADE
);

-- A community's scan under way: in each channel messages from from_id on and below below_id, for those in `pasts` whose
-- turn it is. It ends, for them all, with its last channel.
CREATE TABLE scans (
    community BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    channel   BIGINT NOT NULL,
    from_id   BIGINT NOT NULL,
    below_id  BIGINT NOT NULL,
    done      BIGINT NOT NULL CHECK (done IN (0, 1)),
    PRIMARY KEY (community, channel)
);

-- Listening sessions, with the sequence of the last frame that was counted.
CREATE TABLE sessions (
    shard      BIGINT NOT NULL,
    shards     BIGINT NOT NULL,
    session    TEXT NOT NULL,
    resume_url TEXT NOT NULL,
    sequence   BIGINT NOT NULL,
    PRIMARY KEY (shard, shards)
);

CREATE TABLE meetups (
    meetup     TEXT PRIMARY KEY,
    community  BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    programme  BIGINT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('suggested', 'open_evening')),
    style      TEXT NOT NULL CHECK (style IN ('discreet', 'open')),
    state      TEXT NOT NULL CHECK (state IN ('proposed', 'polling', 'scheduled', 'checking_in', 'held', 'fizzled')),
    -- Compare-and-set: a step is saved only on top of the revision it was made from.
    revision   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at     BIGINT,
    invited    BIGINT NOT NULL,
    room       BIGINT,
    -- The running poll's message, to find the meetup that a reaction belongs to.
    poll       BIGINT,
    city       BIGINT,
    -- JSON: the state's data, the reasons, the slots asked about. Names nobody.
    details    TEXT NOT NULL
);
CREATE INDEX meetups_due ON meetups (due_at);
CREATE INDEX meetups_by_poll ON meetups (poll);
CREATE INDEX meetups_by_community ON meetups (community, state);

CREATE TABLE participants (
    meetup    TEXT NOT NULL REFERENCES meetups (meetup) ON DELETE CASCADE,
    community BIGINT NOT NULL,
    member    BIGINT NOT NULL,
    position  BIGINT NOT NULL,
    standing  TEXT NOT NULL CHECK (standing IN ('asked', 'in', 'declined', 'out')),
    host      BIGINT NOT NULL CHECK (host IN (0, 1)),
    -- JSON: since when they are in, their votes, their check-in.
    details   TEXT NOT NULL,
    PRIMARY KEY (meetup, member),
    FOREIGN KEY (community, member) REFERENCES members (community, member) ON DELETE CASCADE
);
CREATE INDEX participants_by_member ON participants (community, member);

-- Who has met whom. Follows only from what those two said.
CREATE TABLE met (
    community BIGINT NOT NULL,
    low       BIGINT NOT NULL,
    high      BIGINT NOT NULL,
    meetup    TEXT NOT NULL REFERENCES meetups (meetup) ON DELETE CASCADE,
    at        BIGINT NOT NULL,
    -- When it was written down: what a round has not seen yet shows nowhere.
    noted_at  BIGINT NOT NULL,
    said_by   TEXT NOT NULL CHECK (said_by IN ('both', 'one', 'known')),
    PRIMARY KEY (community, low, high, meetup),
    CHECK (low < high),
    FOREIGN KEY (community, low) REFERENCES members (community, member) ON DELETE CASCADE,
    FOREIGN KEY (community, high) REFERENCES members (community, member) ON DELETE CASCADE
);
CREATE INDEX met_by_high ON met (community, high);

-- Each ask that was made of a member: the budget of nudges.
CREATE TABLE nudges (
    community BIGINT NOT NULL,
    member    BIGINT NOT NULL,
    meetup    TEXT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (community, member, meetup),
    FOREIGN KEY (community, member) REFERENCES members (community, member) ON DELETE CASCADE
);

-- All that is sent goes through here. Within one lane the order is that of `position`.
CREATE TABLE notices (
    notice     TEXT PRIMARY KEY,
    community  BIGINT NOT NULL REFERENCES communities (community) ON DELETE CASCADE,
    address    TEXT NOT NULL CHECK (address IN ('member', 'room', 'programme', 'moderators')),
    -- Whom it is to; in one to the moderators, who reports.
    member     BIGINT,
    meetup     TEXT REFERENCES meetups (meetup) ON DELETE CASCADE,
    -- Community, address, member and meetup in one: within a lane the first that waits holds up the others.
    lane       TEXT NOT NULL,
    -- JSON: what is to be said, as data. Names nobody.
    body       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'parked', 'dropped')),
    created_at BIGINT NOT NULL,
    position   BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    not_after  BIGINT NOT NULL,
    attempts   BIGINT NOT NULL,
    sending_at BIGINT,
    -- Where it stands, once sent.
    channel    BIGINT,
    message    BIGINT,
    -- Why it is parked, in words for the admins; it is then due again a day later.
    reason     TEXT,
    FOREIGN KEY (community, member) REFERENCES members (community, member) ON DELETE CASCADE
);
CREATE INDEX notices_due ON notices (due_at, notice) WHERE state IN ('waiting', 'sending');
CREATE INDEX notices_in_lane ON notices (lane, position, created_at, notice) WHERE state IN ('waiting', 'sending');
CREATE INDEX notices_parked ON notices (due_at) WHERE state = 'parked';
CREATE INDEX notices_by_meetup ON notices (meetup);
CREATE INDEX notices_by_member ON notices (community, member);

-- The commands that Discord has from us, as a hash: registered again only when they change.
CREATE TABLE registrations (
    application BIGINT NOT NULL,
    -- 0 for everywhere, else the community that they are tried in.
    scope       BIGINT NOT NULL,
    hash        TEXT NOT NULL,
    PRIMARY KEY (application, scope)
);
