package seeds

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rectification"
	"sundial/server/scoring"
	"sundial/server/store"
)

// rectificationWords are what is written when lost points are put right, as in
// demo/rectifications.yaml.
type rectificationWords struct {
	Demands   []string `yaml:"demands"`
	Answers   []string `yaml:"answers"`
	Returns   []string `yaml:"returns"`
	Closes    []string `yaml:"closes"`
	Appeal    []string `yaml:"appeal"`
	Upheld    []string `yaml:"upheld"`
	Withdrawn []string `yaml:"withdrawn"`
}

// How many sheets of a round are demanded to be put right, and how many indicators of each.
const (
	rectifiedSheets     = 7
	rectifiedIndicators = 2
)

// rectify has the offices demand that what cost the weakest sheets of each announced round
// most be put right, unless they have.
func (o *office) rectify() error {
	words := &rectificationWords{}
	if err := readDemo("demo/rectifications.yaml", words); err != nil {
		return err
	}
	var there int64
	if err := o.tx.Model(&models.Rectification{}).Where("round_id IS NOT NULL").Count(&there).Error; err != nil {
		return fmt.Errorf("look for rectifications: %w", store.Translate(err))
	}
	if there > 0 {
		return nil
	}
	var rounds []models.Round
	if err := o.tx.Where("status <> ?", models.RoundScoring).Order("id").Find(&rounds).Error; err != nil {
		return fmt.Errorf("announced rounds: %w", store.Translate(err))
	}
	for _, round := range rounds {
		var sheets []models.Sheet
		if err := o.tx.Where("round_id = ? AND final IS NOT NULL", round.ID).Order("final, id").Limit(rectifiedSheets).Find(&sheets).Error; err != nil {
			return fmt.Errorf("weakest sheets: %w", store.Translate(err))
		}
		p := &puttingRight{office: o, words: words, round: round, chief: o.cast.supervisor(o.units[round.UnitID])}
		for i, sheet := range sheets {
			if err := p.demand(i, sheet); err != nil {
				return fmt.Errorf("rectifications of %s: %w", sheet.UnitName, err)
			}
		}
		if err := p.play(); err != nil {
			return fmt.Errorf("rectifications of %s: %w", round.Title, err)
		}
	}
	return nil
}

// puttingRight is what becomes of the demands of a round.
type puttingRight struct {
	*office
	words *rectificationWords
	round models.Round
	chief compliance.Actor
	acts  []rectifyingAct
}

// rectifyingAct is one thing that somebody does at a moment.
type rectifyingAct struct {
	at time.Time
	do func() error
}

// on has something done on a working day at an hour; what lies in the future is left out.
func (p *puttingRight) on(day calendar.Date, hour int, do func(at time.Time) error) {
	if day = p.workday(day); day <= p.last {
		at := midnight(day).Add(time.Duration(hour) * time.Hour)
		p.acts = append(p.acts, rectifyingAct{at, func() error { return do(at) }})
	}
}

// play does it all in the order of time.
func (p *puttingRight) play() error {
	slices.SortStableFunc(p.acts, func(a, b rectifyingAct) int { return a.at.Compare(b.at) })
	for _, act := range p.acts {
		if err := act.do(); err != nil {
			return err
		}
	}
	return nil
}

// over tells that the round is so long ago that nothing of it is still to be put right.
func (p *puttingRight) over() bool { return p.round.AnnouncedOn+365 < p.last }

// demand demands that a sheet be put right, the day after the announcement: some at once,
// the others within three weeks. What becomes of it follows from its place.
func (p *puttingRight) demand(place int, sheet models.Sheet) error {
	day := p.workday(p.round.AnnouncedOn + 1)
	if day > p.last {
		return nil
	}
	at := morning(day)
	view, err := p.scoresAt(at).NewDemand(p.ctx, p.chief, sheet.ID)
	if err != nil {
		return err
	}
	slices.SortStableFunc(view.Losses, func(a, b assessment.Loss) int { return int(b.Lost - a.Lost) })
	var chosen []assessment.Loss
	for _, loss := range view.Losses {
		if len(chosen) < rectifiedIndicators && loss.Leaf.Method == scoring.MethodAward {
			chosen = append(chosen, loss)
		}
	}
	if len(chosen) == 0 {
		return nil
	}
	by := throw("rectification", p.round.Title, p.units[sheet.UnitID].Code)
	in := assessment.DemandInput{Demand: pick(by, p.words.Demands), DueOn: p.workday(day + calendar.Date([]int{3, 21}[place%2]))}
	for _, loss := range chosen {
		in.Indicators = append(in.Indicators, loss.Leaf.ID)
	}
	rows, err := p.scoresAt(at).DemandRectifications(p.ctx, p.chief, sheet.ID, in)
	if err != nil {
		return err
	}
	for i, row := range rows {
		p.follow(by, place+i, row, chosen[slices.IndexFunc(chosen, func(loss assessment.Loss) bool { return loss.Leaf.ID == row.Indicator })])
	}
	return nil
}

