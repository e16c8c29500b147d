# What commands and clicks answer.

## When it cannot be done

refused-not-set-up = Wallflower is not set up here yet. An admin does that with `/wallflower setup`.
refused-not-a-member = Only members can do that. `/meet join` counts you in.
refused-role-missing = This community asks for a role before joining. Ask its moderators for it, then try again.
refused-not-an-admin = This is for people who may *Manage Server*.
refused-settled = That has been settled already; nothing more to do.
refused-not-yours = That is for somebody else to answer.
refused-not-the-host = Only the host says where. The host can hand that on with *Swap host*.
refused-not-the-proposer = Only who proposed this evening can move it or call it off. If its time does not suit you, *Can't make it* takes out you alone.
refused-yourself = That is yourself: you meet daily.
refused-bot = A bot cannot come along.
refused-no-such-city = No such city is in the list. Try a larger one nearby.
refused-lives-there = That is where you live, and no trip takes you away on these days. Nothing has been changed.
refused-no-home = Tell first where you live: `/meet profile city:`. Only then it is known whom a trip brings near. Nothing has been changed.
refused-too-many-trips = That would be more than 25 trips. Take some back, or tell longer ones. Nothing has been changed.
refused-no-trip = A trip needs both a city and days: `/meet trip city:Berlin days:3-6 Dec`. Nothing has been changed.
refused-no-such-date = Write a day within the next year, such as 2026-12-24.
refused-everyone-is-no-city = Everybody has that role, so it can't stand for a city.
refused-no-word = Write a word or two.
refused-no-other-poll = There can't be another poll for this one, so its time stays. *Move it* proposes one other time to the others; *Call it off* ends it for all.
refused-no-other-time = There can't be another time for this one, so its time stays. If it doesn't suit you, *Can't make it* takes out you; *Call it off* ends it for all.
refused-not-again = There can't be another poll of you from here now. `/meet with` is another way.
refused-no-times = No times could be found. Tell when you are free with `/meet profile`.
refused-no-such-place = Name it in 1 to 100 characters. Where you meet by call, a link may have 300.
refused-one-open-evening = One open evening at a time: yours is still being voted on.
refused-no-such-cadence = Rounds cannot be held as often as that. Write for example: weekly mon 18
refused-not-ripe = Names come with the rounds, and none could be held yet.
refused-no-such-time = I cannot read a day and a time in that. Write for example 2026-12-24 and 19:30.
refused-too-soon = That is too soon: a time must lie at least a day after the poll's end.
refused-too-far = That is too far away: at most 60 days from now.
refused-at-night = That reaches into the night of one of you (22:00 to 8:00 where they live). Propose another time.
refused-there-already = That time is in the poll already.
refused-no-meetup = You are in no meetup that is still to come; `/meet upcoming` shows yours.
refused-no-such-listed-place = Name it in 1 to 80 characters.
refused-too-many-places = There are as many places as the list holds: 25 in a city, 500 in all. `/places remove` makes room.
refused-not-listed = That place is not on the list. Pick one that is proposed while you type.
refused-no-more-places = Five places stand to choose already. Choose one of them.
refused-no-feeds = Wallflower has no web server here, so there is no address to subscribe to. The file under each announcement puts a meetup into your calendar all the same.
refused-too-few-seats = An evening cannot need more people than it has seats. Give more seats, or let fewer be enough.
refused-no-more-times = No more times can be added to this poll.
went-wrong = That went wrong on our side. If it happens again, tell an admin this number: { $id }
went-wrong-badly = That went wrong on our side. Nothing else is harmed; please try again.
command-has-changed = This command has changed. Please type it anew, and pick each option from the list.
old-button = This button is from an older version of Wallflower. `/meet upcoming` shows what is open.
yes = yes
no = no
and-more = … and { $count } more.

## Joining, pausing, leaving

joined-now =
    You are in. Nobody sees that, except those who are suggested to you.
    Wallflower counts who answers whom and when, from now on and once for the last weeks, and from now on who spends time with whom in voice channels and threads; never the words. Below you may tell where and when you like to meet; all of it is optional, and `/meet profile` shows it again. `/meet leave` ends it and erases what was counted.
