package gate

import (
	"fmt"
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// worthCompressing are the kinds of answers that get much smaller: pages and data. Files
// are sent as they are, and the assets are compressed once at the start.
var worthCompressing = []string{"text/html", "text/csv", "text/plain", "text/calendar", "application/json", "application/problem+json", "application/openapi+json"}

// Compress sends pages and data compressed to who takes them so. A kilobyte or less goes
// as it is.
func Compress(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.ContentTypes(worthCompressing), gzhttp.SuffixETag(""))
	if err != nil {
		return nil, fmt.Errorf("compress answers: %w", err)
	}
	return wrap(next), nil
}
