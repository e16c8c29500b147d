//! Commands, their options, and what callbacks carry.

use super::{CALLBACK, COMMANDS, checked, hold, long, rows, with};
use serde_json::{Value, json};

#[test]
fn a_callback_is_held_to_what_its_data_makes() {
    let choices =
        |count: usize| -> Value { (0..count).map(|id| json!({"name": format!("c{id}"), "value": "v"})).collect() };
    let typing = json!({"type": 8, "data": {"choices": choices(2)}});
    hold(
        CALLBACK,
        &typing,
        vec![
            ("/data/choices", choices(25), choices(26), "$.data.choices"),
            ("/data/choices/0/name", long(100), long(101), "$.data.choices[0].name"),
            ("/data/choices/0/name", long(1), long(0), "$.data.choices[0].name"),
            ("/data/choices/0/value", long(100), long(101), "$.data.choices[0].value"),
        ],
    );
    for kind in [4, 5, 7] {
        let answer = json!({"type": kind, "data": {"content": "hi"}});
        hold(CALLBACK, &answer, vec![("/data/content", long(2000), long(2001), "$.data.content")]);
        let update = json!({"type": kind, "data": {"content": "hi", "components": rows(5)}});
        hold(CALLBACK, &update, vec![("/data/components", rows(5), rows(6), "$.data.components")]);
    }
    for kind in [4, 8, 9] {
        assert_eq!(checked(CALLBACK, &json!({"type": kind, "data": null})).unwrap_err().json_path, "$.data");
    }
    assert_eq!(checked(CALLBACK, &json!({"type": 6, "data": null})), Ok(()));
}

#[test]
fn commands_hold_their_limits() {
    let option = |name: &str| json!({"type": 3, "name": name, "description": "d"});
    let many = |count: usize| -> Value { (0..count).map(|id| option(&format!("o{id}"))).collect() };
    let choices =
        |count: usize| -> Value { (0..count).map(|id| json!({"name": format!("c{id}"), "value": "v"})).collect() };
    let base = json!([{"name": "meet", "description": "d", "options": [option("a"), option("b")]}]);
    let order = |first: bool, second: bool| {
        json!([with(option("a"), "/required", json!(first)), with(option("b"), "/required", json!(second))])
    };
    let mut cases = vec![
        ("/0/name", long(32), long(33), "$[0].name"),
        ("/0/name", json!("kaffee-zeit_2'"), json!("two words"), "$[0].name"),
        ("/0/name", json!("élan"), json!("Élan"), "$[0].name"),
        ("/0/name", json!("ठीक"), json!("a.b"), "$[0].name"),
        ("/0/description", long(100), long(101), "$[0].description"),
        ("/0/description", long(1), Value::Null, "$[0].description"),
        ("/0/options", many(25), many(26), "$[0].options"),
        ("/0/options", order(true, false), order(false, true), "$[0].options[1].required"),
        ("/0/options/1/name", json!("b"), json!("a"), "$[0].options[1].name"),
        ("/0/options/1/name", json!("b"), json!("B"), "$[0].options[1].name"),
        ("/0/options/1/description", long(100), long(101), "$[0].options[1].description"),
        ("/0/options/0/choices", choices(25), choices(26), "$[0].options[0].choices"),
        (
            "/0/options/0",
            with(option("a"), "/choices", choices(2)),
            with(option("a"), "/choices", json!([choices(1)[0], choices(1)[0]])),
            "$[0].options[0].choices[1].name",
        ),
        (
            "/0/options/0",
            with(option("a"), "/choices", choices(1)),
            with(with(option("a"), "/choices", choices(1)), "/autocomplete", json!(true)),
            "$[0].options[0].choices",
        ),
    ];
    cases.push((
        "/0",
        json!({"type": 2, "name": "Suggest meeting"}),
        json!({"type": 2, "name": "Suggest", "description": "d"}),
        "$[0].description",
    ));
    cases.push((
        "/0",
        json!({"type": 3, "name": "Two Words", "options": []}),
        json!({"type": 3, "name": "Suggest", "options": [option("a")]}),
        "$[0].options",
    ));
    cases.push(("/0", json!({"type": 2, "name": long(32)}), json!({"type": 2, "name": long(33)}), "$[0].name"));
    hold(COMMANDS, &base, cases.clone());
    hold("PUT /applications/1/guilds/2/commands", &base, cases);
    let single = base[0].clone();
    hold("POST /applications/1/commands", &single, vec![("/name", json!("a"), json!("A"), "$.name")]);
}

