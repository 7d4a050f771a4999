-- Fault drills and overrides are few among many entries; a manager asks for them by store.
CREATE INDEX entries_drills ON entries (kind, store, terminal, seq) WHERE kind IN ('drill_completed', 'permission_overridden');
