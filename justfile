# Named commands. `just` lists them; each is one line that anyone can run without just.

_default:
    @just --list

# All tests; the only thing that CI runs
test:
    bash scripts/test

# What is too slow for every day: fifty killed imports
soak:
    cargo test -p regard --test commands -- --ignored --nocapture

# The main job on the sample firm
demo:
    cargo run --release -- demo

# What the reader reaches on labelled sets, beside the floors (needs the labelled sets; give their folder)
eval data="../shared/data":
    cargo run --release -p training --bin regard-eval -- --data {{data}}

# The pictures of every page in docs/screens
screens:
    scripts/screens

# Trains the reader's weights anew
train data="../shared/data":
    cargo run --release -p training --bin regard-train -- --data {{data}} --own crates/training/passages --out crates/reading/weights

# Speed and memory of whole commands, beside notmuch, mu and Python; and what pages cost a server
bench messages="100000":
    scripts/bench --messages {{messages}}
    scripts/bench-web --messages {{messages}}

# What pages cost a server, on a record of so many messages
bench-web messages="100000":
    scripts/bench-web --messages {{messages}}

# What one decision and one letter cost on a record that `scripts/bench-web --keep` left
bench-one record count="100":
    cargo bench --bench one -- {{record}} {{count}}

# What the first fetching of many full mailboxes costs, and a firm at rest (a private Dovecot; 25 GB of disk)
bench-mailboxes mailboxes="20" messages="50000":
    scripts/bench-mailboxes --mailboxes {{mailboxes}} --messages {{messages}}

# Hostile input for everything that reads, so many seconds for each target (needs cargo-fuzz; see scripts/fuzz)
fuzz seconds="60":
    scripts/fuzz {{seconds}}
