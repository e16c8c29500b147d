# What the file of `/privacy export` says of itself: what each part is.

export-about = All that Wallflower keeps of you, never a word that you wrote in a channel. People, channels and messages are Discord's ids; Wallflower keeps no names. Times are UTC. What others have said in confidence (their answers, whom they avoid or wish to meet, whom admins keep out) is theirs, and is in nobody's export.
export-members = That you are in, from which message on you are counted, and what you have told about how you like to meet.
export-days-away = The days on which you said that you can't meet, by the clocks of where you are on them. They go when they are over.
export-busy-times = When you are busy, from the calendar that you handed over: nothing of it but these times is kept, and they go when they are over.
export-trips = The days that you said you spend in another city (`/meet trip`), by the clocks there. They go when they are over.
export-pasts = There while the weeks before your joining are still to be read once, and whether that is going on now ("reading").
export-stays = The voice channel in which you are now and hear what is said, and up to when the minutes there have been counted ("since"). It goes when you leave the channel.
export-feeds = That there is a secret address by which a calendar reads your meetups, and since when. The address itself is not kept, only a keyed hash of its secret.
export-thread-talk = Threads in which you wrote this week or last week, with your first message there: whoever writes in the same thread counts once for it.
export-recent-messages = Which of your latest messages have been counted, so that one that Discord tells twice counts once. They go as newer ones come, within a day.
export-avoids = Whom you would rather not be suggested to, and since when. Not their id is kept but a keyed hash of it (HMAC-SHA-256, shortened to 32 hexadecimal digits), because they may not be members. It can be recognised only with a key that lies outside the database.
export-wishes = Whom you have said you would like to meet, when, and until when the wish is open. The other is a keyed hash, as in "avoids". Whether they have been asked is left out: it would tell you whether they are in.
export-ties = How much you and a member whom you were asked about turned to each other, by week and kind: "from_you" is what you said to them, "to_you" what they said to you. Amounts are thousandths of a message; of "voice", of a minute in one voice channel; of "thread", of a thread in which you both wrote. A "turn" is inferred from who speaks after whom. Ties exist only between members, so those with anybody else are left out: they would tell you who is in. `/meet leave` and `/privacy forget` erase them all the same.
export-participants = The meetups that you have heard of and your own part in them: your answer ("standing"), your votes, the place that you would choose ("place_choice"), whether you host, your check-in, whether you would meet the others again ("again"), a word that one of you drafted for the channel ("word"), and whether that is fine with you. What the others answered is theirs. "invited" counts everybody, those who have erased themselves too.
export-met = Whom you have met, when, and by which meetup; or whom you said that you know already. Who of you said so is left out: the other's word is theirs.
export-nudges = Each time you were asked about a meetup; they count towards the limit of asks.
export-notices = What has been said to you, as data, and where it stands on Discord; what could not be said, and why; and what you have reported to the moderators.
