package store_test

import (
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sundial/models"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

func TestOpenRefusesAddressesWithoutRepeatingThePassword(t *testing.T) {
	for name, address := range map[string]string{
		"other database":   "postgres://sundial:s3cret@127.0.0.1/sundial",
		"no user":          "mysql://127.0.0.1:3306/sundial",
		"no host":          "mysql://sundial:s3cret@/sundial",
		"no name":          "mysql://sundial:s3cret@127.0.0.1:3306",
		"two names":        "mysql://sundial:s3cret@127.0.0.1:3306/a/b",
		"no URL":           "mysql://sundial:s3cret@127.0.0.1:port/sundial",
		"unescaped":        "mysql://sundial:s3cret%@127.0.0.1:3306/sundial",
		"unknown option":   "mysql://sundial:s3cret@127.0.0.1:3306/sundial?allowAllFiles=true",
		"unknown tls mode": "mysql://sundial:s3cret@127.0.0.1:3306/sundial?tls=s3",
	} {
		t.Run(name, func(t *testing.T) {
			s, err := store.Open(t.Context(), store.Config{URL: address})
			if err == nil {
				s.Close()
				t.Fatal("opened")
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the error repeats the password: %v", err)
			}
		})
	}
}

func TestOpenTellsOfAServerThatIsAway(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	_, err = store.Open(t.Context(), store.Config{URL: "mysql://sundial:s3cret@" + address + "/sundial"})
	if !models.IsCode(err, models.Unavailable) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("error %v, want Unavailable without the password", err)
	}
}

// Waiting does not help against a server that refuses: the message says what to
// correct, and never the password.
func TestAServerThatRefusesIsNotOneThatIsAway(t *testing.T) {
	good, err := url.Parse(storetest.MySQLURL(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*url.URL)
		code   models.Code
	}{
		"wrong password":   {func(u *url.URL) { u.User = url.UserPassword(u.User.Username(), "a-wrong-secret") }, models.Forbidden},
		"unknown database": {func(u *url.URL) { u.Path = "/nowhere" }, models.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			address := *good
			c.change(&address)
			s, err := store.Open(t.Context(), store.Config{URL: address.String()})
			if err == nil {
				s.Close()
			}
			if !models.IsCode(err, c.code) || strings.Contains(err.Error(), "a-wrong-secret") {
				t.Errorf("got %v, want code %s without the password", err, c.code)
			}
		})
	}
}

func TestOpenKeepsTheFileForItsOwner(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "100% of a? b#", "data")
	s := storetest.Open(t, store.Config{Dir: dir})
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{
		"": 0o700, store.FileName: 0o600, store.FileName + "-wal": 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%q has mode %o, want %o", name, got, want)
		}
	}
}

func TestSQLiteIsDurableAndChecksKeys(t *testing.T) {
	s := storetest.SQLite(t)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "query_only": "1"} {
		var got string
		if err := s.Read(t.Context()).Raw("PRAGMA " + pragma).Scan(&got).Error; err != nil || got != want {
			t.Errorf("reading: %s is %q, error %v; want %q", pragma, got, err, want)
		}
	}
	if err := s.Read(t.Context()).Create(&models.User{Login: "x"}).Error; err == nil {
		t.Error("a write went through Read")
	}
}

func TestPing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := s.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