joined-already = You are in already. Below you may change how you like to meet.
paused = You rest until { $until }, and nobody is told. `/meet pause` again brings you back sooner.
pause-ended = Welcome back: you take part again.
pause-over = back now
pause-week = for a week
pause-two-weeks = for two weeks
pause-month = for a month
pause-three-months = for three months
left = You are out, and what was counted of you is erased. Your own history stays until you say `/privacy forget`. `/meet join` counts you in again.

## Profile

profile =
    {"**"}City:** { $city }
    {"**"}Free:** { $times }
    {"**"}Meeting:** { $venue }
    {"**"}Suggestions reach you:** { $asks }
    {"**"}Your name in the channel beside another's:** { $named }
    {"**"}Open to people you have not talked with:** { $open }
profile-no-city = not told
times-any = any time
times-none = never
times-block =
    { $block ->
        [weekday-morning] weekday mornings
        [weekday-lunch] weekday lunchtimes
        [weekday-afternoon] weekday afternoons
        [weekday-evening] weekday evenings
        [weekend-morning] weekend mornings
        [weekend-lunch] weekend lunchtimes
        [weekend-afternoon] weekend afternoons
       *[weekend-evening] weekend evenings
    }
venue-in-person = in person
venue-call = by call
venue-either = in person or by call
door-direct = by direct message
door-mention = by a mention in the channel that says only that there is something
door-look = only when you look
button-city = My city
select-times = When you are usually free
select-venue = In person or by call
select-door = How suggestions reach you
select-city = Choose your city
city-title = Where do you live?
city-label = City
city-this = Is it this one? *My city* asks again.
city-which = Which of these is it? *My city* asks again.
city-which-of-many = Which of these is it? There may be more: *My city* asks again, and with a region or country it finds fewer ("springfield, illinois").
city-none = No city called "{ $typed }" is in the list, which holds those of 15,000 people or more. Try a larger one nearby, another of its names (Wien and Vienna are the same), or only its first letters. Accents and capitals make no difference.

## Wishes

who = You talk most with:
who-line = - { $name }: { $reasons }
who-ending = Would you like to meet? Only you see this; `/meet with` says so in private.
who-nobody = Nobody to name yet. Talk on: this looks only at people who are in, and whom you have not met.
wish-noted = Noted, for your eyes only. If it fits, both of you are asked, each alone, with one of the next rounds.
wish-too-many = Three wishes are open already. Each ends by itself after five weeks.
wish-not-again = You have wished for that within the last 90 days. Once in 90 days is enough.
avoided = You two will not be suggested to each other. Nobody is told.

## What lies ahead, and behind

mine-nothing = Nothing is waiting for you, and nothing is planned.
mine-poll = A time with { $others } is being found in { $room }.
mine-room-soon = a thread that opens soon
call-off-title = Call this meetup off?
call-off-label = A reason if you like; all of you read it
place-title = Where do you meet?
place-label = A public place
place-title-call = Where do you talk?
place-label-call = A voice channel here, or a link of yours
ack-yes = ✓ Noted: you would like that. You hear when it comes together, or that it didn't.
ack-not-now = ✓ Noted: not now. Nobody is told.
ack-known = ✓ Noted: you know each other.
ack-report-told = ✓ The moderators are told, nobody else.
ack-report-kept = ✓ Your report is kept, and nobody reads it yet: no moderators' channel is set here. Please speak to an admin of this server. It is told as soon as there is a channel.
ack-report-apart = You will not be suggested to each other again.
ack-report-open = Of an evening with many it is not known who is meant, so it keeps nobody apart: `/meet avoid` does.
ack-host = ✓ Somebody else leads now.
ack-place = ✓ Thank you. The place is told where the meetup lives.
ack-off = ✓ It is called off. Everybody concerned reads it where the meetup lives.
ack-offered = ✓ The others are asked about { $time }. Until it suits them all, the time stays as it is.
ack-late = ✓ The others are told that you are on your way.
feed-address =
    Your meetups, to subscribe to in your calendar: <{ $address }>
    Whoever has this address reads them: keep it to yourself. It is shown only once. `/meet calendar` again makes another and ends this one; `/meet calendar revoke:True` ends it.