#[test]
fn subcommands_nest_one_way_only() {
    let plain = json!({"type": 3, "name": "p", "description": "d"});
    let sub = |name: &str, options: Value| json!({"type": 1, "name": name, "description": "d", "options": options});
    let group = |options: Value| json!({"type": 2, "name": "g", "description": "d", "options": options});
    let base = json!([{"name": "meet", "description": "d", "options": [sub("s", json!([plain])), group(json!([sub("t", json!([]))]))]}]);
    hold(
        COMMANDS,
        &base,
        vec![
            ("/0/options/1", sub("t", json!([])), plain.clone(), "$[0].options[1].type"),
            ("/0/options/0/options/0", plain.clone(), sub("t", json!([])), "$[0].options[0].options[0].type"),
            (
                "/0/options/1",
                group(json!([sub("t", json!([plain]))])),
                group(json!([plain])),
                "$[0].options[1].options[0].type",
            ),
            ("/0/options/1", group(json!([sub("t", json!([]))])), group(json!([])), "$[0].options[1].options"),
            (
                "/0/options/1",
                group(json!([sub("t", json!([]))])),
                group(json!([group(json!([]))])),
                "$[0].options[1].options[0].type",
            ),
            ("/0/options/0/options/0/name", json!("p"), json!("P"), "$[0].options[0].options[0].name"),
        ],
    );
}

#[test]
fn commands_are_counted_by_type_and_in_characters() {
    let commands = |kind: u64, count: usize| -> Value {
        (0..count)
            .map(|id| json!({"type": kind, "name": format!("c{id}"), "description": if kind == 1 { "d" } else { "" }}))
            .collect()
    };
    for (kind, most) in [(1, 100), (2, 15), (3, 15)] {
        assert_eq!(checked(COMMANDS, &commands(kind, most)), Ok(()));
        let place = format!("$[{most}]");
        assert_eq!(checked(COMMANDS, &commands(kind, most + 1)).unwrap_err().json_path, place);
    }
    let twice = json!([{"name": "a", "description": "d"}, {"name": "a", "description": "d"}, {"name": "a", "type": 2}]);
    assert_eq!(checked(COMMANDS, &twice).unwrap_err().json_path, "$[1].name");
    // Each option has 2 + 98 characters, each of its choices 5 + 95.
    let option = |id: usize, choices: usize| {
        let choice = |n: usize| json!({"name": format!("c{n:04}"), "value": "v".repeat(95)});
        json!({"type": 3, "name": format!("{}", 10 + id), "description": "d".repeat(98),
               "choices": (0..choices).map(choice).collect::<Vec<_>>()})
    };
    let command = |last: usize| {
        let mut options: Vec<Value> = (0..3).map(|id| option(id, 24)).collect();
        options.push(option(3, 2));
        options.push(json!({"type": 3, "name": "x", "description": "d", "description_localizations": {"de": "d".repeat(last), "fr": "d"}}));
        json!([{"name": "meet", "description": "d", "options": options}])
    };
    // 4 + 95 of the command, 3 × 2,500 and 300 of its options, 1 + 100 of the one with a longer translation.
    let within = checked(COMMANDS, &with(command(100), "/0/description", json!("d".repeat(95))));
    assert_eq!(within, Ok(()), "exactly 8,000 characters pass");
    let over = checked(COMMANDS, &with(command(100), "/0/description", json!("d".repeat(96))));
    assert_eq!(over.unwrap_err().json_path, "$[0]");
}
