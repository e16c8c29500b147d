# What notices say: asks, rooms, polls, reminders, check-ins. In Discord's markdown.

## Buttons (at most 80 characters)

button-see-mine = See mine
button-count-me-in = Count me in
button-yes = I'd like that
button-not-now = Not now
button-known = We know each other
button-known-all = We all know each other
button-avoid = Rather not with this person
button-report = Report
button-vote = Vote
button-propose = Propose a time
button-times = When can we?
button-where = Where is it?
button-places = Places
button-host = Swap host
button-another-time = Another time
button-late = Running late
button-move = Move it
button-works = That works
button-keep = Keep the time
button-call-off = Call it off
button-cannot = Can't make it
button-going = Going
button-maybe = Maybe
button-gladly = Gladly
button-once = Once was good
button-find-a-time = Find a time
button-try-again = Try again
button-word = A word for the channel
button-word-fine = Fine with me
button-word-rather-not = Rather not
button-we-met = We met
button-did-not-happen = It didn't happen
button-was-alone = I was there alone
button-not-right = Something was not right

## People

people-two = { $one } and { $other }
people-more = { $first } and { $last }
people-many = { $first } and { $count } more
someone = someone

## At the door: what a lock screen shows names nobody

door-question = There is a question for you from { $community }.
door-news = There is news for you from { $community }.
door-called = { $member } there is something for you.
doorbell =
    A new round has begun. Perhaps there is something for you: *See mine* shows it to you alone.
    Not in yet? *Count me in* is one click, and says that you are 18 or older.

## The invitation (at most 60 words)

invitation-title = Shall we meet?
invitation =
    Wallflower suggests that people who talk here meet. *Count me in* says that you are 18 or older. It then counts who answers whom or shares voice channels and threads, and when (messages of the last weeks too, once); never the words. Nobody sees that you joined, except those suggested to you. `/meet leave` ends it and erases the counts.

## After joining

welcome = You are in at { $community }. Welcome!
welcome-title = How this works
welcome-body =
    Wallflower counts who answers whom and when (of the last weeks too, once), and who spends time with whom in voice channels and threads; never the words, and only between people who are in. Now and then it asks you, alone, whether you would like to meet somebody you talk with. A yes is told once it comes together, a no to nobody.
    City, times and how I may reach you: `/meet profile`. A rest: `/meet pause`.
    `/meet leave` ends it, and `/privacy` shows, exports or erases what is known about you. Both work at once.

## The ask

ask-title = Would you like to meet?
ask-body = { $count ->
        [2] You and { $others } talk with each other here at { $community }. Would you like to meet, the two of you?
       *[other] You, { $others } talk here at { $community }, each with some of the others. Would you like to meet at one table, all { $count } of you?
    }
ask-why = { $count ->
        [2] **Why you two:** { $reasons }.
       *[other] **Why you:** { $reasons }.
    }
ask-quiet = { $count ->
        [2] Only you see this. Nobody learns what you answer before you both said yes, { $others } neither.
       *[other] Only you see this. Each of you is asked alone. Those who would like to meet do, once all said yes or else at the deadline; what the others answered, or whether they did, nobody learns.
    }
ask-one-of-them = Rather not with one of them? `/meet avoid` says so: then it is not this table for you, nor another one with them, and nobody is told.
ask-until = You have until { $deadline }. No answer is fine too, and means "not now".
open-ask-title = { $count ->
        [2] Would you two like to meet?
       *[other] Would you like to meet, all { $count } of you?
    }
open-ask-body = { $people } talk with each other a lot.
open-ask-quiet = { $count ->
        [2] A click is seen by nobody. If both would like it, the poll for a time comes here, before { $deadline }.
       *[other] A click is seen by nobody. For those who would like it the poll for a time comes here: as soon as all said yes, or else { $deadline }.
    }

## What did not come together

did-not-come-together-title = { $count ->
        [one] This one didn't come together
       *[other] { $count } of them didn't come together
    }
did-not-come-together-body = That happens, and it says nothing about you. Thank you for saying yes. There will be other rounds.
not-this-time-title = Not this time
not-this-time-no-time = No time suited everybody. That is calendars, not people. Talk on as before, and there will be other rounds.
not-this-time-reason = A word about it: { $reason }
not-this-time-few = Too few can come, so this evening won't take place. That is calendars, not people. The next idea may find more.
not-this-time-cannot = This meetup won't take place: plans changed. That happens to everybody. Talk on as before, and there will be other rounds.

