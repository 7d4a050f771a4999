-- Amounts are whole minor units, quantities thousandths, times milliseconds since 1970 UTC, dates YYYY-MM-DD in the store's
-- time zone. Keys begin with the store's number; within it a terminal's number, within that the number of its entry. Other
-- indexes begin with something else: on a table that is still empty PostgreSQL cannot tell two that begin alike apart, and
-- may keep the wrong choice for as long as a connection lives.

CREATE TABLE hub_key (
    one        {int} PRIMARY KEY CHECK (one = 1),
    pkcs8      {bytes} NOT NULL
) {rows};

CREATE TABLE stores (
    number     {int} PRIMARY KEY,
    id         {uuid} NOT NULL UNIQUE,
    code       {code} NOT NULL UNIQUE,
    settings   TEXT NOT NULL,
    feed       {int} NOT NULL DEFAULT 0,
    created_at {int} NOT NULL
) {rows};

CREATE TABLE terminals (
    store       {int} NOT NULL REFERENCES stores (number),
    number      {int} NOT NULL CHECK (number > 0),
    id          {uuid} NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    journal_key TEXT NOT NULL,
    request_key TEXT NOT NULL,
    acked       {int} NOT NULL DEFAULT 0,
    head        {bytes} NOT NULL,
    enrolled_at {int} NOT NULL,
    seen_at     {int},
    revoked_at  {int},
    PRIMARY KEY (store, number)
) {rows};

CREATE TABLE enrolment_codes (
    hash       {bytes} PRIMARY KEY,
    store      {int} NOT NULL REFERENCES stores (number),
    name       TEXT NOT NULL,
    created_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    used_at    {int},
    used_by    {uuid}
) {rows};

-- The journals, verbatim. projected = 0: its content could not be read or booked by the version that took it in.
CREATE TABLE entries (
    store       {int} NOT NULL,
    terminal    {int} NOT NULL,
    seq         {int} NOT NULL CHECK (seq > 0),
    hash        {bytes} NOT NULL,
    kind        {code} NOT NULL,
    at          {int} NOT NULL,
    received_at {int} NOT NULL,
    projected   {int} NOT NULL,
    text        TEXT NOT NULL,
    PRIMARY KEY (store, terminal, seq)
) {rows};
CREATE INDEX entries_unprojected ON entries (store, terminal, seq) WHERE projected = 0;

CREATE TABLE orders (
    store              {int} NOT NULL,
    terminal           {int} NOT NULL,
    seq                {int} NOT NULL,
    id                 {uuid} NOT NULL,
    kind               {code} NOT NULL CHECK (kind IN ('sale', 'refund')),
    receipt            {code} NOT NULL,
    business_date      {code} NOT NULL,
    at                 {int} NOT NULL,
    staff              {code},
    currency           {code} NOT NULL,
    total              {int} NOT NULL,
    tax                {int} NOT NULL,
    rounding           {int} NOT NULL,
    refund_of          {uuid},
    external_reference {code},
    PRIMARY KEY (store, terminal, seq),
    UNIQUE (id, store),
    FOREIGN KEY (store, terminal, seq) REFERENCES entries (store, terminal, seq)
) {keyed};

-- Sums of the orders of a day, kept with them; one row a terminal, so that terminals do not wait for one another.
CREATE TABLE daily_totals (
    store         {int} NOT NULL,
    terminal      {int} NOT NULL,
    business_date {code} NOT NULL,
    currency      {code} NOT NULL,
    orders        {int} NOT NULL,
    refunds       {int} NOT NULL,
    gross         {int} NOT NULL,
    refunded      {int} NOT NULL,
    PRIMARY KEY (store, business_date, terminal, currency)
) {keyed};

-- stock_delta: what the line did to stock; the quantity, below zero for goods that left.
CREATE TABLE order_lines (
    store       {int} NOT NULL,
    terminal    {int} NOT NULL,
    seq         {int} NOT NULL,
    line        {int} NOT NULL,
    product     {uuid} NOT NULL,
    sku         {code} NOT NULL,
    quantity    {int} NOT NULL CHECK (quantity > 0),
    stock_delta {int} NOT NULL CHECK (abs(stock_delta) = quantity),
    net         {int} NOT NULL,
    tax         {int} NOT NULL,
    payable     {int} NOT NULL,
    PRIMARY KEY (store, terminal, seq, line),
    FOREIGN KEY (store, terminal, seq) REFERENCES orders (store, terminal, seq)
) {keyed};

