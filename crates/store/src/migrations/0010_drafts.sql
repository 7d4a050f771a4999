-- An open order is kept in a file of its own (`drafts.sqlite`), so that a sale's flush carries none of it. What closes it is
-- written here with the sale's entry: the higher version is the newer word, no body means that nothing is open.
ALTER TABLE drafts RENAME TO drafts_before;
CREATE TABLE drafts (session TEXT PRIMARY KEY, body TEXT, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO drafts (session, body, version) SELECT session, body, 1 FROM drafts_before;
DROP TABLE drafts_before;
