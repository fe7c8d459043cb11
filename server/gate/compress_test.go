package gate_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"sundial/server/gate"
)

func TestPagesAreSentCompressedAndFilesAsTheyAre(t *testing.T) {
	body := strings.Repeat("应办事项 ", 1000)
	for _, c := range []struct {
		name, kind, accepts, encoded, own string
	}{
		{"page", "text/html; charset=utf-8", "gzip", "gzip", ""},
		{"data", "application/json", "br, gzip", "gzip", ""},
		{"to who takes none", "text/html; charset=utf-8", "", "", ""},
		{"workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "gzip", "", ""},
		{"compressed before", "text/css", "gzip", "gzip", "gzip"},
	} {
		t.Run(c.name, func(t *testing.T) {
			handler, err := gate.Compress(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", c.kind)
				w.Header().Set("ETag", `"v1"`)
				if c.own != "" {
					w.Header().Set("Content-Encoding", c.own)
				}
				io.WriteString(w, body)
			}))
			if err != nil {
				t.Fatal(err)
			}
			request := httptest.NewRequest(http.MethodGet, "/", nil)
			request.Header.Set("Accept-Encoding", c.accepts)
			answer := httptest.NewRecorder()
			handler.ServeHTTP(answer, request)
			if got := answer.Header().Get("Content-Encoding"); got != c.encoded {
				t.Fatalf("encoded as %q, want %q", got, c.encoded)
			}
			if got := answer.Header().Get("ETag"); got != `"v1"` {
				t.Errorf("the tag is %s", got)
			}
			sent := answer.Body.Bytes()
			if c.encoded == "" || c.own != "" {
				if string(sent) != body {
					t.Error("the body was changed")
				}
				return
			}
			if answer.Header().Get("Vary") == "" {
				t.Error("caches are not told that the answer varies")
			}
			reader, err := gzip.NewReader(bytes.NewReader(sent))
			if err != nil {
				t.Fatal(err)
			}
			if read, err := io.ReadAll(reader); err != nil || string(read) != body {
				t.Errorf("read back with %v", err)
			}
		})
	}
}
