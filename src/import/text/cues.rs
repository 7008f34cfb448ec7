//! What a line says it is: the set phrases by which pages announce their furniture.
//!
//! In: the words of a line. Out: the [`Cue`]s found and how much of the line they cover. A cue is
//! evidence and no verdict: an author may write "subscribe", too.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// What a set phrase hints at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Cue {
    /// A social network's name.
    Network,
    /// Sharing, following, printing, sending.
    Share,
    /// Comments: asking for them, counting them, replying.
    Comment,
    /// Newsletters and subscriptions.
    Newsletter,
    /// Cookies and consent.
    Cookie,
    /// Rights and terms.
    Legal,
    /// Other articles.
    Related,
    /// Going on to the rest of something.
    More,
    /// Accounts.
    Account,
    /// Moving about the site.
    Navigation,
    /// Who wrote it.
    Author,
    /// When it was written or changed.
    Dated,
    /// Pictures and who made them.
    Picture,
    /// Advertisements and affiliate notices.
    Advert,
    /// Reading time, views, counters.
    Counter,
    /// Subjects under which the site files the article.
    Filed,
    /// Getting in touch, asking for a demo, buying.
    Contact,
}

/// The number of cues.
pub(super) const CUES: usize = 17;

/// The phrases, in lower case, parted by semicolons.
const PHRASES: [(Cue, &str); CUES] = [
    (
        Cue::Network,
        "facebook;twitter;linkedin;linked in;pinterest;reddit;whatsapp;telegram;instagram;youtube;tumblr;google plus;\
         google+;google;flipboard;stumbleupon;digg;delicious;mastodon;bluesky;threads;tiktok;snapchat;xing;vk;pocket;\
         messenger;wechat;weibo;vimeo;rss;hacker news;email;x;fb;discord;spotify",
    ),
    (
        Cue::Share,
        "share;shares;shared;sharing;share this;share on;tweet;retweet;pin it;pin;like;likes;follow;followers;follow us;\
         follow me;following;print;email this;send;copy link;copy url;link copied;copied;save;bookmark;send by email;\
         email;e mail;mail;share via;click to share;opens in new window;share article;share this article;share this \
         post;share this story;teilen;twittern;drucken;merken;folgen;partager;imprimer;compartir;compartilhar;seguir;\
         condividi;delen;bagikan;link to this page;give this article;gift;listen;play;embed",
    ),
    (
        Cue::Comment,
        "comment;comments;post a comment;leave a comment;leave a reply;leave your comment;add a comment;add comment;\
         no comments;reply;replies;cancel reply;join the conversation;join the discussion;write a comment;view comments;\
         show comments;comments are closed;responses;response to;report abuse;upvote;downvote;permalink;flag;\
         your email address will not be published;required fields are marked;be the first to comment;discussion;\
         kommentar;kommentare;kommentieren;antworten;antwort;commentaire;commentaires;laisser un commentaire;répondre;\
         comentario;comentarios;comentários;comente;deixe uma resposta;responder;commenti;rispondi;reageren;reacties;\
         says;said on;log in to comment;sign in to comment;log in to reply;notify me;save my name;website;thoughts on;\
         komentar;what do you think;tell us what you think;have your say;trackback;pingback;notify me of;points;votes",
    ),
    (
        Cue::Newsletter,
        "newsletter;newsletters;subscribe;subscribed;subscribers;subscription;sign up;signup;sign me up;mailing list;\
         your inbox;email updates;email address;enter your email;get the latest;delivered to;stay up to date;\
         stay in the loop;unsubscribe;join our;never miss;weekly digest;abonnieren;abonnez;suscríbete;assine;iscriviti;\
         breaking news;alerts;get updates;sent directly to;straight to your;exclusive content;be the first to know",
    ),
    (
        Cue::Cookie,
        "cookie;cookies;consent;gdpr;accept all;privacy settings;we use cookies;datenschutzeinstellungen;javascript;\
         enable javascript;your browser;ad blocker;adblocker;adblock;browser does not support",
    ),
    (
        Cue::Legal,
        "copyright;all rights reserved;rights reserved;terms of use;terms of service;terms and conditions;privacy policy;\
         privacy;privacy notice;terms;disclaimer;legal;impressum;datenschutz;datenschutzerklärung;agb;mentions légales;\
         do not sell;accessibility;accessibility statement;cookie policy;sitemap;site map;trademark;trademarks;licensed;\
         creative commons;may not be reproduced;alle rechte vorbehalten;tous droits réservés;powered by;llc;inc;ltd;gmbh;\
         corrections;advertise;advertise with us;ad choices;adchoices;code of conduct;guidelines;editorial policy",
    ),
    (
        Cue::Related,
        "related;related articles;related posts;related stories;related reads;related content;related topics;related reading;\
         recent posts;recent articles;recent stories;popular posts;most popular;most read;most viewed;trending;trending now;\
         more stories;more from;more in;more on;more articles;more news;more posts;you may also like;you might also like;\
         you might like;you may like;recommended;recommended for you;recommendations;read next;up next;next post;\
         previous post;next article;previous article;next story;previous story;latest news;latest stories;latest posts;\
         latest articles;latest;featured;featured posts;featured articles;editor's picks;editors picks;don't miss;\
         see also;also read;read also;top stories;our latest;similar posts;similar articles;keep reading;what to read next;\
         other posts;other articles;people also;explore more;further reading;in case you missed;must read;must reads;\
         ähnliche artikel;ähnliche beiträge;weitere artikel;weitere themen;mehr zum thema;neueste beiträge;beliebte beiträge;\
         lesen sie auch;das könnte sie auch interessieren;das könnte dich auch interessieren;vorheriger beitrag;\
         nächster beitrag;articles similaires;lire aussi;à lire aussi;artículos relacionados;te puede interesar;\
         artigos relacionados;leia também;leia mais;articoli correlati;leggi anche;lees ook;gerelateerd;baca juga;\
         artikel terkait;berita terkait;stories you;posts you;older posts;newer posts;next;previous;prev",
    ),
    (
        Cue::More,
        "read more;learn more;see more;view more;show more;load more;more;continue reading;read full;read the full;view all;\
         see all;show all;all posts;all articles;click here;find out more;discover more;explore;view;read article;\
         mehr lesen;weiterlesen;mehr erfahren;mehr;lire la suite;en savoir plus;leer más;ver más;saiba mais;ver mais;\
         leggi tutto;lees meer;selengkapnya;view profile;view post;see full bio;full bio;read now;watch now;go to",
    ),
    (
        Cue::Account,
        "log in;login;sign in;log out;logout;sign out;register;my account;create account;create an account;account;password;\
         forgot password;forgot your password;username;member;members;membership;profile;join;join now;join free;\
         anmelden;registrieren;abmelden;einloggen;passwort;connexion;iniciar sesión;entrar;cadastre;accedi;inloggen;\
         get started;sign up free;cart;shopping cart;checkout;wishlist;warenkorb",
    ),
    (
        Cue::Navigation,
        "home;menu;search;skip to content;skip to main content;skip to navigation;back to top;main menu;navigation;\
         toggle navigation;close;open;about;about us;contact;contact us;faq;faqs;help;support;blog;news;products;services;\
         solutions;resources;careers;jobs;company;pricing;categories;archives;archive;category;pages;topics;sections;\
         shop;store;events;videos;video;photos;podcast;podcasts;press;team;our team;partners;customers;sitemap;site;\
         table of contents;contents;in this article;on this page;jump to;jump to recipe;top;startseite;suche;menü;\
         kontakt;über uns;inhaltsverzeichnis;zum inhalt;inhalt;accueil;recherche;sommaire;inicio;buscar;início;busca;\
         cerca;zoeken;beranda;page;download;downloads;sponsors;media;overview;documentation;docs;community;forum;dismiss;\
         edit;skip;select;language;english;deutsch;français;español;quick links;useful links;links;browse;all;go;collapse;\
         expand;show;hide;toggle;sponsored;industries;use cases;case studies;enterprise;features;login",
    ),
    (
        Cue::Author,
        "by;written by;posted by;published by;author;about the author;about author;reviewed by;edited by;fact checked by;\
         medically reviewed;contributor;staff writer;correspondent;reporter;editor;senior editor;columnist;freelance;\
         von;autor;autorin;redaktion;redakteur;par;auteur;por;di;door;oleh;story by;words by;text by;is a writer;is a \
         reporter;is a freelance;is an author;is the author;is the founder;is a senior;is the editor;view all posts by;\
         all posts by;more posts by;more by;articles by;has written for;has been writing;reach him;reach her;can be reached;\
         über den autor;zur person;headshot;avatar;guest post;guest author;bio;lives in;joined;team",
    ),
    (
        Cue::Dated,
        "published;posted;posted on;published on;updated;last updated;last modified;modified;am;pm;edt;est;pst;pdt;gmt;utc;\
         bst;cet;ago;minutes ago;hours ago;hour ago;days ago;day ago;weeks ago;months ago;years ago;yesterday;\
         veröffentlicht;aktualisiert;uhr;stand;erstellt;publié;mis à jour;publicado;atualizado;actualizado;pubblicato;\
         geplaatst;date;monday;tuesday;wednesday;thursday;friday;saturday;sunday;mon;tue;wed;thu;fri;sat;sun",
    ),
    (
        Cue::Picture,
        "photo;photo by;photo credit;photo courtesy;photograph;photographs;photographer;image;image credit;images;\
         image by;image source;image via;image courtesy;picture;credit;credits;courtesy of;getty;getty images;\
         shutterstock;istock;unsplash;ap photo;reuters;afp;enlarge;click to enlarge;enlarge image;view gallery;gallery;\
         screenshot;caption;foto;fotos;bild;bilder;bildquelle;quelle;crédit photo;illustration;illustration by;logo;icon;\
         thumbnail;slideshow;fotografía;figure;fig;file photo;pexels;pixabay;featured image;view image",
    ),
    (
        Cue::Advert,
        "advertisement;advertisements;advertisment;ad;ads;sponsored;sponsored content;sponsor;promoted;affiliate;\
         affiliate links;commission;anzeige;werbung;publicité;publicidad;publicidade;pubblicità;advertentie;\
         paid content;story continues below;continues after;continue reading below;scroll to continue;this post may contain;\
         may earn;we may receive;coupon;promo code;discount;sale;offer;deal;deals;buy now;add to cart;shop now;\
         free shipping;order now;in stock;save up to",
    ),
    (
        Cue::Counter,
        "min read;minute read;minutes read;mins read;read time;reading time;views;view count;shares;lesezeit;\
         tempo de leitura;minutos de lectura;minutes de lecture;word count;words;hits;reads;downloads;rating;ratings;votes;\
         stars;reviews;review;claps;points;karma;of 5;out of 5;score",
    ),
    (
        Cue::Filed,
        "tags;tag;tagged;tagged with;tagged as;tagged in;filed under;filed in;posted in;categories;category;topics;topic;\
         in category;keywords;schlagwörter;schlagworte;kategorien;kategorie;themen;étiquettes;catégories;etiquetas;\
         categorías;categorias;trefwoorden;labels;categorie;subjects;more about",
    ),
    (
        Cue::Contact,
        "contact;contact us;get in touch;call us;call;phone;tel;fax;address;request a demo;request demo;book a demo;\
         schedule a demo;schedule a call;free trial;start free trial;start your free trial;try for free;try it free;\
         get a demo;get a quote;free quote;get a free;free consultation;talk to;book a call;book now;contact sales;\
         download now;download the;download our;learn how;see how;watch demo;get started today;see it in action;\
         let's talk;speak to;street;suite;road;avenue;floor;customer service;support team;apply now;donate;donate now;\
         download app;download the app;app store;google play;our app;get the app;press release;media contact;toll free;\
         request a quote;find a;sign up now;start now;ready to",
    ),
];

