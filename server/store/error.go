package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"github.com/glebarez/go-sqlite"
	"github.com/go-sql-driver/mysql"
	"gorm.io/gorm"

	"sundial/models"
)

// Errors of MySQL, MariaDB, Galera and TiDB, by number.
const (
	mysqlNotReady        = 1047 // Galera: the node has no quorum
	mysqlTooMany         = 1040 // too many connections
	mysqlShutdown        = 1053
	mysqlCommitFailed    = 1180 // Galera: no quorum at commit
	mysqlReadOnlyOption  = 1290
	mysqlReadOnlyMode    = 1836
	mysqlRowChanged      = 1020 // MariaDB: the row changed since the snapshot
	mysqlLockWaitTimeout = 1205
	mysqlDeadlock        = 1213
	tidbWriteConflict    = 9007
)

// Result codes of SQLite; the low byte of an extended code.
const (
	sqliteBusy      = 5
	sqliteLocked    = 6
	sqliteReadOnly  = 8
	sqliteInterrupt = 9
	sqliteIO        = 10
	sqliteFull      = 13
	sqliteCantOpen  = 14
)

var (
	mysqlConflicts = []uint16{mysqlDeadlock, mysqlLockWaitTimeout, mysqlRowChanged, tidbWriteConflict}
	mysqlOutages   = []uint16{mysqlNotReady, mysqlTooMany, mysqlShutdown, mysqlCommitFailed, mysqlReadOnlyOption, mysqlReadOnlyMode}
	sqliteOutages  = []int{sqliteReadOnly, sqliteIO, sqliteFull, sqliteCantOpen}
)

// Translate turns an error of the database into the models.Error that it means:
// a duplicate key is a Conflict, a missing row NotFound, a server that cannot be
// reached or has no quorum, a full disk and a conflict that outlasted the
// retries Unavailable. A models.Error and a context's error come back as they
// are, anything else wrapped, and nil as nil.
func Translate(err error) error {
	var known *models.Error
	switch {
	case err == nil, errors.As(err, &known), isContextError(err):
		return err
	case isInterrupt(err):
		return context.Canceled
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return models.NewError(models.Conflict, "store.duplicate").Because(err)
	case errors.Is(err, gorm.ErrRecordNotFound):
		return models.NewError(models.NotFound, "store.not_found").Because(err)
	case isConflict(err), isOutage(err):
		return unavailable(err)
	default:
		return fmt.Errorf("database: %w", err)
	}
}

func isContextError(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// isInterrupt tells whether SQLite stopped a statement because its context
// ended.
func isInterrupt(err error) bool { return sqliteCode(err) == sqliteInterrupt }

// ErrOvertaken is for f of [Store.Write] to return when another transaction has
// changed what it read before it could lock it: f runs again, as after a conflict
// that the database reports.
var ErrOvertaken = errors.New("what was read has been changed by another transaction")

// isConflict tells whether the transaction lost against another one and may
// succeed when it is run again.
func isConflict(err error) bool {
	if errors.Is(err, ErrOvertaken) {
		return true
	}
	if code := sqliteCode(err); code == sqliteBusy || code == sqliteLocked {
		return true
	}
	var failure *mysql.MySQLError
	return errors.As(err, &failure) && slices.Contains(mysqlConflicts, failure.Number)
}

// isOutage tells whether the database cannot serve now, whatever is asked.
func isOutage(err error) bool {
	var failure *mysql.MySQLError
	if errors.As(err, &failure) {
		return slices.Contains(mysqlOutages, failure.Number)
	}
	var network net.Error
	return slices.Contains(sqliteOutages, sqliteCode(err)) ||
		errors.As(err, &network) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysql.ErrInvalidConn) ||
		errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// sqliteCode returns the primary result code, 0 when err is not SQLite's.
func sqliteCode(err error) int {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return 0
	}
	return failure.Code() & 0xff
}
