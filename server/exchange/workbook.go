package exchange

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"strings"
)

// A workbook is read here, not by the library that writes it: that one has no
// way to tell, row by row, a text from a number and a date from either, and
// takes a sheet that breaks off for one that ends.

const (
	maxDirectory = 4 << 20  // bytes of the list of parts
	maxToken     = 1 << 20  // bytes of a tag with its attributes, or of a text
	maxList      = 16 << 20 // bytes of the list of sheets, of relations, or of styles
	maxMerged    = 100_000  // ranges of cells
)

var (
	errTooLarge = errors.New("unpacks to too much")
	errBroken   = errors.New("not a workbook's XML")
)

// workbook is an .xlsx file: a zip of parts in XML.
type workbook struct {
	source
	parts     map[string]*zip.File
	strings   stringTable
	displays  []display // by number of a style
	since1904 bool
}

// relation leads from one part to another.
type relation struct{ kind, target string }

// listedSheet is a sheet as the workbook lists it.
type listedSheet struct{ name, relation string }

func openWorkbook(s source) ([]sheet, error) {
	w := &workbook{source: s, parts: map[string]*zip.File{}}
	sheets, err := w.open()
	switch {
	case err == nil:
		return sheets, nil
	case errors.Is(err, errTooLarge):
		return nil, s.tooLarge(err)
	case errors.Is(err, errNoWorkbook):
		return nil, s.notTable(err)
	default:
		return nil, s.unreadable(err)
	}
}

// errNoWorkbook says that the zip is something else: a document, an archive, a
// workbook in binary form.
var errNoWorkbook = errors.New("no workbook in the archive")

func (w *workbook) open() ([]sheet, error) {
	bounded := &boundedReaderAt{content: w.file, left: maxDirectory}
	archive, err := zip.NewReader(bounded, w.size)
	if err != nil {
		return nil, fmt.Errorf("list the parts: %w", err)
	}
	bounded.left = math.MaxInt64
	for _, part := range archive.File {
		if name := strings.ToLower(part.Name); w.parts[name] == nil {
			w.parts[name] = part
		}
	}
	main, err := w.mainPart()
	if err != nil {
		return nil, err
	}
	listed, err := w.readSheets(main)
	if err != nil {
		return nil, err
	}
	relations, err := w.readRelations(main)
	if err != nil {
		return nil, err
	}
	return w.readTables(listed, relations)
}

// readTables reads what the sheets refer to, and returns the sheets.
func (w *workbook) readTables(listed []listedSheet, relations map[string]relation) ([]sheet, error) {
	for _, to := range relations {
		var err error
		switch to.kind {
		case "sharedStrings":
			w.strings, err = w.readStrings(to.target)
		case "styles":
			w.displays, err = w.readDisplays(to.target)
		}
		if err != nil {
			return nil, err
		}
	}
	var sheets []sheet
	for _, one := range listed {
		if to := relations[one.relation]; to.kind == "worksheet" {
			sheets = append(sheets, sheet{name: one.name, lines: w.lines(to.target)})
		}
	}
	if len(sheets) == 0 {
		return nil, errNoWorkbook
	}
	return sheets, nil
}

// mainPart returns the name of the part that lists the sheets.
func (w *workbook) mainPart() (string, error) {
	relations, err := w.readRelations("")
	if err != nil {
		return "", errNoWorkbook
	}
	for _, to := range relations {
		if to.kind == "officeDocument" && path.Ext(to.target) == ".xml" {
			return to.target, nil
		}
	}
	return "", errNoWorkbook
}

// readRelations returns where the part leads, by id.
func (w *workbook) readRelations(part string) (map[string]relation, error) {
	folder, base := path.Split(part)
	relations := map[string]relation{}
	err := w.read(path.Join(folder, "_rels", base+".rels"), maxList, func(token xml.Token) error {
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "Relationship" {
			target := attribute(start, "Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join(folder, target)
			}
			relations[attribute(start, "Id")] = relation{path.Base(attribute(start, "Type")), strings.TrimPrefix(target, "/")}
		}
		return nil
	})
	return relations, err
}

// readSheets returns the sheets that can be seen, in their order, and learns
// from which day days are counted.
func (w *workbook) readSheets(part string) ([]listedSheet, error) {
	var sheets []listedSheet
	root := ""
	err := w.read(part, maxList, func(token xml.Token) error {
		start, ok := token.(xml.StartElement)
		if !ok {
			return nil
		}
		if root == "" {
			root = start.Name.Local
		}
		switch start.Name.Local {
		case "workbookPr":
			since := attribute(start, "date1904")
			w.since1904 = since == "1" || since == "true"
		case "sheet":
			if state := attribute(start, "state"); state == "" || state == "visible" {
				sheets = append(sheets, listedSheet{attribute(start, "name"), attribute(start, "id")})
			}
		}
		return nil
	})
	if err == nil && root != "workbook" {
		err = errNoWorkbook
	}
	return sheets, err
}

// boundedReaderAt fails once more bytes were asked for than are left.
type boundedReaderAt struct {
	content io.ReaderAt
	left    int64
}

func (b *boundedReaderAt) ReadAt(p []byte, offset int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errTooLarge
	}
	return b.content.ReadAt(p, offset)
}
