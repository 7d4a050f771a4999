-- Amounts are whole minor units of the row's currency, quantities thousandths of a unit, times milliseconds since 1970 UTC,
-- ids the 16 bytes of their UUID.

-- The truth: each entry's text, verbatim. Its hash is the SHA-256 of the text.
CREATE TABLE journal (
    seq  INTEGER PRIMARY KEY CHECK (seq > 0),
    text TEXT NOT NULL
) STRICT;

-- Projections of the journal. Kept narrow: they are written with every sale.
CREATE TABLE orders (
    seq       INTEGER PRIMARY KEY REFERENCES journal (seq),
    id        BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    number    INTEGER NOT NULL UNIQUE CHECK (number > 0),
    receipt   TEXT    NOT NULL,
    kind      TEXT    NOT NULL CHECK (kind IN ('sale', 'refund')),
    at        INTEGER NOT NULL,
    staff     TEXT,
    currency  TEXT    NOT NULL,
    total     INTEGER NOT NULL,
    tax       INTEGER NOT NULL,
    rounding  INTEGER NOT NULL,
    lines     INTEGER NOT NULL,
    of_order  BLOB,
    external  TEXT
) STRICT;
CREATE UNIQUE INDEX orders_external ON orders (external) WHERE external IS NOT NULL;
CREATE INDEX orders_of_order ON orders (of_order) WHERE of_order IS NOT NULL;

-- `moved`: by how much the line changed stock; below zero for goods that left.
CREATE TABLE order_lines (
    seq     INTEGER NOT NULL REFERENCES orders (seq),
    line    INTEGER NOT NULL,
    product BLOB    NOT NULL,
    moved   INTEGER NOT NULL,
    net     INTEGER NOT NULL,
    payable INTEGER NOT NULL,
    PRIMARY KEY (seq, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE payments (
    seq     INTEGER NOT NULL REFERENCES orders (seq),
    payment INTEGER NOT NULL,
    id      BLOB    NOT NULL,
    tender  TEXT    NOT NULL CHECK (tender IN ('cash', 'card')),
    amount  INTEGER NOT NULL,
    PRIMARY KEY (seq, payment)
) STRICT, WITHOUT ROWID;

CREATE TABLE adjustments (
    seq      INTEGER PRIMARY KEY REFERENCES journal (seq),
    id       BLOB    NOT NULL UNIQUE,
    external TEXT
) STRICT;
CREATE UNIQUE INDEX adjustments_external ON adjustments (external) WHERE external IS NOT NULL;

CREATE TABLE adjustment_lines (
    seq     INTEGER NOT NULL REFERENCES adjustments (seq),
    line    INTEGER NOT NULL,
    product BLOB    NOT NULL,
    moved   INTEGER NOT NULL,
    PRIMARY KEY (seq, line)
) STRICT, WITHOUT ROWID;

CREATE VIEW stock_movements (seq, product, moved) AS
    SELECT seq, product, moved FROM order_lines
    UNION ALL
    SELECT seq, product, moved FROM adjustment_lines;

-- The catalogue, as the hub's feed tells it, and products first entered here (`added_by`: their entry).
CREATE TABLE products (
    key      INTEGER PRIMARY KEY,
    id       BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    sku      TEXT    NOT NULL COLLATE NOCASE,
    barcodes TEXT    NOT NULL,
    zh       TEXT    NOT NULL,
    en       TEXT    NOT NULL,
    category TEXT,
    price    TEXT    NOT NULL,
    currency TEXT    NOT NULL,
    unit     TEXT    NOT NULL,
    tax      TEXT    NOT NULL,
    picture  TEXT,
    active   INTEGER NOT NULL CHECK (active IN (0, 1)),
    added_by INTEGER
) STRICT;
CREATE INDEX products_sku ON products (sku);
CREATE INDEX products_category ON products (category) WHERE active = 1;
CREATE INDEX products_added_by ON products (added_by) WHERE added_by IS NOT NULL;

CREATE TABLE product_barcodes (
    barcode TEXT    NOT NULL,
    product INTEGER NOT NULL,
    PRIMARY KEY (barcode, product)
) STRICT, WITHOUT ROWID;

-- Terms are made by the program (see the module `search`), one row a product that is sold.
CREATE VIRTUAL TABLE product_search USING fts5 (
    terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
-- Terms gathered in memory before a part of the index is written, in bytes: a first load then writes fewer parts.
INSERT INTO product_search (product_search, rank) VALUES ('hashsize', 6000000);

CREATE TABLE categories (
    code     TEXT    PRIMARY KEY,
    zh       TEXT    NOT NULL,
    en       TEXT    NOT NULL,
    position INTEGER NOT NULL,
    products INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tax_classes (code TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE staff (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE stock (product BLOB PRIMARY KEY, on_hand INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- What this terminal is and how far it is with the hub: one row.
CREATE TABLE terminal (
    one              INTEGER PRIMARY KEY CHECK (one = 1),
    id               BLOB,
    number           INTEGER NOT NULL DEFAULT 0,
    name             TEXT    NOT NULL DEFAULT '',
    hub_url          TEXT,
    hub_key          TEXT,
    shop             TEXT,
    acked_seq        INTEGER NOT NULL DEFAULT 0,
    acked_hash       BLOB,
    countersignature TEXT    NOT NULL DEFAULT '',
    feed             INTEGER NOT NULL DEFAULT 0,
    loading          INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO terminal (one) VALUES (1);

CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE pin_attempts (staff TEXT PRIMARY KEY, failed INTEGER NOT NULL, last_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Orders not finished yet.
CREATE TABLE drafts (session TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE held_orders (
    id       TEXT    PRIMARY KEY,
    label    TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    staff    TEXT    NOT NULL,
    currency TEXT    NOT NULL,
    total    INTEGER NOT NULL,
    lines    INTEGER NOT NULL,
    body     TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE print_jobs (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id BLOB,
    document BLOB,
    state    TEXT    NOT NULL CHECK (state IN ('waiting', 'printed', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at  INTEGER NOT NULL DEFAULT 0,
    problem  TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX print_jobs_open ON print_jobs (id) WHERE state <> 'printed';
CREATE INDEX print_jobs_order ON print_jobs (order_id);
