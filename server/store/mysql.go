package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	driverMySQL "github.com/go-sql-driver/mysql"
	"gorm.io/driver/mysql"

	"sundial/models"
)

const mysqlConnections = 32

func openMySQL(ctx context.Context, address string) (*Store, error) {
	config, err := parseURL(address)
	if err != nil {
		return nil, err
	}
	connector, err := driverMySQL.NewConnector(config)
	if err != nil {
		return nil, fmt.Errorf("open database %s on %s: %w", config.DBName, config.Addr, err)
	}
	pool := sql.OpenDB(committedReader{connector})
	pool.SetMaxOpenConns(mysqlConnections)
	pool.SetMaxIdleConns(mysqlConnections)
	// Load balancers in front of a cluster drop what is idle for long, and a
	// node that came back gets its share of connections again.
	pool.SetConnMaxIdleTime(time.Minute)
	pool.SetConnMaxLifetime(10 * time.Minute)
	db, err := gormOn(ctx, pool, mysql.New(mysql.Config{Conn: pool}))
	if err != nil {
		return nil, fmt.Errorf("open database %s on %s: %w", config.DBName, config.Addr, whyNotOpened(err, config))
	}
	return &Store{dialect: MySQL, read: db, write: db, now: time.Now, strands: AuditStrands}, nil
}

// What the server says to a wrong user, password or name.
const (
	errorAccessDenied         = 1045
	errorDatabaseAccessDenied = 1044
	errorUnknownDatabase      = 1049
)

// whyNotOpened tells a server that refuses from one that is away: waiting does
// not help against a wrong password.
func whyNotOpened(err error, config *driverMySQL.Config) error {
	var refused *driverMySQL.MySQLError
	if !errors.As(err, &refused) {
		return err
	}
	switch refused.Number {
	case errorAccessDenied, errorDatabaseAccessDenied:
		return models.NewError(models.Forbidden, "store.access_denied", "User", config.User, "Database", config.DBName, "Addr", config.Addr).Because(err)
	case errorUnknownDatabase:
		return models.NewError(models.NotFound, "store.unknown_database", "Database", config.DBName, "Addr", config.Addr).Because(err)
	default:
		return err
	}
}

var errURL = errors.New("the database URL must read mysql://user:password@host:3306/name, " +
	"with special characters of the password as %XX")

// parseURL reads the URL. Its errors do not repeat it, because it holds the
// password.
func parseURL(address string) (*driverMySQL.Config, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Scheme != "mysql" || parsed.Hostname() == "" || parsed.User.Username() == "" {
		return nil, errURL
	}
	name := strings.TrimPrefix(parsed.Path, "/")
	if name == "" || strings.Contains(name, "/") {
		return nil, errURL
	}
	config := driverMySQL.NewConfig()
	config.Net = "tcp"
	config.User = parsed.User.Username()
	config.Passwd, _ = parsed.User.Password()
	config.Addr = net.JoinHostPort(parsed.Hostname(), portOf(parsed))
	config.DBName = name
	if err := applyOptions(config, parsed.Query()); err != nil {
		return nil, err
	}
	return config, nil
}

func portOf(address *url.URL) string {
	if port := address.Port(); port != "" {
		return port
	}
	return "3306"
}

func applyOptions(config *driverMySQL.Config, options url.Values) error {
	for name := range options {
		if name != "tls" {
			return fmt.Errorf("the database URL has an unknown option %q: only tls is known", name)
		}
	}
	config.TLSConfig = options.Get("tls")
	config.ParseTime = true
	config.Loc = time.UTC
	config.Collation = "utf8mb4_bin"
	// Rows affected are the rows found, as with SQLite: an update that changes
	// nothing is not a missing row.
	config.ClientFoundRows = true
	// One round trip for a statement instead of three.
	config.InterpolateParams = true
	config.Timeout = 5 * time.Second
	// A request's own deadline is in its context; these notice a dead server, and
	// must let a migration of a large table end.
	config.ReadTimeout = 10 * time.Minute
	config.WriteTimeout = time.Minute
	config.Logger = &driverMySQL.NopLogger{}
	config.Params = map[string]string{
		// The same on MySQL and MariaDB: too long or malformed values are errors.
		"sql_mode":                 "'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
		"time_zone":                "'+00:00'",
		"innodb_lock_wait_timeout": "5",
	}
	return config.Apply(driverMySQL.TimeTruncate(time.Millisecond))
}

// committedReader opens connections whose transactions read what is committed,
// as writers of SQLite do, rather than a snapshot older than the locks they
// hold; it also spares the locks on gaps between rows. The name of the variable
// differs between servers, hence the statement.
type committedReader struct{ driver.Connector }

// Connect opens one connection.
func (c committedReader) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	const isolation = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"
	if _, err := conn.(driver.ExecerContext).ExecContext(ctx, isolation, nil); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}
