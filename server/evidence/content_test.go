package evidence

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sundial/models"
)

// putting returns the key of the refusal of a content under a name and what the
// content seems to be, or both empty when it is taken.
func putting(t testing.TB, v *Vault, name string, content []byte) (key string, seems any) {
	t.Helper()
	_, err := v.Put(t.Context(), name, bytes.NewReader(content))
	return refusal(t, err, "file")
}

// refusal returns key and argument Seems of the one field of an Invalid error.
func refusal(t testing.TB, err error, field string) (key string, seems any) {
	t.Helper()
	if err == nil {
		return "", nil
	}
	var refused *models.Error
	if !errors.As(err, &refused) || refused.Code != models.Invalid || len(refused.Fields) != 1 || refused.Fields[0].Name != field {
		t.Fatalf("error %v, want a models.Error with the field %s", err, field)
	}
	return refused.Fields[0].Key, refused.Fields[0].Args["Seems"]
}

func TestContentMustBeWhatTheNameClaims(t *testing.T) {
	v, _ := newVault(t, Limits{})
	for _, c := range []struct {
		name    string
		content []byte
		key     string
		seems   any
	}{
		{"a.html", []byte("<html>"), "evidence.extension", nil},
		{"a.docm", docxOf(t), "evidence.extension", nil},
		{"noextension", pdfOf("x"), "evidence.extension", nil},
		{"a.pdf.exe", pdfOf("x"), "evidence.extension", nil},

		{"a.pdf", []byte("<!DOCTYPE html><html>%%EOF"), "evidence.content_is", "html"},
		{"a.pdf", []byte(`<?xml version="1.0"?><svg xmlns="x"/>`), "evidence.content_is", "svg"},
		{"a.png", []byte(`<svg onload="x()"/>`), "evidence.content_is", "svg"},
		{"a.pdf", []byte("#!/bin/sh\nrm x"), "evidence.content_is", "sh"},
		{"a.docx", []byte("MZ\x90\x00\x03"), "evidence.content_is", "exe"},
		{"a.zip", []byte("Rar!\x1A\x07\x00"), "evidence.content_is", "rar"},
		{"a.doc", []byte(`{\rtf1 x}`), "evidence.content_is", "rtf"},
		{"a.xls", []byte("单位,分值\n"), "evidence.content_is", "txt"},
		{"a.xls", xlsxOf(t), "evidence.content_is", "xlsx"},
		{"a.pdf", docxOf(t), "evidence.content_is", "docx"},
		{"a.docx", xlsxOf(t), "evidence.content_is", "xlsx"},
		{"a.ofd", docxOf(t), "evidence.content_is", "docx"},
		{"a.docx", pdfOf("x"), "evidence.content_is", "pdf"},
		{"a.docx", zipOf(t, map[string]string{"word/document.xml": "x"}), "evidence.content_is", "zip"},
		{"a.docx", compoundOf(nil, "WordDocument"), "evidence.content_is", "doc"},
		{"a.doc", compoundOf(nil, "Workbook"), "evidence.content_is", "xls"},
		{"a.xls", compoundOf([]string{"Workbook"}, "WordDocument"), "evidence.content_is", "doc"},
		{"a.doc", compoundOf(nil, "PowerPoint Document"), "evidence.content_is", "ppt"},
		{"a.jpg", pngOf(t, 1), "evidence.content_is", "png"},
		{"a.png", jpgOf(t), "evidence.content_is", "jpg"},
		{"a.pdf", []byte("PK\x03\x04 no archive"), "evidence.content_is", "zip"},
		{"a.pdf", []byte{0, 1, 2, 3, 0xFE}, "evidence.content_unknown", nil},
		{"a.pdf", append([]byte{0}, pdfOf("x")...), "evidence.content_unknown", nil},
		{"a.doc", compoundOf(nil, "Contents"), "evidence.content_unknown", nil},
		{"a.pdf", compoundOf(nil, "x")[:600], "evidence.content_unknown", nil},

		{"a.pdf", []byte("%PDF-1.7 cut"), "evidence.unreadable", nil},
		{"a.pdf", pdfOf("x%%EOF" + strings.Repeat(" ", pdfTail))[:pdfTail+20], "evidence.unreadable", nil},
		{"a.zip", zipOf(t, map[string]string{"a": "b"})[:40], "evidence.unreadable", nil},
		{"a.docx", docxOf(t)[:100], "evidence.unreadable", nil},
		{"a.jpg", jpgOf(t)[:12], "evidence.unreadable", nil},
		{"a.png", pngOf(t, 1)[:20], "evidence.unreadable", nil},
		{"a.doc", compoundOf(nil, "WordDocument")[:600], "evidence.unreadable", nil},
		{"a.doc", patched(compoundOf(nil, "WordDocument"), 30, 0), "evidence.unreadable", nil},
		{"a.doc", patched(compoundOf(nil, "WordDocument"), 512+4, 1), "evidence.unreadable", nil},                   // a chain in a circle
		{"a.doc", patched(patched(compoundOf(nil, "WordDocument"), 68, 0), 512+508, 0), "evidence.unreadable", nil}, // a table that never ends

		{"a.png", pngOf(t, maxSide+1), "evidence.picture_size", nil},
		{"a.docx", zipOf(t, map[string]string{contentTypesPart: plainTypes, "word/document.xml": "", "word/vbaProject.bin": "x"}), "evidence.macros", nil},
		{"a.docx", zipOf(t, map[string]string{contentTypesPart: macroTypes, "word/document.xml": ""}), "evidence.macros", nil},
		{"a.xlsx", zipOf(t, map[string]string{contentTypesPart: projectTypes, "xl/workbook.xml": ""}), "evidence.macros", nil},
		{"a.xlsx", zipOf(t, map[string]string{contentTypesPart: "<Types>", "xl/workbook.xml": ""}), "evidence.unreadable", nil},
		{"a.doc", compoundOf([]string{"VBA"}, "Macros", "WordDocument"), "evidence.macros", nil},
		{"a.xls", compoundOf(nil, "_VBA_PROJECT_CUR", "Workbook"), "evidence.macros", nil},
		{"a.docx", compoundOf(nil, "EncryptedPackage", "EncryptionInfo"), "evidence.encrypted", nil},
		{"a.zip", zipOf(t, map[string]string{"../a.txt": "x"}), "evidence.archive_names", nil},
		{"a.zip", zipOf(t, map[string]string{`a\..\..\b.txt`: "x"}), "evidence.archive_names", nil},
		{"a.zip", zipOf(t, map[string]string{"/etc/passwd": "x"}), "evidence.archive_names", nil},
		{"a.zip", zipOf(t, map[string]string{`C:\a.txt`: "x"}), "evidence.archive_names", nil},
		{"a.zip", []byte("MZ" + string(zipOf(t, map[string]string{"a": "x"}))), "evidence.content_is", "exe"},

		{"a.pdf", pdfOf("一"), "", nil},
		{"A.PDF", pdfOf("二"), "", nil},
		{"a.ofd", ofdOf(t), "", nil},
		{"a.doc", compoundOf([]string{"Workbook"}, "WordDocument", "1Table"), "", nil},
		{"b.doc", patched(compoundOf(nil, "WordDocument"), 1024+entrySize+72, 1), "", nil}, // an entry that follows itself
		{"a.docx", docxOf(t), "", nil},
		{"a.xls", compoundOf(nil, "Workbook"), "", nil},
		{"b.xls", compoundOf(nil, "a", "b", "c", "d", "e", "Book"), "", nil},
		{"a.xlsx", xlsxOf(t), "", nil},
		{"a.jpg", jpgOf(t), "", nil},
		{"a.jpeg", jpgOf(t), "", nil},
		{"a.png", pngOf(t, 3), "", nil},
		{"a.zip", zipOf(t, map[string]string{"甲/乙..丙.txt": "x", "1:2.txt": "y"}), "", nil},
		{"b.zip", docxOf(t), "", nil},
	} {
		key, seems := putting(t, v, c.name, c.content)
		if key != c.key || seems != c.seems {
			t.Errorf("%s (%.20q): refused with %q, seems %v; want %q, %v", c.name, c.content, key, seems, c.key, c.seems)
		}
	}
}

