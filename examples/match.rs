//! The heaviest matching of any graph, with its proof checked: `cargo run --release --example match -- [FILE.csv]`, or from
//! standard input. docs/MATCHING.md tells how it is found. With `--groups 4-6` tables of so many instead, which weigh nearly
//! the most: docs/GROUPS.md.
//!
//! Each line is a tie `a,b,weight`: two people by any whole numbers, and a whole number that may be negative. A first line
//! of words is a heading; empty lines are passed over. Of several ties of the same two the heaviest counts. A tie of
//! somebody with themselves counts as a person and as no tie. Ties of zero or less count as ties and are never chosen.
//!
//! Prints one line of JSON: `people` and `ties` as counted, `pairs` and `weight` of the matching, `seconds` from the graph
//! in memory to the checked proof (without reading), and `certified`: whether that proof holds. For groups `tables`, how many
//! are `seated`, `weight` and `seconds`; each tie above zero counts as strong, and a seat for nothing beside the ties.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use serde::Serialize;
use wallflower::domain::pairing::groups::{Hall, Rules, Size, Tie, inside, seat};
use wallflower::domain::pairing::matching::{Edge, MAX_WEIGHT, heaviest};

/// Three numbers and their commas are shorter.
const LONGEST_LINE: usize = 200;

#[derive(Debug, Serialize)]
struct Answer {
    people: usize,
    ties: usize,
    pairs: usize,
    weight: i128,
    seconds: f64,
    certified: bool,
}

#[derive(Debug, Serialize)]
struct Groups {
    people: usize,
    ties: usize,
    tables: usize,
    seated: usize,
    weight: i128,
    seconds: f64,
}

/// The people by their numbers in the file, and their ties.
#[derive(Debug, Default)]
struct Graph {
    people: HashMap<i128, u32>,
    edges: Vec<Edge>,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("match: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let groups = groups(&mut arguments)?;
    ensure!(arguments.len() < 2, "one file of lines a,b,weight, or none to read them from standard input");
    let path = arguments.pop().map(PathBuf::from).filter(|path| path.as_os_str() != "-");
    let (name, graph) = match path {
        Some(path) => {
            let name = path.display().to_string();
            let file = File::open(&path).with_context(|| format!("{name} cannot be opened"))?;
            let graph = Graph::read(BufReader::new(file));
            (name, graph)
        }
        None => ("standard input".to_owned(), Graph::read(std::io::stdin().lock())),
    };
    let graph = graph.context(name)?;
    let mut line = match groups {
        None => serde_json::to_string(&graph.solve()?)?,
        Some(size) => serde_json::to_string(&graph.seat(size))?,
    };
    line.push('\n');
    Ok(std::io::stdout().write_all(line.as_bytes())?)
}

/// Takes `--groups SIZE` out of the arguments.
fn groups(arguments: &mut Vec<OsString>) -> Result<Option<Size>> {
    let Some(place) = arguments.iter().position(|argument| argument == "--groups") else { return Ok(None) };
    let size = arguments.drain(place..(place + 2).min(arguments.len())).nth(1);
    let size = size.as_deref().and_then(OsStr::to_str).context("--groups needs a size, such as 3 or 4-6")?;
    size.parse().map(Some).with_context(|| format!("--groups {size}"))
}

impl Graph {
    fn read(mut lines: impl BufRead) -> Result<Self> {
        let mut graph = Self::default();
        let mut line = Vec::new();
        for number in 1_u64.. {
            line.clear();
            let most = LONGEST_LINE as u64 + 1;
            if lines.by_ref().take(most).read_until(b'\n', &mut line).context("it cannot be read")? == 0 {
                break;
            }
            graph.take_in(&line).with_context(|| format!("line {number}"))?;
        }
        graph.drop_parallels();
        Ok(graph)
    }

    fn take_in(&mut self, line: &[u8]) -> Result<()> {
        ensure!(line.len() <= LONGEST_LINE, "longer than {LONGEST_LINE} characters");
        let line = std::str::from_utf8(line).context("no text")?.trim_start_matches('\u{feff}').trim();
        if line.is_empty() || (self.people.is_empty() && is_heading(line)) {
            return Ok(());
        }
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let [one, other, weight] = cells.as_slice() else {
            bail!("{} cells in place of three: a,b,weight", cells.len());
        };
        let ends = [self.person(one)?, self.person(other)?];
        let weight: i64 = whole(weight)?;
        ensure!(weight <= MAX_WEIGHT, "{weight} weighs more than {MAX_WEIGHT}, the most that is matched exactly");
        if ends[0] != ends[1] {
            self.edges.push(Edge { ends: [ends[0].min(ends[1]), ends[0].max(ends[1])], weight });
        }
        Ok(())
    }

