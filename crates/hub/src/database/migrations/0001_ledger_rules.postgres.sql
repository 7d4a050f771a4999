-- Every statement that inserts posting lines must bring lines that sum to zero for each posting it touches, so every posting
-- sums to zero after every statement. One check a statement, not one a row. Nothing of a posting can be changed or removed.

CREATE FUNCTION ledger_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM inserted GROUP BY store, terminal, seq HAVING SUM(amount) <> 0) THEN
        RAISE EXCEPTION 'a posting must sum to zero' USING ERRCODE = 'TB001';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: nothing in it is changed or removed', TG_TABLE_NAME USING ERRCODE = 'TB002';
END $$;

CREATE TRIGGER posting_lines_balance AFTER INSERT ON posting_lines REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_balances();
CREATE TRIGGER posting_lines_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON posting_lines
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER postings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON postings
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER entries_append_only BEFORE UPDATE OF store, terminal, seq, hash, kind, at, text OR DELETE OR TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

-- Entries stay in the table's own pages as they are: their text is base64 and not worth compressing at every insert.
ALTER TABLE entries ALTER COLUMN text SET STORAGE EXTERNAL;
ALTER TABLE entries SET (toast_tuple_target = 8160);
ALTER TABLE terminals SET (fillfactor = 50);
ALTER TABLE daily_totals SET (fillfactor = 50);
ALTER TABLE stock SET (fillfactor = 70);