/// The cues of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cues {
    found: u32,
    /// How many of the line's words belong to a set phrase.
    pub covered: usize,
    /// The line's words.
    pub words: usize,
}

impl Cues {
    /// Whether the line has such a cue.
    pub(super) fn has(self, cue: Cue) -> bool {
        self.found & (1 << cue as u8) != 0
    }

    /// Whether the line has the cue with that place among all cues.
    pub(super) fn has_index(self, index: usize) -> bool {
        self.found & (1 << index) != 0
    }

    /// Whether the line has any cue.
    pub(super) fn any(self) -> bool {
        self.found != 0
    }

    /// The share of the line's words that belong to a set phrase, 0 to 1.
    pub(super) fn share(self) -> f64 {
        if self.words == 0 { 0.0 } else { self.covered as f64 / self.words as f64 }
    }
}

/// A phrase without its first word, and what it hints at.
type Tail = (Vec<&'static str>, Cue);

/// Phrases by their first word: the words that follow it, and the cue.
static BY_FIRST: LazyLock<FxHashMap<&'static str, Vec<Tail>>> = LazyLock::new(|| {
    let mut by_first: FxHashMap<&'static str, Vec<Tail>> = FxHashMap::default();
    for (cue, phrases) in PHRASES {
        for phrase in phrases.split(';') {
            let mut words =
                phrase.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty());
            if let Some(first) = words.next() {
                by_first.entry(first).or_default().push((words.collect(), cue));
            }
        }
    }
    by_first
});

