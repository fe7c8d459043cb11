package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql" // the driver of admin
)

const startPatience = 60 * time.Second

// server is the private MariaDB of this test process.
type server struct {
	address string
	admin   *sql.DB
	// lifeline is the writing end of the keeper's standard input. Nobody writes
	// to it: when this process ends, however it ends, the keeper reads the end of
	// the file, kills the server and removes its files.
	lifeline *os.File
}

// keeper runs the server as its child and outlives the test process by the
// moment that the clean-up takes.
const keeper = `dir=$1; shift
"$@" & server=$!
cat >/dev/null
kill -9 $server
wait $server
rm -rf "$dir"`

var (
	started   = sync.OnceValues(startServer)
	databases atomic.Int64
)

// MySQLURL returns the URL of a new, empty database on the private MariaDB,
// dropped with the test.
func MySQLURL(t testing.TB) string {
	t.Helper()
	s, err := started()
	if err != nil {
		t.Fatalf("start MariaDB: %v", err)
	}
	name := fmt.Sprintf("test%d", databases.Add(1))
	if _, err := s.admin.Exec("CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"); err != nil {
		t.Fatalf("create database: %v", err)
	}
	t.Cleanup(func() {
		if _, err := s.admin.Exec("DROP DATABASE " + name); err != nil {
			t.Errorf("drop database: %v", err)
		}
	})
	return "mysql://root@" + s.address + "/" + name
}

func startServer() (*server, error) {
	mariadbd, err := program("mariadbd")
	if err != nil {
		return nil, err
	}
	install, err := program("mariadb-install-db")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "sundial-mariadb-")
	if err != nil {
		return nil, err
	}
	if err := installData(install, dir); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	port, err := freePort()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return launch(mariadbd, dir, port)
}

// program finds a program of the server, which distributions put outside the
// PATH of ordinary users.
func program(name string) (string, error) {
	for _, candidate := range []string{name, "/usr/sbin/" + name, "/usr/bin/" + name, "/usr/local/bin/" + name} {
		if path, err := exec.LookPath(candidate); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s is not installed: run apt-get install mariadb-server, or make test", name)
}

func installData(install, dir string) error {
	if err := os.Mkdir(filepath.Join(dir, "tmp"), 0o700); err != nil {
		return err
	}
	arguments := append([]string{"--no-defaults"}, common(dir)...)
	arguments = append(arguments, "--auth-root-authentication-method=normal", "--skip-test-db")
	if output, err := exec.Command(install, arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("mariadb-install-db: %w\n%s", err, output)
	}
	return nil
}

// common are the options of installing and serving alike. A server that starts
// clears its directory for temporary files, so each needs one of its own. Root
// must say that it means to run the server as root.
func common(dir string) []string {
	options := []string{"--datadir=" + filepath.Join(dir, "data"), "--tmpdir=" + filepath.Join(dir, "tmp")}
	if os.Geteuid() == 0 {
		options = append(options, "--user=root")
	}
	return options
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}

func launch(mariadbd, dir string, port int) (*server, error) {
	command := exec.Command("/bin/sh", "-c", keeper, "keeper", dir, mariadbd, "--no-defaults")
	command.Args = append(command.Args, common(dir)...)
	command.Args = append(command.Args,
		"--socket="+filepath.Join(dir, "my.sock"),
		"--pid-file="+filepath.Join(dir, "my.pid"), "--bind-address=127.0.0.1", "--port="+strconv.Itoa(port),
		"--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_ci",
		"--innodb-buffer-pool-size=256M", "--innodb-log-file-size=64M",
		"--skip-log-bin", "--skip-name-resolve", "--performance-schema=OFF", "--max-connections=500")
	command.Args = append(command.Args, durability()...)
	// A group of its own: an interrupt from the terminal ends the test process,
	// and the keeper by its lifeline.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	command.Stdout, command.Stderr = log, log
	stdin, lifeline, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer stdin.Close()
	command.Stdin = stdin
	if err := command.Start(); err != nil {
		return nil, errors.Join(err, lifeline.Close(), os.RemoveAll(dir))
	}
	s := &server{address: fmt.Sprintf("127.0.0.1:%d", port), lifeline: lifeline}
	if err := s.await(log.Name()); err != nil {
		return nil, errors.Join(err, lifeline.Close())
	}
	return s, nil
}

// durability says how the server makes a commit last: as in production when
// something is measured; tests need not outlive the machine, and many of them
// would wait for the disk most of their time.
func durability() []string {
	if measured := flag.Lookup("test.bench"); measured != nil && measured.Value.String() != "" {
		return []string{"--innodb-flush-log-at-trx-commit=1"}
	}
	return []string{"--innodb-flush-log-at-trx-commit=2", "--innodb-flush-method=nosync"}
}

// await waits until the server takes connections.
func (s *server) await(log string) (err error) {
	s.admin, err = sql.Open("mysql", "root@tcp("+s.address+")/")
	if err != nil {
		return err
	}
	// Idle connections would look like leaks to the tests that count goroutines.
	s.admin.SetMaxIdleConns(0)
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	for {
		if err = s.admin.PingContext(ctx); err == nil {
			return nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			text, _ := os.ReadFile(log)
			return fmt.Errorf("no answer in %v: %w\n%s", startPatience, err, bytes.TrimSpace(text))
		}
	}
}
