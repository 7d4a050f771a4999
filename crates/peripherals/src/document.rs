//! A receipt as a list of blocks, independent of any printer.

use crate::picture::Picture;
use crate::symbol::{Barcode, QrCode};

/// Where a line of text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right edge.
    Right,
}

/// One block of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Large, bold and centred: the shop's name, 退货 on a refund.
    Heading(String),
    /// A paragraph; wraps.
    Text {
        /// What it says.
        text: String,
        /// Where it stands.
        align: Align,
        /// Whether it is set bold.
        bold: bool,
    },
    /// A left and a right part on one line. The left one wraps, the right one is never cut.
    Columns {
        /// Left part.
        left: String,
        /// Right part, often an amount.
        right: String,
        /// Whether it is set bold.
        bold: bool,
    },
    /// What was sold. Without a detail, name and amount share a line; with one, the name has its own lines and the detail
    /// stands indented before the amount. The name wraps, the amount is never cut.
    Item {
        /// What it is called.
        name: String,
        /// Quantity and price of one, `2 x 12.90`; may be empty.
        detail: String,
        /// What the line comes to.
        amount: String,
    },
    /// A line from edge to edge.
    Rule,
    /// The largest figures on the paper.
    Total {
        /// What the amount is.
        label: String,
        /// The amount.
        amount: String,
    },
    /// A QR code, centred.
    Qr(QrCode),
    /// A barcode, centred, with its characters below.
    Barcode(Barcode),
    /// A picture, centred: the shop's logo.
    Picture(Picture),
    /// Empty lines.
    Feed(u8),
    /// Feeds to the knife and cuts, leaving a bridge so that the paper does not fall.
    Cut,
    /// Opens the cash drawer that is plugged into the printer.
    KickDrawer,
}

/// A receipt or another slip of paper, block by block from the top.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    blocks: Vec<Block>,
}

impl Document {
    /// An empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// The blocks from the top.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Adds any block.
    pub fn push(&mut self, block: Block) -> &mut Self {
        self.blocks.push(block);
        self
    }

    /// Adds a [`Block::Heading`].
    pub fn heading(&mut self, text: impl Into<String>) -> &mut Self {
        self.push(Block::Heading(text.into()))
    }

    /// Adds plain text at the left edge.
    pub fn line(&mut self, text: impl Into<String>) -> &mut Self {
        self.push(Block::Text { text: text.into(), align: Align::Left, bold: false })
    }

    /// Adds plain text in the middle.
    pub fn centered(&mut self, text: impl Into<String>) -> &mut Self {
        self.push(Block::Text { text: text.into(), align: Align::Center, bold: false })
    }

    /// Adds plain [`Block::Columns`].
    pub fn columns(&mut self, left: impl Into<String>, right: impl Into<String>) -> &mut Self {
        self.push(Block::Columns { left: left.into(), right: right.into(), bold: false })
    }

    /// Adds a [`Block::Item`].
    pub fn item(&mut self, name: impl Into<String>, detail: impl Into<String>, amount: impl Into<String>) -> &mut Self {
        self.push(Block::Item { name: name.into(), detail: detail.into(), amount: amount.into() })
    }

    /// Adds a [`Block::Rule`].
    pub fn rule(&mut self) -> &mut Self {
        self.push(Block::Rule)
    }

    /// Adds a [`Block::Total`].
    pub fn total(&mut self, label: impl Into<String>, amount: impl Into<String>) -> &mut Self {
        self.push(Block::Total { label: label.into(), amount: amount.into() })
    }

    /// Adds a [`Block::Qr`].
    pub fn qr(&mut self, code: QrCode) -> &mut Self {
        self.push(Block::Qr(code))
    }

    /// Adds a [`Block::Barcode`].
    pub fn barcode(&mut self, code: Barcode) -> &mut Self {
        self.push(Block::Barcode(code))
    }

    /// Adds a [`Block::Picture`].
    pub fn picture(&mut self, picture: Picture) -> &mut Self {
        self.push(Block::Picture(picture))
    }

    /// Adds `lines` empty lines.
    pub fn feed(&mut self, lines: u8) -> &mut Self {
        self.push(Block::Feed(lines))
    }

    /// Adds a [`Block::Cut`].
    pub fn cut(&mut self) -> &mut Self {
        self.push(Block::Cut)
    }

    /// Adds a [`Block::KickDrawer`].
    pub fn kick_drawer(&mut self) -> &mut Self {
        self.push(Block::KickDrawer)
    }
}
