package evidence

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/jpeg" // reads the dimensions of a jpg
	_ "image/png"  // reads the dimensions of a png
	"io"
	"path"
	"strings"
)

// Type is the type of a file, as its content has it.
type Type string

// The types that are evidence.
const (
	PDF  Type = "pdf"
	OFD  Type = "ofd"
	DOC  Type = "doc"
	DOCX Type = "docx"
	XLS  Type = "xls"
	XLSX Type = "xlsx"
	JPG  Type = "jpg"
	PNG  Type = "png"
	ZIP  Type = "zip"
)

var contentTypes = map[Type]string{
	PDF:  "application/pdf",
	OFD:  "application/ofd",
	DOC:  "application/msword",
	DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	XLS:  "application/vnd.ms-excel",
	XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	JPG:  "image/jpeg",
	PNG:  "image/png",
	ZIP:  "application/zip",
}

// ContentType returns the media type for HTTP; application/octet-stream for a
// Type that is none of the above.
func (t Type) ContentType() string {
	if media, known := contentTypes[t]; known {
		return media
	}
	return "application/octet-stream"
}

// Names returns the allowed types as people are told them.
func Names() []string { return []string{"PDF", "OFD", "Word", "Excel", "JPG", "PNG", "ZIP"} }

// Extensions returns the allowed extensions, without their dot.
func Extensions() []string {
	return []string{"pdf", "ofd", "doc", "docx", "xls", "xlsx", "jpg", "jpeg", "png", "zip"}
}

// typeOfName returns the Type that a name claims by its extension.
func typeOfName(name string) (Type, error) {
	claimed := Type(strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")))
	if claimed == "jpeg" {
		claimed = JPG
	}
	if _, known := contentTypes[claimed]; !known {
		return "", refuse(nil, "evidence.extension", "Name", name, "Types", Names())
	}
	return claimed, nil
}

// maxSide bounds a picture, in pixels; longer ones are made to choke programs.
const maxSide = 30_000

// pdfTail is how many bytes before its end a PDF must say that it ends; some
// programs that sign append a little.
const pdfTail = 4096

// specimen is an upload whose content is inspected against the wanted type.
type specimen struct {
	name    string
	wanted  Type
	content io.ReaderAt
	size    int64
}

// inspect returns nil when the content is of the wanted type and harmless, and
// otherwise the models.Error that says what it is or what is wrong with it.
func (s specimen) inspect(ctx context.Context) error {
	head, err := s.bytes(0, 512)
	if err != nil {
		return err
	}
	switch kind := seems(head); kind {
	case "zip":
		return s.inspectArchive(ctx)
	case "ole":
		return s.inspectCompound()
	case "pdf":
		return s.inspectPDF()
	case "jpg", "png":
		return s.inspectPicture(kind)
	default:
		return s.expect(kind)
	}
}

// bytes reads at most n bytes from an offset.
func (s specimen) bytes(offset, n int64) ([]byte, error) {
	text, err := io.ReadAll(io.NewSectionReader(s.content, offset, n))
	if err != nil {
		return nil, fmt.Errorf("read an upload: %w", err)
	}
	return text, nil
}

func (s specimen) inspectPDF() error {
	if err := s.expect("pdf"); err != nil {
		return err
	}
	tail, err := s.bytes(max(0, s.size-pdfTail), pdfTail)
	if err != nil {
		return err
	}
	if !bytes.Contains(tail, []byte("%%EOF")) {
		return s.unreadable(nil)
	}
	return nil
}

func (s specimen) inspectPicture(kind string) error {
	if err := s.expect(kind); err != nil {
		return err
	}
	picture, _, err := image.DecodeConfig(io.NewSectionReader(s.content, 0, s.size))
	if err != nil || picture.Width < 1 || picture.Height < 1 {
		return s.unreadable(err)
	}
	if max(picture.Width, picture.Height) > maxSide {
		return refuse(nil, "evidence.picture_size", "Name", s.name, "Width", picture.Width, "Height", picture.Height, "Max", maxSide)
	}
	return nil
}

// expect refuses a content that seems to be of another kind than the wanted
// one; no kind is one that was not recognised.
func (s specimen) expect(kind string) error {
	switch kind {
	case string(s.wanted):
		return nil
	case "":
		return refuse(nil, "evidence.content_unknown", "Name", s.name, "Wanted", s.wanted, "Types", Names())
	default:
		return refuse(nil, "evidence.content_is", "Name", s.name, "Seems", kind, "Wanted", s.wanted, "Types", Names())
	}
}

// unreadable refuses a content that begins as the wanted type but is broken.
func (s specimen) unreadable(cause error) error {
	return refuse(cause, "evidence.unreadable", "Name", s.name, "Wanted", s.wanted)
}
