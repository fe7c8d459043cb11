package frontend

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestUnknownAssetIsNotFound(t *testing.T) {
	assets, err := NewAssets()
	if err != nil {
		t.Fatal(err)
	}
	if url := assets.URL("none.css"); url != "" {
		t.Errorf("URL of an asset that is not there: %s", url)
	}
	for _, path := range []string{"/assets/none.css", "/assets/", "/assets/../frontend.go"} {
		answer := httptest.NewRecorder()
		assets.ServeHTTP(answer, httptest.NewRequest("GET", path, nil))
		if answer.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, answer.Code)
		}
	}
}

func TestStyleIsServedForEverAndZipped(t *testing.T) {
	assets, err := NewAssets()
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest("GET", assets.URL("app.css"), nil)
	request.Header.Set("Accept-Encoding", "gzip")
	answer := httptest.NewRecorder()
	assets.ServeHTTP(answer, request)
	header := answer.Result().Header
	if answer.Code != 200 || !strings.HasPrefix(header.Get("Content-Type"), "text/css") || !strings.Contains(header.Get("Cache-Control"), "immutable") {
		t.Errorf("answer %d, header %v", answer.Code, header)
	}
	reader, err := gzip.NewReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(body), "matrix") {
		t.Error("the style sheet has no rule for the board")
	}
}

// TestPlainStyleHasEveryComponent makes sure that pages without a build still
// have the style of every component.
func TestPlainStyleHasEveryComponent(t *testing.T) {
	style, err := plainStyle()
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range []string{".btn", "--fill-overdue", ".matrix", ".duty-list", ".term", ".field", ".panel", ".top"} {
		if !strings.Contains(string(style), rule) {
			t.Errorf("no rule for %s", rule)
		}
	}
	if strings.Contains(string(style), "@import") {
		t.Error("the plain style imports a file that is not served")
	}
}
