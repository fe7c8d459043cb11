package store

import (
	"context"
	"log/slog"
	"time"

	"gorm.io/gorm/logger"
)

// slowQuery is how long a statement may take before the log mentions it.
const slowQuery = time.Second

// slowQueryLogger tells slog of slow statements, without their values. Errors
// are returned and logged once, at the edge.
type slowQueryLogger struct{}

// LogMode does nothing: there is one mode.
func (l slowQueryLogger) LogMode(logger.LogLevel) logger.Interface { return l }

// Info does nothing.
func (slowQueryLogger) Info(context.Context, string, ...any) {}

// Warn passes GORM's own warnings on.
func (slowQueryLogger) Warn(ctx context.Context, text string, args ...any) {
	slog.WarnContext(ctx, "gorm", "warning", text, "args", args)
}

// Error does nothing: the error is returned as well.
func (slowQueryLogger) Error(context.Context, string, ...any) {}

// Trace logs a statement that took long.
func (slowQueryLogger) Trace(ctx context.Context, begin time.Time, statement func() (string, int64), _ error) {
	took := time.Since(begin)
	if took < slowQuery {
		return
	}
	text, rows := statement()
	slog.WarnContext(ctx, "slow query", "sql", text, "rows", rows, "took", took)
}

// ParamsFilter keeps the values of a statement out of the log.
func (slowQueryLogger) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil
}