CREATE TABLE payments (
    store     {int} NOT NULL,
    terminal  {int} NOT NULL,
    seq       {int} NOT NULL,
    number    {int} NOT NULL,
    id        {uuid} NOT NULL,
    tender    {code} NOT NULL,
    amount    {int} NOT NULL,
    reference {code},
    PRIMARY KEY (store, terminal, seq, number),
    FOREIGN KEY (store, terminal, seq) REFERENCES orders (store, terminal, seq)
) {keyed};

-- The double-entry ledger. Debits are positive, credits negative. Lines come first, their posting closes them; that each
-- posting sums to zero and is never changed is kept by the database itself (see the ledger rules of each dialect).
CREATE TABLE postings (
    store         {int} NOT NULL,
    terminal      {int} NOT NULL,
    seq           {int} NOT NULL,
    business_date {code} NOT NULL,
    currency      {code} NOT NULL,
    PRIMARY KEY (store, terminal, seq),
    FOREIGN KEY (store, terminal, seq) REFERENCES entries (store, terminal, seq)
) {keyed};

CREATE TABLE posting_lines (
    store    {int} NOT NULL,
    terminal {int} NOT NULL,
    seq      {int} NOT NULL,
    account  {code} NOT NULL,
    amount   {int} NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (store, terminal, seq, account),
    FOREIGN KEY (store, terminal, seq) REFERENCES postings (store, terminal, seq) DEFERRABLE INITIALLY DEFERRED
) {keyed};

-- What counts as the ledger: lines that a posting has closed.
CREATE VIEW ledger AS
    SELECT l.store, l.terminal, l.seq, p.business_date, l.account, l.amount, p.currency
    FROM posting_lines l JOIN postings p ON p.store = l.store AND p.terminal = l.terminal AND p.seq = l.seq;

CREATE TABLE stock_adjustments (
    store              {int} NOT NULL,
    terminal           {int} NOT NULL,
    seq                {int} NOT NULL,
    id                 {uuid} NOT NULL,
    business_date      {code} NOT NULL,
    reason             TEXT NOT NULL,
    external_reference {code},
    PRIMARY KEY (store, terminal, seq),
    UNIQUE (id, store),
    FOREIGN KEY (store, terminal, seq) REFERENCES entries (store, terminal, seq)
) {keyed};

CREATE TABLE stock_adjustment_lines (
    store    {int} NOT NULL,
    terminal {int} NOT NULL,
    seq      {int} NOT NULL,
    line     {int} NOT NULL,
    product  {uuid} NOT NULL,
    sku      {code} NOT NULL,
    delta    {int} NOT NULL,
    note     TEXT NOT NULL,
    PRIMARY KEY (store, terminal, seq, line),
    FOREIGN KEY (store, terminal, seq) REFERENCES stock_adjustments (store, terminal, seq)
) {keyed};

-- The last entry of each terminal whose movements are in the stock table.
CREATE TABLE stock_folds (
    store    {int} NOT NULL,
    terminal {int} NOT NULL,
    folded   {int} NOT NULL,
    PRIMARY KEY (store, terminal),
    FOREIGN KEY (store, terminal) REFERENCES terminals (store, number)
) {keyed};

-- oversold_at: since when it has been below zero.
CREATE TABLE stock (
    store       {int} NOT NULL,
    product     {uuid} NOT NULL,
    on_hand     {int} NOT NULL,
    oversold_at {int},
    PRIMARY KEY (store, product)
) {keyed};

-- The current state of everything a store's tills must know, at the position of its last change.
CREATE TABLE feed (
    store    {int} NOT NULL,
    position {int} NOT NULL,
    key      {code} NOT NULL,
    change   TEXT NOT NULL,
    PRIMARY KEY (store, position),
    UNIQUE (key, store)
) {keyed};

CREATE TABLE incidents (
    id          {numbered},
    store       {int} NOT NULL REFERENCES stores (number),
    terminal    {int} NOT NULL,
    kind        {code} NOT NULL,
    fingerprint {code} NOT NULL,
    detail      TEXT NOT NULL,
    evidence    TEXT NOT NULL,
    at          {int} NOT NULL,
    last_at     {int} NOT NULL,
    times       {int} NOT NULL DEFAULT 1,
    resolved_at {int},
    UNIQUE (store, terminal, kind, fingerprint),
    FOREIGN KEY (store, terminal) REFERENCES terminals (store, number)
) {rows};