// A table of a compound file larger than 7 MB reaches beyond its header.
func TestLargeCompoundFile(t *testing.T) {
	const sector = 512
	small := compoundOf(nil, "Workbook")
	content := make([]byte, 9<<20)
	copy(content, small[:sector])
	// The directory lies in the last sector, whose place in the table is found
	// only through sector 0, which lists the sectors of the table from the 110th on.
	last := uint32(len(content)/sector - 2)
	for i := range uint32(109) {
		binary.LittleEndian.PutUint32(content[76+4*i:], i+1)
	}
	binary.LittleEndian.PutUint32(content[68:], 0)
	binary.LittleEndian.PutUint32(content[48:], last)
	list := content[sector : 2*sector]
	for i := range uint32(127) {
		binary.LittleEndian.PutUint32(list[4*i:], 110+i)
	}
	binary.LittleEndian.PutUint32(list[4*127:], 0xFFFFFFFE)
	table := content[(1+int(last/128)+1)*sector:]
	binary.LittleEndian.PutUint32(table[last%128*4:], 0xFFFFFFFE)
	copy(content[int(last+1)*sector:], small[2*sector:])

	v, _ := newVault(t, Limits{})
	if key, _ := putting(t, v, "a.xls", content); key != "" {
		t.Errorf("refused with %s", key)
	}
}

