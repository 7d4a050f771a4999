-- Shifts, by the entries that open, pass on, put away and close them; the newest row says whether one is open. `cashier`: who
-- answers for the drawer from then on; `number`: of the Z that the entry is, or that its period will have.
CREATE TABLE shift_entries (
    seq     INTEGER PRIMARY KEY REFERENCES journal (seq),
    kind    TEXT    NOT NULL CHECK (kind IN ('opened', 'handed_over', 'suspended', 'resumed', 'closed')),
    at      INTEGER NOT NULL,
    cashier TEXT,
    number  INTEGER
) STRICT;
CREATE UNIQUE INDEX shift_entries_z ON shift_entries (number) WHERE kind = 'closed';
