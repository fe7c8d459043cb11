// Package store opens the database, an embedded SQLite file or a MySQL that
// others run, and keeps what every write has in common: whole transactions,
// retries, migrations, the audit entry and errors that a user may read.
//
// Reads go through [Store.Read], writes through [Store.Write] and nothing else.
// Three rules make the same code right on both databases:
//
//   - Instants are stored in UTC with milliseconds: SQLite compares them as text.
//   - Inside a write, the row on which a decision rests is read with
//     clause.Locking{Strength: "UPDATE"} or changed under its version. SQLite has
//     one writer and ignores the lock; MySQL needs it.
//   - Ids are never assumed to be dense or in the order of a batch.
package store
