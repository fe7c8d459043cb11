package evidence

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
)

// inspectCompound inspects doc and xls, which are OLE compound files: small
// file systems. What they are follows from the streams in their root; deeper
// down lie embedded documents of any kind.
func (s specimen) inspectCompound() error {
	names, err := readCompound(s.content, s.size)
	if err != nil {
		if s.wanted != DOC && s.wanted != XLS {
			return s.expect("")
		}
		return s.unreadable(err)
	}
	// A docx or xlsx under a password is wrapped in a compound file.
	if names["encryptedpackage"] {
		return refuse(nil, "evidence.encrypted", "Name", s.name)
	}
	if err := s.expect(kindOfCompound(names)); err != nil {
		return err
	}
	if names["macros"] || names["_vba_project_cur"] {
		return refuse(nil, "evidence.macros", "Name", s.name)
	}
	return nil
}

func kindOfCompound(names map[string]bool) string {
	switch {
	case names["worddocument"]:
		return "doc"
	case names["workbook"] || names["book"]:
		return "xls"
	case names["powerpoint document"]:
		return "ppt"
	default:
		return ""
	}
}

// Numbers of sectors and entries that stand for none.
const (
	lastSector = 0xFFFFFFFA // greater ones end a chain or are unused
	noEntry    = 0xFFFFFFFF
	entrySize  = 128
)

var errCompound = errors.New("not a whole compound file")

// compound is an OLE compound file: sectors of equal size, chained by a table
// (FAT), which lies in sectors itself.
type compound struct {
	content io.ReaderAt
	sector  int64    // bytes of a sector
	count   int64    // how many sectors the file can hold
	fat     []uint32 // the sectors of the table
}

// readCompound returns the names, in lower case, of what lies in the root.
func readCompound(content io.ReaderAt, size int64) (map[string]bool, error) {
	header := make([]byte, 512)
	if _, err := content.ReadAt(header, 0); err != nil {
		return nil, fmt.Errorf("read the header: %w", err)
	}
	shift := binary.LittleEndian.Uint16(header[30:])
	if shift != 9 && shift != 12 {
		return nil, errCompound
	}
	c := compound{content: content, sector: 1 << shift, count: size >> shift}
	if err := c.readTable(header); err != nil {
		return nil, err
	}
	directory, err := c.readChain(binary.LittleEndian.Uint32(header[48:]))
	if err != nil {
		return nil, err
	}
	return rootNames(directory), nil
}

// readTable collects the sectors of the table: 109 stand in the header, more
// in a chain of sectors of their own, the last number of each the next one.
func (c *compound) readTable(header []byte) error {
	numbers := header[76:]
	next := binary.LittleEndian.Uint32(header[68:])
	for range c.count + 1 {
		for ; len(numbers) > 0; numbers = numbers[4:] {
			if number := binary.LittleEndian.Uint32(numbers); number <= lastSector {
				c.fat = append(c.fat, number)
			}
		}
		if next > lastSector {
			return nil
		}
		sector, err := c.readSector(next)
		if err != nil {
			return err
		}
		numbers, next = sector[:c.sector-4], binary.LittleEndian.Uint32(sector[c.sector-4:])
	}
	return errCompound
}

// readChain returns the content of a chain of sectors.
func (c *compound) readChain(number uint32) ([]byte, error) {
	var chain []byte
	perSector := uint32(c.sector / 4)
	for range c.count {
		sector, err := c.readSector(number)
		if err != nil {
			return nil, err
		}
		chain = append(chain, sector...)
		if int(number/perSector) >= len(c.fat) {
			return nil, errCompound
		}
		table, err := c.readSector(c.fat[number/perSector])
		if err != nil {
			return nil, err
		}
		number = binary.LittleEndian.Uint32(table[number%perSector*4:])
		if number > lastSector {
			return chain, nil
		}
	}
	return nil, errCompound
}

func (c *compound) readSector(number uint32) ([]byte, error) {
	sector := make([]byte, c.sector)
	n, err := c.content.ReadAt(sector, (int64(number)+1)*c.sector)
	// The last sector of a file may be cut short.
	if n == 0 {
		return nil, fmt.Errorf("read sector %d: %w", number, err)
	}
	return sector, nil
}

// rootNames walks the tree of the entries in the root: entry 0 is the root, and
// its child the top of a binary tree.
func rootNames(directory []byte) map[string]bool {
	names := map[string]bool{}
	entry := func(number uint32) []byte {
		at := int64(number) * entrySize
		if number == noEntry || at+entrySize > int64(len(directory)) {
			return nil
		}
		return directory[at : at+entrySize]
	}
	root := entry(0)
	open, seen := []uint32{binary.LittleEndian.Uint32(root[76:])}, map[uint32]bool{}
	for len(open) > 0 {
		number := open[len(open)-1]
		open = open[:len(open)-1]
		e := entry(number)
		if e == nil || seen[number] {
			continue
		}
		seen[number] = true
		names[strings.ToLower(entryName(e))] = true
		open = append(open, binary.LittleEndian.Uint32(e[68:]), binary.LittleEndian.Uint32(e[72:]))
	}
	return names
}

func entryName(entry []byte) string {
	bytes := min(binary.LittleEndian.Uint16(entry[64:]), 64)
	units := make([]uint16, bytes/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(entry[2*i:])
	}
	return strings.TrimRight(string(utf16.Decode(units)), "\x00")
}
