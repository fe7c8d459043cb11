package audit

import (
	"context"

	"gorm.io/gorm"
)

// Keys returns the query for the keys of a page.
func (l *Log) Keys(ctx context.Context, q Query) (*gorm.DB, error) {
	db := l.store.Read(ctx)
	r, err := readerOf(db, q)
	if err != nil {
		return nil, err
	}
	return keysOf(db, r, q, DefaultLimit+1)
}
