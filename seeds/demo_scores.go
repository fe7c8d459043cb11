package seeds

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/scoring"
	"sundial/server/store"
)

// scoreWords are what the demo's yearly scores are made of, as in demo/scores.yaml.
type scoreWords struct {
	Rounds        []roundWords      `yaml:"rounds"`
	Assessors     map[string]string `yaml:"assessors"`
	Reasons       []string          `yaml:"reasons"`
	NotApplicable string            `yaml:"not_applicable"`
	Notes         []string          `yaml:"notes"`
	Title         string            `yaml:"title"`
}

// roundWords are a round of a scheme that ships with the program: in its year on the days
// given, or of a copy of it for last year or this one, so many days before today.
type roundWords struct {
	Scheme       string        `yaml:"scheme"`
	Unit         string        `yaml:"unit"`
	LastYear     bool          `yaml:"last_year"`
	Opened       calendar.Date `yaml:"opened"`
	SelfUntil    calendar.Date `yaml:"self_until"`
	Announced    calendar.Date `yaml:"announced"`
	Frozen       calendar.Date `yaml:"frozen"`
	OpenedAgo    int           `yaml:"opened_ago"`
	SelfAgo      int           `yaml:"self_ago"`
	AnnouncedAgo int           `yaml:"announced_ago"`
}

// score makes up the yearly scores, in one transaction, unless there are any. It comes
// after the facts, which auto indicators are scored by.
func score(ctx context.Context, s *store.Store, desk *assessment.Desk, list []activation, begin func() *demo) error {
	words := &scoreWords{}
	if err := readDemo("demo/scores.yaml", words); err != nil {
		return err
	}
	var rounds int64
	if err := s.Read(ctx).Model(&models.Round{}).Count(&rounds).Error; err != nil {
		return fmt.Errorf("look for rounds: %w", store.Translate(err))
	}
	if rounds > 0 {
		return nil
	}
	return desk.Replay(ctx, func(on func(at time.Time) *assessment.Desk) error {
		d := begin()
		for _, round := range words.Rounds {
			panel, err := d.newPanel(ctx, words, round, on)
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(list, func(a activation) bool {
				return a.year == panel.scheme.Year && strings.HasPrefix(panel.round.Scheme, a.policy)
			}) {
				continue
			}
			if err := panel.play(); err != nil {
				return fmt.Errorf("round of %s in %d: %w", round.Unit, panel.scheme.Year, err)
			}
		}
		return nil
	})
}

// panel is one round, as it goes on.
type panel struct {
	*demo
	ctx    context.Context
	words  *scoreWords
	round  roundWords
	scheme *scoring.Scheme
	root   models.Unit
	chief  compliance.Actor
	on     func(at time.Time) *assessment.Desk
}

// newPanel reads the round's scheme, which is a copy of the shipped one for another year.
func (d *demo) newPanel(ctx context.Context, words *scoreWords, round roundWords, on func(at time.Time) *assessment.Desk) (*panel, error) {
	scheme, err := Scheme(round.Scheme)
	if err != nil {
		return nil, err
	}
	p := &panel{demo: d, ctx: ctx, words: words, round: round, on: on}
	if round.Opened.IsZero() {
		p.round.Opened, p.round.SelfUntil = d.last+1-calendar.Date(round.OpenedAgo), d.last+1-calendar.Date(round.SelfAgo)
		if round.AnnouncedAgo > 0 {
			p.round.Announced = d.workday(d.last + 1 - calendar.Date(round.AnnouncedAgo))
		}
		if scheme, err = p.copyOf(scheme); err != nil {
			return nil, err
		}
	}
	p.scheme = scheme
	for _, unit := range d.units {
		if unit.Code == round.Unit {
			p.root, p.chief = unit, d.cast.supervisors[unit.Path]
		}
	}
	return p, nil
}

// copyOf returns the scheme as it is for the year of the round, with the same
// obligations.
func (p *panel) copyOf(shipped *scoring.Scheme) (*scoring.Scheme, error) {
	was, year := strconv.Itoa(shipped.Year), (p.last + 1).Year()
	if p.round.LastYear {
		year--
	}
	again := *shipped
	again.Year = year
	for _, text := range []*string{&again.ID, &again.Title.ZH, &again.Title.EN} {
		*text = strings.ReplaceAll(*text, was, strconv.Itoa(year))
	}
	source, err := again.Source()
	if err != nil {
		return nil, err
	}
	scheme, err := scoring.ParseScheme(source)
	if err != nil {
		return nil, fmt.Errorf("copy of scheme %s: %w", shipped.ID, err)
	}
	return scheme, nil
}

// morning is the moment on the day at which the office does what it does.
func morning(day calendar.Date) time.Time { return midnight(day).Add(10 * time.Hour) }

