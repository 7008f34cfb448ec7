//! `gleaner theme`

use std::collections::BTreeMap;

use clap::{Args, Subcommand};

use gleaner::config::Config;
use gleaner::diagnostic::Problem;
use gleaner::import::Write;
use gleaner::pages::described::Described;
use gleaner::path::SitePath;
use gleaner::public::keep;
use gleaner::seeds::THEMES;
use gleaner::theme::{self, BUILT_IN, DEFAULT_THEME};

use super::report::Report;
use super::{Common, Ending, read};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ThemeArgs {
    #[command(subcommand)]
    command: ThemeCommand,
}

const EXAMPLES: &str = "Examples:
  gleaner theme new mine                           colours, fonts and density in themes/mine/theme.toml
  gleaner theme new mine templates/article.html    a copy of that template besides, to edit
  gleaner theme show                               all templates, and what they draw
  gleaner theme show article.html                  what that template may see";

#[derive(Debug, Subcommand)]
enum ThemeCommand {
    /// Makes a theme, or gives one more of the built-in files to edit.
    New {
        /// The theme's name: a folder below `themes/`.
        name: String,
        /// The built-in files to copy into it, such as `templates/article.html`.
        files: Vec<String>,
    },
    /// Says what a template may see; without one, which templates there are.
    Show {
        /// The template, such as `article.html`.
        template: Option<String>,
        /// Print the built-in file itself.
        #[arg(long, requires = "template")]
        built_in: bool,
    },
}

pub(super) fn run(common: &Common, args: &ThemeArgs, report: &Report) -> Result<Ending, Problem> {
    match &args.command {
        ThemeCommand::New { name, files } => new(common, name, files, report),
        ThemeCommand::Show { template, built_in } => show(template.as_deref(), *built_in, report),
    }
}

fn new(common: &Common, name: &str, files: &[String], report: &Report) -> Result<Ending, Problem> {
    let (site, _) = read(common)?;
    let made = theme::new(&site, name, files)?;
    let as_found = |path: &SitePath| site.themes.get(path).cloned();
    let writes: BTreeMap<SitePath, Write> = made
        .iter()
        .map(|(path, bytes)| (path.clone(), Write { bytes: bytes.clone(), before: as_found(path), of: None }))
        .collect();
    keep(&common.root, &writes)?;
    for path in made.keys() {
        report.message(&format!("     written  {path}"));
    }
    let (config, _) = Config::read(site.config.as_ref());
    if config.theme != name && name != DEFAULT_THEME {
        report.message(&format!(
            "Now write `theme = \"{name}\"` into gleaner.toml, and look at it with `gleaner serve`."
        ));
    }
    Ok(Ending::Done)
}

fn show(template: Option<&str>, built_in: bool, report: &Report) -> Result<Ending, Problem> {
    let described = Described::read();
    let Some(template) = template else {
        let mut text = String::new();
        for (path, _) in BUILT_IN {
            let name = path.strip_prefix("templates/").unwrap_or(path);
            let drawn = described.drawn.iter().find(|one| one.template == name);
            let draws = drawn.map(|one| format!("  {}", one.draws)).unwrap_or_default();
            text.push_str(format!("{path:<34}{draws}").trim_end());
            text.push('\n');
        }
        report.result(&text)?;
        return Ok(Ending::Done);
    };
    let name = template.strip_prefix("templates/").unwrap_or(template);
    if built_in {
        let whole = [template.to_owned(), format!("templates/{name}"), format!("static/{name}")];
        let file = BUILT_IN.iter().find(|(path, _)| whole.iter().any(|whole| whole == path));
        let text = file.and_then(|(_, bytes)| std::str::from_utf8(bytes).ok());
        let unknown = || Problem::new(format!("there is no built-in text `{template}`"));
        let known = || unknown().did_you_mean(template, BUILT_IN.iter().map(|(path, _)| *path));
        report.result(text.ok_or_else(known)?)?;
        return Ok(Ending::Done);
    }
    if let Some(text) = described.text(name) {
        report.result(&text)?;
        return Ok(Ending::Done);
    }
    if BUILT_IN.iter().any(|(path, _)| *path == format!("templates/{name}")) {
        report.result(&format!(
            "{name} draws no page of its own: it is taken in by others, and sees what they see; of `page` rely on `page.head`.\n"
        ))?;
        return Ok(Ending::Done);
    }
    let names = described.drawn.iter().map(|one| one.template.as_str());
    let problem = Problem::new(format!("no page is drawn by `{template}`")).did_you_mean(name, names);
    Err(problem.hint(format!("a template of that name in {THEMES}/ can be taken in by others")))
}
