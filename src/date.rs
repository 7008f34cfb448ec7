//! A calendar date that is never more precise than what is known.
//!
//! In: the ISO 8601 forms `2011`, `2011-03` and `2011-03-02`. Out: a [`Date`] that orders by time and
//! prints itself again at the precision it came with.

use std::fmt;
use std::str::FromStr;

/// A year, a month of a year, or a day: whichever is known.
///
/// Dates order by time; of two that begin together the less precise one comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: Option<u8>,
    day: Option<u8>,
}

/// English month names, January first.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Date {
    /// A date known to the year (1 to 9999).
    pub fn from_year(year: u16) -> Option<Date> {
        (1..=9999).contains(&year).then_some(Date { year, month: None, day: None })
    }

    /// A date known to the month (1 to 12).
    pub fn from_month(year: u16, month: u8) -> Option<Date> {
        Date::from_year(year)?;
        (1..=12).contains(&month).then_some(Date { year, month: Some(month), day: None })
    }

    /// A date known to the day; `None` where the calendar has no such day.
    pub fn from_day(year: u16, month: u8, day: u8) -> Option<Date> {
        Date::from_month(year, month)?;
        jiff::civil::Date::new(year as i16, month as i8, i8::try_from(day).ok()?).ok()?;
        Some(Date { year, month: Some(month), day: Some(day) })
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12, where it is known.
    pub fn month(self) -> Option<u8> {
        self.month
    }

    /// The day of the month, where it is known.
    pub fn day(self) -> Option<u8> {
        self.day
    }

    /// The date in words, `2 March 2011`, at the precision it has.
    pub fn in_words(self) -> String {
        let month = self.month.map(|month| MONTHS[usize::from(month) - 1]);
        match (month, self.day) {
            (Some(month), Some(day)) => format!("{day} {month} {}", self.year),
            (Some(month), None) => format!("{month} {}", self.year),
            (None, _) => self.year.to_string(),
        }
    }

    /// The first instant the date can mean, as RFC 3339 in UTC, for formats that demand a full timestamp.
    pub fn as_timestamp(self) -> String {
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        format!("{:04}-{month:02}-{day:02}T00:00:00Z", self.year)
    }
}

/// The ISO 8601 form, at the precision known.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

/// Why a text is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// It is not written as year, year-month or year-month-day.
    #[error("not a date in the form `2011`, `2011-03` or `2011-03-02`")]
    Form,
    /// It has the form, but the calendar has no such month or day.
    #[error("no such day in the calendar")]
    Calendar,
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Date, DateError> {
        let mut parts = text.split('-');
        let mut number = |width: usize| -> Result<Option<u16>, DateError> {
            let Some(part) = parts.next() else { return Ok(None) };
            if part.len() != width || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(DateError::Form);
            }
            part.parse().map(Some).map_err(|_| DateError::Form)
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        if parts.next().is_some() {
            return Err(DateError::Form);
        }
        let date = match (year, month, day) {
            (Some(year), Some(month), Some(day)) => Date::from_day(year, month as u8, day as u8),
            (Some(year), Some(month), None) => Date::from_month(year, month as u8),
            (Some(year), None, _) => Date::from_year(year),
            (None, ..) => return Err(DateError::Form),
        };
        date.ok_or(DateError::Calendar)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_their_precision() {
        for text in ["2011", "2011-03", "2011-03-02", "0001-01-01", "9999-12-31"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_date_says_why() {
        for text in ["", "11", "2011-3", "2011-03-02T00:00", "March 2011", "2011-03-02-01"] {
            assert_eq!(text.parse::<Date>(), Err(DateError::Form), "{text}");
        }
        for text in ["2011-13", "2011-02-30", "0000", "2011-00"] {
            assert_eq!(text.parse::<Date>(), Err(DateError::Calendar), "{text}");
        }
    }

    #[test]
    fn words_and_order() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(date("2011-03-02").in_words(), "2 March 2011");
        assert_eq!(date("2011-03").in_words(), "March 2011");
        assert_eq!(date("2011").in_words(), "2011");
        assert!(date("2010-12-31") < date("2011") && date("2011") < date("2011-01"));
    }
}
