//! The command line: one file per command, and what they share.

mod calls;
mod check;
mod connect;
mod decide;
mod demo;
mod doctor;
mod forwarding;
mod holding;
mod import;
mod keep;
mod open;
mod options;
mod outbox;
mod place;
mod progress;
mod read;
mod reader;
mod refold;
mod report;
mod scan;
mod send;
mod serve;
mod subscribe;
mod sync;
mod take_back;
mod today;
mod token;
mod work;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a firm owes its clients today, and who is about to feel forgotten, and why.
#[derive(Debug, Parser)]
#[command(name = "regard", version, propagate_version = true)]
#[command(
    after_help = "Example:\n  regard                        opens the web app\n  regard demo                   the same on a sample firm"
)]
struct Cli {
    #[command(flatten)]
    place: open::Place,
    #[command(flatten)]
    listen: serve::Listen,
    #[command(flatten)]
    beside: serve::Beside,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Scan(Box<scan::Args>),
    Demo(demo::Args),
    Read(read::Args),
    Reader(reader::Args),
    Check(check::Args),
    Import(import::Args),
    Connect(connect::Args),
    Calls(calls::Args),
    Subscribe(subscribe::Args),
    Forwarding(forwarding::Args),
    Sync(sync::Args),
    Work(work::Args),
    Send(send::Args),
    Outbox(outbox::Args),
    Holding(holding::Args),
    Today(today::Args),
    Token(token::Args),
    Decide(decide::Args),
    TakeBack(take_back::Args),
    Correspondents(place::ListArgs),
    Place(place::PlaceArgs),
    Report(report::Args),
    Backup(keep::BackupArgs),
    Restore(keep::RestoreArgs),
    Export(keep::ExportArgs),
    Erase(keep::EraseArgs),
    Verify(keep::VerifyArgs),
    Refold(refold::Args),
    Doctor(doctor::Args),
}

/// Runs the program: 0 when done, 1 when something failed, 2 for wrong usage.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let Some(command) = cli.command else {
        return finish(serve::run(&cli.listen, &cli.beside, &cli.place));
    };
    let done = match command {
        Command::Scan(args) => scan::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Read(args) => read::run(&args),
        Command::Reader(args) => reader::run(&args, &cli.place),
        Command::Check(args) => check::run(&args),
        Command::Import(args) => import::run(&args, &cli.place),
        Command::Connect(args) => connect::run(&args, &cli.place),
        Command::Calls(args) => calls::run(&args, &cli.place),
        Command::Subscribe(args) => subscribe::run(&args, &cli.place),
        Command::Forwarding(args) => forwarding::run(&args, &cli.place),
        Command::Sync(args) => sync::run(&args, &cli.place),
        Command::Work(args) => work::run(&args, &cli.place),
        Command::Send(args) => send::run(&args, &cli.place),
        Command::Outbox(args) => outbox::run(&args, &cli.place),
        Command::Holding(args) => holding::run(&args, &cli.place),
        Command::Today(args) => today::run(&args, &cli.place),
        Command::Token(args) => token::run(&args, &cli.place),
        Command::Decide(args) => decide::decide(&args, &cli.place),
        Command::TakeBack(args) => take_back::run(&args, &cli.place),
        Command::Correspondents(args) => place::list(&args, &cli.place),
        Command::Place(args) => place::place(&args, &cli.place),
        Command::Report(args) => report::run(&args, &cli.place),
        Command::Backup(args) => keep::backup(&args, &cli.place),
        Command::Restore(args) => keep::restore(&args, &cli.place),
        Command::Export(args) => keep::export(&args, &cli.place),
        Command::Erase(args) => keep::erase(&args, &cli.place),
        Command::Verify(args) => keep::verify(&args, &cli.place),
        Command::Refold(args) => refold::run(&args, &cli.place),
        Command::Doctor(args) => doctor::run(&args, &cli.place),
    };
    finish(done)
}

fn finish(done: anyhow::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the output has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("regard: {error:#}");
            if error.is::<options::WrongUsage>() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let kind = |cause: &(dyn std::error::Error + 'static)| {
        let json = || cause.downcast_ref::<serde_json::Error>()?.io_error_kind();
        cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind).or_else(json)
    };
    error.chain().find_map(kind) == Some(std::io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