feed-revoked = ✓ The address is worth nothing any more.
feed-none = There was no address.
ack-going = ✓ You are in. Should plans change, *Can't make it* gives your seat on.
ack-waiting = ✓ All seats are taken. You are number { $place } on the waiting list, and are asked as soon as one comes free.
ack-maybe = ✓ Noted: maybe. *Going* says for sure; it keeps no seat until then.
ack-cannot = ✓ Noted: you can't make it.
ack-another-time = ✓ Another time is being looked for.
ack-check-in = ✓ Thank you. Nobody is shown what you answered.
ack-met-picture = If you took a picture and all of you like it, { $room } is a place for it.
ack-met-again = Would you meet again? Nobody hears what you say here, unless all of you would.
ack-again = ✓ Noted. Only if all of you would meet again do you all hear of it.
ack-word = ✓ Noted. When it is settled that you met, the others read your draft in your thread. Only if it is fine with each of you is it posted, without names.
ack-word-is-fine = ✓ Noted. Nobody is shown what you said.
word-title = A word for the channel
word-label = How was it? Without names, please.
ack-go-on = ✓ The poll is on its way to your thread.
ack-noted = ✓ Noted.
history-heading = **Whom you have met**
history-empty = No meetup yet. It begins with talking.
opened = An open evening is proposed. Its poll appears in the channel, with your name. Once it has a time, `/meet upcoming` lets you move it.
opened-in = An open evening in { $city } is proposed. Its poll appears in the channel, with your name. Once it has a time, `/meet upcoming` lets you move it.

## When somebody can't meet

busy-heading = **When you can't meet**, beside your usual week (`/meet profile`). Only you see it; no time is offered then.
busy-no-days = **Not on:** no day so far. `/meet busy` takes some: 24-26 Dec, 2027-01-02
busy-days = **Not on:** { $days }
busy-day = { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year }
busy-span = { $first } to { $last }
busy-unreadable = I cannot read days in "{ $typed }". Write for example: 24-26 Dec, 2027-01-02. Nothing has been changed.
busy-backwards = "{ $typed }" ends before it begins. Write the earlier day first. Nothing has been changed.
busy-over = "{ $typed }" is over. Write days to come. Nothing has been changed.
busy-too-far = "{ $typed }" is more than a year away. Write it when it is nearer. Nothing has been changed.
busy-no-calendar = **Your calendar:** none. `/meet busy` takes one as an .ics file; of it only the times are kept at which you are busy in the next half year.
busy-calendar = **Your calendar:** { $count ->
        [one] one stretch of time
       *[other] { $count } stretches of time
    } at which you are busy, the last one on { $until }. A newer file replaces it.
trips-heading = **Your trips.** Only you see them. Rounds suggest whom you talk with and come near, and a poll then offers those days: tell a trip some two weeks ahead. It counts with those who have told their city. Whom you meet so is told, once all have said yes, that a trip brings you near each other; your free times, and the days of an evening that you propose there, let others guess more.
trips-none = No trip so far. `/meet trip` takes a city and days: 3-6 Dec
trips-line = - **{ $city }:** { $days }
select-trips-back = I'm not going after all
button-calendar-back = Forget my calendar
calendar-broken = This file cannot be read: line { $line } { $why }. Nothing has been changed.
calendar-not-begun = stands outside of a calendar, which begins with BEGIN:VCALENDAR: is it an .ics file
calendar-not-a-line = has no colon between a name and a value
calendar-not-ended = begins or ends what has no other end: the file may have been cut off
calendar-no-start = begins an event without DTSTART
calendar-not-a-time = holds no date or time that I can read
calendar-backwards = lets an event end before it begins
calendar-unknown-zone = names a time zone that I do not know
calendar-not-a-rule = holds a rule of repetition that I cannot follow
calendar-too-often = repeats so often that nothing would be free
calendar-too-many = begins one event too many
calendar-too-large = This file is too large: at most one mebibyte. Export fewer years. Nothing has been changed.
calendar-too-full = This calendar is busy too often for me to keep it all. Export a smaller one. Nothing has been changed.
calendar-unreadable = This file cannot be read. Nothing has been changed.
calendar-not-fetched = I could not get this file from Discord. Please hand it over again. Nothing has been changed.
select-days-back = I can on these after all

