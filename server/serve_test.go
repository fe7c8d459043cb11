package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/organization"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/training"
)

// running is a server that a command line has started.
type running struct {
	t      *testing.T
	stop   context.CancelFunc
	ended  chan int
	stdout *output
	stderr *output
	url    string
}

// output is what a running command has written so far.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write appends.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

// String returns all of it.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// serving starts a server on a free port, at a moment, and waits until it says
// where.
func serving(t *testing.T, at time.Time, data string, args ...string) *running {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	r := &running{t: t, stop: stop, ended: make(chan int, 1), stdout: &output{}, stderr: &output{}}
	e := &environment{ctx: ctx, stdin: strings.NewReader(""), stdout: r.stdout, stderr: r.stderr, now: func() time.Time { return at }}
	go func() {
		r.ended <- e.run(append([]string{"--lang", "en", "serve", "--addr", "127.0.0.1:0", "--data", data}, args...))
	}()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if _, after, found := strings.Cut(r.stdout.String(), "Listening on "); found {
			r.url = strings.TrimSuffix(strings.TrimSpace(after), "/")
			return r
		}
		select {
		case code := <-r.ended:
			t.Fatalf("serve ended with %d: %s%s", code, r.stdout, r.stderr)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("serve does not listen: %s%s", r.stdout, r.stderr)
		}
	}
}

// finish stops the server and fails the test unless it ends as done.
func (r *running) finish() {
	r.t.Helper()
	r.stop()
	select {
	case code := <-r.ended:
		if code != exitDone {
			r.t.Errorf("serve ended with %d: %s", code, r.stderr)
		}
	case <-time.After(shutdownTimeout):
		r.t.Error("serve does not end")
	}
}

func (r *running) get(path string) (int, string) {
	r.t.Helper()
	response, err := http.Get(r.url + path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// refusedInOneLine fails the test unless the command ended with the code and one
// line that has the words.
func (r result) refusedInOneLine(t *testing.T, code int, words string) {
	t.Helper()
	if r.code != code || strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, words) {
		t.Errorf("exit %d, stderr %q; want %d and one line with %q", r.code, r.stderr, code, words)
	}
}

func TestDemoIsForThisMachineOnly(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:80", "example.com:80", "127.0.0.1.example.com:80"} {
		data := filepath.Join(t.TempDir(), "data")
		sundial(t, "", "--lang", "en", "serve", "--demo", "--addr", addr, "--data", data).refusedInOneLine(t, exitRefused, addr)
		if _, err := os.Stat(data); !os.IsNotExist(err) {
			t.Errorf("%s: refused, but there is a database", addr)
		}
	}
	// Once the demo's people are there, no server with them goes beyond.
	data := t.TempDir()
	if got := sundial(t, "", "migrate", "--data", data); got.code != exitDone {
		t.Fatal(got)
	}
	a := appOver(t, data)
	if _, err := a.directory.CreateUser(t.Context(), nil, organization.NewUser{Login: "demo", Name: "Demo", Password: password, Demo: true}); err != nil {
		t.Fatal(err)
	}
	sundial(t, "", "--lang", "en", "serve", "--addr", "0.0.0.0:0", "--data", data).refusedInOneLine(t, exitRefused, "0.0.0.0:0")
}

