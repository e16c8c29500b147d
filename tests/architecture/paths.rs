//! The paths that a source file names, from its tokens: `use` groups opened, `crate`, `self` and `super` resolved.

use std::fmt;
use std::path::Path as File;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The name of the library as `main` and the tests say it.
const OURSELVES: &str = "wallflower";

/// One path of the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// As resolved; without `crate` where it is ours.
    segments: Vec<String>,
    ours: bool,
}

impl Path {
    /// The top-level module of ours that it leads to.
    pub fn inside(&self) -> Option<&str> {
        self.segments.first().filter(|_| self.ours).map(String::as_str)
    }

    /// Its first segment, where it does not begin in our own crate.
    pub fn outside(&self) -> Option<&str> {
        self.segments.first().filter(|_| !self.ours).map(String::as_str)
    }

    pub fn ends_with(&self, end: &[&str]) -> bool {
        self.segments.len() >= end.len() && self.segments[self.segments.len() - end.len()..].iter().eq(end)
    }

    fn resolve(written: &[String], module: &[String]) -> Self {
        let mut rest = written;
        let mut base = match written.first().map(String::as_str) {
            Some("crate" | OURSELVES) => Vec::new(),
            Some("self" | "super") => module.to_vec(),
            _ => return Self { segments: written.to_vec(), ours: false },
        };
        while let [first, others @ ..] = rest {
            match first.as_str() {
                "super" => drop(base.pop()),
                "self" | "crate" | OURSELVES => {}
                _ => break,
            }
            rest = others;
        }
        base.extend_from_slice(rest);
        Self { segments: base, ours: true }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.ours { "crate::" } else { "" }, self.segments.join("::"))
    }
}

/// The module that a file below `src` holds; none for `lib.rs` and `main.rs`.
pub fn module_of(file: &File) -> Vec<String> {
    let below = file.with_extension("");
    let names = below.iter().skip(1).map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| !matches!(name.as_str(), "mod" | "lib" | "main")).collect()
}

/// All paths of a source, which holds `module`.
///
/// # Panics
/// Where the source is no Rust.
pub fn paths_in(source: &str, module: &[String]) -> Vec<Path> {
    let tokens: TokenStream = source.parse().unwrap_or_else(|error| panic!("{module:?}: {error}"));
    let mut found = Vec::new();
    walk(tokens, &mut module.to_vec(), &mut found);
    found
}

fn walk(tokens: TokenStream, module: &mut Vec<String>, found: &mut Vec<Path>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at..] {
            [TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Group(body), ..] if word == "mod" => {
                module.push(name.to_string());
                walk(body.stream(), module, found);
                module.pop();
                at += 3;
            }
            [TokenTree::Ident(_), ..] => at += follow(&tokens[at..], Vec::new(), module, found),
            [TokenTree::Group(group), ..] => {
                walk(group.stream(), module, found);
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// Follows one path from its first name to its end, and into its group. Returns how many tokens it took.
fn follow(tokens: &[TokenTree], mut written: Vec<String>, module: &[String], found: &mut Vec<Path>) -> usize {
    let mut at = 0;
    while let Some(TokenTree::Ident(name)) = tokens.get(at) {
        written.push(name.to_string());
        at += 1;
        if !is_joint(&tokens[at..]) {
            break;
        }
        match tokens.get(at + 2) {
            Some(TokenTree::Ident(_)) => at += 2,
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let inner: Vec<_> = group.stream().into_iter().collect();
                for branch in inner.split(|token| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ',')) {
                    follow(branch, written.clone(), module, found);
                }
                return at + 3;
            }
            _ => break,
        }
    }
    found.push(Path::resolve(&written, module));
    at
}

fn is_joint(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Punct(a), TokenTree::Punct(b), ..] if a.as_char() == ':' && b.as_char() == ':')
}

mod tests {
    use super::*;

    fn named(source: &str, file: &str) -> Vec<String> {
        paths_in(source, &module_of(File::new(file))).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn groups_are_opened() {
        let source = "use crate::{app, store::{self, ledger::{flush, Mark as M}, *}};";
        let found = named(source, "src/domain/tie.rs");
        for path in ["crate::app", "crate::store", "crate::store::ledger::flush", "crate::store::ledger::Mark"] {
            assert!(found.contains(&path.to_owned()), "{path} in {found:?}");
        }
    }

    #[test]
    fn super_is_followed_also_out_of_inner_modules() {
        let source = "mod tests { fn f() { super::super::super::store::open(super::g()) } }";
        let found = named(source, "src/domain/tie.rs");
        assert!(found.contains(&"crate::store::open".to_owned()), "{found:?}");
        assert!(found.contains(&"crate::domain::tie::g".to_owned()), "{found:?}");
    }

    #[test]
    fn macros_are_looked_into_but_neither_comments_nor_strings() {
        let source = r#"/// serenity::Http
            fn f() { on_pool!(db, pool => { sqlx::query("poise::x") }) } // twilight::y"#;
        let found = named(source, "src/store/ties.rs");
        assert!(found.contains(&"sqlx::query".to_owned()), "{found:?}");
        assert!(found.iter().all(|path| !path.contains("serenity") && !path.contains("poise")), "{found:?}");
    }

    #[test]
    fn the_end_of_a_path_is_seen_whatever_it_began_with() {
        let paths = paths_in("fn f() { chrono::Utc::now(); Utc::now() }", &[]);
        assert_eq!(paths.iter().filter(|path| path.ends_with(&["Utc", "now"])).count(), 2);
        assert!(paths.iter().all(|path| !path.ends_with(&["Local", "now"])));
    }

    #[test]
    fn a_file_holds_the_module_of_its_place() {
        let of = |file| module_of(File::new(file)).join("::");
        assert_eq!(of("src/lib.rs"), "");
        assert_eq!(of("src/app/mod.rs"), "app");
        assert_eq!(of("src/app/replay/fold.rs"), "app::replay::fold");
    }
}
