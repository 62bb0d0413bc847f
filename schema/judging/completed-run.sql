-- Everything that this run changed has been followed up.
INSERT INTO cursors (name, position, version)
SELECT 'completed-run', {now:DateTime64(3, 'UTC')}, {run:UInt64};
