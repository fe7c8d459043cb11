package exchange

import (
	"bytes"
	"io"
)

// source is a file to read.
type source struct {
	name   string
	file   io.ReaderAt
	size   int64
	limits Limits
}

// openSheets returns the tables that the file may hold, by what it begins with.
func openSheets(s source) ([]sheet, error) {
	switch {
	case s.size > s.limits.File:
		return nil, refuse(nil, "exchange.file_size", "Name", s.name, "MB", s.limits.File/megabyte)
	case s.size == 0:
		return nil, refuse(nil, "exchange.file_empty", "Name", s.name)
	}
	head := make([]byte, min(s.size, 512))
	if _, err := s.file.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, s.unreadable(err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return openWorkbook(s)
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return nil, s.refuseCompound()
	case startsLikeMarkup(head), bytes.HasPrefix(head, []byte("%PDF")):
		return nil, s.notTable(nil)
	default:
		return openCSV(s)
	}
}

// startsLikeMarkup tells whether the file is XML or HTML, which some systems
// hand out under the name of a spreadsheet.
func startsLikeMarkup(head []byte) bool {
	head = bytes.TrimPrefix(head, []byte(markUTF8))
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("<"))
}

// refuseCompound tells apart what comes in an OLE compound file: an old .xls,
// and an .xlsx under a password.
func (s source) refuseCompound() error {
	const encrypted = "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"
	const size = 1 << 16
	block := make([]byte, size)
	for at := int64(0); at < s.size; at += size - int64(len(encrypted)) {
		n, err := s.file.ReadAt(block, at)
		if bytes.Contains(block[:n], []byte(encrypted)) {
			return refuse(nil, "exchange.encrypted", "Name", s.name)
		}
		if err != nil {
			break
		}
	}
	return refuse(nil, "exchange.old_excel", "Name", s.name)
}

func (s source) notTable(cause error) error {
	return refuse(cause, "exchange.not_table", "Name", s.name)
}

func (s source) unreadable(cause error) error {
	return refuse(cause, "exchange.unreadable", "Name", s.name)
}

func (s source) tooLarge(cause error) error {
	return refuse(cause, "exchange.unpacked_size", "Name", s.name)
}
