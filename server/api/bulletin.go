package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/gate"
)

// bulletinRoutes are the operations on bulletins. What is composed, and of what, is chosen
// on the pages.
func (s *Server) bulletinRoutes(api huma.API) {
	operation(api, gate.To("bulletin", "read"), http.MethodGet, http.StatusOK, "/bulletins", "list-bulletins", "The bulletins of an office, the latest first", s.listBulletins)
	operation(api, gate.To("bulletin", "read"), http.MethodGet, http.StatusOK, "/bulletins/{id}", "show-bulletin", "A bulletin with its words and all its numbers", s.showBulletin)
	operation(api, gate.To("bulletin", "manage"), http.MethodPut, http.StatusOK, "/bulletins/{id}/words", "put-bulletin-words", "Change the words of a draft; numbers stand in them as fields", s.putBulletinWords)
	operation(api, gate.To("bulletin", "manage"), http.MethodPost, http.StatusOK, "/bulletins/{id}/publish", "publish-bulletin", "Freeze a draft and make it public, when everything agrees", s.publishBulletin)
}

// BulletinsInput asks for bulletins.
type BulletinsInput struct {
	Unit   string `query:"unit" required:"true" doc:"Code of the office" example:"370000"`
	Status string `query:"status" doc:"draft or published; both when left out"`
	Year   string `query:"year" doc:"Of this year only"`
	Cursor string `query:"cursor" doc:"From the next of the page before"`
	Limit  string `query:"limit" doc:"At most 200; 50 when left out"`
}

// BulletinsOutput is a page of bulletins.
type BulletinsOutput struct {
	Body struct {
		Items []BulletinHead `json:"items"`
		Next  string         `json:"next,omitempty" doc:"cursor of the next page; absent on the last one"`
	}
}

// BulletinHead names an edition of a bulletin.
type BulletinHead struct {
	ID          uint64                `json:"id"`
	Series      string                `json:"series" doc:"public name of all editions"`
	Edition     int                   `json:"edition"`
	Status      models.BulletinStatus `json:"status" doc:"draft, published"`
	Title       string                `json:"title"`
	Number      string                `json:"number" doc:"of the document"`
	Year        int                   `json:"year"`
	AsOf        string                `json:"as_of"`
	Policy      string                `json:"policy,omitempty"`
	PublishedOn string                `json:"published_on,omitempty"`
	Hash        string                `json:"hash,omitempty" doc:"SHA-256 of all that was published"`
	URL         string                `json:"url,omitempty" doc:"of the public page"`
	Version     int                   `json:"version" doc:"send it as If-Match with a change"`
}

func bulletinHead(row models.Bulletin) BulletinHead {
	head := BulletinHead{ID: row.ID, Series: row.Series, Edition: row.Edition, Status: row.Status, Title: row.Title, Number: row.Number, Year: row.Year,
		AsOf: row.AsOf.String(), Policy: row.Policy, PublishedOn: row.PublishedOn.String(), Hash: row.Hash, Version: row.Version}
	if row.Status == models.BulletinPublished {
		head.URL = "/public/bulletins/" + row.Series + "/" + strconv.Itoa(row.Edition)
	}
	return head
}

func (s *Server) listBulletins(ctx context.Context, input *BulletinsInput) (*BulletinsOutput, error) {
	limit := limitOf(input.Limit, 50)
	var faults []models.Field
	if limit < 0 || limit > 200 {
		faults = append(faults, models.Field{Name: "limit", Key: "list.bad_limit", Args: models.Args("Max", 200)})
	}
	status := models.BulletinStatus(input.Status)
	if status != "" && status != models.BulletinDraft && status != models.BulletinPublished {
		faults = append(faults, models.Field{Name: "status", Key: "bulletins.status_unknown", Args: models.Args("Value", input.Status)})
	}
	year, _, err := s.when(input.Year, "")
	if err != nil {
		return nil, err
	}
	if err := models.InvalidFields(faults); err != nil {
		return nil, err
	}
	list, err := s.Bulletins.Bulletins(ctx, gate.CallerOf(ctx).Actor, input.Unit, bulletin.Query{Status: status, Year: year, Cursor: input.Cursor, Limit: limit})
	if err != nil {
		return nil, err
	}
	output := &BulletinsOutput{}
	output.Body.Items, output.Body.Next = []BulletinHead{}, list.Next
	for _, row := range list.Items {
		output.Body.Items = append(output.Body.Items, bulletinHead(row))
	}
	return output, nil
}

// BulletinID names a bulletin.
type BulletinID struct {
	ID uint64 `path:"id"`
}

// BulletinOutput is a bulletin; ETag has its version.
type BulletinOutput struct {
	ETag string `header:"ETag"`
	Body Bulletin
}

