// Package storetest gives tests a real, migrated, empty database: SQLite in the
// test's directory, and a private MariaDB that the test process starts itself,
// once, on the loopback interface.
package storetest
