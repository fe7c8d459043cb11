package bulletin

import (
	"sundial/models"
	"sundial/server/calendar"
)

// Publication is a bulletin as it is read: its words with the numbers put in, and its
// data. It is what the public page, the Word file and the print page show.
type Publication struct {
	ID      uint64
	Series  string
	Edition int
	Status  models.BulletinStatus
	Title   string
	// Number is that of the document; it may be empty.
	Number string
	Office Unit
	Year   int
	AsOf   calendar.Date
	// PublishedOn is no date for a draft.
	PublishedOn calendar.Date
	// Change says what a correction changes and why.
	Change     string
	Paragraphs []Paragraph
	Settings   Settings
	Data       *Data
	// Demo marks made-up facts.
	Demo bool
	// Seal tells whether it still is what was published.
	Seal Seal
}

// Seal is the hash of a published bulletin, as it was published and as it comes out now.
type Seal struct {
	// Published is the hash in the row, Logged the one that the audit log has, Now that of
	// what the database holds.
	Published, Logged, Now string
}

// Holds tells that all three are the same: nothing has been changed since.
func (s Seal) Holds() bool {
	return s.Now != "" && s.Now == s.Published && s.Now == s.Logged
}

// Words are what people write: paragraphs, in which numbers stand as fields in braces,
// and the numbers they typed that are no statistics.
type Words struct {
	Paragraphs []Paragraph `json:"paragraphs"`
	Ticked     []Ticked    `json:"ticked,omitempty"`
}

// Paragraph is a heading, which may be empty, with its text; lines of the text are
// paragraphs of the document.
type Paragraph struct {
	Heading string `json:"heading"`
	Text    string `json:"text"`
}

// Ticked is a typed number that the office says is no statistic, with what stands around
// it: Around has a box in its place.
type Ticked struct {
	Number string `json:"number"`
	Around string `json:"around"`
}
