//! What single settings look like as text, and how a secret one is shown.

use std::net::SocketAddr;
use std::ops::Range;

use secrecy::SecretString;

pub(super) fn api_base(text: &str) -> Result<String, String> {
    let has_host = |rest: &str| !rest.is_empty() && !rest.starts_with('/');
    let fits = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).is_some_and(has_host);
    if fits {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("must be an address such as \"http://127.0.0.1:8080\"".to_owned())
    }
}

/// Long enough that nobody finds it by trying.
const SHORTEST_SECRET: usize = 16;

pub(super) fn secret(text: &str) -> Result<SecretString, String> {
    if text.chars().count() < SHORTEST_SECRET {
        return Err(format!("must hold at least {SHORTEST_SECRET} characters; leave it out and one is made"));
    }
    Ok(SecretString::from(text))
}

pub(super) fn shards(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|shards| *shards > 0);
    number.ok_or_else(|| "must be a number from 1 on; leave it out, and Discord says how many".to_owned())
}

/// `0..2` is the first two shards.
pub(super) fn shard_range(text: &str) -> Result<Range<u32>, String> {
    let ends = text.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    let range = ends.filter(|range| !range.is_empty());
    range.ok_or_else(|| {
        "must be the first shard and the one after the last, such as \"0..2\" for shards 0 and 1".to_owned()
    })
}

/// `postgres://ana:secret@host/name` as `postgres://ana:(hidden)@host/name`; a password among the parameters too.
pub(super) fn without_password(url: &str) -> String {
    let (before, parameters) = url.split_once('?').map_or((url, None), |(before, after)| (before, Some(after)));
    let mut shown = match before.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?))) {
        Some((scheme, (user, host))) => {
            let user = user.split_once(':').map_or_else(|| user.to_owned(), |(name, _)| format!("{name}:(hidden)"));
            format!("{scheme}://{user}@{host}")
        }
        None => before.to_owned(),
    };
    for (index, parameter) in parameters.iter().flat_map(|all| all.split('&')).enumerate() {
        shown.push(if index == 0 { '?' } else { '&' });
        match parameter.split_once('=') {
            Some((name, _)) if name.contains("password") => {
                shown.push_str(name);
                shown.push_str("=(hidden)");
            }
            _ => shown.push_str(parameter),
        }
    }
    shown
}

pub(super) fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "must be an address and a port of this machine, such as \"127.0.0.1:8080\"".to_owned())
}