    /// The number of a person, in the order in which they first came.
    fn person(&mut self, cell: &str) -> Result<u32> {
        let next = u32::try_from(self.people.len()).context("too many people")?;
        Ok(*self.people.entry(whole(cell)?).or_insert(next))
    }

    /// Keeps of the ties of the same two the heaviest, so that each is counted once.
    fn drop_parallels(&mut self) {
        self.edges.sort_unstable_by_key(|edge| (edge.ends, std::cmp::Reverse(edge.weight)));
        self.edges.dedup_by_key(|edge| edge.ends);
    }

    fn seat(&self, size: Size) -> Groups {
        let began = Instant::now();
        let strong = |edge: &Edge| Tie { ends: edge.ends, weight: edge.weight, strong: true };
        let ties: Vec<Tie> = self.edges.iter().map(strong).collect();
        let tables = seat(&Hall::new(self.people.len(), &ties, Rules { size, seat: 0 }, &|_| true));
        let seconds = began.elapsed().as_secs_f64();
        let inside = inside(&tables, self.edges.iter().map(|edge| edge.ends));
        let weights = inside.iter().flatten().map(|place| self.edges[*place].weight).filter(|weight| *weight > 0);
        Groups {
            people: self.people.len(),
            ties: self.edges.len(),
            tables: tables.len(),
            seated: tables.iter().map(Vec::len).sum(),
            weight: weights.map(i128::from).sum(),
            seconds,
        }
    }

    fn solve(&self) -> Result<Answer> {
        let began = Instant::now();
        let Ok(matching) = heaviest(self.people.len(), &self.edges) else { bail!("more people or ties than 2^30") };
        let proven = matching.certificate.check(&self.edges, &matching.chosen);
        let seconds = began.elapsed().as_secs_f64();
        if let Err(flaw) = proven {
            eprintln!("The proof does not hold, please report this: {flaw:?}");
        }
        Ok(Answer {
            people: self.people.len(),
            ties: self.edges.len(),
            pairs: matching.chosen.len(),
            weight: matching.chosen.iter().map(|place| i128::from(self.edges[*place].weight)).sum(),
            seconds,
            certified: proven.is_ok(),
        })
    }
}

/// Three words, such as `a,b,weight`.
fn is_heading(line: &str) -> bool {
    let begins_a_word = |cell: &str| cell.trim().trim_start_matches('"').starts_with(char::is_alphabetic);
    line.split(',').count() == 3 && line.split(',').all(begins_a_word)
}

fn whole<T: std::str::FromStr>(cell: &str) -> Result<T> {
    cell.parse().ok().with_context(|| format!("{cell:?} is no whole number, or a far too large one"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Graph> {
        Graph::read(text.as_bytes())
    }

    #[test]
    fn each_kind_of_line_counts_as_the_page_above_says() {
        let lightest = i64::MIN;
        let cases = [
            ("", [0, 0, 0, 0]),
            ("a,b,weight\n1,2,3\n", [2, 1, 1, 3]),
            ("\n\u{feff}a,b,weight\r\n1,2,3\r\n\r\n", [2, 1, 1, 3]),
            ("1,2,3\n2,1,5\n1,2,4", [2, 1, 1, 5]),
            ("7,7,9", [1, 0, 0, 0]),
            ("1,2,0\n3,4,-5", [4, 2, 0, 0]),
            (&format!("1,2,{lightest}\n2,3,1"), [3, 2, 1, 1]),
            ("-1,170141183460469231731687303715884105727,1", [2, 1, 1, 1]),
            ("1,2,5\n2,3,8\n3,4,5", [4, 3, 2, 10]),
        ];
        for (text, [people, ties, pairs, weight]) in cases {
            let answer = read(text).and_then(|graph| graph.solve()).map_err(|error| format!("{error:#}"));
            let found = answer.map(|one| ([one.people, one.ties, one.pairs], one.weight, one.certified));
            assert_eq!(found, Ok(([people, ties, pairs], weight as i128, true)), "{text:?}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named_with_what_is_wrong() {
        let cases = [
            ("1,2", "line 1: 2 cells in place of three"),
            ("1,2,3\n1,2,3,4", "line 2: 4 cells in place of three"),
            ("1,2,3\na,b,weight", "line 2: \"a\" is no whole number"),
            ("1,2,0.5", "line 1: \"0.5\" is no whole number"),
            ("1,2,99999999999999999999", "or a far too large one"),
            (&format!("1,2,{}", MAX_WEIGHT + 1), "the most that is matched exactly"),
            (&"1".repeat(300), "line 1: longer than 200 characters"),
        ];
        for (text, said) in cases {
            let error = read(text).err().map(|error| format!("{error:#}")).unwrap_or_default();
            assert!(error.contains(said), "{text:?}: {error}");
        }
        let error = Graph::read(&b"1,2,\xff"[..]).err().map(|error| format!("{error:#}")).unwrap_or_default();
        assert!(error.contains("line 1: no text"), "{error}");
    }
}
