//! Measures the reader on labelled sets. One file for each task; each gives the rows of the table in docs/reading.md.

use std::path::PathBuf;

use crate::learn::Settings;

pub mod acts;
pub mod bounces;
pub mod cross;
pub mod few;
pub mod letters;
pub mod measure;
pub mod mime;
pub mod sentences;
pub mod threads;
pub mod when;

/// One line of the table.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// What is read, and on which set.
    pub task: &'static str,
    /// How it is measured, and on how many.
    pub measure: String,
    /// What a plain method reaches.
    pub plain: &'static str,
    /// What must be reached.
    pub floor: &'static str,
    /// What is wished for.
    pub goal: &'static str,
    /// What the reader reaches, with an interval.
    pub figure: String,
    /// Whether the floor is reached.
    pub met_floor: bool,
    /// Whether the goal is reached.
    pub met_goal: bool,
    /// The mistakes, worst first; only to be shown, never to be kept.
    pub mistakes: Vec<String>,
}

/// What is to be measured.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Where the labelled sets lie.
    pub data: PathBuf,
    /// How the models are trained that score them.
    pub settings: Settings,
}

/// A task by its name on the command line.
pub struct Task {
    /// Its name on the command line.
    pub name: &'static str,
    /// Measures it.
    pub rows: fn(&Asked) -> Vec<Row>,
}

/// All tasks, in the order of the table.
pub const TASKS: &[Task] = &[
    Task { name: "acts", rows: acts::rows },
    Task { name: "few", rows: few::rows },
    Task { name: "sentences", rows: sentences::rows },
    Task { name: "tweets", rows: sentences::tweets },
    Task { name: "passages", rows: sentences::passages },
    Task { name: "written", rows: sentences::written },
    Task { name: "letters", rows: letters::rows },
    Task { name: "when", rows: when::rows },
    Task { name: "bounces", rows: bounces::rows },
    Task { name: "threads", rows: threads::rows },
    Task { name: "mime", rows: mime::rows },
];
