//! `gleaner build`

use std::path::{Path, PathBuf};

use clap::Args;

use gleaner::diagnostic::Problem;
use gleaner::make::{Asked, make};
use gleaner::timings::Timings;
use gleaner::{Options, config};

use super::report::Report;
use super::{Common, Ending, WAITS, import};

#[derive(Debug, Args)]
pub(super) struct BuildArgs {
    /// Publish at this address instead of the one in `gleaner.toml`.
    #[arg(long, value_name = "URL", value_parser = base_url)]
    base_url: Option<String>,
    /// Write the site here instead of to `public/`.
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Publish drafts, too.
    #[arg(long)]
    drafts: bool,
    /// Treat warnings as errors.
    #[arg(long)]
    strict: bool,
    /// Leave seeds alone and take the articles as they are.
    #[arg(long)]
    no_import: bool,
    /// Publish into a folder that holds other files, and leave them.
    #[arg(long)]
    force: bool,
    /// Publish what can be packed packed, too: `index.html.gz` beside `index.html`.
    #[arg(long)]
    precompress: bool,
    /// Print how long each phase took.
    #[arg(long)]
    timings: bool,
}

fn base_url(value: &str) -> Result<String, String> {
    config::base_url(value).map_err(|problem| problem.anywhere().in_words())
}

/// What is published among what it is made from would be taken for it at the next build.
fn refuse_own_folders(root: &Path, output: &Path) -> Result<(), Problem> {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let (root, output) = (absolute(root), absolute(output));
    let is_own = ["seeds", "content", "static", "themes", ".gleaner"]
        .iter()
        .any(|folder| output.starts_with(root.join(folder)));
    if is_own || root.starts_with(&output) {
        return Err(Problem::new(format!(
            "the site cannot be published to `{}`: it is made from what is there",
            output.display()
        ))
        .hint("leave `--output` out to publish to `public/`"));
    }
    Ok(())
}

pub(super) fn run(common: &Common, args: &BuildArgs, report: &Report) -> Result<Ending, Problem> {
    // `./public` is plainly `public`.
    let root = if common.root == Path::new(".") { Path::new("") } else { &common.root };
    let output = args.output.clone().unwrap_or_else(|| root.join("public"));
    refuse_own_folders(root, &output)?;
    let timings = if args.timings { Timings::on() } else { Timings::default() };
    let options = Options {
        base_url: args.base_url.clone(),
        drafts: args.drafts,
        no_import: args.no_import,
        watcher: report.watcher(),
        timings: timings.clone(),
        precompress: args.precompress,
        ..Options::default()
    };
    let asked = Asked { options, output, force: args.force, strict: args.strict };
    let made = make(&common.root, &asked, || report.message(WAITS))?;
    let (count, output) = (&made.count, &asked.output);
    if (count.seeds.iter().sum::<usize>() > 0 || count.articles == 0) && !args.no_import {
        import::summary(&count.seeds, report);
    }
    report.timings(&timings);
    report.diagnostics(&made.found);
    let Some(change) = made.change else {
        let as_it_was = if output.exists() { "is as it was" } else { "was not made" };
        report.message(&format!("Nothing was published: {} {as_it_was}.", output.display()));
        return Ok(Ending::Problems);
    };
    report.message(&format!(
        "Built {} {}, {} pages, in {}: {} written, {} removed, {} as they were.",
        count.articles,
        if count.articles == 1 { "article" } else { "articles" },
        count.pages,
        output.display(),
        change.written,
        change.removed,
        change.unchanged,
    ));
    report.json(&serde_json::json!({
        "kind": "built", "articles": count.articles, "pages": count.pages, "output": output,
        "written": change.written, "removed": change.removed, "unchanged": change.unchanged,
    }));
    Ok(Ending::Done)
}
