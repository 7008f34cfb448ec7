//! Cards: what stands on the picture by which an address is known where it is shared.

use super::page::{Card, CardPage, Shows};
use super::{Composed, Composer, From, Part};
use crate::address::Address;
use crate::articles::Article;
use crate::card;

/// With more articles than this a card is made only when `gleaner.toml` asks for it: a picture takes longer than all
/// else that is done for an article.
const UNASKED: usize = 300;

/// The room for what stands below the title, in letters.
const FACTS: usize = 64;

impl Composer<'_> {
    /// Whether pages have cards: their address must be known whole, since readers of cards take no other.
    fn has_cards(self) -> bool {
        let wanted = self.config.cards.unwrap_or(self.graph.articles.len() <= UNASKED);
        wanted && self.config.base_url.is_some()
    }

    /// What the head of a page says of the site's card, which stands for all pages but those of articles.
    pub(super) fn site_card(self) -> Option<Card> {
        self.known_by(&site_address(), &self.config.title)
    }

    /// What the head of an article's page says of its card; absent where the face lacks a letter of its title.
    pub(super) fn article_card(self, article: &Article) -> Option<Card> {
        self.known_by(&Part::Card.address(&article.id), &article.title)
    }

    fn known_by(self, address: &Address, title: &str) -> Option<Card> {
        if !self.has_cards() || title.trim().is_empty() || !card::has_letters(title) {
            return None;
        }
        let href = self.absolute(address)?;
        Some(Card { href, width: card::WIDTH, height: card::HEIGHT, words: title.to_owned() })
    }

    /// The site's card.
    pub(super) fn card_of_site(self) -> Option<Composed> {
        self.site_card()?;
        let card = CardPage { site: None, title: card::set(&self.config.title)?, facts: None };
        Some(self.page(site_address(), From::Site, Shows::Card(card)))
    }

    /// An article's card.
    pub(super) fn card_of(self, article: &Article) -> Option<CardPage> {
        self.article_card(article)?;
        let authors = self.wording.list(&article.authors);
        let date = article.date.map(|date| self.wording.date(date));
        let known = [Some(authors), date, article.source.site.clone()].into_iter().flatten();
        let mut facts = String::new();
        for fact in known.filter(|fact| !fact.is_empty() && card::has_letters(fact)) {
            let more = if facts.is_empty() { fact } else { format!("{facts} · {fact}") };
            if more.chars().count() <= FACTS {
                facts = more;
            }
        }
        let site = Some(self.config.title.clone()).filter(|site| card::has_letters(site));
        let facts = Some(facts).filter(|facts| !facts.is_empty());
        Some(CardPage { site, title: card::set(&article.title)?, facts })
    }
}

fn site_address() -> Address {
    Address::file("card.png")
}
