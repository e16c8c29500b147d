//! What is true after each step, whatever came before. Each truth is a function of its own.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use wallflower::app::messenger::Place;
use wallflower::clock::Clock;
use wallflower::domain::ids::{MeetupId, MessageId, Pair, UserId};
use wallflower::domain::meetup::{Account, CheckIn, Kind, MOST_MESSAGES, Meetup, Participant, SaidBy, Standing, State};
use wallflower::domain::member::{Door, Member, Membership};
use wallflower::domain::notice::Notice;
use wallflower::domain::nudge::next_allowed;

use super::CAST;
use crate::memory::Post;
use crate::tables::tables_naming;
use crate::village::{BYSTANDER, CHANNEL, HOME, PEOPLE, Village};

/// A seat that is free for less than this before it begins is kept for nobody.
const TOO_SHORT_TO_KEEP: Duration = Duration::minutes(2);

/// All that there is, as it is now.
pub struct View {
    pub now: DateTime<Utc>,
    pub meetups: BTreeMap<MeetupId, Meetup>,
    members: BTreeMap<UserId, Member>,
}

/// Whoever looks on from the beginning to the end.
pub struct Witness {
    pub before: View,
    /// The latest message that was looked at.
    read: Option<MessageId>,
    /// How often there was reason to say what may be said again.
    reasons: BTreeMap<Saying, usize>,
    /// Those who have erased themselves, and not joined again.
    erased: BTreeSet<UserId>,
    somebody_was_erased: bool,
    /// Who would rather not meet whom.
    pub apart: BTreeSet<(UserId, UserId)>,
    /// What has been seen at least once.
    pub seen: BTreeSet<&'static str>,
}

/// What is said once: of a notice, a meetup, whom it is to, and for a reminder of what time.
type Saying = (String, Option<MeetupId>, Option<UserId>, Option<DateTime<Utc>>);

impl View {
    /// `known` are meetups that may have lost all their people since.
    async fn of(village: &Village, known: impl IntoIterator<Item = &MeetupId>) -> Self {
        let (mut meetups, mut members) = (BTreeMap::new(), BTreeMap::new());
        for user in (0..PEOPLE).map(Village::person) {
            meetups.extend(village.meetups_of(user).await.into_iter().map(|meetup| (meetup.id, meetup)));
            members.extend(village.store().member(HOME, user).await.unwrap().map(|member| (user, member)));
        }
        for id in known {
            if !meetups.contains_key(id) {
                meetups.extend(village.store().meetup(*id).await.unwrap().map(|meetup| (*id, meetup)));
            }
        }
        Self { now: village.clock.now(), meetups, members }
    }

    /// The member, where they have not left.
    pub fn member(&self, user: UserId) -> Option<&Member> {
        self.members.get(&user).filter(|member| member.membership != Membership::Left)
    }

    /// Those who have a seat in what is not as it was.
    fn touched_since(&self, before: &Self) -> BTreeSet<UserId> {
        let same = |meetup: &&Meetup| before.meetups.get(&meetup.id) == Some(*meetup);
        let new = self.meetups.values().filter(|meetup| !same(meetup));
        new.flat_map(|meetup| &meetup.participants).map(|one| one.user).collect()
    }

    fn open(&self) -> impl Iterator<Item = &Meetup> {
        self.meetups.values().filter(|meetup| !meetup.is_over())
    }
}

/// Whether this one takes part in what is open, or may still.
fn lives_in(meetup: &Meetup, one: &Participant) -> bool {
    match meetup.state {
        State::Proposed { .. } => one.is_in() || one.standing == Standing::Asked,
        State::Polling { .. } | State::Scheduled { .. } => one.standing.is_open(),
        // Who waited for a seat until then has none.
        _ => one.is_in(),
    }
}

fn users(meetup: &Meetup, which: impl Fn(&Participant) -> bool) -> Vec<UserId> {
    meetup.participants.iter().filter(|one| which(one)).map(|one| one.user).collect()
}

