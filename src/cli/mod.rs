//! The command line: one file per command, and what they share.

mod check;
mod demo;
mod options;
mod progress;

mod read;
mod scan;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a firm owes its clients today, and who is about to feel forgotten, and why.
#[derive(Debug, Parser)]
#[command(name = "regard", version, propagate_version = true, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Scan(Box<scan::Args>),
    Demo(demo::Args),
    Read(read::Args),
    Check(check::Args),
}

/// Runs the program: 0 when done, 1 when something failed, 2 for wrong usage.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Scan(args) => scan::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Read(args) => read::run(&args),
        Command::Check(args) => check::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("regard: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
