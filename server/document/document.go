package document

import (
	"sundial/server/calendar"
)

// MediaType is the type of the files that Write writes.
const MediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// Document is an official document. What is empty is left out.
type Document struct {
	// Mark stands above the text area of every page: that it is a draft.
	Mark string
	// Issuer is what stands in red letters on the first page (发文机关标志).
	Issuer string
	// Number is the number of the document (发文字号), as 鲁政办字〔2017〕12号.
	Number string
	// Title is divided into lines that end with a word, unless it has line feeds.
	Title string
	// To is who it is for (主送机关), without the colon.
	To     string
	Blocks []Block
	// Signature is who signs (发文机关署名), Date the day (成文日期).
	Signature string
	Date      calendar.Date
	// Note stands in parentheses below the date (附注).
	Note    string
	Annexes []Annex
	Imprint Imprint
}

// Block is a part of a text: a Heading, Paragraph, List or Table.
type Block interface {
	write(b *body)
	check() error
}

// Heading begins a section of level 1 to 4. Its Ordinal is counted when it is empty.
type Heading struct {
	Level         int
	Text, Ordinal string
}

// Paragraph is a paragraph of the text.
type Paragraph struct {
	Text string
}

// List is a number of paragraphs, counted in Arabic digits if it is Numbered.
type List struct {
	Numbered bool
	Items    []string
}

// Table is a table over the whole width of the text area, whose head is repeated on every
// page. In an annex that it is too wide for, the annex lies sideways; one too wide even for
// that is divided into several that each begin with the Fixed first columns.
type Table struct {
	Title   string
	Columns []Column
	// Rows have a cell for each of the columns.
	Rows  [][]string
	Fixed int
}

// Column is a column of a table.
type Column struct {
	Title string
	// Width is how many Chinese characters it should hold in a line, at least 1. What is
	// left of the page is shared out in proportion.
	Width float64
	Align Align
}

// Align is where the text of a column stands.
type Align int

// The places of text.
const (
	Left Align = iota
	Center
	Right
)

// Annex is one of the annexes (附件), numbered in their order.
type Annex struct {
	Title  string
	Blocks []Block
}

// Imprint is who else gets the document, who printed it and when (版记).
type Imprint struct {
	// CopyTo is who gets a copy (抄送机关).
	CopyTo string
	// Office printed and sent it on the day (印发机关和印发日期).
	Office string
	Date   calendar.Date
}

func (i Imprint) empty() bool { return i.CopyTo == "" && i.Office == "" && i.Date == 0 }
