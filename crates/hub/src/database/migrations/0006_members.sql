-- Members of all stores. `sealed_key`: the member's own key, wrapped by the hub's master key, which is not in this database;
-- `profile`: who they are, encrypted under it; `phone`, `tail`: keyed hashes. An erased member keeps the row's id alone.
CREATE TABLE members (
    id         {uuid} PRIMARY KEY,
    home       {int} NOT NULL REFERENCES stores (number),
    code       {code} UNIQUE,
    sealed_key {bytes},
    profile    {bytes},
    phone      {code} UNIQUE,
    tail       {code},
    joined_at  {int} NOT NULL,
    erased_at  {int}
) {rows};
CREATE INDEX members_tail ON members (tail) WHERE tail IS NOT NULL;

-- Which master key wraps them: one that is missing or another one shows before anything is made with it.
CREATE TABLE member_master (
    one         {int} PRIMARY KEY CHECK (one = 1),
    fingerprint {code} NOT NULL
) {rows};

-- The stores that have met a member; only their tills know them.
CREATE TABLE member_stores (
    member {uuid} NOT NULL REFERENCES members (id),
    store  {int} NOT NULL REFERENCES stores (number),
    PRIMARY KEY (member, store)
) {keyed};

-- Entries that speak of a member's points: where to read, not what they say. shown = 0: tills do not know of it yet.
CREATE TABLE member_entries (
    store    {int} NOT NULL,
    terminal {int} NOT NULL,
    seq      {int} NOT NULL,
    member   {uuid} NOT NULL,
    order_id {uuid},
    shown    {int} NOT NULL DEFAULT 0,
    PRIMARY KEY (store, terminal, seq),
    FOREIGN KEY (store, terminal, seq) REFERENCES entries (store, terminal, seq)
) {keyed};
CREATE INDEX member_entries_member ON member_entries (member);
CREATE INDEX member_entries_order ON member_entries (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX member_entries_unshown ON member_entries (member) WHERE shown = 0;
CREATE INDEX orders_member_refunds ON orders (refund_of) WHERE refund_of IS NOT NULL;

CREATE TABLE member_consents (
    store    {int} NOT NULL,
    terminal {int} NOT NULL,
    seq      {int} NOT NULL,
    member   {uuid} NOT NULL,
    purpose  {code} NOT NULL,
    given    {int} NOT NULL,
    text     {code} NOT NULL,
    at       {int} NOT NULL,
    PRIMARY KEY (store, terminal, seq),
    FOREIGN KEY (store, terminal, seq) REFERENCES entries (store, terminal, seq)
) {keyed};
CREATE INDEX member_consents_member ON member_consents (member);

-- Points set aside for an order that is being rung up; gone when its sale arrives, when it is let go, or too late.
CREATE TABLE member_holds (
    id         {uuid} PRIMARY KEY,
    member     {uuid} NOT NULL REFERENCES members (id),
    store      {int} NOT NULL,
    terminal   {int} NOT NULL,
    points     {int} NOT NULL CHECK (points > 0),
    expires_at {int} NOT NULL
) {rows};
CREATE INDEX member_holds_member ON member_holds (member);

-- Who looked at personal data, when and why. `source`: the hub's own answer, or the entry of a till that looked at its copy.
CREATE TABLE member_access (
    id       {numbered},
    member   {uuid} NOT NULL,
    at       {int} NOT NULL,
    staff    {code} NOT NULL,
    store    {int},
    terminal {int},
    seq      {int},
    why      {code} NOT NULL,
    UNIQUE (store, terminal, seq, member)
) {rows};
CREATE INDEX member_access_member ON member_access (member);
