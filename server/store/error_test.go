package store_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/store"
)

func TestTranslate(t *testing.T) {
	number := func(n uint16) error { return fmt.Errorf("file report: %w", &mysql.MySQLError{Number: n}) }
	for name, c := range map[string]struct {
		err  error
		want models.Code
	}{
		"no quorum":           {number(1047), models.Unavailable},
		"no quorum at commit": {number(1180), models.Unavailable},
		"too many clients":    {number(1040), models.Unavailable},
		"deadlock":            {number(1213), models.Unavailable},
		"lock wait":           {number(1205), models.Unavailable},
		"refused":             {&net.OpError{Op: "dial", Err: errors.New("refused")}, models.Unavailable},
		"broken":              {mysql.ErrInvalidConn, models.Unavailable},
		"bad connection":      {driver.ErrBadConn, models.Unavailable},
		"duplicate":           {gorm.ErrDuplicatedKey, models.Conflict},
		"missing":             {gorm.ErrRecordNotFound, models.NotFound},
		"ours":                {models.NewError(models.TooMany, "k"), models.TooMany},
	} {
		t.Run(name, func(t *testing.T) {
			err := store.Translate(c.err)
			if !models.IsCode(err, c.want) || !errors.Is(err, c.err) {
				t.Errorf("%v, want code %s around the cause", err, c.want)
			}
		})
	}
}

func TestTranslateLeavesTheRestAlone(t *testing.T) {
	if err := store.Translate(nil); err != nil {
		t.Errorf("nil became %v", err)
	}
	if err := store.Translate(context.DeadlineExceeded); err != context.DeadlineExceeded {
		t.Errorf("the context's error became %v", err)
	}
	syntax := &mysql.MySQLError{Number: 1064, Message: "syntax"}
	err := store.Translate(syntax)
	var known *models.Error
	if errors.As(err, &known) || !errors.Is(err, syntax) || !strings.HasPrefix(err.Error(), "database: ") {
		t.Errorf("a mistake of the program became %v", err)
	}
}
