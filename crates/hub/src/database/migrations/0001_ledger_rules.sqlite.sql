-- A posting closes the lines that were inserted before it; it is refused unless they sum to zero. After that nothing of it
-- can be added, changed or removed. REPLACE fires no DELETE triggers, but it does fire the INSERT ones below.

CREATE TRIGGER postings_balance BEFORE INSERT ON postings
WHEN (SELECT COALESCE(SUM(amount), 0) FROM posting_lines
      WHERE store = NEW.store AND terminal = NEW.terminal AND seq = NEW.seq) <> 0
BEGIN SELECT RAISE(ABORT, 'a posting must sum to zero'); END;

CREATE TRIGGER postings_once BEFORE INSERT ON postings
WHEN EXISTS (SELECT 1 FROM postings WHERE store = NEW.store AND terminal = NEW.terminal AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'a posting is never changed'); END;

CREATE TRIGGER posting_lines_closed BEFORE INSERT ON posting_lines
WHEN EXISTS (SELECT 1 FROM postings WHERE store = NEW.store AND terminal = NEW.terminal AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'a posting that is closed takes no more lines'); END;

CREATE TRIGGER postings_not_updated BEFORE UPDATE ON postings BEGIN SELECT RAISE(ABORT, 'a posting is never changed'); END;
CREATE TRIGGER postings_not_deleted BEFORE DELETE ON postings BEGIN SELECT RAISE(ABORT, 'a posting is never removed'); END;
CREATE TRIGGER posting_lines_not_updated BEFORE UPDATE ON posting_lines BEGIN SELECT RAISE(ABORT, 'a posting is never changed'); END;
CREATE TRIGGER posting_lines_not_deleted BEFORE DELETE ON posting_lines BEGIN SELECT RAISE(ABORT, 'a posting is never removed'); END;

CREATE TRIGGER entries_not_updated BEFORE UPDATE OF store, terminal, seq, hash, kind, at, text ON entries
BEGIN SELECT RAISE(ABORT, 'a journal entry is never changed'); END;
CREATE TRIGGER entries_not_deleted BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'a journal entry is never removed'); END;