## Places

places-added = { $place } in { $city } is on the list. It has to be a public place: it is offered to people who have never met.
places-already = { $place } in { $city } is on the list already.
places-role = { $role } stands for { $city }: whoever has it when joining lives there, until they say otherwise with `/meet profile`. Nothing changes for who is in already.
places-role-none = { $role } stands for no city any more.
places-roles = **Roles** that stand for cities
places-removed = { $place } in { $city } is off the list. A meetup that has chosen it keeps it.
places-none = No places are listed. `/places add` takes public ones, by city; they are offered to meetups there.
places-heading = **Places** (public ones) that are offered to meetups
reminders-both = From now on meetups are reminded of a day and two hours before.
reminders-day = From now on meetups are reminded of a day before.
reminders-soon = From now on meetups are reminded of two hours before.
reminders-none = From now on no meetup is reminded of. Who hosts one has to think of the place alone.
place-by-host = From now on the host of a meetup says where; the others may propose places. A meetup that has its time keeps its way.
place-by-vote = From now on all who come to a meetup choose where: as soon as each has chosen, at the latest a day before. A meetup that has its time keeps its way.
place-how-host = **Where?** A public place, please. Each of you may choose or propose one; the host's choice is the one that counts.
place-how-vote = **Where?** A public place, please. Each of you may choose or propose one; it is settled once all have chosen, at the latest a day before.
place-fair = The fairest city for you all is { $city }: nobody has to come from further than about { $far } km.
place-so-far = So far it is: { $place }
place-line = - { $place } — { $count ->
        [0] nobody yet
       *[other] { $count }
    }
place-new-title = Which place would you propose?
button-new-place = Propose a place
select-place = Choose a place

## When the people of a meetup could meet

heat = How many of you { $people } are free at the same time, in the next two weeks. Most: { $best }.
heat-none = In the next two weeks no two of you are free at the same time, as far as each has told. `/meet profile` and `/meet busy` change what is told of you.
heat-best =
    { $weekday ->
        [mon] Monday
        [tue] Tuesday
        [wed] Wednesday
        [thu] Thursday
        [fri] Friday
        [sat] Saturday
       *[sun] Sunday
    } { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }, { $part ->
        [morning] morning
        [lunch] lunchtime
        [afternoon] afternoon
       *[evening] evening
    } ({ $free })
heat-weekday = { $weekday ->
        [mon] Mon
        [tue] Tue
        [wed] Wed
        [thu] Thu
        [fri] Fri
        [sat] Sat
       *[sun] Sun
    }
heat-month = { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    }
heat-morning = Morning
heat-lunch = Lunch
heat-afternoon = Afternoon
heat-evening = Evening
heat-foot = Free at once, of { $people }. Times of { $zone }

## One's own ballot

ballot-title = **Your votes.** The others see numbers only.
ballot-line = { $emoji } { $time } — { $fit ->
        [yes] **yes**
        [if-need-be] *if need be*
       *[no] no
    }
ballot-none = None of these suits you.
ballot-zone = The times in the lists below are those of { $zone }.
select-suits = These suit me
select-if-need-be = These if need be
button-none-of-these = None of these
propose-title = Which time would suit you?
propose-day = Day, such as 2026-12-24 or 24.12.
propose-time = Time where you are then, such as 19:30
proposed = ✓ { $time } is in the poll now, with your yes.
proposed-react = ✓ { $time } is in the poll now. React to it like to the others.
clock-time =
    { $weekday ->
        [mon] Monday
        [tue] Tuesday
        [wed] Wednesday
        [thu] Thursday
        [fri] Friday
        [sat] Saturday
       *[sun] Sunday
    } { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }, { $time }

