-- Promotions in every state of their life, and price lists, as the hub's feed tells them.
CREATE TABLE promotions (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE price_lists (code TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