## The room

room-name = A table for { $count } · { $mark }
room-readers = -# Who can read this: the people in this thread, and moderators of this server (whoever may manage threads). Nobody else.
room-why =
    { $people }, you { $count ->
        [2] both
       *[other] all
    } said that you would like to meet. Say hello!
room-reasons = Why you: { $reasons }.
evening-thread = Open evening
evening-opening = Here is room to talk about the evening above: who brings whom, how to get there. Whoever reads the channel reads this.
room-icebreaker = Something to begin with, if you like: *{ $question }*
icebreakers =
    What did you do last weekend that you would do again?
    Which place in your city would you show a visitor first?
    What are you learning at the moment, or would like to?
    Which book, film or game would you like to forget, to meet it anew?
    What was the best thing that you ate this month?
    Which small thing makes an ordinary day a good one?
    What did you want to become when you were ten?
    Which hobby would you take up if you had a free year?
    What is the furthest you have ever walked in one day?
    Which song can you listen to at any time?
    What do you know a lot about that few people ask you?
    Early bird or night owl, and has it always been so?
    Which skill of a friend do you envy a little?
    What is the most useful thing that you own and that costs less than a lunch?
    Which season are you made for?
    What was your first job, paid or not?
    Which smell takes you back to childhood?
    What have you changed your mind about lately?
    Which meal do you cook when somebody comes?
    What brought you to this server?
room-next = Below comes a poll for the time. This is your place until then, and until you have met.

## The poll

poll-title = When could you meet?
poll-title-call = When could you talk? It is to be a call.
poll-open-title = { $host } proposes an evening in { $city }. When could you come?
poll-open-title-anywhere = { $host } proposes an evening together. When could you come?
poll-how = React to every time that you can make. Times are shown in your own time zone.
poll-how-buttons = *Vote* opens your own ballot: yes, if need be, or no to each time. Times are shown in your own time zone.
poll-how-native = Choose every time that you can make in the poll below. In your own time zone they are:
poll-second = The first times did not work out, so here are others. It is the second and last poll.
poll-no-common-time = No time suited all of you, so here are others. It is the second and last poll.
poll-asked = Another time was asked for, so here are others. It is the second and last poll.
poll-slot = { $emoji } { $time } — { $count } can
poll-slot-if-need-be = { $emoji } { $time } — { $count } can, { $reluctant } if need be
poll-native-question = Which of these times can you make? Clocks are those of { $zone }.
poll-native-slot = { $number }. { $time }
poll-native-none = None of these
poll-by-a-trip = A trip brings you near each other then, so only those days are offered.
poll-none-of-these = { $emoji } none of these — { $count }
poll-silent = Still to vote: { $people }
poll-turnout = { $voted } of { $all } have voted.
poll-reminder = A vote is still missing in the poll above. It closes { $deadline }.
poll-limits-most = There is room for { $most }.
poll-limits-least = It takes place if at least { $least } come.
poll-closes = Closes { $deadline }, or earlier once a time suits all.
poll-open-closes = Closes { $deadline }. Reactions of members count: not in yet? *Count me in* says that you are 18 or older.
poll-open-closes-buttons = Closes { $deadline }. Votes of members count: not in yet? *Count me in* says that you are 18 or older.
poll-closed = This poll is closed.
poll-closed-agreed = This poll is closed. It is { $time }.

## The appointment

it-is-on = **It's on!** { $time }
appointment-title = Your meetup
appointment-when = **When:** { $time } ({ $relative }), { $minutes } minutes
appointment-where = **Where:** { $place }
appointment-no-place = **Where:** { $host } says so soon: a public place, please. (*Where is it?*)
appointment-no-place-call = **Where:** by call: a voice channel here, or a link that { $host } gives. Wallflower makes none. (*Where is it?*)
appointment-no-host-call = **Where:** by call: a voice channel here, or a link of yours. Wallflower makes none.
appointment-no-host = **Where:** not said yet. A public place, please.
appointment-host = **Host:** { $host }
appointment-who = **Who:** { $people }
appointment-coming = **Who:** { $count ->
        [one] one person
       *[other] { $count } people
    } so far
appointment-seats = **Who:** { $count } of { $most } seats are taken
appointment-waiting = { $count ->
        [one] one person waits
       *[other] { $count } people wait
    }
appointment-maybe = { $count ->
        [one] one might come
       *[other] { $count } might come
    }
