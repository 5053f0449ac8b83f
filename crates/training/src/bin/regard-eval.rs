//! Prints the table of what the reader reaches: `regard-eval [--data DIR] [--task NAME,NAME] [--mistakes N] [--order N] [--markdown]`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use training::eval::{Asked, Row, TASKS};
use training::learn::Settings;

struct Args {
    asked: Asked,
    task: Option<String>,
    mistakes: usize,
    markdown: bool,
}

fn main() -> ExitCode {
    let args = match args() {
        Ok(args) => args,
        Err(words) => {
            eprintln!("regard-eval: {words}");
            eprintln!(
                "usage: regard-eval [--data ../shared/data] [--task NAME,NAME] [--mistakes N] [--order N] [--markdown]"
            );
            return ExitCode::from(2);
        }
    };
    if args.markdown {
        println!("| task | measured | plain | floor | goal | reached | |\n|---|---|---|---|---|---|---|");
    }
    for task in TASKS
        .iter()
        .filter(|t| args.task.as_deref().is_none_or(|names| names.split(',').any(|name| name == t.name)))
    {
        for row in (task.rows)(&args.asked) {
            print(&row, &args);
        }
    }
    ExitCode::SUCCESS
}

fn print(row: &Row, args: &Args) {
    let met = match (row.met_goal, row.met_floor) {
        (true, _) => "goal met",
        (false, true) => "floor met",
        (false, false) if row.floor.is_empty() => "",
        (false, false) => "NOT MET",
    };
    if args.markdown {
        println!(
            "| {} | {} | {} | {} | {} | {} | {met} |",
            row.task, row.measure, row.plain, row.floor, row.goal, row.figure
        );
    } else {
        println!("{}: {}\n    {}", row.task, row.measure, row.figure);
        println!("    plain {}, floor {}, goal {}: {met}", row.plain, row.floor, row.goal);
    }
    for mistake in row.mistakes.iter().take(args.mistakes) {
        println!("      {mistake}");
    }
}

fn args() -> Result<Args, String> {
    let asked = Asked { data: PathBuf::from("../shared/data"), settings: Settings::default() };
    let mut args = Args { asked, task: None, mistakes: 0, markdown: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--data" => args.asked.data = PathBuf::from(value()?),
            "--task" => args.task = Some(value()?),
            "--mistakes" => args.mistakes = number(&word, &value()?)?,
            "--order" => args.asked.settings.order = number(&word, &value()?)?,
            "--markdown" => args.markdown = true,
            other => return Err(format!("unknown argument {other}")),
        }
    }
    let unknown = |name: &&str| TASKS.iter().all(|t| t.name != *name);
    if let Some(name) = args.task.as_deref().and_then(|names| names.split(',').find(unknown)) {
        let names: Vec<&str> = TASKS.iter().map(|t| t.name).collect();
        return Err(format!("no task {name}; there are {}", names.join(", ")));
    }
    Ok(args)
}

fn number<N: FromStr>(word: &str, value: &str) -> Result<N, String> {
    value.parse().map_err(|_| format!("{word} needs a number"))
}
