package evidence

import (
	"bytes"
	"net/http"
	"strings"
)

// signatures are first bytes, and the usual extension of what begins so.
var signatures = []struct{ begins, kind string }{
	{"PK\x03\x04", "zip"},
	{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "ole"},
	{"%PDF-", "pdf"},
	{"\xFF\xD8\xFF", "jpg"},
	{"\x89PNG\r\n\x1A\n", "png"},
	{"MZ", "exe"},
	{"\x7FELF", "elf"},
	{"7z\xBC\xAF\x27\x1C", "7z"},
	{"{\\rtf", "rtf"},
	{"#!", "sh"},
	{"<?php", "php"},
}

// kinds are the extensions of the media types that net/http recognises and
// that people are known to hand in.
var kinds = map[string]string{
	"text/html":                    "html",
	"text/xml":                     "xml",
	"text/plain":                   "txt",
	"image/gif":                    "gif",
	"image/bmp":                    "bmp",
	"image/webp":                   "webp",
	"video/mp4":                    "mp4",
	"application/x-gzip":           "gz",
	"application/x-rar-compressed": "rar",
}

// seems returns what a content seems to be by its first bytes, as the usual
// extension, which every language writes alike; "ole" for the container of doc
// and xls, empty for what it does not recognise.
func seems(head []byte) string {
	for _, signature := range signatures {
		if bytes.HasPrefix(head, []byte(signature.begins)) {
			return signature.kind
		}
	}
	media, _, _ := strings.Cut(http.DetectContentType(head), ";")
	text := media == "text/xml" || media == "text/plain"
	if text && bytes.Contains(bytes.ToLower(head), []byte("<svg")) {
		return "svg"
	}
	return kinds[media]
}