// play makes the round as far as it has come.
func (p *panel) play() error {
	source, err := p.scheme.Source()
	if err != nil {
		return err
	}
	opened := morning(p.round.Opened)
	desk := p.on(opened)
	row, err := desk.AddScheme(p.ctx, p.chief, source)
	if err != nil {
		return err
	}
	if err := desk.FreezeScheme(p.ctx, p.chief, row.ID, row.Version); err != nil {
		return err
	}
	round, err := desk.OpenRound(p.ctx, p.chief, assessment.RoundInput{Scheme: row.ID, SelfUntil: p.round.SelfUntil,
		Title: strings.ReplaceAll(p.words.Title, "{year}", strconv.Itoa(row.Year))})
	if err != nil {
		return err
	}
	for _, class := range p.scheme.Classes {
		if err := desk.AssignAssessor(p.ctx, p.chief, round.ID, p.words.Assessors[p.root.Code], class.ID); err != nil {
			return err
		}
	}
	sheets, err := desk.SheetsOf(p.ctx, round.ID)
	if err != nil {
		return err
	}
	for _, sheet := range sheets {
		if err := p.scoreSheet(sheet); err != nil {
			return fmt.Errorf("sheet of %s: %w", sheet.UnitName, err)
		}
	}
	if p.round.Announced.IsZero() {
		return nil
	}
	round, err = p.on(morning(p.round.Announced)).Announce(p.ctx, p.chief, round.ID, round.Version)
	if err != nil || p.round.Frozen.IsZero() {
		return err
	}
	_, err = p.on(morning(p.round.Frozen)).Freeze(p.ctx, p.chief, round.ID, round.Version)
	return err
}

// scoreSheet has a unit score itself and the assessor verify it; in a round that goes on
// some units have not begun and some sheets wait.
func (p *panel) scoreSheet(sheet models.Sheet) error {
	unit := p.units[sheet.UnitID]
	by := throw(p.scheme.ID, unit.Code)
	card, _ := p.scheme.Card(sheet.Class)
	span := int(min(p.round.SelfUntil, p.last) - p.round.Opened)
	day := p.round.Opened + calendar.Date(by.between(1, max(1, span)))
	goesOn := p.round.Announced.IsZero()
	if goesOn && by.chance(20) {
		return nil
	}
	reporter := p.cast.reporter(unit)
	desk := p.on(morning(day))
	view, err := desk.PutSelves(p.ctx, reporter, sheet.ID, p.selves(by, card, goesOn && by.chance(20)))
	if err != nil {
		return err
	}
	if view.Sheet.SelfMissing > 0 {
		return nil
	}
	if err := desk.Submit(p.ctx, reporter, sheet.ID, view.Sheet.Version); err != nil {
		return err
	}
	if goesOn && by.chance(45) {
		return nil
	}
	return p.verify(by, card, view, day)
}

// half is what scores are made up in.
const half = scoring.Point / 2

// selves are what the unit enters; unfinished leaves out all but the first third.
func (p *panel) selves(by *dice, card *scoring.Card, unfinished bool) []assessment.SelfCell {
	var cells []assessment.SelfCell
	leaves := card.Leaves
	if unfinished {
		leaves = leaves[:len(leaves)/3]
	}
	for _, leaf := range leaves {
		in := assessment.SelfInput{Indicator: leaf.ID}
		switch {
		case leaf.Method == scoring.MethodAward && by.chance(2):
			in.NA, in.Note = true, p.words.NotApplicable
		case leaf.Method == scoring.MethodAward:
			in.Points = (leaf.Points - half*scoring.Amount(by.below(2)*by.below(1+int(leaf.Points/half)/4))).String()
			if by.chance(30) {
				in.Note = pick(by, p.words.Notes)
			}
		case leaf.Method == scoring.MethodBonus && by.chance(20):
			in.Points = leaf.Points.String()
		default:
			continue
		}
		cells = append(cells, assessment.SelfCell{SelfInput: in})
	}
	return cells
}

// verify has the assessor take points off where they see cause, and take over the rest.
func (p *panel) verify(by *dice, card *scoring.Card, view *assessment.SheetView, day calendar.Date) error {
	until := p.last
	if !p.round.Announced.IsZero() {
		until = p.round.Announced - 1
	}
	at := morning(day + calendar.Date(by.between(0, max(0, int(until-day)))))
	desk := p.on(at.Add(time.Hour))
	weak := by.between(10, 45)
	var cells []assessment.MarkCell
	for _, line := range view.Lines {
		if line.Node.Leaf < 0 || !by.chance(weak) {
			continue
		}
		if cell, changed := p.mark(by, card.Leaves[line.Node.Leaf], line.Mark); changed {
			cells = append(cells, cell)
		}
	}
	slices.SortFunc(cells, func(a, b assessment.MarkCell) int { return cmp.Compare(a.Indicator, b.Indicator) })
	assessor := p.cast.assessors[p.root.Path]
	// Submitting was a version more.
	version := view.Sheet.Version + 1
	if len(cells) > 0 {
		marked, err := desk.PutMarks(p.ctx, assessor, view.Sheet.ID, cells)
		if err != nil {
			return err
		}
		version = marked.Sheet.Version
	}
	if _, err := desk.Accept(p.ctx, assessor, view.Sheet.ID, version, pick(by, p.words.Reasons)); err != nil {
		return err
	}
	return desk.Complete(p.ctx, assessor, view.Sheet.ID, version+1)
}

// mark is what the assessor enters for an indicator instead of what the unit did.
func (p *panel) mark(by *dice, leaf scoring.Leaf, row models.SheetMark) (assessment.MarkCell, bool) {
	cell := assessment.MarkCell{Version: row.Version, MarkInput: assessment.MarkInput{Indicator: leaf.ID, Reason: pick(by, p.words.Reasons)}}
	switch {
	case leaf.Method == scoring.MethodDeduct:
		cell.Points = (half * scoring.Amount(by.between(1, 4))).String()
	case leaf.Method == scoring.MethodAward && row.SelfPoints != nil:
		off := half * scoring.Amount(by.between(1, max(1, int(leaf.Points/half)/3)))
		cell.Points = max(0, scoring.Amount(*row.SelfPoints)-off).String()
	default:
		return cell, false
	}
	return cell, true
}
