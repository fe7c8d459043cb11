package supervision

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm/clause"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk"
	"sundial/server/store"
)

// Limits of the rule by which an office urges.
const (
	MaxUrgeTerm = 60
	// MaxUrgeText is how many characters a text may have.
	MaxUrgeText = 2000
)

// DefaultUrgeRule is how an office urges that has said nothing else: yellow three working
// days before the due date, red from the first day after it, one level higher without a
// reply; three working days for the reply, three days between two urges.
func DefaultUrgeRule(office uint64) models.UrgeRule {
	return models.UrgeRule{UnitID: office, YellowBefore: 3, Unanswered: true, ReplyTerm: 3, CoolDown: 3}
}

// UrgePlaceholders are what a template can leave open, in Chinese and in English.
var UrgePlaceholders = map[string]string{
	"{单位}": "unit", "{unit}": "unit", "{办公室}": "office", "{office}": "office", "{事项}": "items", "{items}": "items",
	"{件数}": "count", "{count}": "count", "{回复期限}": "reply_by", "{reply_by}": "reply_by",
}

var placeholder = regexp.MustCompile(`\{[^{}\s]+\}`)

// UrgeRuleInput is what an office may change of its rule.
type UrgeRuleInput struct {
	YellowBefore, RedAfter, ReplyTerm, CoolDown int
	Unanswered                                  bool
	// Template is empty for the text that the program begins with.
	Template string
}

func (in UrgeRuleInput) check() error {
	var faults []models.Field
	for _, term := range []struct {
		name       string
		value, min int
	}{{"yellow_before", in.YellowBefore, 0}, {"red_after", in.RedAfter, 0}, {"reply_term", in.ReplyTerm, 1}, {"cool_down", in.CoolDown, 0}} {
		if term.value < term.min || term.value > MaxUrgeTerm {
			faults = append(faults, models.Field{Name: term.name, Key: "urges.bad_term", Args: models.Args("Min", term.min, "Max", MaxUrgeTerm)})
		}
	}
	return models.InvalidFields(CheckUrgeTemplate(faults, in.Template))
}

// CheckUrgeTemplate refuses a template that is too long, or leaves open what is not known;
// the field is "template".
func CheckUrgeTemplate(faults []models.Field, template string) []models.Field {
	if n := utf8.RuneCountInString(template); n > MaxUrgeText {
		return append(faults, models.Field{Name: "template", Key: "urges.text_long", Args: models.Args("Max", MaxUrgeText, "Length", n)})
	}
	for _, name := range placeholder.FindAllString(template, -1) {
		if UrgePlaceholders[name] == "" {
			return append(faults, models.Field{Name: "template", Key: "urges.bad_placeholder", Args: models.Args("Name", name)})
		}
	}
	return faults
}

func (in UrgeRuleInput) on(rule models.UrgeRule) models.UrgeRule {
	rule.YellowBefore, rule.RedAfter, rule.ReplyTerm, rule.CoolDown = in.YellowBefore, in.RedAfter, in.ReplyTerm, in.CoolDown
	rule.Unanswered, rule.Template = in.Unanswered, strings.TrimSpace(in.Template)
	return rule
}

// UrgeRuleView is the rule of an office, and what another one would change.
type UrgeRuleView struct {
	Office models.Unit
	Rule   models.UrgeRule
	// ChangedName is who changed it last, empty for the rule of the program.
	ChangedName string
	// Open is how many urges of the office are open; Changes how many of them would go to
	// another level than by the rule in force, one level a day.
	Open    int
	Changes []LevelChange
}

// LevelChange is how many urges go from one level to another.
type LevelChange struct {
	From, To models.UrgeLevel
	Count    int
}

// UrgeRule returns the rule of an office, for who may urge in its name. With another one
// it tells what that would change; it refuses what SetUrgeRule refuses.
func (d *Desk) UrgeRule(ctx context.Context, actor compliance.Actor, office string, other *UrgeRuleInput) (*UrgeRuleView, error) {
	w, err := d.lookAtUrges(ctx, actor)
	if err != nil {
		return nil, err
	}
	unit, err := w.Unit(office, readUrge, sendUrge, "supervision.unit_unknown")
	if err != nil {
		return nil, err
	}
	rule, err := w.ruleOf(unit.ID)
	if err != nil {
		return nil, err
	}
	view := &UrgeRuleView{Office: unit, Rule: rule}
	names, err := w.names(rule.ChangedBy)
	if err != nil {
		return nil, err
	}
	view.ChangedName = names.of(rule.ChangedBy)
	if other == nil {
		return view, nil
	}
	if err := other.check(); err != nil {
		return nil, err
	}
	return view, w.foresee(view, other.on(rule))
}

