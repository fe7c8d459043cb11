package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"
)

// FileName is the name of the SQLite file under Config.Dir.
const FileName = "sundial.db"

// openSQLite opens the file twice: one connection for the writers, who queue
// for it in Write instead of fighting over the file's lock, and a pool of
// connections for readers, whom WAL lets read meanwhile.
func openSQLite(ctx context.Context, dir string) (*Store, error) {
	file, err := createFile(dir)
	if err != nil {
		return nil, err
	}
	write, err := sqlitePool(ctx, file, 1, "foreign_keys(1)")
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	read, err := sqlitePool(ctx, file, max(4, 2*runtime.GOMAXPROCS(0)), "query_only(1)")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s for reading: %w", file, err), closePool(write))
	}
	return &Store{dialect: SQLite, read: read, write: write, queue: make(chan struct{}, 1), now: time.Now, strands: 1}, nil
}

// createFile makes the directory and the file, readable by the owner alone:
// SQLite gives its journal the rights of the file.
func createFile(dir string) (string, error) {
	if dir == "" {
		return "", errors.New("open database: no directory for the SQLite file")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("open database: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("create data directory: %w", err)
	}
	path := filepath.Join(dir, FileName)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return "", fmt.Errorf("create database file: %w", err)
	}
	return path, file.Close()
}

func sqlitePool(ctx context.Context, file string, connections int, pragma string) (*gorm.DB, error) {
	query := url.Values{
		"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-16000)", pragma},
		// A transaction that only reads at first and then writes would fail at
		// once, without waiting, when another process has written meanwhile.
		"_txlock": {"immediate"},
	}
	dsn := url.URL{Scheme: "file", Path: file, RawQuery: query.Encode()}
	pool, err := sql.Open(sqlite.DriverName, dsn.String())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return gormOn(ctx, pool, sqlite.Dialector{Conn: pool})
}
