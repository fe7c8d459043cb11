package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/supervision"
)

// UrgeFormPage shows what would be sent, unit by unit, with the form that sends it.
type UrgeFormPage struct {
	Page
	Tabs     UnitTabs
	Office   models.Unit
	Composed *supervision.UrgeComposition
	Runs     []calendar.Run
	Letters  []UrgeLetterView
	// Sendable is how many letters can be sent, Recent how many of them within the
	// cool-down.
	Sendable, Recent int
	// Items are the things in the form, as it sends them.
	Items     []string
	Template  string
	ReplyTerm string
	// ComposeURL previews, SendURL sends.
	ComposeURL, SendURL string
	DutiesURL           string
	// Children are units that can be chosen while nothing is; Idle tells that some were
	// that owe nothing now.
	Children []models.Unit
	Idle     bool
	// GrantURL leads to where people get their roles, empty for who may not give any.
	GrantURL string
	Problems []FieldProblem
	Error    *models.Error
}

// UrgeLetterView is the letter to one unit.
type UrgeLetterView struct {
	supervision.UrgeDraft
	Letter string
	// Chosen tells that it is to be sent.
	Chosen bool
	// Again is the reason for urging within the cool-down, as it was typed.
	Again string
	// Faults are why it was refused.
	Faults []string
}

// Open tells that the letter is shown at once: there are few, or there is something wrong.
func (p UrgeFormPage) Open(letter UrgeLetterView) bool {
	return len(p.Letters) <= shownLetters || len(letter.Faults) > 0
}

// shownLetters is how many letters are shown unfolded.
const shownLetters = 5

// urgeFormInput is what the form of urges sends.
type urgeFormInput struct {
	ask      supervision.UrgeAsk
	template string
	term     string
	// sent tells that letters were chosen, by their units.
	sent   bool
	chosen []string
	values url.Values
}

// readUrgeForm reads the things, the units and the words of a form or of an address.
func readUrgeForm(values url.Values) (urgeFormInput, []models.Field) {
	in := urgeFormInput{template: values.Get("template"), term: values.Get("reply_term"), chosen: values["send"], sent: values.Get("composed") != "", values: values}
	var faults []models.Field
	for _, text := range values["item"] {
		ref, ok := supervision.ParseUrgeRef(text)
		if !ok {
			return in, []models.Field{{Name: "item", Key: "urges.bad_item", Args: models.Args("Value", text)}}
		}
		in.ask.Items = append(in.ask.Items, ref)
	}
	in.ask.Units = values["unit"]
	if in.term != "" {
		term, err := strconv.Atoi(in.term)
		if err != nil || term < 1 || term > supervision.MaxUrgeTerm {
			faults = append(faults, models.Field{Name: "reply_term", Key: "urges.bad_term", Args: models.Args("Min", 1, "Max", supervision.MaxUrgeTerm)})
			term = 0
		}
		in.ask.ReplyTerm = term
	}
	return in, supervision.CheckUrgeTemplate(faults, in.template)
}

func newUrgeFormPage(base Page, c *supervision.UrgeComposition, days *calendar.Calendar, in urgeFormInput) *UrgeFormPage {
	p := &UrgeFormPage{Page: base, Office: c.Office, Composed: c, Runs: c.Explanation.Runs(), Template: in.template, ReplyTerm: cmp.Or(in.term, text(c.ReplyTerm)),
		ComposeURL: unitURL(c.Office, "urges", "new"), SendURL: unitURL(c.Office, "urges"), Idle: len(in.ask.Units) > 0}
	if p.Template == "" {
		p.Template = templateOf(base.Locale.Written(), c.Rule)
	}
	writer := letterWriter{base.Locale.Written(), days, p.Template, base.Today}
	for _, draft := range c.Drafts {
		letter := UrgeLetterView{UrgeDraft: draft, Again: in.values.Get("again-" + draft.Unit.Code)}
		letter.Chosen = in.sent && slices.Contains(in.chosen, draft.Unit.Code)
		if draft.Sendable() {
			letter.Letter = writer.fill(c, draft)
			letter.Chosen = letter.Chosen || !in.sent && draft.Recent == nil
			p.Sendable++
			if draft.Recent != nil {
				p.Recent++
			}
			for _, item := range draft.Items {
				p.Items = append(p.Items, item.UrgeRef.String())
			}
		}
		p.Letters = append(p.Letters, letter)
	}
	return p
}

// missing refuses the chosen units for which there is no letter any more.
func (p *UrgeFormPage) missing(in urgeFormInput) []models.Field {
	var faults []models.Field
	for _, code := range in.chosen {
		if !slices.ContainsFunc(p.Letters, func(letter UrgeLetterView) bool { return letter.Unit.Code == code }) {
			faults = append(faults, models.Field{Name: "unit-" + code, Key: "urges.unit_gone", Args: models.Args("Unit", code)})
		}
	}
	return faults
}

// batch is what the form sends: a letter for each chosen unit, with all that it was asked
// to be urged for, so that what has been done since is refused.
func (p *UrgeFormPage) batch(term int) supervision.UrgeBatch {
	batch := supervision.UrgeBatch{ReplyTerm: term}
	for _, letter := range p.Letters {
		if !letter.Chosen {
			continue
		}
		sent := supervision.UrgeLetter{Unit: letter.Unit.Code, Text: letter.Letter, Again: letter.Again}
		for _, item := range letter.Items {
			sent.Items = append(sent.Items, item.UrgeRef)
		}
		for _, refused := range letter.Refused {
			sent.Items = append(sent.Items, refused.UrgeRef)
		}
		batch.Letters = append(batch.Letters, sent)
	}
	return batch
}

// refuse puts what is wrong at the letters and on top of the page.
func (p *UrgeFormPage) refuse(why *models.Error) {
	if why.Code != models.Invalid {
		p.Error = why
		return
	}
	for _, field := range why.Fields {
		problem := FieldProblem{ID: field.Name, Text: p.Locale.Text(field.Key, field.Args)}
		for i := range p.Letters {
			code := p.Letters[i].Unit.Code
			if slices.Contains([]string{"unit-" + code, "text-" + code, "again-" + code}, field.Name) {
				p.Letters[i].Faults = append(p.Letters[i].Faults, problem.Text)
				problem.ID = "letter-" + code
			}
		}
		p.Problems = append(p.Problems, problem)
	}
}
