package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
)

var today = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func newVault(t *testing.T, limits Limits) (*Vault, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data", "evidence")
	return openVault(t, dir, limits), dir
}

func openVault(t *testing.T, dir string, limits Limits) *Vault {
	t.Helper()
	v, err := Open(dir, limits, today)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v
}

// files lists what lies under a directory.
func files(t *testing.T, dir string) []string {
	t.Helper()
	list := []string{}
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			name, err = filepath.Rel(dir, name)
			list = append(list, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func wantNoUploads(t *testing.T, dir string) {
	t.Helper()
	if left := files(t, filepath.Join(dir, incoming)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// countingReader counts what is read from it.
type countingReader struct {
	content io.Reader
	n       int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.content.Read(p)
	r.n += int64(n)
	return n, err
}

func TestTooLargeIsRefusedAtTheLimit(t *testing.T) {
	v, dir := newVault(t, Limits{})
	endless := &countingReader{content: io.MultiReader(strings.NewReader("%PDF-"), zeros(2<<30))}
	_, err := v.Put(t.Context(), "方案.pdf", endless)
	if key, _ := refusal(t, err, "file"); key != "evidence.too_large" {
		t.Fatalf("error %v", err)
	}
	var refused *models.Error
	errors.As(err, &refused)
	if diff := cmp.Diff(map[string]any{"Name": "方案.pdf", "MB": "20"}, refused.Fields[0].Args); diff != "" {
		t.Error(diff)
	}
	if endless.n != DefaultSize+1 {
		t.Errorf("read %d bytes, want one more than %d", endless.n, DefaultSize)
	}
	if left := files(t, dir); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestLimitIsTheLargestSizeAllowed(t *testing.T) {
	content := pdfOf("x")
	v, _ := newVault(t, Limits{Size: int64(len(content))})
	if key, _ := putting(t, v, "a.pdf", append(content, '\n')); key != "evidence.too_large" {
		t.Errorf("one byte more: %q", key)
	}
	if key, _ := putting(t, v, "a.pdf", content); key != "" {
		t.Errorf("at the limit: %q", key)
	}
	if v.MaxSize() != int64(len(content)) {
		t.Errorf("MaxSize %d", v.MaxSize())
	}
}

func TestBrokenUploadLeavesNothing(t *testing.T) {
	for _, c := range []struct {
		title   string
		content func(cancel func()) io.Reader
		key     string
		cause   error
	}{
		{"empty", func(func()) io.Reader { return strings.NewReader("") }, "evidence.empty", nil},
		{"an error midway", func(func()) io.Reader {
			return io.MultiReader(bytes.NewReader(pdfOf("x")), errorReader{})
		}, "evidence.interrupted", io.ErrUnexpectedEOF},
		{"cancelled midway", func(cancel func()) io.Reader {
			return io.MultiReader(strings.NewReader("%PDF-"), cancelReader{cancel}, zeros(1<<20))
		}, "evidence.interrupted", context.Canceled},
		{"refused by its content", func(func()) io.Reader { return strings.NewReader("<html>") }, "evidence.content_is", nil},
	} {
		t.Run(c.title, func(t *testing.T) {
			v, dir := newVault(t, Limits{})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			_, err := v.Put(ctx, "a.pdf", c.content(cancel))
			if key, _ := refusal(t, err, "file"); key != c.key || c.cause != nil && !errors.Is(err, c.cause) {
				t.Errorf("error %v, want %s because of %v", err, c.key, c.cause)
			}
			if left := files(t, dir); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

type errorReader struct{}

func (errorReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// cancelReader ends the context when it is read.
type cancelReader struct{ cancel func() }

func (r cancelReader) Read([]byte) (int, error) {
	r.cancel()
	return 0, io.EOF
}

func TestFileIsStoredUnderItsHash(t *testing.T) {
	v, dir := newVault(t, Limits{})
	content := pdfOf("x")
	hash := hashOf(content)
	got, err := v.Put(t.Context(), `C:\报送\实施方案（2017）.PDF`, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	want := File{Hash: hash, Name: "实施方案（2017）.PDF", Size: int64(len(content)), Type: PDF}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{filepath.Join(hash[:2], hash[2:])}, files(t, dir)); diff != "" {
		t.Errorf("files: -want +got:\n%s", diff)
	}
	for name, mode := range map[string]fs.FileMode{
		".": 0o700, incoming: 0o700, hash[:2]: 0o700, filepath.Join(hash[:2], hash[2:]): 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != mode {
			t.Errorf("%s has mode %v, want %v", name, info.Mode().Perm(), mode)
		}
	}
	file, err := v.Open(hash)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if read, err := io.ReadAll(file); err != nil || !bytes.Equal(read, content) {
		t.Errorf("read %q, error %v", read, err)
	}
}

func TestSameContentIsWrittenOnce(t *testing.T) {
	v, dir := newVault(t, Limits{})
	content := pdfOf("x")
	store := func(name string) os.FileInfo {
		file, err := v.Put(t.Context(), name, bytes.NewReader(content))
		if err != nil || file.Name != name {
			t.Fatalf("file %v, error %v", file, err)
		}
		list := files(t, dir)
		if len(list) != 1 {
			t.Fatalf("files: %v", list)
		}
		info, err := os.Stat(filepath.Join(dir, list[0]))
		if err != nil {
			t.Fatal(err)
		}
		return info
	}
	first, second := store("甲.pdf"), store("乙.pdf")
	if !os.SameFile(first, second) {
		t.Error("the file was written again")
	}
}

func TestDamagedFileIsSeenAndMended(t *testing.T) {
	content := pdfOf("x")
	hash := hashOf(content)
	for title, damaged := range map[string][]byte{
		"cut":                []byte("%PDF"),
		"as long, but other": bytes.Replace(content, []byte("x"), []byte("y"), 1),
	} {
		t.Run(title, func(t *testing.T) {
			v, dir := newVault(t, Limits{})
			if key, _ := putting(t, v, "a.pdf", content); key != "" {
				t.Fatal(key)
			}
			if err := os.WriteFile(filepath.Join(dir, hash[:2], hash[2:]), damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := v.Verify(hash); !models.IsCode(err, models.Conflict) {
				t.Errorf("Verify of a damaged file: %v", err)
			}
			if key, _ := putting(t, v, "a.pdf", content); key != "" {
				t.Fatal(key)
			}
			if err := v.Verify(hash); err != nil {
				t.Errorf("Verify of the mended file: %v", err)
			}
		})
	}
}

func TestUnknownHashIsNotFound(t *testing.T) {
	v, dir := newVault(t, Limits{})
	if key, _ := putting(t, v, "a.pdf", pdfOf("x")); key != "" {
		t.Fatal(key)
	}
	if err := os.WriteFile(filepath.Join(dir, "..", "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	hash := hashOf(pdfOf("x"))
	for _, bad := range []string{
		"", "ab", "../secret", "..%2fsecret", "../" + hash[3:], hash[:2] + "/" + hash[2:], hash + "\n", hash + "0",
		strings.ToUpper(hash), hashOf([]byte("y")), strings.Repeat("/", 64), strings.Repeat(".", 64),
	} {
		if file, err := v.Open(bad); !models.IsCode(err, models.NotFound) {
			t.Errorf("Open(%q) = %v, %v", bad, file, err)
		}
		if err := v.Verify(bad); !models.IsCode(err, models.NotFound) {
			t.Errorf("Verify(%q) = %v", bad, err)
		}
	}
}

// Two vaults on one directory stand for two processes.
func TestManyStoreTheSameAtOnce(t *testing.T) {
	first, dir := newVault(t, Limits{})
	second := openVault(t, dir, Limits{})
	content := pdfOf(strings.Repeat("x", 100_000))
	var group sync.WaitGroup
	for i := range 16 {
		v := []*Vault{first, second}[i%2]
		group.Go(func() {
			if _, err := v.Put(t.Context(), fmt.Sprintf("%d.pdf", i), bytes.NewReader(content)); err != nil {
				t.Error(err)
			}
			if err := v.Verify(hashOf(content)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if list := files(t, dir); len(list) != 1 {
		t.Errorf("files: %v", list)
	}
}

func TestHashesVisitsEveryFile(t *testing.T) {
	v, dir := newVault(t, Limits{})
	want := map[string]int64{}
	for i := range 5 {
		content := pdfOf(strings.Repeat("x", i))
		want[hashOf(content)] = int64(len(content))
		if key, _ := putting(t, v, "a.pdf", content); key != "" {
			t.Fatal(key)
		}
	}
	for _, stray := range []string{"note.txt", filepath.Join(incoming, "UPLOAD")} {
		if err := os.WriteFile(filepath.Join(dir, stray), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := map[string]int64{}
	if err := v.Hashes(func(hash string, size int64) error { got[hash] = size; return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err := v.Hashes(func(string, int64) error { return io.ErrClosedPipe }); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the visit's error became %v", err)
	}
}

func TestOpenSweepsOldBrokenUploads(t *testing.T) {
	v, dir := newVault(t, Limits{})
	if key, _ := putting(t, v, "a.pdf", pdfOf("x")); key != "" {
		t.Fatal(key)
	}
	kept := files(t, dir)
	for name, age := range map[string]time.Duration{"OLD": 25 * time.Hour, "NEW": 23 * time.Hour} {
		name := filepath.Join(dir, incoming, name)
		if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, today, today.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	openVault(t, dir, Limits{})
	if diff := cmp.Diff(append(kept, filepath.Join(incoming, "NEW")), files(t, dir)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestDirectoryThatIsNone(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if v, err := Open(name, Limits{}, today); err == nil {
		t.Errorf("opened %v", v)
	}
}
