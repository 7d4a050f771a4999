-- Members whom this store has met, as the hub's feed tells them: names and numbers are encrypted under a key of the member's
-- own, which is itself wrapped by a key that lies with the terminal's private keys. `phone` and `tail` are keyed hashes.
CREATE TABLE members (
    id    TEXT PRIMARY KEY,
    code  TEXT NOT NULL,
    phone TEXT,
    tail  TEXT,
    body  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX members_code ON members (code);
CREATE INDEX members_phone ON members (phone) WHERE phone IS NOT NULL;
CREATE INDEX members_tail ON members (tail) WHERE tail IS NOT NULL;