impl Witness {
    pub async fn of(village: &Village) -> Self {
        let reasons = (0..CAST).map(|number| (welcome(Village::person(number)), 1)).collect();
        Self {
            before: View::of(village, []).await,
            read: village.memory.posts().last().map(|post| post.id),
            reasons,
            erased: BTreeSet::new(),
            somebody_was_erased: false,
            apart: BTreeSet::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Looks at all there is, and at what was said since the last look.
    pub async fn looks(&mut self, village: &Village) {
        let view = View::of(village, self.before.meetups.keys()).await;
        one_open_meetup_for_each_suggestion(&view);
        who_would_rather_not_meet_shares_nothing(&self.apart, &view);
        for meetup in view.meetups.values() {
            everybody_has_one_seat(meetup, !self.somebody_was_erased);
            never_more_come_than_there_are_seats(meetup);
            nobody_waits_beside_a_free_seat(meetup, view.now);
            if let Some(before) = self.before.meetups.get(&meetup.id).cloned() {
                the_waiting_list_keeps_its_order(&before, meetup);
                what_is_over_stays_over(&before, meetup);
                self.notes_reasons(&before, meetup);
            }
            self.sees(meetup);
        }
        who_has_left_holds_no_seat(&view);
        for user in view.touched_since(&self.before) {
            everybody_finds_each_meetup_in_one_place(village, &view, user).await;
            only_what_was_held_is_kept_as_met(village, &view, user).await;
        }
        self.before = view;
        self.hears(village);
    }

    /// They have erased themselves. From then on nothing is left of them.
    pub async fn sees_erased(&mut self, village: &Village, user: UserId) {
        self.erased.insert(user);
        self.somebody_was_erased = true;
        self.apart.retain(|(one, _)| *one != user);
        self.nothing_is_left_of_the_erased(village).await;
    }

    async fn nothing_is_left_of_the_erased(&self, village: &Village) {
        for user in &self.erased {
            assert_eq!(tables_naming(village.database(), *user).await, Vec::<String>::new(), "{user} is erased");
        }
    }

    /// What was said since the last look.
    fn hears(&mut self, village: &Village) {
        let posts = village.memory.posts();
        self.nothing_is_said_twice(&posts);
        a_room_hears_little(&posts);
        let new: Vec<&Post> = posts.iter().filter(|post| self.read.is_none_or(|read| read < post.id)).collect();
        for post in &new {
            assert!(post.fresh, "stale: {post:?}");
            nothing_is_said_about_who_is_erased(post, &self.erased);
            nobody_is_told_who_takes_no_part(post, &self.before);
            nobody_left_out_is_told(post, &self.before);
            nobody_else_is_told(village, post, &self.before);
            a_word_is_fine_with_all_of_them(post, &self.before);
        }
        if new.iter().any(|post| post.notice == Notice::Word) {
            self.seen.insert("word");
        }
        self.read = posts.last().map(|post| post.id).max(self.read);
    }

    /// What may be said again is said as often as there is reason to.
    fn notes_reasons(&mut self, before: &Meetup, after: &Meetup) {
        for one in &after.participants {
            let was = before.participant(one.user);
            if one.late && !was.is_some_and(|was| was.late) {
                self.has_reason((format!("{:?}", Notice::RunningLate), Some(after.id), None, None));
            }
            let offered = matches!(one.standing, Standing::Offered { .. });
            if offered && was.is_none_or(|was| was.standing != one.standing) {
                self.has_reason((format!("{:?}", Notice::SeatFree), Some(after.id), Some(one.user), None));
            }
        }
        let moving = |meetup: &Meetup| meetup.appointment().and_then(|on| on.moving);
        if moving(after).is_some() && moving(after) != moving(before) {
            self.has_reason((format!("{:?}", Notice::TimeOffered), Some(after.id), None, None));
        }
    }

    fn has_reason(&mut self, saying: Saying) {
        *self.reasons.entry(saying).or_default() += 1;
    }

    /// They have joined again, and are welcome again.
    pub fn sees_join(&mut self, user: UserId) {
        self.erased.remove(&user);
        self.has_reason(welcome(user));
    }

    /// All else is said once, and the line of a round once a round.
    fn nothing_is_said_twice(&self, posts: &[Post]) {
        let mut said = BTreeMap::<Saying, usize>::new();
        let mut letters = BTreeSet::new();
        for post in posts {
            assert!(letters.insert(post.letter), "sent twice: {post:?}");
            if matches!(post.notice, Notice::Doorbell | Notice::HeldLately { .. } | Notice::OfferSettled) {
                continue;
            }
            let of = post.starts.filter(|_| matches!(post.notice, Notice::Reminder { .. }));
            let saying = (format!("{:?}", post.notice), post.meetup, post.member, of);
            let times = said.entry(saying.clone()).or_default();
            *times += 1;
            let reasons = self.reasons.get(&saying).copied().unwrap_or(1);
            assert!(*times <= reasons, "said {times} times for {reasons} reasons: {post:?}");
        }
    }

    fn sees(&mut self, meetup: &Meetup) {
        self.seen.insert(meetup.state.name());
        if meetup.kind == Kind::OpenEvening && matches!(meetup.state, State::Scheduled { .. }) {
            self.seen.insert("evening");
        }
        if !meetup.waiting_list().is_empty() {
            self.seen.insert("waiting");
        }
        if meetup.waiting_list().len() > 1 {
            self.seen.insert("queue");
        }
        if meetup.participants.iter().any(|one| matches!(one.standing, Standing::Offered { .. })) {
            self.seen.insert("offered");
        }
        if meetup.before != wallflower::domain::meetup::Before::default() {
            self.seen.insert("sequel");
        }
        if !self.erased.is_empty() {
            self.seen.insert("erased");
        }
    }

    /// And once all is over.
    pub async fn looks_back(&mut self, village: &Village) {
        self.looks(village).await;
        self.nothing_is_left_of_the_erased(village).await;
        for user in (0..PEOPLE).map(Village::person) {
            everybody_finds_each_meetup_in_one_place(village, &self.before, user).await;
        }
        let far = self.before.now + Duration::days(10_000);
        assert!(village.store().due_notices(far, None).await.unwrap().is_empty(), "something waits for ever");
        for meetup in self.before.meetups.values() {
            assert!(meetup.is_over(), "{meetup:?}");
        }
        let doorbells = village.memory.posts().iter().filter(|post| post.notice == Notice::Doorbell).count();
        let rounds = village.store().programme(HOME).await.unwrap().unwrap().round;
        assert!(i64::try_from(doorbells).unwrap() <= rounds, "{doorbells} doorbells in {rounds} rounds");
        assert!(tables_naming(village.database(), BYSTANDER).await.is_empty(), "a bystander left a trace");
    }
}

fn welcome(user: UserId) -> Saying {
    (format!("{:?}", Notice::Welcome), None, Some(user), None)
}

/// Whom a round has suggested to each other have one meetup that is open, also after it went on in another.
fn one_open_meetup_for_each_suggestion(view: &View) {
    let mut open = BTreeMap::<Pair, MeetupId>::new();
    for meetup in view.open().filter(|meetup| meetup.kind == Kind::Suggested) {
        let live = users(meetup, |one| lives_in(meetup, one));
        for (index, one) in live.iter().enumerate() {
            for pair in live[index + 1..].iter().filter_map(|other| Pair::new(*one, *other)) {
                let other = open.insert(pair, meetup.id);
                assert_eq!(other, None, "{pair:?} are in two open meetups: {meetup:?}");
            }
        }
    }
}

/// No suggestion holds both, whoever of them said so.
fn who_would_rather_not_meet_shares_nothing(apart: &BTreeSet<(UserId, UserId)>, view: &View) {
    for meetup in view.open().filter(|meetup| meetup.kind == Kind::Suggested) {
        let live = users(meetup, |one| lives_in(meetup, one));
        let both = apart.iter().find(|(one, other)| live.contains(one) && live.contains(other));
        assert_eq!(both, None, "they share {meetup:?}");
    }
}

/// Everybody has one seat, at most one of those who are in leads, and time has something to say to what is open.
fn everybody_has_one_seat(meetup: &Meetup, nobody_is_erased: bool) {
    let all: BTreeSet<_> = meetup.participants.iter().map(|one| one.user).collect();
    assert_eq!(all.len(), meetup.participants.len(), "{meetup:?}");
    assert!(all.len() <= meetup.invited && (all.len() == meetup.invited || !nobody_is_erased), "{meetup:?}");
    assert!(meetup.present().filter(|one| one.host).count() <= 1, "{meetup:?}");
    assert_eq!(meetup.due_at().is_none(), meetup.is_over(), "{meetup:?}");
}

/// Those who have a seat or have one kept for them, once it has a time; before that all may vote.
fn never_more_come_than_there_are_seats(meetup: &Meetup) {
    let Some(most) = meetup.limits.most.filter(|_| meetup.appointment().is_some()) else { return };
    let seated = users(meetup, Participant::holds_a_seat);
    assert!(seated.len() <= usize::from(most), "{seated:?} at {meetup:?}");
}

/// Who can still say that they come has been asked.
fn nobody_waits_beside_a_free_seat(meetup: &Meetup, now: DateTime<Utc>) {
    let (State::Scheduled { on, .. }, Some(most)) = (&meetup.state, meetup.limits.most) else { return };
    let free = users(meetup, Participant::holds_a_seat).len() < usize::from(most);
    let awake = next_allowed(now, Tz::UTC);
    let in_time = on.slot.start() - awake >= TOO_SHORT_TO_KEEP;
    assert!(!free || !in_time || meetup.waiting_list().is_empty(), "a seat is free at {meetup:?}");
}

/// Whoever waits longer is before all who wait less long, and nobody is given a seat before them. All live in one zone, so
/// nobody sleeps through it while another is awake. Another time seats everybody anew, by their votes.
fn the_waiting_list_keeps_its_order(before: &Meetup, after: &Meetup) {
    let slot = |meetup: &Meetup| match &meetup.state {
        State::Scheduled { on, .. } => Some(on.slot),
        _ => None,
    };
    if slot(before).is_none() || slot(before) != slot(after) {
        return;
    }
    let list = |meetup: &Meetup| meetup.waiting_list().iter().map(|one| one.user).collect::<Vec<_>>();
    let (earlier, later) = (list(before), list(after));
    let still: Vec<_> = earlier.iter().copied().filter(|user| later.contains(user)).collect();
    assert!(later.starts_with(&still), "{earlier:?} became {later:?} in {after:?}");
    let seated = |user: &UserId| after.participant(*user).is_some_and(Participant::holds_a_seat);
    let first_still = earlier.iter().position(|user| later.contains(user)).unwrap_or(earlier.len());
    let passed = earlier[first_still..].iter().find(|user| seated(user));
    assert_eq!(passed, None, "passed others: {earlier:?} became {later:?} in {after:?}");
    // And who comes now is behind them, not beside them.
    let came = users(after, |one| one.is_in() && before.participant(one.user).is_none_or(|was| !was.holds_a_seat()));
    assert!(still.is_empty() || came.iter().all(|user| earlier.contains(user)), "{came:?} passed {still:?}");
}

fn what_is_over_stays_over(before: &Meetup, after: &Meetup) {
    // A fizzled evening whose poll arrived late is told its end in the same place.
    assert!(!before.is_over() || before.state.name() == after.state.name(), "{before:?} became {after:?}");
}

/// Who is not a member has no part in what is open. After its time only what they have told, or that they will not, stays.
fn who_has_left_holds_no_seat(view: &View) {
    for meetup in view.open() {
        let is_asked_no_more = |one: &Participant| matches!(one.check_in, CheckIn::Gone | CheckIn::Said(_));
        let stays = |one: &Participant| matches!(meetup.state, State::CheckingIn { .. }) && is_asked_no_more(one);
        let live = users(meetup, |one| lives_in(meetup, one) && !stays(one) && view.member(one.user).is_none());
        assert_eq!(live, [], "not a member any more: {meetup:?}");
    }
}

/// Where somebody who looks finds a meetup of theirs; `None` where there is nothing for them to do.
fn place_of(meetup: &Meetup, one: &Participant) -> Option<&'static str> {
    match &meetup.state {
        State::Proposed { .. } if one.standing == Standing::Asked => {
            (meetup.participants.len() == meetup.invited).then_some("asks")
        }
        State::Polling { .. } if one.is_in() => meetup.introduced.then_some("polls"),
        State::Scheduled { .. } if one.standing.is_open() => Some("upcoming"),
        State::CheckingIn { .. } if one.is_in() => one.check_in.is_unanswered().then_some("check-ins"),
        _ => None,
    }
}

/// One truth for each: whoever is in finds each meetup where its state and their own standing say, and nowhere else. What
/// is over is nowhere, but for the news of it.
async fn everybody_finds_each_meetup_in_one_place(village: &Village, view: &View, user: UserId) {
    if view.member(user).is_none() {
        return;
    }
    let mine = village.app().mine(HOME, user).await.unwrap();
    let mut found = BTreeMap::<MeetupId, Vec<&str>>::new();
    let lists = [
        ("asks", &mine.asks),
        ("polls", &mine.polls),
        ("upcoming", &mine.upcoming),
        ("check-ins", &mine.check_ins),
        ("news", &mine.news),
    ];
    for (name, list) in lists {
        for meetup in list {
            found.entry(meetup.id).or_default().push(name);
        }
    }
    for meetup in view.meetups.values() {
        let Some(one) = meetup.participant(user) else { continue };
        let places = found.remove(&meetup.id).unwrap_or_default();
        let to_be: Vec<_> = place_of(meetup, one).into_iter().collect();
        let is_news = places == ["news"] && to_be.is_empty() && one.news.is_some();
        assert!(is_news || places == to_be, "{user} finds it in {places:?}, not {to_be:?}: {meetup:?}");
    }
    assert!(found.is_empty(), "{user} finds what they have no seat in: {found:?}");
}

/// That two have met is kept of what was held, as they told it; or because they said that they know each other.
async fn only_what_was_held_is_kept_as_met(village: &Village, view: &View, user: UserId) {
    let met = village.store().met(HOME, user).await.unwrap();
    for met in met.into_iter().filter(|met| met.said_by != SaidBy::Known) {
        let meetup = &view.meetups[&met.meetup];
        let told = [met.pair.low(), met.pair.high()].map(|user| meetup.participant(user).map(|one| one.check_in));
        // That something was not right is heard also from who had said that they met, or had said nothing.
        let we_met = |one: &Option<CheckIn>| matches!(one, Some(CheckIn::Said(Account::WeMet | Account::NotRight)));
        let silent =
            |one: &Option<CheckIn>| !matches!(one, Some(CheckIn::Said(account)) if *account != Account::NotRight);
        let agree = match met.said_by {
            SaidBy::Both => told.iter().all(we_met),
            _ => told.iter().any(we_met) && told.iter().any(silent),
        };
        assert!(matches!(meetup.state, State::Held { .. }) && agree, "{met:?} of {meetup:?}");
    }
}

/// What follows from one's own yes is a few messages: in a thread all of them, in the channel those of one evening.
fn a_room_hears_little(posts: &[Post]) {
    let mut said = BTreeMap::<MeetupId, usize>::new();
    for post in posts.iter().filter(|post| post.notice.is_message() && post.notice != Notice::Word) {
        if let (Some(meetup), None, Place::Channel(_)) = (post.meetup, post.member, post.place) {
            *said.entry(meetup).or_default() += 1;
        }
    }
    assert!(said.values().all(|times| *times <= usize::from(MOST_MESSAGES)), "{said:?}");
}

fn nothing_is_said_about_who_is_erased(post: &Post, erased: &BTreeSet<UserId>) {
    let named = post.about.iter().chain(&post.member).find(|user| erased.contains(user));
    assert_eq!(named, None, "is erased: {post:?}");
}

/// Who has left or rests is told nothing.
fn nobody_is_told_who_takes_no_part(post: &Post, view: &View) {
    let to = post.member.map(|user| view.member(user));
    assert!(to.is_none_or(|member| member.is_some_and(|one| one.takes_part(post.at))), "takes no part: {post:?}");
}

/// Whom the others came together without hears of it only what silence would have told them; who went hears nothing.
fn nobody_left_out_is_told(post: &Post, view: &View) {
    let meetup = post.meetup.and_then(|id| view.meetups.get(&id)).filter(|meetup| meetup.kind == Kind::Suggested);
    let seat = meetup.and_then(|meetup| meetup.participant(post.member?));
    let out = seat.is_some_and(|seat| seat.is_left_out() || seat.standing == Standing::Out);
    assert!(!out || matches!(post.notice, Notice::Ask | Notice::DidNotComeTogether), "is left out: {post:?}");
}

/// Before all have said yes nobody is named but to themselves; afterwards the room is their own.
fn nobody_else_is_told(village: &Village, post: &Post, view: &View) {
    let meetup = post.meetup.and_then(|id| view.meetups.get(&id));
    let evening = meetup.is_some_and(|meetup| meetup.kind == Kind::OpenEvening);
    match (post.place, post.member) {
        (Place::Direct(user), member) => assert_eq!(member, Some(user), "told somebody else: {post:?}"),
        (Place::Channel(_), Some(member)) => {
            let door = view.member(member).map(|member| member.profile.door);
            assert!(door == Some(Door::Mention) && post.notice.calls(), "named before others: {post:?}");
        }
        (Place::Channel(CHANNEL), None) => {
            let nameless =
                matches!(post.notice, Notice::Doorbell | Notice::Invitation | Notice::HeldLately { .. } | Notice::Word);
            assert!(nameless || evening, "told the channel: {post:?}");
        }
        (Place::Channel(channel), None) => {
            assert!(!post.before_all_yes && !evening, "the room heard too early: {post:?}");
            let own = village.memory.threads().into_iter().find(|(_, thread)| *thread == channel);
            let follows = meetup.is_some_and(|meetup| meetup.before != wallflower::domain::meetup::Before::default());
            assert!(own.is_some_and(|(of, _)| Some(of) == post.meetup || follows), "somebody else's thread: {post:?}");
        }
    }
}

/// A word is posted once it is fine with each of those who were to come, and none of them has erased themselves. Whoever went
/// otherwise has taken their yes along.
fn a_word_is_fine_with_all_of_them(post: &Post, view: &View) {
    if post.notice != Notice::Word {
        return;
    }
    let meetup = post.meetup.and_then(|id| view.meetups.get(&id)).unwrap();
    let fine = meetup.present().all(|one| one.word_is_fine == Some(true));
    let are_all = meetup.came.is_none_or(|came| came == meetup.present().count());
    assert!(fine && are_all && matches!(meetup.state, State::Held { .. }), "{post:?} of {meetup:?}");
}
