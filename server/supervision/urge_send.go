package supervision

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/notify"
	"sundial/server/store"
)

// UrgeBatch are the urges that an office sends at once.
type UrgeBatch struct {
	// ReplyTerm is how many working days there are for the reply; 0 is that of the rule.
	ReplyTerm int
	Letters   []UrgeLetter
}

// UrgeLetter is what one unit is urged for. Again says why it is urged within the
// cool-down, and is not kept outside of it.
type UrgeLetter struct {
	Unit  string
	Items []UrgeRef
	Text  string
	Again string
}

// SendUrges sends all urges of the batch or none. What cannot be sent is refused at the
// field "unit-CODE", "text-CODE" or "again-CODE"; a thing or a unit outside of the office
// is NotFound.
func (d *Desk) SendUrges(ctx context.Context, actor compliance.Actor, office string, batch UrgeBatch) ([]models.Urge, error) {
	var sent []models.Urge
	err := d.writeUrges(ctx, actor, func(w *urging) error {
		sent = nil
		unit, err := w.Unit(office, readUrge, sendUrge, "supervision.unit_unknown")
		if err != nil {
			return err
		}
		if err := w.hold(unit, batch); err != nil {
			return err
		}
		var refs []UrgeRef
		for _, letter := range batch.Letters {
			refs = append(refs, letter.Items...)
		}
		composed, err := w.compose(unit, refs, batch.ReplyTerm)
		if err != nil {
			return err
		}
		if err := batch.check(composed); err != nil {
			return err
		}
		for _, letter := range batch.Letters {
			urge, err := w.send(composed, composed.draftOf(letter.Unit), letter)
			if err != nil {
				return err
			}
			sent = append(sent, urge.Urge)
		}
		return nil
	})
	return sent, err
}

// hold lets writes wait for each other that urge in the name of one office, and those that
// urge one unit in the names of several.
func (w *urging) hold(office models.Unit, batch UrgeBatch) error {
	codes := []string{office.Code}
	for _, letter := range batch.Letters {
		codes = append(codes, letter.Unit)
	}
	slices.Sort(codes)
	for some := range slices.Chunk(slices.Compact(codes), thingBatch) {
		var ids []uint64
		if err := w.Locked().Model(&models.Unit{}).Where("code IN ?", some).Order("code").Pluck("id", &ids).Error; err != nil {
			return fmt.Errorf("hold units that are urged: %w", store.Translate(err))
		}
	}
	return nil
}

// draftOf returns the draft for the unit with the code, nil for none.
func (c *UrgeComposition) draftOf(code string) *UrgeDraft {
	for i := range c.Drafts {
		if c.Drafts[i].Unit.Code == code {
			return &c.Drafts[i]
		}
	}
	return nil
}

func (b UrgeBatch) check(c *UrgeComposition) error {
	if len(b.Letters) == 0 {
		return models.InvalidFields([]models.Field{{Name: "unit", Key: "urges.nobody"}})
	}
	for _, letter := range b.Letters {
		unknown := slices.IndexFunc(letter.Items, func(ref UrgeRef) bool { return slices.Contains(c.Unknown, ref) })
		if c.draftOf(letter.Unit) == nil {
			unknown = 0
		}
		if unknown >= 0 {
			return letter.unknown(unknown)
		}
	}
	var faults []models.Field
	seen := map[string]bool{}
	for _, letter := range b.Letters {
		draft := c.draftOf(letter.Unit)
		if seen[letter.Unit] {
			faults = append(faults, models.Field{Name: "unit-" + letter.Unit, Key: "urges.unit_twice", Args: models.Args("Unit", notify.UnitName(draft.Unit))})
		}
		seen[letter.Unit] = true
		faults = letter.check(faults, draft)
	}
	return models.InvalidFields(faults)
}

// unknown refuses an item that is not there for the unit of the letter: by its number,
// since it may not be said what it is.
func (l UrgeLetter) unknown(item int) error {
	what := ""
	if item < len(l.Items) {
		what = l.Items[item].String()
	}
	return models.NewError(models.NotFound, "urges.item_unknown", "Unit", l.Unit, "What", what)
}

