//! Letters sent to a reader: a newsletter as a mail program saves it.
//!
//! In: the bytes of an `.eml` file (RFC 5322, MIME). Out: what it says, as a page with its pictures or as text, and who sent it
//! when under which subject. Its other headers are about how it came, and are left.

use jiff::Timestamp;
use mailparse::{MailHeaderMap, ParsedMail};

use super::archive::{Archive, NoArchive, mhtml};
use super::text::{Fact, Facts, How};
use crate::date::Date;

/// What a letter says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Letter {
    /// Its text.
    pub(super) says: Says,
    /// Its subject, which is its title.
    pub(super) subject: Option<String>,
    /// The sender's name.
    pub(super) from: Option<String>,
    /// The day it was sent, in the sender's time.
    pub(super) sent: Option<Date>,
}

/// The text of a letter, in the form that has most.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Says {
    /// A page, with the pictures that came with it.
    Page(Archive),
    /// Plain text.
    Text(String),
}

/// Reads a letter. Where it says the same as a page and as text, the page is read.
///
/// # Errors
/// When it is no letter, or has no text.
pub(super) fn letter(bytes: &[u8]) -> Result<Letter, NoArchive> {
    let damaged = |error: mailparse::MailParseError| NoArchive::Damaged(error.to_string());
    let mail = mailparse::parse_mail(bytes).map_err(damaged)?;
    if mail.headers.get_first_header("From").is_none() {
        return Err(NoArchive::Damaged("it has no sender".to_owned()));
    }
    let says = match mhtml(bytes) {
        // Where the letter came from is no address of a page.
        Ok(page) => Says::Page(Archive { address: None, ..page }),
        Err(NoArchive::NoPage) => Says::Text(plain(&mail).ok_or(NoArchive::NoPage)?),
        Err(error) => return Err(error),
    };
    let header = |name: &str| {
        mail.headers
            .get_first_value(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    };
    Ok(Letter {
        says,
        subject: header("Subject"),
        from: header("From").and_then(|from| sender(&from)),
        sent: header("Date").and_then(|date| day(&date)),
    })
}

/// The first part that is plain text and no attachment.
fn plain(mail: &ParsedMail<'_>) -> Option<String> {
    let is_text = |part: &&ParsedMail<'_>| {
        let is_attached =
            part.get_content_disposition().disposition == mailparse::DispositionType::Attachment;
        part.subparts.is_empty() && part.ctype.mimetype == "text/plain" && !is_attached
    };
    mail.parts().find(is_text)?.get_body().ok().filter(|text| !text.trim().is_empty())
}

/// The name of a sender; of one who gives none there is only an address, which is not published.
fn sender(from: &str) -> Option<String> {
    let parsed = mailparse::addrparse(from).ok()?;
    let first = parsed.iter().next()?;
    match first {
        mailparse::MailAddr::Single(one) => one.display_name.clone(),
        mailparse::MailAddr::Group(group) => Some(group.group_name.clone()),
    }
    .map(|name| name.trim().to_owned())
    .filter(|name| !name.is_empty())
}

fn day(date: &str) -> Option<Date> {
    let seconds = mailparse::dateparse(date).ok()?;
    // The zone at the end says what day it was for the sender: `+0100`.
    let zone = date.split_whitespace().find(|part| part.len() == 5 && part.starts_with(['+', '-']));
    let minutes = zone.and_then(|zone| {
        let (hours, minutes): (i64, i64) = (zone[1..3].parse().ok()?, zone[3..].parse().ok()?);
        Some(if zone.starts_with('-') { -(hours * 60 + minutes) } else { hours * 60 + minutes })
    });
    let there = Timestamp::from_second(seconds + minutes.unwrap_or(0) * 60).ok()?;
    there.to_string()[..10].parse().ok()
}

impl Letter {
    /// What its headers say wins over what its text may say of itself.
    pub(super) fn tell(&self, facts: &mut Facts) {
        let fact = |value: &String| Fact { value: value.clone(), line: 0, how: How::Header };
        if let Some(subject) = &self.subject {
            facts.title = Some(fact(subject));
        }
        if let Some(from) = &self.from {
            facts.authors = vec![fact(from)];
        }
        if let Some(sent) = self.sent {
            facts.date = Some(Fact { value: sent, line: 0, how: How::Header });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_who_sent_it_when() {
        let head = "From: =?utf-8?q?J=C3=A4ne_Roe?= <jane@garden.example>\r\nTo: reader@garden.example\r\nSubject: Of leeks\r\n\
                    Date: Wed, 02 Mar 2011 00:30:00 +0100\r\nMIME-Version: 1.0\r\n";
        let text = format!(
            "{head}Content-Type: text/plain; charset=utf-8\r\n\r\nOf leeks there is much to say.\r\n"
        );
        let letter_read = letter(text.as_bytes()).unwrap();
        assert_eq!(letter_read.subject.as_deref(), Some("Of leeks"));
        assert_eq!(letter_read.from.as_deref(), Some("Jäne Roe"));
        assert_eq!(letter_read.sent.unwrap().to_string(), "2011-03-02");
        assert!(matches!(letter_read.says, Says::Text(text) if text.starts_with("Of leeks")));

        let both = format!(
            "{head}Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nPlain.\r\n--b\r\n\
             Content-Type: text/html; charset=utf-8\r\n\r\n<p>Page.</p>\r\n--b--\r\n"
        );
        assert!(
            matches!(letter(both.as_bytes()).unwrap().says, Says::Page(page) if page.page.starts_with(b"<p>Page."))
        );
        for damaged in ["", "words and no headers", "Subject: a\r\n\r\nwords"] {
            assert!(letter(damaged.as_bytes()).is_err(), "{damaged}");
        }
    }
}
