package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"sundial/models"
)

// uploads are the requests of pages, of their scripts and of programs.
func (w *world) uploads(as string) map[string]func(body io.Reader, length int64) answer {
	b, p := w.signIn(as), w.program(as)
	path := "/duties/" + number(w.inside.open) + "/evidence"
	request := func(path string, body io.Reader, length int64) *http.Request {
		r := httptest.NewRequest(http.MethodPost, path, body)
		r.ContentLength = length
		r.Header.Set("Content-Type", formType)
		return r
	}
	return map[string]func(io.Reader, int64) answer{
		"page": func(body io.Reader, length int64) answer { return b.request(request(path, body, length)) },
		"script": func(body io.Reader, length int64) answer {
			r := request(path, body, length)
			r.Header.Set("HX-Request", "true")
			return b.request(r)
		},
		"program": func(body io.Reader, length int64) answer {
			r := request("/api/v1"+path, body, length)
			r.Header.Set("Authorization", "Bearer "+p.token)
			r.Header.Set("Accept-Language", "en")
			return p.send(r)
		},
	}
}

// untouched demands that f leaves neither a row nor a file behind.
func (w *world) untouched(t *testing.T, f func()) {
	t.Helper()
	rows, files := w.rows(), w.vaultFiles(t)
	f()
	if w.rows() != rows {
		t.Error("the database has changed")
	}
	if now := w.vaultFiles(t); now != files {
		t.Errorf("%d files in the vault, %d before", now, files)
	}
}

func (w *world) vaultFiles(t *testing.T) (n int) {
	t.Helper()
	if err := w.app.vault.Hashes(func(string, int64) error { n++; return nil }); err != nil {
		t.Fatal(err)
	}
	return n
}

// endless is the content of a file that is read until somebody has enough.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	return copy(p, bytes.Repeat([]byte{'x'}, len(p))), nil
}

// beginning is the form up to the content.
func beginning(name string) string {
	form := formOf(name, "%PDF-1.7\n")
	return form[:strings.LastIndex(form, "\r\n--frontier--")]
}

func TestAFileThatIsTooLargeIsRefused(t *testing.T) {
	w := newWorld(t)
	for name, send := range w.uploads("reporter") {
		t.Run(name, func(t *testing.T) {
			w.untouched(t, func() {
				// Two gigabytes are refused by what they say of themselves, unread.
				content := &endless{}
				got := send(io.MultiReader(strings.NewReader(beginning("大.pdf")), content), 2<<30)
				got.want(http.StatusRequestEntityTooLarge)
				if content.read != 0 || !strings.Contains(got.body, "20 MB") {
					t.Errorf("%d bytes read, answered %s", content.read, short(got.body))
				}
				// Who does not say it is cut off by counting.
				content = &endless{}
				got = send(io.MultiReader(strings.NewReader(beginning("大.pdf")), content), -1)
				got.want(http.StatusRequestEntityTooLarge)
				if content.read > 23<<20 || !strings.Contains(got.body, "20 MB") {
					t.Errorf("%d bytes read, answered %s", content.read, short(got.body))
				}
				// Just over the limit.
				tooMuch := beginning("大.pdf") + strings.Repeat("x", 20<<20) + "\r\n--frontier--\r\n"
				send(strings.NewReader(tooMuch), int64(len(tooMuch))).want(http.StatusRequestEntityTooLarge)
			})
		})
	}
}

func TestWhatIsNoEvidenceIsRefusedInWords(t *testing.T) {
	w := newWorld(t)
	cases := map[string]struct{ name, content, said string }{
		"HTML":     {"纪要.pdf", "<html><script>alert(1)</script>", "html"},
		"SVG":      {"照片.png", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "svg"},
		"program":  {"工具.exe", "MZ", "PDF, OFD, Word"},
		"nothing":  {"空.pdf", "", "empty"},
		"PDF only": {"表.xlsx", pdf, "xlsx"},
	}
	for name, send := range w.uploads("reporter") {
		for what, c := range cases {
			t.Run(name+"/"+what, func(t *testing.T) {
				w.untouched(t, func() {
					form := formOf(c.name, c.content)
					got := send(strings.NewReader(form), int64(len(form)))
					if got.want(http.StatusUnprocessableEntity); !strings.Contains(got.body, c.said) {
						t.Errorf("answered %s", short(got.body))
					}
				})
			})
		}
		t.Run(name+"/no form", func(t *testing.T) {
			w.untouched(t, func() {
				for _, body := range []string{"", "--frontier--\r\n", "--frontier\r\nnonsense", "nonsense"} {
					send(strings.NewReader(body), int64(len(body))).want(http.StatusUnprocessableEntity)
				}
			})
		})
	}
}

// What is no upload is read up to three mebibytes, and refused in words beyond.
func TestOtherRequestsStayAtThreeMebibytes(t *testing.T) {
	w := newWorld(t)
	b := w.signIn("reporter")
	send := func(path string, size int) answer {
		content := "title="
		r := httptest.NewRequest(http.MethodPost, "/duties/"+number(w.inside.open)+path, strings.NewReader(content+strings.Repeat("x", size-len(content))))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return b.request(r)
	}
	for _, path := range []string{"/draft", "/reports"} {
		w.untouched(t, func() {
			if got := send(path, 3<<20+1).want(http.StatusRequestEntityTooLarge); !strings.Contains(got.text("main"), "3 MB") {
				t.Errorf("%s answers %s", path, short(got.text("main")))
			}
			// Just within the limit it is read, and the title found too long.
			send(path, 3<<20).want(http.StatusUnprocessableEntity)
		})
	}
}

// TestALostConnectionLeavesNothing cuts a real connection in the middle of a
// file, and sends another one slowly.
func TestALostConnectionLeavesNothing(t *testing.T) {
	w := newWorld(t)
	server, other := httptest.NewServer(w.Handler), httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	t.Cleanup(other.Close)
	token := w.token("reporter")
	head := func(length int) string {
		return fmt.Sprintf("POST /api/v1/duties/%d/evidence HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
			w.inside.open, token, formType, length)
	}
	form := formOf("纪要.pdf", pdf+strings.Repeat("x", 1<<20)+"%%EOF\n")
	dial := func(server *httptest.Server) net.Conn {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	w.untouched(t, func() {
		conn := dial(server)
		if _, err := io.WriteString(conn, head(len(form))+form[:len(form)/2]); err != nil {
			t.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
		server.CloseClientConnections()
		waitUntilIdle(t, server)
	})
	conn := dial(other)
	defer conn.Close()
	for _, part := range []string{head(len(form)), form[:100], form[100 : len(form)/2], form[len(form)/2:]} {
		if _, err := io.WriteString(conn, part); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || response.StatusCode != http.StatusCreated {
		t.Errorf("the slow one: %v, %v", response, err)
	}
	if n := w.count(&models.Attachment{}); n != 5 {
		t.Errorf("%d files, want those of the world and one", n)
	}
}

// waitUntilIdle waits for the requests under way.
func waitUntilIdle(t *testing.T, server *httptest.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := server.Config.Shutdown(ctx); err != nil {
		t.Fatalf("a request goes on after its connection was lost: %v", err)
	}
}