// check refuses what cannot be sent to the unit.
func (l UrgeLetter) check(faults []models.Field, draft *UrgeDraft) []models.Field {
	refuse := func(field, key string, args ...any) {
		args = append(args, "Unit", notify.UnitName(draft.Unit))
		faults = append(faults, models.Field{Name: field + "-" + l.Unit, Key: key, Args: models.Args(args...)})
	}
	switch n := utf8.RuneCountInString(l.Text); {
	case draft.Blocked.Key != "":
		refuse("unit", "urges.closed_unit", "On", draft.Unit.ClosedOn)
	case len(draft.Refused) > 0:
		key, args := "urges.not_open", []any{"What", draft.Refused[0].Title}
		if why := draft.Refused[0].Why; why.Key == "urges.item_year_closed" {
			key, args = "urges.year_closed", append(args, "Year", why.Args["Year"], "On", why.Args["On"])
		}
		refuse("unit", key, args...)
	case slices.ContainsFunc(l.Items, func(ref UrgeRef) bool { return !draft.has(ref) }):
		refuse("unit", "urges.other_unit")
	case strings.TrimSpace(l.Text) == "":
		refuse("text", "urges.no_text")
	case n > MaxUrgeText:
		refuse("text", "urges.text_long", "Max", MaxUrgeText, "Length", n)
	}
	switch again := strings.TrimSpace(l.Again); {
	case draft.Recent != nil && again == "":
		refuse("again", "urges.cool_down", "On", draft.Recent.SentOn, "By", draft.Recent.By, "Office", notify.UnitName(draft.Recent.Office), "Until", draft.Recent.Until)
	case utf8.RuneCountInString(again) > maxAgain:
		refuse("again", "urges.again_long", "Max", maxAgain)
	}
	return faults
}

// maxAgain is how many characters a reason may have.
const maxAgain = 500

func (d *UrgeDraft) has(ref UrgeRef) bool {
	return slices.ContainsFunc(d.Items, func(thing UrgeThing) bool { return thing.UrgeRef == ref })
}

// send sends one urge.
func (w *urging) send(c *UrgeComposition, draft *UrgeDraft, letter UrgeLetter) (*urged, error) {
	u := &urged{unit: draft.Unit, office: c.Office, about: draft.Items, Urge: models.Urge{UnitID: draft.Unit.ID, OfficeID: c.Office.ID, Level: draft.Level,
		Floor: draft.floor(), Status: models.UrgeSent, Text: strings.TrimSpace(letter.Text), ReplyTerm: c.ReplyTerm, ReplyBy: c.ReplyBy, SentAt: w.At, SentOn: w.Today, Version: 1}}
	if w.Actor.ID != 0 {
		u.SentBy = &w.Actor.ID
	}
	if draft.Recent != nil {
		u.Again = strings.TrimSpace(letter.Again)
	}
	if err := w.TX.Create(&u.Urge).Error; err != nil {
		return nil, fmt.Errorf("store urge of %s: %w", draft.Unit.Code, store.Translate(err))
	}
	items := make([]models.UrgeItem, len(draft.Items))
	names := make([]string, len(draft.Items))
	for i, thing := range draft.Items {
		items[i] = models.UrgeItem{UrgeID: u.ID, Object: thing.Object, ObjectID: thing.ID}
		names[i] = thing.UrgeRef.String()
	}
	if err := w.TX.CreateInBatches(items, itemBatch).Error; err != nil {
		return nil, fmt.Errorf("store items of urge %d: %w", u.ID, store.Translate(err))
	}
	if _, err := w.step(u, models.UrgeStep{Act: models.UrgeSend, WhyKey: draft.Why.Key, WhyArgs: causeText(draft.Why)}); err != nil {
		return nil, err
	}
	detail := map[string]any{"items": names, "text": u.Text, "reply_by": u.ReplyBy}
	if u.Again != "" {
		detail["again"] = u.Again
	}
	if err := w.record(u, "send", sendUrge, models.Urge{}, detail); err != nil {
		return nil, err
	}
	if err := w.replace(u, draft.Supersedes); err != nil {
		return nil, err
	}
	return u, w.tell(u, u.unit, answerUrge, "urges.message.sent", true)
}

// replace ends the urges that have been superseded by the new one, each with all that the
// days have brought about up to now.
func (w *urging) replace(by *urged, superseded []models.Urge) error {
	for _, old := range superseded {
		u, err := w.urge(old.ID)
		if err != nil {
			return err
		}
		if err := w.catchUp(u); err != nil {
			return err
		}
		before := u.Urge
		u.Status, u.EndedOn = models.UrgeEnded, w.Today
		u.Version++
		why := UrgeCause{Key: "urges.why.superseded", Urge: by.ID}
		if _, err := w.step(u, models.UrgeStep{Act: models.UrgeSupersede, WhyKey: why.Key, WhyArgs: causeText(why)}); err != nil {
			return err
		}
		if err := w.record(u, "supersede", sendUrge, before, map[string]any{"by_urge": by.ID}); err != nil {
			return err
		}
	}
	return nil
}

// itemBatch is how many items one statement inserts.
const itemBatch = 100
