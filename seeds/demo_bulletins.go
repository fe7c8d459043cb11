package seeds

import (
	"fmt"

	"sundial/models"
	"sundial/rbac"
	"sundial/server/bulletin"
	"sundial/server/calendar"
	"sundial/server/compliance"
)

// bulletinWords are the bulletins of the demo, as in demo/bulletins.yaml.
type bulletinWords struct {
	Published []publishedWords `yaml:"published"`
	Drafts    []struct {
		Unit string `yaml:"unit"`
	} `yaml:"drafts"`
}

// publishedWords are a bulletin that was published, and its correction, if any.
type publishedWords struct {
	Unit      string        `yaml:"unit"`
	Year      int           `yaml:"year"`
	AsOf      calendar.Date `yaml:"as_of"`
	On        calendar.Date `yaml:"on"`
	Number    string        `yaml:"number"`
	Ranking   bool          `yaml:"ranking"`
	Corrected calendar.Date `yaml:"corrected"`
	Change    string        `yaml:"change"`
	Addition  string        `yaml:"addition"`
}

// publishBulletins makes up what offices have published. It comes last: bulletins tell of
// all that came before.
func publishBulletins(o *office) error {
	words := &bulletinWords{}
	if err := readDemo("demo/bulletins.yaml", words); err != nil {
		return err
	}
	for _, w := range words.Published {
		owed, err := o.owed(w.Unit, w.Year)
		if err != nil {
			return err
		}
		if w.On > o.last || w.Corrected > o.last || !owed {
			continue
		}
		if err := o.publish(w); err != nil {
			return fmt.Errorf("bulletin of %s in %d: %w", w.Unit, w.Year, err)
		}
	}
	for _, w := range words.Drafts {
		yesterday := o.last - 1
		in := bulletin.Input{Year: yesterday.Year(), AsOf: yesterday, Settings: bulletin.DefaultSettings}
		desk := o.bulletinsAt(morning(o.last))
		_, err := desk.Draft(o.ctx, o.chief(w.Unit), w.Unit, in)
		if err != nil && !models.IsCode(err, models.Invalid) { // on the first days of a year nothing is owed yet
			return fmt.Errorf("draft of %s: %w", w.Unit, err)
		}
	}
	return nil
}

// owed tells whether anything is owed in the region with the code in the year: a demo need
// not have all policies.
func (o *office) owed(code string, year int) (bool, error) {
	var region models.Unit
	if err := o.tx.Where("code = ?", code).Take(&region).Error; err != nil {
		return false, fmt.Errorf("region %s: %w", code, err)
	}
	var count int64
	query := rbac.Scope{region.Path}.Where(o.tx.Table("duties d").Joins("JOIN units u ON u.id = d.unit_id").Where("d.year = ?", year), "u.path")
	if err := query.Count(&count).Error; err != nil {
		return false, fmt.Errorf("duties of region %s: %w", code, err)
	}
	return count > 0, nil
}

// chief is who supervises the region with the code.
func (o *office) chief(code string) compliance.Actor {
	for _, unit := range o.units {
		if unit.Code == code {
			return o.cast.supervisors[unit.Path]
		}
	}
	return compliance.Actor{}
}

// publish drafts and publishes a bulletin on its day, and its correction on a later one.
func (o *office) publish(w publishedWords) error {
	in := bulletin.Input{Year: w.Year, AsOf: w.AsOf, Settings: bulletin.DefaultSettings}
	if w.Ranking {
		round, err := o.roundOf(w.Unit, w.Year)
		if err != nil {
			return err
		}
		in.Round = round
	}
	desk, chief := o.bulletinsAt(morning(w.On)), o.chief(w.Unit)
	row, err := desk.Draft(o.ctx, chief, w.Unit, in)
	if models.IsCode(err, models.Invalid) {
		return nil // the policy is not in force in this demo
	}
	if err != nil {
		return err
	}
	if err := o.release(desk, chief, row, w.Number, ""); err != nil || w.Corrected.IsZero() {
		return err
	}
	desk = o.bulletinsAt(morning(w.Corrected))
	if row, err = desk.Correct(o.ctx, chief, row.ID, w.Change); err != nil {
		return err
	}
	return o.release(desk, chief, row, w.Number, w.Addition)
}

// release gives a draft its number, adds to its last paragraph, and publishes it.
func (o *office) release(desk *bulletin.Desk, chief compliance.Actor, row *models.Bulletin, number, addition string) error {
	view, err := desk.Bulletin(o.ctx, chief, row.ID)
	if err != nil {
		return err
	}
	words := bulletin.WordsInput{Title: view.Title, Number: number, Change: view.Change, Words: view.Words}
	words.Words.Paragraphs[len(words.Words.Paragraphs)-1].Text += addition
	if row, err = desk.PutWords(o.ctx, chief, row.ID, row.Version, words); err != nil {
		return err
	}
	_, err = desk.Publish(o.ctx, chief, row.ID, row.Version)
	return err
}

// roundOf is the latest frozen round of the office in the year, 0 for none.
func (o *office) roundOf(code string, year int) (uint64, error) {
	var rounds []uint64
	err := o.tx.Model(&models.Round{}).Joins("JOIN units u ON u.id = rounds.unit_id").
		Where("u.code = ? AND rounds.year = ? AND rounds.status = ?", code, year, models.RoundFrozen).Order("rounds.id DESC").Limit(1).Pluck("rounds.id", &rounds).Error
	if err != nil || len(rounds) == 0 {
		return 0, err
	}
	return rounds[0], nil
}
