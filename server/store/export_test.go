package store

import "context"

// Exec runs a statement outside of a transaction.
func (s *Store) Exec(ctx context.Context, statement string) error {
	return s.write.WithContext(ctx).Exec(statement).Error
}
