-- Print jobs of several printers, with what a person is told of them and whether a part may already be on paper.
CREATE TABLE print_jobs_of_printers (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    printer   TEXT    NOT NULL DEFAULT 'receipt' CHECK (printer IN ('receipt', 'label')),
    title     TEXT    NOT NULL DEFAULT '',
    order_id  BLOB,
    document  BLOB,
    drawer    INTEGER NOT NULL DEFAULT 0,
    state     TEXT    NOT NULL CHECK (state IN ('waiting', 'printed', 'failed', 'cancelled')),
    begun     INTEGER NOT NULL DEFAULT 0,
    attempts  INTEGER NOT NULL DEFAULT 0,
    next_at   INTEGER NOT NULL DEFAULT 0,
    problem   TEXT    NOT NULL DEFAULT '',
    refusal   TEXT    NOT NULL DEFAULT '',
    queued_at INTEGER NOT NULL DEFAULT 0,
    done_at   INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO print_jobs_of_printers (id, order_id, document, state, attempts, next_at, problem)
    SELECT id, order_id, document, state, attempts, next_at, problem FROM print_jobs;
DROP TABLE print_jobs;
ALTER TABLE print_jobs_of_printers RENAME TO print_jobs;
CREATE INDEX print_jobs_open ON print_jobs (printer, id) WHERE state IN ('waiting', 'failed');
CREATE INDEX print_jobs_order ON print_jobs (order_id);

-- Pictures that belong to this terminal's devices: the logo on its receipts.
CREATE TABLE device_files (
    name TEXT PRIMARY KEY,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
