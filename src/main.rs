//! The program `regard`.

use std::process::ExitCode;

fn main() -> ExitCode {
    regard::cli::main()
}
