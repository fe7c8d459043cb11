package gate

import (
	"io"
	"mime"
	"net/http"
	"time"
)

// Download sends a file that somebody uploaded: always as an attachment under
// its name, never to be shown or run inside the product's own site. That it is not
// kept by a cache, nor taken for another type, SecureHeaders says of all answers.
func Download(w http.ResponseWriter, r *http.Request, name, mediaType string, content io.ReadSeeker) {
	giveTime(w)
	header := w.Header()
	header.Set("Content-Type", mediaType)
	header.Set("Content-Disposition", disposition(name))
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	http.ServeContent(w, r, "", time.Time{}, content)
}

// disposition names the file as RFC 6266 has it: what is not ASCII, and whatever
// could end the header, percent-encoded.
func disposition(name string) string {
	if value := mime.FormatMediaType("attachment", map[string]string{"filename": name}); value != "" {
		return value
	}
	return "attachment"
}
