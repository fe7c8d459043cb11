package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"image/png"
	"maps"
	"slices"
	"testing"
	"unicode/utf16"
)

const (
	contentTypesPart = "[Content_Types].xml"
	plainTypes       = `<?xml version="1.0" encoding="UTF-8"?><Types><Override PartName="/x" ContentType="application/xml"/></Types>`
	macroTypes       = `<Types><Override PartName="/x" ContentType="application/vnd.ms-word.document.macro&#69;nabled.main+xml"/></Types>`
	projectTypes     = `<Types><Override PartName="/x" ContentType="application/vnd.ms-office.vbaProject"/></Types>`
)

// zipOf packs entries by name and content.
func zipOf(t *testing.T, entries map[string]string) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		entry, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write([]byte(entries[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

func docxOf(t *testing.T) []byte {
	return zipOf(t, map[string]string{contentTypesPart: "\uFEFF" + plainTypes, "word/document.xml": "<w/>"})
}

func xlsxOf(t *testing.T) []byte {
	return zipOf(t, map[string]string{contentTypesPart: plainTypes, "xl/workbook.xml": "<x/>"})
}

func ofdOf(t *testing.T) []byte {
	return zipOf(t, map[string]string{"OFD.xml": "<o/>", "Doc_0/Document.xml": "<d/>"})
}

func pdfOf(text string) []byte { return []byte("%PDF-1.7\n" + text + "\n%%EOF\n") }

func jpgOf(t *testing.T) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 3)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t *testing.T, width int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 1))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// compoundOf builds an OLE compound file whose root has the streams; deeper
// names the streams of a storage inside it.
func compoundOf(deeper []string, streams ...string) []byte {
	const sector = 512
	const none = 0xFFFFFFFF
	names := append([]string{"Root Entry"}, streams...)
	if deeper != nil {
		names = append(names, "ObjectPool")
	}
	top := len(names)
	names = append(names, deeper...)
	directory := make([]byte, (len(names)*entrySize+sector-1)/sector*sector)
	for i, name := range names {
		e := directory[i*entrySize:]
		units := utf16.Encode([]rune(name + "\x00"))
		for j, unit := range units {
			binary.LittleEndian.PutUint16(e[2*j:], unit)
		}
		binary.LittleEndian.PutUint16(e[64:], uint16(2*len(units)))
		left, right, child := uint32(none), uint32(none), uint32(none)
		switch {
		case i == 0:
			child = 1
		case i != top-1 && i != len(names)-1:
			right = uint32(i + 1) // a tree as lean as a list
		case i == top-1 && deeper != nil:
			child = uint32(top)
		}
		binary.LittleEndian.PutUint32(e[68:], left)
		binary.LittleEndian.PutUint32(e[72:], right)
		binary.LittleEndian.PutUint32(e[76:], child)
	}
	header := bytes.Repeat([]byte{0xFF}, sector)
	copy(header, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	binary.LittleEndian.PutUint16(header[30:], 9)
	binary.LittleEndian.PutUint32(header[48:], 1)    // the directory begins in sector 1
	binary.LittleEndian.PutUint32(header[68:], none) // no further sectors of the table
	binary.LittleEndian.PutUint32(header[76:], 0)    // the table is sector 0
	table := bytes.Repeat([]byte{0xFF}, sector)
	sectors := len(directory) / sector
	for i := 1; i < sectors; i++ {
		binary.LittleEndian.PutUint32(table[4*i:], uint32(i+1))
	}
	binary.LittleEndian.PutUint32(table[4*sectors:], 0xFFFFFFFE)
	return slices.Concat(header, table, directory)
}

// patched returns a copy with the number at an offset replaced.
func patched(content []byte, offset int, number uint32) []byte {
	content = bytes.Clone(content)
	binary.LittleEndian.PutUint32(content[offset:], number)
	return content
}
