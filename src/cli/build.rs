//! `gleaner build`

use std::path::{Path, PathBuf};

use clap::Args;

use gleaner::diagnostic::Problem;
use gleaner::public::{keep, publish};
use gleaner::{Options, build, config};

use super::report::Report;
use super::{Common, Ending, import, read};

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
    let (site, mut found) = read(common)?;
    let options = Options {
        base_url: args.base_url.clone(),
        drafts: args.drafts,
        no_import: args.no_import,
        watcher: report.watcher(),
    };
    let (built, problems) = build(site, &options);
    found.extend(problems);
    if let Err(problem) = keep(&common.root, &built.joined.import.writes) {
        found.push(problem.anywhere());
    }
    let has_news = !built.joined.import.accounts.is_empty() || built.joined.graph.articles.is_empty();
    if has_news && !args.no_import {
        import::summary(&built.joined.import, report);
    }

    let stands_in_the_way = found.has_errors() || (args.strict && !found.is_empty());
    if let Some(public) = built.public.filter(|_| !stands_in_the_way) {
        match publish(&public, &output, args.force) {
            Ok(change) => {
                report.diagnostics(&found);
                let pages = public.addresses().filter(|address| address.as_str().ends_with(".html")).count();
                let articles = built.joined.graph.articles.len();
                report.message(&format!(
                    "Built {articles} {}, {pages} pages, in {}: {} written, {} removed, {} as they were.",
                    if articles == 1 { "article" } else { "articles" },
                    output.display(),
                    change.written,
                    change.removed,
                    change.unchanged,
                ));
                report.json(&serde_json::json!({
                    "kind": "built", "articles": articles, "pages": pages, "output": output,
                    "written": change.written, "removed": change.removed, "unchanged": change.unchanged,
                }));
                return Ok(Ending::Done);
            }
            Err(failed) => found.extend(failed),
        }
    }
    report.diagnostics(&found);
    let as_it_was = if output.exists() { "is as it was" } else { "was not made" };
    report.message(&format!("Nothing was published: {} {as_it_was}.", output.display()));
    Ok(Ending::Problems)
}