appointment-needs = It takes place if at least { $least } come; that is decided the day before.
appointment-rsvp = Everybody who is in may come: *Going*. Not in yet? `/meet join`.
own-waiting = You are number { $place } on the waiting list.
own-offered = A seat is kept for you until { $until }: *Going* takes it.
own-maybe = You might come.
seat-free = A seat has come free at the open evening on { $time }. It is kept for you until { $until }; then the next one is asked.
appointment-file = The file puts it into your calendar.
reminder-day = You meet { $relative }: { $time }.
reminder-soon = You meet { $relative }. Have a good time!
reminder-place = { $host }, where will it be? A public place, please. (*Where is it?*)
reminder-place-call = { $host }, where will it be? A voice channel here, or a link of yours. (*Where is it?*)
reminder-where = Where: { $place }
time-offered = Another time is proposed: { $new }, in place of { $old }. It moves once that works for all of you; without a word by { $until }, the time stays.
offer-settled = That is settled. It is { $time }.
offer-closed = That is settled.
running-late = { $people }: running late, and on the way.
running-late-nameless = Somebody who comes is running late, and on the way.
place-named = The place is named. Where: { $place }
calendar-dropped = This meetup does not take place.
calendar-summary = Meetup ({ $community })
calendar-by-call = By call
calendar-description = Suggested by Wallflower. Changes are told on Discord, where the poll was.

## The community's list of events

event-name = Open evening in { $city }
event-name-anywhere = Open evening
event-no-place = The place comes soon
event-body = An evening together, proposed by a member. Everybody is welcome: see { $channel }.

## The check-in

check-in-title = Did you meet?
check-in-body = You were to meet { $others } on { $day }. What you answer is shown to nobody else.
check-in-body-open = There was an evening together on { $day }. What you answer is shown to nobody else.

check-in-once-more = No word is fine too: I don't ask again.
# In the thread, once each of them has said that they would meet again.
meet-again = Each of you told me that you would meet again. A poll on a time is one click away, now or whenever you like.
meet-again-rhythm = Three weeks since you met, and each of you would again. Time for the next one?
# In the thread: a draft, which nobody else has read.
word-drafted = One of you has a word for the channel: “{ $word }” It is posted there without your names, and only if it is fine with each of you. What you say is shown to nobody; without a word from you it stays here.
# In the channel, without names.
word = A word from { $count } people who met: “{ $word }”
# In the thread, where it did not happen. No blame, no names.
try-again = It did not happen this time, and there is no shame in that. If you like, find another time.
# In the channel, once a month at most.
held-lately = { $count ->
    [one] One meetup happened
   *[other] { $count } meetups happened
} here in the last month: people who write to each other sat at one table. Would you like to be one of them?
check-in-waits = How was it? *See mine* asks you alone, and shows nobody what you answer.

## To the moderators

report-title = A report
report-body = { $reporter } reports something about { $others }, in a meetup that Wallflower suggested.
report-body-open = { $reporter } reports something about an open evening: { $evening }.
report-done = Wallflower has stopped everything between them and will not suggest them to each other again. Nobody else was told, { $others } neither.
report-done-open = Of an evening with many it is not known who is meant, so Wallflower keeps nobody apart. Nobody else was told.
report-do = Please write to { $reporter } first and ask what happened. Until then, do not mention the report to anybody else. What follows from it is yours to decide, by the rules of this server.

## What admins read where something could not be said

cannot-write = Wallflower cannot write in { $channel }: it needs "View Channel", "Send Messages", "Embed Links" and "Attach Files" there, in threads "Send Messages in Threads".
cannot-react = Wallflower cannot put reactions under a poll in { $channel }: it needs "Add Reactions" and "Read Message History" there.
cannot-read = Wallflower cannot read what stands in { $channel }: it needs "View Channel" and "Read Message History" there.
cannot-open-thread = Wallflower cannot open a private thread in { $channel }: it needs "Create Private Threads" and "Send Messages in Threads" there.
cannot-open-public-thread = Wallflower cannot open a thread under an announcement in { $channel }: it needs "Create Public Threads" and "Send Messages in Threads" there.
cannot-add-to-thread = Wallflower cannot bring people into a thread of { $channel }: it needs "Send Messages in Threads" there, and they must be able to see the channel.
cannot-publish = Wallflower cannot change the list of events: it needs "Create Events".
cannot-write-directly = Wallflower cannot write a direct message.
