// Package api answers /api/v1: the JSON interface for other tools, described by
// /api/v1/openapi.json. Field names are fixed; errors are problem documents (RFC
// 9457).
package api
