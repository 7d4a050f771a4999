-- What an entry says about itself, for looking through the journal. Written when somebody looks, never with a sale; what is
-- missing at its end is not wrong.
CREATE TABLE journal_index (
    seq   INTEGER PRIMARY KEY,
    at    INTEGER NOT NULL,
    staff TEXT    NOT NULL,
    kind  TEXT    NOT NULL
) STRICT;
CREATE INDEX journal_index_kind ON journal_index (kind, seq);
CREATE INDEX journal_index_staff ON journal_index (staff, seq);
CREATE INDEX journal_index_at ON journal_index (at, seq);
