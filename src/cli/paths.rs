//! `gleaner paths`

use clap::{Args, Subcommand};

use gleaner::diagnostic::{Problem, nearest};
use gleaner::graph::suggest;
use gleaner::topics::TopicId;
use gleaner::{Options, join};

use super::report::Report;
use super::{Common, Ending, read};

#[derive(Debug, Args)]
pub(super) struct PathsArgs {
    #[command(subcommand)]
    command: PathsCommand,
}

#[derive(Debug, Subcommand)]
enum PathsCommand {
    /// Prints a reading path through a topic, ready for a file in `content/paths/`: the overview first, then each time what
    /// is nearest to the one before, with the reason. The words are yours to write.
    Suggest {
        /// The topic: its slug or its title.
        topic: String,
    },
}

pub(super) fn run(common: &Common, args: &PathsArgs, report: &Report) -> Result<Ending, Problem> {
    let PathsCommand::Suggest { topic } = &args.command;
    let (site, mut found) = read(common)?;
    let (joined, problems) = join(&site, &Options { no_import: true, ..Options::default() });
    found.extend(problems);
    let id = TopicId::named(topic);
    let by_title = || joined.graph.topics.values().find(|one| TopicId::named(&one.title) == id);
    let Some(one) = joined.graph.topics.get(&id).or_else(by_title) else {
        let problem = Problem::new(format!("there is no topic `{topic}`"));
        let near = nearest(topic, joined.graph.topics.keys().map(TopicId::as_str));
        return Err(match near {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem.hint("a topic is a file in `content/topics/`"),
        });
    };
    let Some(path) = suggest(&joined.graph, &one.id) else {
        let problem = Problem::new(format!("the topic `{}` has fewer than two articles", one.title));
        return Err(problem.hint("a path leads from one article to another"));
    };
    report.result(&path)?;
    report.diagnostics(&found);
    Ok(if found.has_errors() { Ending::Problems } else { Ending::Done })
}