// appOver opens the product over the database in a directory.
func appOver(t *testing.T, data string) *app {
	t.Helper()
	key, err := training.OpenKey(data)
	if err != nil {
		t.Fatal(err)
	}
	a, err := newApp(t.Context(), storetest.Open(t, store.Config{Dir: data}), key, func() time.Time { return today })
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestServeSaysWhyItCannotListen(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	addr := taken.Addr().String()
	data := filepath.Join(t.TempDir(), "data")
	sundial(t, "", "--lang", "en", "serve", "--demo", "--addr", addr, "--data", data).refusedInOneLine(t, exitRefused, addr)
	sundial(t, "", "--lang", "en", "serve", "--check-links", "http://x.invalid", "--data", data).refusedInOneLine(t, exitRefused, "http://x.invalid")
	for _, wrong := range []string{"8080", "127.0.0.1", "a:b:c"} {
		sundial(t, "", "--lang", "en", "serve", "--addr", wrong, "--data", data).refusedInOneLine(t, exitUsage, wrong)
	}
	sundial(t, "", "--lang", "en", "serve", "--db", "mysql://user:secret-word@127.0.0.1:1/x").refusedInOneLine(t, exitRefused, "")
	if got := sundial(t, "", "serve", "--db", "mysql://user:secret-word@127.0.0.1:1/x"); strings.Contains(got.stderr, "secret-word") {
		t.Errorf("the password is shown: %s", got.stderr)
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Error("refused, but there is a database")
	}
}

func TestServeAnswersUntilItIsToldToStop(t *testing.T) {
	data := t.TempDir()
	if got := sundial(t, "", "migrate", "--data", data); got.code != exitDone {
		t.Fatal(got)
	}
	expired := models.Session{Token: "old", Data: []byte{1}, Expiry: today.Add(-time.Hour)}
	a := appOver(t, data)
	if err := a.store.Write(t.Context(), func(tx *gorm.DB) error { return tx.Create(&expired).Error }); err != nil {
		t.Fatal(err)
	}
	r := serving(t, today, data)
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if status, body := r.get(path); status != http.StatusOK || body != want {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
	if _, body := r.get("/login"); !strings.Contains(body, `action="/login"`) {
		t.Error("no sign-in page")
	}
	var sessions int64
	if err := a.store.Read(t.Context()).Model(&models.Session{}).Count(&sessions).Error; err != nil || sessions != 0 {
		t.Errorf("%d sessions, %v: expired ones are kept", sessions, err)
	}

	// A request under way is answered, then the server ends.
	connection, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	form := "login=nobody&password=wrong"
	fmt.Fprintf(connection, "POST /login HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		strings.TrimPrefix(r.url, "http://"), len(form), form[:5])
	time.Sleep(100 * time.Millisecond)
	r.stop()
	time.Sleep(100 * time.Millisecond)
	if _, err := net.DialTimeout("tcp", strings.TrimPrefix(r.url, "http://"), time.Second); err == nil {
		t.Error("a server that stops takes new connections")
	}
	if _, err := io.WriteString(connection, form[5:]); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatalf("the request under way was cut off: %v", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized {
		t.Errorf("status %d", response.StatusCode)
	}
	r.finish()
}

// The demo is of the years up to now, so that its day is later than the others'.
func TestServeShowsTheDemo(t *testing.T) {
	data := t.TempDir()
	for _, kept := range []bool{false, true} {
		if kept { // the demo was made by an earlier version of the program
			appOver(t, data).loadedBefore(t, "zengdu-2020")
		}
		r := serving(t, noon("2026-06-16"), data, "--demo")
		if strings.Contains(r.stderr.String(), "left as they are: zengdu-2020.") != kept {
			t.Errorf("kept %t, serve --demo notes %q", kept, r.stderr)
		}
		said := r.stdout.String()
		for _, want := range []string{"Demo logins (password of all: sundial-demo)", "sd-supervisor", "sd-reporter", "admin"} {
			if !strings.Contains(said, want) {
				t.Errorf("serve --demo does not say %q:\n%s", want, said)
			}
		}
		form := url.Values{"login": {"sd-supervisor"}, "password": {"sundial-demo"}, "next": {"/units/370000/board"}}
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := (&http.Client{Jar: jar}).PostForm(r.url+"/login", form)
		if err != nil {
			t.Fatal(err)
		}
		page, err := goquery.NewDocumentFromReader(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		// Whatever shows made-up facts says so.
		if page.Find(".matrix tbody tr").Length() < 17 || page.Find(".demo-banner").Length() != 1 {
			t.Errorf("status %d: no board of Shandong, or no mark of the demo", response.StatusCode)
		}
		r.finish()
	}
}

func TestCommandsOnADatabase(t *testing.T) {
	data := t.TempDir()
	run := func(args ...string) result {
		return sundial(t, "", append(append([]string{"--lang", "en"}, args...), "--data", data)...)
	}
	done := func(args ...string) result {
		t.Helper()
		got := run(args...)
		if got.code != exitDone || got.stderr != "" {
			t.Fatalf("%v: exit %d\n%s", args, got.code, got.stderr)
		}
		return got
	}
	for _, command := range []string{"migrate", "seed", "rebuild"} {
		once, twice := done(command), done(command)
		if once.stdout == "" || once.stdout != twice.stdout {
			t.Errorf("%s says %q, then %q", command, once.stdout, twice.stdout)
		}
	}
	a := appOver(t, data)
	for table, want := range map[string]bool{"units": true, "policies": true, "obligations": true, "activations": false, "duties": false, "users": false} {
		var rows int64
		if err := a.store.Read(t.Context()).Table(table).Count(&rows).Error; err != nil || rows > 0 != want {
			t.Errorf("after seed %d %s, %v", rows, table, err)
		}
	}
	run("token", "create", "--user", "nobody").refusedInOneLine(t, exitRefused, "nobody")
	if _, err := a.directory.CreateUser(t.Context(), nil, organization.NewUser{Login: "robot", Name: "Robot", Password: password}); err != nil {
		t.Fatal(err)
	}
	token := done("token", "create", "--user", "robot").stdout
	if strings.Count(token, "\n") != 1 || strings.ContainsAny(strings.TrimSpace(token), " \t") {
		t.Errorf("not the token alone: %q", token)
	}
	user, err := a.directory.UserByToken(t.Context(), strings.TrimSpace(token))
	if err != nil || user.Login != "robot" {
		t.Errorf("the token is %s's, %v", user.Login, err)
	}
}
