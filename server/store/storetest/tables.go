package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"sundial/server/store"
)

// template is the database whose tables the migrations made.
const template = "template"

// migratedTables returns the statements that make the tables of a migrated
// database and fill them as the migrations did, found out once: they take a
// fraction of the time of the migrations.
var migratedTables = sync.OnceValues(func() (string, error) {
	s, err := started()
	if err != nil {
		return "", err
	}
	if _, err := s.admin.Exec("CREATE DATABASE " + template + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"); err != nil {
		return "", err
	}
	if err := migrateURL("mysql://root@" + s.address + "/" + template); err != nil {
		return "", err
	}
	return s.script()
})

func migrateURL(url string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{URL: url})
	if err != nil {
		return err
	}
	return errors.Join(s.Migrate(ctx), s.Close())
}

// script reads back how each table of the template is made.
func (s *server) script() (string, error) {
	tables, err := s.admin.Query("SELECT table_name FROM information_schema.tables WHERE table_schema = ?", template)
	if err != nil {
		return "", err
	}
	defer tables.Close()
	var script strings.Builder
	// Tables come in any order, and some refer to others.
	script.WriteString("SET foreign_key_checks = 0;\n")
	for tables.Next() {
		var name, statement string
		if err := tables.Scan(&name); err != nil {
			return "", err
		}
		if err := s.admin.QueryRow("SHOW CREATE TABLE "+template+"."+name).Scan(&name, &statement); err != nil {
			return "", fmt.Errorf("table %s: %w", name, err)
		}
		fmt.Fprintln(&script, statement+";")
		var filled bool
		if err := s.admin.QueryRow("SELECT EXISTS (SELECT * FROM " + template + "." + name + ")").Scan(&filled); err != nil {
			return "", fmt.Errorf("table %s: %w", name, err)
		}
		if filled {
			fmt.Fprintf(&script, "INSERT INTO %s SELECT * FROM %s.%s;\n", name, template, name)
		}
	}
	return script.String(), tables.Err()
}

// runScript sends all statements at once to the database of the URL.
func runScript(ctx context.Context, address, script string) error {
	place, err := url.Parse(address)
	if err != nil {
		return err
	}
	db, err := sql.Open("mysql", fmt.Sprintf("root@tcp(%s)%s?multiStatements=true", place.Host, place.Path))
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, script)
	return errors.Join(err, db.Close())
}