// foresee counts the levels that open urges of the office would have by the other rule.
func (w *urging) foresee(view *UrgeRuleView, other models.UrgeRule) error {
	var urges []models.Urge
	if err := w.TX.Where("office_id = ? AND status <> ?", view.Office.ID, models.UrgeEnded).Order("id").Find(&urges).Error; err != nil {
		return fmt.Errorf("open urges of %s: %w", view.Office.Code, store.Translate(err))
	}
	about, err := w.about(urges, w.Today)
	if err != nil {
		return err
	}
	paces, err := w.paces(urges, map[uint64]models.UrgeRule{view.Office.ID: view.Rule})
	if err != nil {
		return err
	}
	days := w.known(w.Today)
	counts := map[LevelChange]int{}
	for _, urge := range urges {
		facts := factsOf(urge, about[urge.ID])
		now, done := standing(view.Rule, facts, w.known, paces[urge.ID], w.Today)
		if done {
			continue
		}
		view.Open++
		from, to := aimOn(view.Rule, facts, days, now.Level, w.Today).Level, aimOn(other, facts, days, now.Level, w.Today).Level
		if from != to {
			counts[LevelChange{From: from, To: to}]++
		}
	}
	for _, from := range urgeLevels {
		for _, to := range urgeLevels {
			if n := counts[LevelChange{From: from, To: to}]; n > 0 {
				view.Changes = append(view.Changes, LevelChange{from, to, n})
			}
		}
	}
	return nil
}

// urgeLevels are the levels, the gravest first.
var urgeLevels = []models.UrgeLevel{models.UrgeRed, models.UrgeYellow, models.UrgeBlue}

// SetUrgeRule changes the rule of an office. Its open urges have the levels by the new one
// from today on; up to today they get those of the old one. A version that is not the
// current one is Stale; 0 is that of an office without a rule of its own.
func (d *Desk) SetUrgeRule(ctx context.Context, actor compliance.Actor, office string, version int, in UrgeRuleInput) error {
	return d.writeUrges(ctx, actor, func(w *urging) error {
		unit, err := w.Unit(office, readUrge, sendUrge, "supervision.unit_unknown")
		if err != nil {
			return err
		}
		if err := in.check(); err != nil {
			return err
		}
		if err := w.holdOffice(unit.ID); err != nil {
			return err
		}
		before, err := w.ruleOf(unit.ID)
		if err != nil {
			return err
		}
		if before.Version != version {
			return models.NewError(models.Stale, "urges.rule_stale")
		}
		if err := w.escalateOffice(unit.ID); err != nil {
			return err
		}
		rule := in.on(before)
		rule.Version, rule.ChangedBy, rule.ChangedAt = version+1, &w.Actor.ID, w.At
		if err := w.TX.Clauses(clause.OnConflict{UpdateAll: true}).Create(&rule).Error; err != nil {
			return fmt.Errorf("store urge rule of %s: %w", unit.Code, store.Translate(err))
		}
		act := compliance.Act{Action: "edit", Object: "urge-rule", ID: unit.ID, Unit: &unit, Permission: sendUrge, Before: ruleFacts(before), Now: ruleFacts(rule)}
		if err := w.Record(act); err != nil {
			return err
		}
		return w.escalateOffice(unit.ID)
	})
}

// ruleFacts are what the audit log tells of a rule.
func ruleFacts(rule models.UrgeRule) map[string]any {
	return map[string]any{"yellow_before": rule.YellowBefore, "red_after": rule.RedAfter, "unanswered": rule.Unanswered, "reply_term": rule.ReplyTerm,
		"cool_down": rule.CoolDown, "template": rule.Template}
}

// ruleOf returns the rule of an office.
func (w *urging) ruleOf(office uint64) (models.UrgeRule, error) {
	found, err := w.rulesOf([]uint64{office})
	return found[office], err
}

// rulesOf returns the rules of offices, by id.
func (w *urging) rulesOf(offices []uint64) (map[uint64]models.UrgeRule, error) {
	slices.Sort(offices)
	offices = slices.Compact(offices)
	var rows []models.UrgeRule
	if err := w.TX.Where("unit_id IN ?", offices).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("urge rules: %w", store.Translate(err))
	}
	found := make(map[uint64]models.UrgeRule, len(offices))
	for _, office := range offices {
		found[office] = DefaultUrgeRule(office)
	}
	for _, row := range rows {
		found[row.UnitID] = row
	}
	return found, nil
}

// holdOffice lets writes wait for each other that urge in the name of one office. It is
// the first lock of a write.
func (w *urging) holdOffice(office uint64) error {
	var unit models.Unit
	return desk.One(w.Locked().Select("id").Where("id = ?", office), &unit, "supervision.unit_unknown")
}