// Bulletin is a bulletin with its words and its numbers.
type Bulletin struct {
	BulletinHead
	Change string `json:"change,omitempty" doc:"what a correction changes and why"`
	// Words are as they are edited, Paragraphs as they are read.
	Words      BulletinWords       `json:"words" doc:"as they are edited: numbers stand as fields in braces"`
	Paragraphs []BulletinParagraph `json:"paragraphs" doc:"as they are read: numbers are filled in"`
	Fields     []BulletinField     `json:"fields" doc:"what the words may have"`
	Data       json.RawMessage     `json:"data" doc:"every number: scope, policies, obligations, rows and totals as the board has them, ranking, late duties, praise and criticism"`
	Intact     *bool               `json:"intact,omitempty" doc:"of what is published: whether it still is what was published"`
}

// BulletinWords are the paragraphs of a bulletin, and the typed numbers that are no
// statistics.
type BulletinWords struct {
	Paragraphs []BulletinParagraph `json:"paragraphs"`
	Ticked     []BulletinTick      `json:"ticked,omitempty"`
}

// BulletinParagraph is a paragraph; its heading may be empty.
type BulletinParagraph struct {
	Heading string `json:"heading"`
	Text    string `json:"text"`
}

// BulletinTick says that a typed number is no statistic.
type BulletinTick struct {
	Number string `json:"number"`
	Around string `json:"around" doc:"up to ten signs on either side, with □ in its place"`
}

// BulletinField is a number or name that words may have.
type BulletinField struct {
	Field string `json:"field" example:"{应办总数}"`
	Value string `json:"value"`
}

func (s *Server) showBulletin(ctx context.Context, input *BulletinID) (*BulletinOutput, error) {
	view, err := s.Bulletins.Bulletin(ctx, gate.CallerOf(ctx).Actor, input.ID)
	if err != nil {
		return nil, err
	}
	body := Bulletin{BulletinHead: bulletinHead(view.Bulletin), Change: view.Change, Data: json.RawMessage(view.Bulletin.Data)}
	if view.Broken() {
		body.Data = json.RawMessage("{}") // what somebody wrote there by hand is not given out
	}
	body.Words.Paragraphs, body.Paragraphs = bulletinParagraphs(view.Words.Paragraphs), bulletinParagraphs(view.Publication.Paragraphs)
	for _, tick := range view.Words.Ticked {
		body.Words.Ticked = append(body.Words.Ticked, BulletinTick(tick))
	}
	for _, field := range view.Fields {
		body.Fields = append(body.Fields, BulletinField{field.Token, field.Value})
	}
	if view.Status == models.BulletinPublished {
		intact := view.Publication.Seal.Holds()
		body.Intact = &intact
	}
	return &BulletinOutput{ETag: strconv.Quote(strconv.Itoa(view.Version)), Body: body}, nil
}

func bulletinParagraphs(list []bulletin.Paragraph) []BulletinParagraph {
	paragraphs := make([]BulletinParagraph, len(list))
	for i, p := range list {
		paragraphs[i] = BulletinParagraph(p)
	}
	return paragraphs
}

// BulletinWordsInput changes the words of a draft.
type BulletinWordsInput struct {
	ID      uint64 `path:"id"`
	IfMatch string `header:"If-Match" doc:"The bulletin's version, as last seen"`
	Body    struct {
		Title  string        `json:"title"`
		Number string        `json:"number,omitempty" doc:"of the document"`
		Change string        `json:"change,omitempty" doc:"what a correction changes and why"`
		Words  BulletinWords `json:"words"`
	}
}

func (s *Server) putBulletinWords(ctx context.Context, input *BulletinWordsInput) (*BulletinOutput, error) {
	version, err := versionOf(input.IfMatch)
	if err != nil {
		return nil, err
	}
	in := bulletin.WordsInput{Title: input.Body.Title, Number: input.Body.Number, Change: input.Body.Change}
	for _, p := range input.Body.Words.Paragraphs {
		in.Words.Paragraphs = append(in.Words.Paragraphs, bulletin.Paragraph(p))
	}
	for _, tick := range input.Body.Words.Ticked {
		in.Words.Ticked = append(in.Words.Ticked, bulletin.Ticked(tick))
	}
	if _, err := s.Bulletins.PutWords(ctx, gate.CallerOf(ctx).Actor, input.ID, version, in); err != nil {
		return nil, err
	}
	return s.showBulletin(ctx, &BulletinID{input.ID})
}

// PublishInput publishes a draft.
type PublishInput struct {
	ID      uint64 `path:"id"`
	IfMatch string `header:"If-Match" doc:"The bulletin's version, as last seen"`
}

func (s *Server) publishBulletin(ctx context.Context, input *PublishInput) (*BulletinOutput, error) {
	version, err := versionOf(input.IfMatch)
	if err != nil {
		return nil, err
	}
	if _, err := s.Bulletins.Publish(ctx, gate.CallerOf(ctx).Actor, input.ID, version); err != nil {
		return nil, err
	}
	return s.showBulletin(ctx, &BulletinID{input.ID})
}