// zeros are cheap to pack.
func zeros(n int64) io.Reader { return io.LimitReader(zeroReader{}, n) }

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func bombOf(t *testing.T, sizes ...int64) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for i, size := range sizes {
		entry, err := w.Create(fmt.Sprintf("%d.bin", i))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(entry, zeros(size)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// lying returns an archive whose one entry says that it unpacks to one byte.
func lying(t *testing.T, size int64) []byte {
	packed := bombOf(t, size)
	directory := bytes.LastIndex(packed, []byte("PK\x01\x02"))
	return patched(packed, directory+24, 1)
}

// overlapping returns the archive with its list of entries repeated, so that
// each is there many times at the cost of one.
func overlapping(packed []byte, times int) []byte {
	end := bytes.LastIndex(packed, []byte("PK\x05\x06"))
	directory := binary.LittleEndian.Uint32(packed[end+16:])
	entries := binary.LittleEndian.Uint16(packed[end+10:]) * uint16(times)
	list := bytes.Repeat(packed[directory:end], times)
	tail := bytes.Clone(packed[end:])
	binary.LittleEndian.PutUint16(tail[8:], entries)
	binary.LittleEndian.PutUint16(tail[10:], entries)
	binary.LittleEndian.PutUint32(tail[12:], uint32(len(list)))
	return slices.Concat(packed[:directory], list, tail)
}

// stored returns an archive with so many empty entries.
func stored(t *testing.T, entries int) []byte {
	sizes := make([]int64, entries)
	return bombOf(t, sizes...)
}

// noise cannot be packed, so that ratios come out small.
func noise(size int) string {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b)
	return string(b)
}

func TestArchivesThatUnpackToTooMuch(t *testing.T) {
	v, dir := newVault(t, Limits{})
	encrypted := zipOf(t, map[string]string{"a.txt": "x"})
	encrypted[bytes.LastIndex(encrypted, []byte("PK\x01\x02"))+8] |= encryptedBit
	corrupt := zipOf(t, map[string]string{"a.txt": noise(100)})
	corrupt[60] ^= 1
	for _, c := range []struct {
		title, name string
		content     []byte
		key         string
	}{
		{"ratio", "a.zip", bombOf(t, ratioFloor+1), "evidence.archive_size"},
		{"ratio over entries", "a.zip", bombOf(t, ratioFloor/2, ratioFloor/2, 1), "evidence.archive_size"},
		{"total", "a.zip", overlapping(zipOf(t, map[string]string{"noise": noise(4 << 20), "zeros": string(make([]byte, 8<<20))}), 30), "evidence.archive_size"},
		{"a lie about the size", "a.zip", lying(t, ratioFloor*4), "evidence.unreadable"},
		{"one entry many times", "a.zip", overlapping(bombOf(t, 1<<20), 500), "evidence.archive_size"},
		{"more entries than allowed", "a.zip", stored(t, maxEntries+1), "evidence.archive_entries"},
		{"a list of entries without end", "a.zip", overlapping(bombOf(t, 1), 200_000), "evidence.archive_entries"},
		{"an entry under a password", "a.zip", encrypted, "evidence.encrypted"},
		{"a wrong checksum", "a.zip", corrupt, "evidence.unreadable"},
		{"as large as allowed without a look at the ratio", "a.zip", bombOf(t, ratioFloor), ""},
		{"as many entries as allowed", "a.zip", stored(t, maxEntries), ""},
	} {
		t.Run(c.title, func(t *testing.T) {
			if key, _ := putting(t, v, c.name, c.content); key != c.key {
				t.Errorf("refused with %q, want %q", key, c.key)
			}
			wantNoUploads(t, dir)
		})
	}
}

// A long list of entries would take memory, before it is known to be long.
func TestListOfEntriesIsReadToItsLimit(t *testing.T) {
	packed := overlapping(bombOf(t, 1), 200_000)
	counting := &countingReaderAt{content: bytes.NewReader(packed)}
	if _, err := openArchive(counting, int64(len(packed))); !errors.Is(err, errTooManyEntries) {
		t.Errorf("error %v", err)
	}
	if counting.n > maxDirectory {
		t.Errorf("read %d bytes of %d, want no more than %d", counting.n, len(packed), maxDirectory)
	}
}

type countingReaderAt struct {
	content io.ReaderAt
	n       int
}

func (r *countingReaderAt) ReadAt(p []byte, offset int64) (int, error) {
	r.n += len(p)
	return r.content.ReadAt(p, offset)
}

// A size that the list of entries does not tell is counted all the same.
func TestUnpackCountsForItself(t *testing.T) {
	packed := bombOf(t, 3<<20)
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := unpackEntry(archive.File[0], 1<<20); !errors.Is(err, errTooLarge) || n != 1<<20+1 {
		t.Errorf("unpacked %d bytes, error %v; want one byte more than allowed and errTooLarge", n, err)
	}
	if n, err := unpackEntry(archive.File[0], 3<<20); err != nil || n != 3<<20 {
		t.Errorf("unpacked %d bytes, error %v", n, err)
	}
}

func TestInspectionEndsWithItsContext(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	packed := bombOf(t, 1<<20)
	s := specimen{name: "a.zip", wanted: ZIP, content: bytes.NewReader(packed), size: int64(len(packed))}
	if err := s.inspect(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the end of the context", err)
	}
}

func TestArbitraryBytesAreTakenOrRefused(t *testing.T) {
	v, err := Open(t.TempDir(), Limits{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	seeds := [][]byte{
		{}, pdfOf("x"), docxOf(t), ofdOf(t), xlsxOf(t), jpgOf(t), pngOf(t, 3),
		compoundOf([]string{"a"}, "WordDocument"), compoundOf(nil, "Workbook", "b"),
	}
	rapid.Check(t, func(r *rapid.T) {
		content := bytes.Clone(rapid.SampledFrom(seeds).Draw(r, "seed"))
		for range rapid.IntRange(0, 6).Draw(r, "changes") {
			if len(content) > 0 {
				content[rapid.IntRange(0, len(content)-1).Draw(r, "at")] = rapid.Byte().Draw(r, "byte")
			}
		}
		content = append(content, rapid.SliceOf(rapid.Byte()).Draw(r, "tail")...)
		name := "a." + rapid.SampledFrom(Extensions()).Draw(r, "extension")
		file, err := v.Put(t.Context(), name, bytes.NewReader(content))
		if err == nil {
			err = v.Verify(file.Hash)
		} else if models.IsCode(err, models.Invalid) {
			return
		}
		if err != nil {
			r.Fatalf("%s: %v", name, err)
		}
	})
}

func TestContentTypes(t *testing.T) {
	if got := Type("exe").ContentType(); got != "application/octet-stream" {
		t.Errorf("an unknown type is %s", got)
	}
	got := map[string]string{}
	for _, extension := range Extensions() {
		kind, err := typeOfName("a." + extension)
		if err != nil {
			t.Fatal(err)
		}
		got[extension] = kind.ContentType()
	}
	want := map[string]string{
		"pdf": "application/pdf", "ofd": "application/ofd", "doc": "application/msword", "xls": "application/vnd.ms-excel",
		"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"jpg":  "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "zip": "application/zip",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
