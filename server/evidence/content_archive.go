package evidence

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"slices"
	"strings"
)

// What an archive may unpack to. Sizes that it declares are believed only when
// they are too large already; everything is unpacked, to nowhere, and counted.
// Ordinary documents unpack to less than twenty times their size.
const (
	maxEntries   = 10_000
	maxUnpacked  = 300 << 20 // bytes of all entries
	maxRatio     = 100       // of unpacked to packed bytes,
	ratioFloor   = 10 << 20  // once more than this many bytes are unpacked
	maxDirectory = 4 << 20   // bytes of the list of entries, or of content types
	encryptedBit = 0x1       // of an entry's flags
)

var (
	errTooManyEntries = errors.New("too many entries")
	errTooLarge       = errors.New("unpacks to too much")
)

// inspectArchive inspects a zip and the documents that are zips. An entry under
// a password is refused: it can be neither inspected here nor read by the
// office that decides. Archives inside an archive are not unpacked.
func (s specimen) inspectArchive(ctx context.Context) error {
	archive, err := openArchive(s.content, s.size)
	switch {
	case errors.Is(err, errTooManyEntries):
		return refuse(err, "evidence.archive_entries", "Name", s.name, "Max", maxEntries)
	case err != nil:
		if !slices.Contains([]Type{ZIP, OFD, DOCX, XLSX}, s.wanted) {
			return s.expect("zip")
		}
		return s.unreadable(err)
	}
	if s.wanted != ZIP { // for which any kind will do
		if err := s.expect(kindOfArchive(archive)); err != nil {
			return err
		}
	}
	if err := s.inspectEntries(ctx, archive); err != nil {
		return err
	}
	if s.wanted != DOCX && s.wanted != XLSX {
		return nil
	}
	macros, err := hasMacros(archive)
	if err != nil {
		return s.unreadable(err)
	}
	if macros {
		return refuse(nil, "evidence.macros", "Name", s.name)
	}
	return nil
}

func (s specimen) inspectEntries(ctx context.Context, archive *zip.Reader) error {
	for _, entry := range archive.File {
		if entry.Flags&encryptedBit != 0 {
			return refuse(nil, "evidence.encrypted", "Name", s.name)
		}
		if s.wanted == ZIP && leadsOutside(entry.Name) {
			return refuse(nil, "evidence.archive_names", "Name", s.name, "Entry", shorten(visible(entry.Name), maxName))
		}
	}
	most := min(maxUnpacked, max(ratioFloor, maxRatio*s.size))
	switch err := unpack(ctx, archive, most); {
	case errors.Is(err, errTooLarge):
		return refuse(err, "evidence.archive_size", "Name", s.name, "MB", megabytes(most))
	case ctx.Err() != nil:
		return refuse(err, "evidence.interrupted", "Name", s.name)
	case err != nil:
		return s.unreadable(err)
	}
	return nil
}

// openArchive reads the list of entries, which takes memory, no further than
// an archive of maxEntries reasonably needs.
func openArchive(content io.ReaderAt, size int64) (*zip.Reader, error) {
	bounded := &boundedReaderAt{content: content, left: maxDirectory}
	archive, err := zip.NewReader(bounded, size)
	if err != nil {
		return nil, err
	}
	bounded.left = math.MaxInt64 // what the entries unpack to has its own bound
	switch {
	case len(archive.File) == 0:
		return nil, errors.New("no entries")
	case len(archive.File) > maxEntries:
		return nil, errTooManyEntries
	}
	return archive, nil
}

// boundedReaderAt fails with errTooManyEntries once more bytes were asked for
// than are left.
type boundedReaderAt struct {
	content io.ReaderAt
	left    int64
}

func (b *boundedReaderAt) ReadAt(p []byte, offset int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errTooManyEntries
	}
	return b.content.ReadAt(p, offset)
}

// kindOfArchive tells by its entries which document a zip is, if any.
func kindOfArchive(archive *zip.Reader) string {
	has := func(pattern string) bool {
		return slices.ContainsFunc(archive.File, func(entry *zip.File) bool {
			match, _ := path.Match(pattern, strings.ToLower(entry.Name))
			return match
		})
	}
	office := has(`\[content_types\].xml`)
	switch {
	case has("ofd.xml"):
		return "ofd"
	case office && has("word/document*.xml"): // some programs write document2.xml
		return "docx"
	case office && has("xl/workbook*.xml"):
		return "xlsx"
	case office && has("ppt/presentation*.xml"):
		return "pptx"
	default:
		return "zip"
	}
}

// leadsOutside tells whether an entry, unpacked by a careless program, would
// land outside the directory it is unpacked to.
func leadsOutside(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	drive := len(name) > 1 && name[1] == ':' && strings.ContainsAny(strings.ToLower(name[:1]), "abcdefghijklmnopqrstuvwxyz")
	return drive || strings.HasPrefix(name, "/") || slices.Contains(strings.Split(name, "/"), "..")
}

// unpack reads every entry to its end and fails with errTooLarge when all
// together have, or say they have, more than the most bytes. A size or checksum
// that is not the declared one is an error too.
func unpack(ctx context.Context, archive *zip.Reader, most int64) error {
	left := most
	for _, entry := range archive.File {
		if err := ctx.Err(); err != nil {
			return err
		}
		if entry.UncompressedSize64 > uint64(left) {
			return errTooLarge
		}
		n, err := unpackEntry(entry, left)
		if err != nil {
			return err
		}
		left -= n
	}
	return nil
}

func unpackEntry(entry *zip.File, most int64) (int64, error) {
	content, err := entry.Open()
	if err != nil {
		return 0, fmt.Errorf("open an entry: %w", err)
	}
	defer content.Close()
	// One byte more than allowed, so that the end is reached and the checksum compared.
	n, err := io.Copy(io.Discard, io.LimitReader(content, most+1))
	if n > most {
		return n, errTooLarge
	}
	return n, err
}

// hasMacros tells whether an Office document carries programs: by the names of
// its parts, and by the types that it declares for them, whatever their names.
func hasMacros(archive *zip.Reader) (bool, error) {
	for _, entry := range archive.File {
		switch strings.ToLower(path.Base(entry.Name)) {
		case "vbaproject.bin", "vbadata.xml":
			return true, nil
		case "[content_types].xml":
			if declared, err := declaresMacros(entry); declared || err != nil {
				return declared, err
			}
		}
	}
	return false, nil
}

func declaresMacros(entry *zip.File) (bool, error) {
	content, err := entry.Open()
	if err != nil {
		return false, fmt.Errorf("open the content types: %w", err)
	}
	defer content.Close()
	for decoder := xml.NewDecoder(io.LimitReader(content, maxDirectory)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("read the content types: %w", err)
		}
		element, _ := token.(xml.StartElement)
		for _, attribute := range element.Attr {
			value := strings.ToLower(attribute.Value)
			if strings.Contains(value, "macroenabled") || strings.Contains(value, "vbaproject") {
				return true, nil
			}
		}
	}
}
