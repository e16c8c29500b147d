-- What opens or closes a channel during a session, without Discord showing the channel again: the bot's roles, and what they
-- allow. And the category of each channel, whose choice holds for what stands in it.

-- JSON: what each role of the community allows, since the bot may be given any of them.
ALTER TABLE standings ADD COLUMN allowed TEXT NOT NULL DEFAULT '[]';

ALTER TABLE sights ADD COLUMN category BIGINT;
-- JSON: the type of channel, and what it allows and denies to roles and to the bot. Nothing of other people.
ALTER TABLE sights ADD COLUMN rules TEXT NOT NULL DEFAULT '{"kind":0,"exceptions":[]}';
-- It was opened to the bot: what was said in it until the first message that is heard is still to be read.
ALTER TABLE sights ADD COLUMN just_opened BIGINT NOT NULL DEFAULT 0 CHECK (just_opened IN (0, 1));

-- Sessions from before have shown what nobody wrote down.
DELETE FROM sessions;