## Privacy

privacy-nothing = Nothing is kept of you.
privacy-heading = **What is kept of you** (never a word that you wrote)
privacy-line =
    - **{ $community }:** your profile; { $ties ->
        [one] one week's tie
       *[other] { $ties } weeks' ties
    } with those you were asked about (who answered whom, how often; with others too, but that would tell you who is in); { $avoids ->
        [one] one person
       *[other] { $avoids } people
    } you avoid; { $wishes ->
        [one] one wish
       *[other] { $wishes } wishes
    }; { $meetups ->
        [one] one meetup
       *[other] { $meetups } meetups
    }, of which { $met } happened
privacy-ending = `/privacy export` gives it to you as a file, `/privacy forget` erases it at once.
privacy-export = Here is all that is kept of you. The file explains its parts; only you see it.
privacy-export-packed = Here is all that is kept of you, packed with gzip because it is large. Unpacked it is JSON that explains its parts; only you see it.
privacy-export-pieces = Here is all that is kept of you, packed with gzip and cut into { $count } files, because it is too large for one. Save them in one folder; `cat { $file }.gz.* | gunzip > { $file }` puts them together. Only you see them.
privacy-forgotten =
    { $count ->
        [one] Erased, all of it. Nothing is kept of you in this community.
       *[other] Erased, all of it, in { $count } communities.
    }

## For admins

setup-missing = Before I can work in { $channel } I need there: { $names }. Allow that for my role in the channel's settings, then run this again. Nothing has been changed.
setup-moderators-in-public = Everybody can read { $channel }. Reports name people, so they need a channel that is hidden from @everyone. Hide it, or name another one, and run this again. Nothing has been changed.
reset-role = Everybody may join now: no role is required any more.
reset-moderators = Reports are kept now, and nobody reads them. `/wallflower setup` names a channel for them again.
setup-no-zone = "{ $zone }" is no time zone that I know. Pick one from the list, such as Europe/Amsterdam. Nothing has been changed.
setup-done =
    Wallflower is set up: it speaks in { $channel }, times are those of { $zone }.
    Rounds: { $cadence }. The next one: { $next }.
    An invitation with *Count me in* appears in the channel. `/nudge` changes how often and how; `/wallflower channels` what is counted.
rounds-paused = paused
rounds-never = never
status =
    {"**"}Channel:** { $channel } · **Zone:** { $zone } · **Moderators:** { $moderators }
    {"**"}Rounds:** { $cadence } · **Next:** { $next } · **Suggests:** { $size }
    {"**"}Style:** { $style } · **Polls:** by { $ballot } · **Suggestions per member in 30 days:** at most { $asks } · **Days ahead:** at least { $lead }
    {"**"}Talk counts half after:** { $fading ->
        [one] one day
       *[other] { $fading } days
    }
status-no-moderators = no channel (reports are kept, and nobody reads them: `/wallflower setup` names one)
status-last =
    { $count ->
        [0] The last round suggested nobody.
        [one] The last round made one suggestion.
       *[other] The last round made { $count } suggestions.
    }
status-past =
    Reading the past of { $members ->
        [one] one new member
       *[other] { $members } new members
    }: { $done } of { $channels } channels.
status-past-waiting =
    The past of { $members ->
        [one] one new member
       *[other] { $members } new members
    } is still to be read.
status-skipped =
    { $count ->
        [one] One channel is
       *[other] { $count } channels are
    } not counted in full, since I lack *View Channel* or *Read Message History* there: { $channels }.
ballot-reactions = reactions
ballot-buttons = buttons
ballot-native = Discord's own poll
status-unsaid = **What could not be said:**
style-discreet = discreet
style-open = open
outlook-too-few = Members: { $members } of { $needed }. With fewer than { $needed }, a suggestion would give away who is in.
outlook-no-ties =
    { $members ->
        [one] One member
       *[other] { $members } members
    }, and no two of them have answered each other yet.
