//! Where a site is put online: the hosts that Gleaner knows the ways of.

use crate::diagnostic::Problem;

/// Declares the hosts with their names in one table.
macro_rules! hosts {
    ($($host:ident $name:literal $explain:literal,)+) => {
        /// Where a site is put online.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Host {
            $(#[doc = $explain] $host,)+
        }

        impl Host {
            /// Every host.
            pub const ALL: &[Host] = &[$(Host::$host),+];

            /// The word for it in settings and on the command line.
            pub fn name(self) -> &'static str {
                match self { $(Host::$host => $name,)+ }
            }

            /// What it is, in a few words.
            pub fn explained(self) -> &'static str {
                match self { $(Host::$host => $explain,)+ }
            }
        }
    };
}

hosts! {
    GithubPages "github-pages" "GitHub Pages, by a workflow that builds and publishes on every push",
    GitlabPages "gitlab-pages" "GitLab Pages, by a job that builds and publishes on every push",
    Netlify "netlify" "Netlify, from its own builder or from your machine",
    CloudflarePages "cloudflare-pages" "Cloudflare Pages, with wrangler",
    S3 "s3" "Amazon S3, or what speaks like it, by a script",
    Rsync "rsync" "Any server you can reach by ssh, by a script",
    Nginx "nginx" "A server of your own with nginx",
    Caddy "caddy" "A server of your own with Caddy",
}

impl Host {
    /// Takes the word for it.
    ///
    /// # Errors
    /// When there is no such word.
    pub fn of(value: &str) -> Result<Host, Problem> {
        Host::ALL.iter().copied().find(|host| host.name() == value).ok_or_else(|| {
            let names: Vec<&str> = Host::ALL.iter().map(|host| host.name()).collect();
            Problem::new(format!("there is no host `{value}`"))
                .did_you_mean(value, names.iter().copied())
                .hint(format!("known are `{}`", names.join("`, `")))
        })
    }

    /// Whether it serves a file that is packed already to whoever takes it so.
    pub fn serves_packed(self) -> bool {
        matches!(self, Host::GitlabPages | Host::Nginx | Host::Caddy)
    }
}
