package web

import (
	"net/url"
	"time"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// UnitManagePage is the administration of a unit: what is known of it, what
// became of it from day to day, and the forms that change it.
type UnitManagePage struct {
	Page
	Unit      models.Unit
	Parent    *UnitLink
	Successor *UnitLink
	// Predecessors were merged into the unit.
	Predecessors []UnitLink
	// Below is the number of units right below, BelowURL their list.
	Below    int
	BelowURL string
	UnitURL  string
	Forms    []UnitForm
	// Preview is set when a change was asked for and is to be confirmed.
	Preview *UnitPreview
	History []UnitPastLine
}

// UnitLink is a unit with its page; URL is empty where the user may not go.
type UnitLink struct {
	models.Unit
	URL string
}

// UnitPreview tells what a change would do, and confirms it.
type UnitPreview struct {
	Action string
	URL    string
	// Fields repeat what was entered.
	Fields []HiddenField
	Digest string
	Units  []UnitChangeLine
	Duties []DutyEffects
	Boards []compliance.BoardEffect
	// Stale tells that something else would happen than what was agreed to.
	Stale *models.Error
}

// HiddenField is a value that a form sends along.
type HiddenField struct{ Name, Value string }

// UnitChangeLine is what becomes of one unit, in words.
type UnitChangeLine struct {
	Unit  models.Unit
	Lines []string
}

// DutyEffects are duties that share a fate; Key names it. Shown are the first.
type DutyEffects struct {
	Key   string
	Count int
	Shown []compliance.DutyEffect
}

// Hidden is the number of duties that are not shown.
func (d DutyEffects) Hidden() int { return d.Count - len(d.Shown) }

// UnitPastLine is what became known of a unit on a day, in words.
type UnitPastLine struct {
	// KnownOn is zero for what was there from the beginning.
	KnownOn calendar.Date
	Lines   []string
	Acts    []UnitActLine
}

// UnitActLine is who entered a change, when and why; On is the day it has.
type UnitActLine struct {
	Action string
	At     time.Time
	Who    string
	On     calendar.Date
	Reason string
	// Successor is what the unit was merged into.
	Successor string
}

// dutiesShown bounds the duties of one fate in a preview.
const dutiesShown = 50

// newUnitPreview tells what the form, as it was sent, would do.
func newUnitPreview(locale *frontend.Locale, form UnitForm, sent url.Values, effects *compliance.UnitEffects) *UnitPreview {
	p := &UnitPreview{Action: form.Action, URL: form.URL, Digest: effects.Digest, Boards: effects.Boards}
	for _, field := range form.all() {
		if sent.Has(field.Name) {
			p.Fields = append(p.Fields, HiddenField{field.Name, sent.Get(field.Name)})
		}
	}
	w := unitWords{locale}
	for _, effect := range effects.Units {
		p.Units = append(p.Units, UnitChangeLine{effect.After, w.effect(effect)})
	}
	for _, fate := range []struct {
		key    string
		duties []compliance.DutyEffect
	}{{"unit_duties.created", effects.Created}, {"unit_duties.restored", effects.Restored}, {"unit_duties.withdrawn", effects.Withdrawn}, {"unit_duties.waiting", effects.Waiting}} {
		if len(fate.duties) > 0 {
			p.Duties = append(p.Duties, DutyEffects{fate.key, len(fate.duties), fate.duties[:min(len(fate.duties), dutiesShown)]})
		}
	}
	return p
}

func newUnitPast(locale *frontend.Locale, past []compliance.UnitPast) []UnitPastLine {
	w := unitWords{locale}
	var lines []UnitPastLine
	for _, p := range past {
		line := UnitPastLine{KnownOn: p.Now.KnownOn, Lines: w.past(p)}
		if line.KnownOn == models.Always {
			line.KnownOn = 0
		}
		for _, act := range p.Acts {
			line.Acts = append(line.Acts, UnitActLine(act))
		}
		if len(line.Lines) > 0 || len(line.Acts) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

// unitWords put what becomes of units into words.
type unitWords struct{ locale *frontend.Locale }

func (w unitWords) effect(e compliance.UnitEffect) []string {
	if e.Before == nil {
		return []string{w.text("unit_change.opened", "Parent", unitName(w.locale, e.To), "On", e.After.OpenedOn)}
	}
	lines := w.changes(*e.Before, e.After, e.From, e.To)
	if e.Successor.ID != 0 {
		lines = append(lines, w.text("unit_change.merged", "Successor", unitName(w.locale, e.Successor)))
	}
	return lines
}

// past tells what a row of the history says beyond the one before.
func (w unitWords) past(p compliance.UnitPast) []string {
	now := unitOf(p.Now)
	if p.Before != nil {
		return w.changes(unitOf(*p.Before), now, p.From, p.To)
	}
	lines := []string{w.text("unit_change.first", "Name", unitName(w.locale, now), "Kind", w.kind(now.Kind))}
	if p.To.ID != 0 {
		lines = append(lines, w.text("unit_change.first_parent", "Parent", unitName(w.locale, p.To)))
	}
	if !now.OpenedOn.IsZero() {
		lines = append(lines, w.text("unit_change.first_opened", "On", now.OpenedOn))
	}
	if !now.ClosedOn.IsZero() {
		lines = append(lines, w.text("unit_change.closed", "On", now.ClosedOn))
	}
	return lines
}

func unitOf(change models.UnitChange) models.Unit {
	return models.Unit{ID: change.UnitID, Name: change.Name, NameEN: change.NameEN, Kind: change.Kind, Class: change.Class, ParentID: change.ParentID,
		Position: change.Position, OpenedOn: change.OpenedOn, ClosedOn: change.ClosedOn}
}

// changes tells what differs between two states of a unit.
func (w unitWords) changes(before, now, from, to models.Unit) []string {
	var lines []string
	differ := func(key, was, is string) {
		if was != is {
			lines = append(lines, w.text(key, "From", w.orNone(was), "To", w.orNone(is)))
		}
	}
	differ("unit_change.name", before.Name, now.Name)
	differ("unit_change.name_en", before.NameEN, now.NameEN)
	differ("unit_change.kind", w.kind(before.Kind), w.kind(now.Kind))
	differ("unit_change.class", before.Class, now.Class)
	if from.ID != to.ID {
		differ("unit_change.parent", unitName(w.locale, from), unitName(w.locale, to))
	} else if before.Position != now.Position {
		lines = append(lines, w.text("unit_change.position"))
	}
	switch {
	case before.ClosedOn == now.ClosedOn:
	case now.ClosedOn.IsZero():
		lines = append(lines, w.text("unit_change.reopened", "On", before.ClosedOn))
	default:
		lines = append(lines, w.text("unit_change.closed", "On", now.ClosedOn))
	}
	return lines
}

func (w unitWords) text(key string, args ...any) string {
	return w.locale.Text(key, models.Args(args...))
}

func (w unitWords) kind(kind models.UnitKind) string {
	return w.locale.Text("unit_type."+string(kind), nil)
}

func (w unitWords) orNone(text string) string {
	if text == "" {
		return w.locale.Text("unit_change.none", nil)
	}
	return text
}