// follow plans what becomes of a demand: answered in time and closed, sent back first,
// answered late, given back on appeal, or nothing yet.
func (p *puttingRight) follow(by *dice, fate int, row models.Rectification, loss assessment.Loss) {
	opened, due := p.workday(p.round.AnnouncedOn+1), row.DueOn
	answer := opened + (due-opened)*2/3
	switch fate % 5 {
	case 0:
		p.answer(by, row, answer)
		p.close(by, row, answer+4)
	case 1:
		p.answer(by, row, answer)
		p.sendBack(by, row, answer+2, due+14)
		p.answer(by, row, answer+9)
		p.close(by, row, answer+12)
	case 2:
		p.answer(by, row, due+3)
		p.close(by, row, due+6)
	case 3:
		if !p.over() {
			p.restore(fate, row, loss)
			return
		}
		p.answer(by, row, due)
		p.close(by, row, due+2)
	default:
		if p.over() {
			p.answer(by, row, due+9)
			p.close(by, row, due+12)
		}
	}
}

// restore has the unit appeal and the office give the points back; some demands are
// withdrawn then.
func (p *puttingRight) restore(fate int, row models.Rectification, loss assessment.Loss) {
	unit := p.units[row.UnitID]
	var appeal *models.Appeal
	p.on(p.round.AnnouncedOn+2, 14, func(at time.Time) error {
		var err error
		appeal, err = p.scoresAt(at).FileAppeal(p.ctx, p.cast.reporter(unit), *row.SheetID,
			assessment.AppealInput{Indicator: row.Indicator, Points: loss.Leaf.Points.String(), Reason: p.words.Appeal[0]})
		return err
	})
	p.on(p.round.AnnouncedOn+4, 15, func(at time.Time) error {
		return p.scoresAt(at).DecideAppeal(p.ctx, p.chief, appeal.ID, appeal.Version,
			assessment.DecisionInput{Upheld: true, Points: loss.Leaf.Points.String(), Reason: p.words.Upheld[0]})
	})
	if fate%2 == 0 {
		p.on(p.round.AnnouncedOn+5, 9, func(at time.Time) error {
			return p.step(at, row, p.chief, p.words.Withdrawn[0], (*rectification.Desk).Withdraw)
		})
	}
}

func (p *puttingRight) answer(by *dice, row models.Rectification, day calendar.Date) {
	text := pick(by, p.words.Answers)
	p.on(day, 10, func(at time.Time) error {
		return p.step(at, row, p.cast.reporter(p.units[row.UnitID]), text, (*rectification.Desk).Answer)
	})
}

func (p *puttingRight) sendBack(by *dice, row models.Rectification, day, due calendar.Date) {
	text := pick(by, p.words.Returns)
	p.on(day, 16, func(at time.Time) error {
		desk := p.rectificationsAt(at)
		version, err := p.version(row)
		if err != nil {
			return err
		}
		return desk.Return(p.ctx, p.chief, row.ID, version, rectification.StepInput{Note: text, DueOn: p.workday(due)})
	})
}

func (p *puttingRight) close(by *dice, row models.Rectification, day calendar.Date) {
	text := pick(by, p.words.Closes)
	p.on(day, 17, func(at time.Time) error { return p.step(at, row, p.chief, text, (*rectification.Desk).Close) })
}

// rectificationAct is one of the steps that the desk takes.
type rectificationAct func(d *rectification.Desk, ctx context.Context, actor compliance.Actor, id uint64, version int, in rectification.StepInput) error

// step takes a step of a rectification as it is now.
func (p *puttingRight) step(at time.Time, row models.Rectification, actor compliance.Actor, text string, take rectificationAct) error {
	version, err := p.version(row)
	if err != nil {
		return err
	}
	return take(p.rectificationsAt(at), p.ctx, actor, row.ID, version, rectification.StepInput{Note: text})
}

// version is that of the rectification now.
func (p *puttingRight) version(row models.Rectification) (int, error) {
	if err := p.tx.Where("id = ?", row.ID).Take(&row).Error; err != nil {
		return 0, fmt.Errorf("rectification %d: %w", row.ID, store.Translate(err))
	}
	return row.Version, nil
}