outlook =
    { $members } members, { $ties ->
        [one] one tie
       *[other] { $ties } ties
    }. A round held now would make { $suggested ->
        [0] no suggestion
        [one] one suggestion
       *[other] { $suggested } suggestions
    }.
outlook-as-of = -# Seen as at the last round: whoever was kept out, rested, avoided or wished since then shows with the next one.
held-paused = { $count ->
        [one] one member rests
       *[other] { $count } members rest
    }
held-excluded = { $count ->
        [one] one person is kept out, in or not
       *[other] { $count } people are kept out, in or not
    }
held-busy = { $count ->
        [one] one member has an open meetup
       *[other] { $count } members have an open meetup
    }
held-role-missing = { $count ->
        [one] one member does not have the required role any more
       *[other] { $count } members do not have the required role any more
    }
held-ask-limit = { $count ->
        [one] one member has had as many suggestions as you allow in 30 days
       *[other] { $count } members have had as many suggestions as you allow in 30 days
    }
held-apart = { $count ->
        [one] one pair has met or knows each other, was suggested before, or is kept apart at a member's wish
       *[other] { $count } pairs have met or know each other, were suggested before, or are kept apart at a member's wish
    }
held-no-common-venue = { $count ->
        [one] one pair has no way to meet: one wants a table, the other a call
       *[other] { $count } pairs have no way to meet: one wants a table, the other a call
    }
held-not-named = { $count ->
        [one] one pair would not both be named in the channel (style open)
       *[other] { $count } pairs would not both be named in the channel (style open)
    }
held-other-partners = { $count ->
        [one] for one pair, better company was found
       *[other] for { $count } pairs, better company was found
    }
held-next-time = { $count ->
        [one] one suggestion waits for the next round
       *[other] { $count } suggestions wait for the next round
    }
invented-names = Ada, Blaise, Cleo, Dion, Elif, Fritz, Gaia, Hugo, Isis, Jago, Kaia, Levi
preview-suggestion = {"**"}{ $people }:**{ $reasons }{ $talk }
preview-ending = The names are invented, the numbers are real, and those of talk only: what people said of themselves and of each other weighs too, and is theirs. Nobody has been asked anything.
round-held =
    { $count ->
        [0] The round is held; nobody was suggested.
        [one] The round is held; it made one suggestion.
       *[other] The round is held; it made { $count } suggestions.
    }
round-by-another = A round was held this very moment.
frequency-set = Rounds: { $cadence }. The next one: { $next }.
size-set = From now on a round suggests { $size }. What is open goes on as it is.
size-pairs = pairs
size-tables = tables of { $least }
size-tables-between = tables of { $least } to { $most }
lead-set = From now on a poll offers times from { $days } days ahead.
limit-set =
    { $count ->
        [0] No member is asked any more.
        [one] A member is asked at most once in 30 days.
       *[other] A member is asked at most { $count } times in 30 days.
    }
fading-set =
    { $days ->
        [one] From now on talk counts half after one day: whoever talks this week comes first.
       *[other] From now on talk counts half after { $days } days. What is older than 26 weeks is erased all the same.
    }
ballot-set-reactions = From now on people vote by reactions under the poll. A poll that runs keeps its way.
ballot-set-native = From now on people vote in polls of Discord's own. A poll that runs keeps its way.
ballot-set-buttons = From now on people vote on a ballot of their own that a button opens, with "if need be" besides yes. A poll that runs keeps its way.
style-set-discreet = From now on each is asked alone, and nothing is shown before they have said yes.
style-set-open = From now on those who are suggested to each other are named in the channel, where they allow it (`/meet profile named`). All others are left out.
nudges-paused = No rounds until you say so: `/nudge pause resume:True`. What is open goes on.
nudges-resumed = Rounds go on. The next one: { $next }.
excluded = They are kept out of all suggestions. They are not told.
let-in = They may be suggested again, if they are in.
channels-heading = Channels are counted, age-restricted ones not, unless it says otherwise here. Threads follow their channel, and a channel without a line of its own follows its category.
channel-watched = counted
channel-ignored = left alone