/// Finds the cues in the words of a line.
pub(super) fn of(text: &str) -> Cues {
    of_words(&words(text))
}

/// Finds the cues in words that are in lower case already.
pub(super) fn of_words(words: &[String]) -> Cues {
    let mut cues = Cues { words: words.len(), ..Cues::default() };
    let mut covered_to = 0;
    for (index, word) in words.iter().enumerate() {
        let Some(phrases) = BY_FIRST.get(word.as_str()) else { continue };
        for (rest, cue) in phrases {
            let end = index + 1 + rest.len();
            let fits =
                end <= words.len() && rest.iter().zip(&words[index + 1..end]).all(|(a, b)| *a == b.as_str());
            if fits {
                cues.found |= 1 << *cue as u8;
                cues.covered += end.saturating_sub(covered_to.max(index));
                covered_to = covered_to.max(end);
            }
        }
    }
    cues
}

/// Whether a word by itself, in lower case, is such a cue.
pub(super) fn is(word: &str, cue: Cue) -> bool {
    let phrases = BY_FIRST.get(word).into_iter().flatten();
    phrases.into_iter().any(|(rest, hinted)| rest.is_empty() && *hinted == cue)
}

/// What announces a table of contents, in lower case.
const CONTENTS: [&str; 30] = [
    "table of contents",
    "contents",
    "content map",
    "in this article",
    "in this guide",
    "in this post",
    "in this story",
    "in this review",
    "on this page",
    "what's inside",
    "quick links",
    "quick navigation",
    "jump to",
    "jump to section",
    "skip to section",
    "page contents",
    "article contents",
    "inhaltsverzeichnis",
    "inhalt",
    "in diesem artikel",
    "sommaire",
    "au sommaire",
    "dans cet article",
    "tabla de contenidos",
    "en este artículo",
    "índice",
    "neste artigo",
    "indice",
    "in questo articolo",
    "inhoudsopgave",
];
/// A line of more words announces no table of contents.
const LONGEST_CONTENTS: usize = 6;

/// Whether the words of a line, in lower case, announce a table of contents: they start with such a phrase.
pub(super) fn announces_contents(words: &[String]) -> bool {
    let starts = |phrase: &str| {
        let mut own = words.iter();
        phrase.split(' ').all(|word| own.next().is_some_and(|own| own == word))
    };
    words.len() <= LONGEST_CONTENTS && CONTENTS.iter().any(|phrase| starts(phrase))
}

/// The words of a line in lower case; glued ones ("`LinkedIn3Tweet`") are parted where digits meet letters.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut was_digit = false;
    for c in text.chars() {
        let c = if c == '’' { '\'' } else { c };
        let belongs = c.is_alphanumeric() || (c == '\'' && !word.is_empty());
        if !word.is_empty() && (!belongs || (c != '\'' && c.is_numeric() != was_digit)) {
            words.push(word.trim_end_matches('\'').to_owned());
            word.clear();
        }
        if belongs {
            if c.is_ascii() {
                word.push(c.to_ascii_lowercase());
            } else {
                word.extend(c.to_lowercase());
            }
            was_digit = c.is_numeric();
        }
    }
    if !word.is_empty() {
        words.push(word.trim_end_matches('\'').to_owned());
    }
    words
}
