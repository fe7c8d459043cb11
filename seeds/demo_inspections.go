package seeds

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rectification"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/supervision"
)

// inspectionWords are what the demo's inspections are made of, as in demo/inspections.yaml.
type inspectionWords struct {
	Rounds    []inspectionRound `yaml:"rounds"`
	Findings  []findingWords    `yaml:"findings"`
	Answers   []string          `yaml:"answers"`
	Returns   []string          `yaml:"returns"`
	Closes    []string          `yaml:"closes"`
	Note      string            `yaml:"note"`
	Withdrawn string            `yaml:"withdrawn"`
	Clause    string            `yaml:"clause"`
}

// inspectionRound is an inspection: opened on a day of its year, or so many days before
// today. It is closed so many days after it was opened, or goes on.
type inspectionRound struct {
	Unit        string        `yaml:"unit"`
	Policy      string        `yaml:"policy"`
	Year        int           `yaml:"year"`
	Opened      calendar.Date `yaml:"opened"`
	OpenedAgo   int           `yaml:"opened_ago"`
	Days        int           `yaml:"days"`
	Term        int           `yaml:"term"`
	CloseAfter  int           `yaml:"close_after"`
	Title       string        `yaml:"title"`
	Basis       string        `yaml:"basis"`
	Codes       []string      `yaml:"codes"`
	Unannounced bool          `yaml:"unannounced"`
	Sample      int           `yaml:"sample"`
	PerClass    bool          `yaml:"per_class"`
	Seed        string        `yaml:"seed"`
	Source      string        `yaml:"source"`
}

// findingWords are a finding; Duty is the word of an obligation, empty for none.
type findingWords struct {
	Severity models.Severity `yaml:"severity"`
	Duty     string          `yaml:"duty"`
	Text     string          `yaml:"text"`
	Demand   string          `yaml:"demand"`
}

// inspect makes up the inspections, unless there are any.
func (o *office) inspect() error {
	words := &inspectionWords{}
	if err := readDemo("demo/inspections.yaml", words); err != nil {
		return err
	}
	var there int64
	if err := o.tx.Model(&models.Inspection{}).Count(&there).Error; err != nil {
		return fmt.Errorf("look for inspections: %w", store.Translate(err))
	}
	if there > 0 {
		return nil
	}
	for _, round := range words.Rounds {
		i := &inspecting{office: o, words: words, round: round}
		if round.Opened.IsZero() {
			i.round.Opened = o.workday(o.last + 1 - calendar.Date(round.OpenedAgo))
			i.round.Year = i.round.Opened.Year()
		}
		if err := i.play(); err != nil {
			return fmt.Errorf("%s of %s: %w", round.Title, round.Unit, err)
		}
	}
	return nil
}

// inspecting is one inspection as it goes on.
type inspecting struct {
	*office
	words *inspectionWords
	round inspectionRound
	root  models.Unit
	chief compliance.Actor
	row   *models.Inspection
	acts  []inspectionAct
}

// inspectionAct is one thing that somebody does at a moment.
type inspectionAct struct {
	at time.Time
	do func() error
}

// play opens the inspection, finds what is wrong unit by unit, and does it all in the order
// of time.
func (i *inspecting) play() error {
	active, err := i.active()
	if err != nil || !active {
		return err
	}
	for _, unit := range i.units {
		if unit.Code == i.round.Unit {
			i.root, i.chief = unit, i.cast.supervisors[unit.Path]
		}
	}
	units, err := i.open()
	if err != nil {
		return err
	}
	for _, unit := range units {
		i.visit(unit)
	}
	if close := i.round.Opened + calendar.Date(i.round.CloseAfter); i.round.CloseAfter > 0 {
		i.on(close, 16, func(at time.Time) error {
			return i.supervisionAt(at).CloseInspection(i.ctx, i.chief, i.row.ID, i.row.Version)
		})
	}
	slices.SortStableFunc(i.acts, func(a, b inspectionAct) int { return a.at.Compare(b.at) })
	for _, act := range i.acts {
		if err := act.do(); err != nil {
			return err
		}
	}
	return nil
}

// active tells whether the policy by which it is held is in force in its year.
func (i *inspecting) active() (bool, error) {
	var there int64
	err := i.tx.Model(&models.Activation{}).Where("year = ? AND policy_id IN (SELECT id FROM policies WHERE code = ?)", i.round.Year, i.round.Policy).Count(&there).Error
	if err != nil {
		return false, fmt.Errorf("activations of %s: %w", i.round.Policy, store.Translate(err))
	}
	return there > 0, nil
}

// on has something done on a working day at an hour; what lies in the future is left out.
func (i *inspecting) on(day calendar.Date, hour int, do func(at time.Time) error) {
	if day = i.workday(day); day <= i.last {
		at := midnight(day).Add(time.Duration(hour) * time.Hour)
		i.acts = append(i.acts, inspectionAct{at, func() error { return do(at) }})
	}
}

// open opens the inspection and returns its units.
func (i *inspecting) open() ([]models.Unit, error) {
	desk := i.supervisionAt(morning(i.round.Opened))
	in := supervision.InspectionInput{Title: i.round.Title, Basis: i.round.Basis, Year: i.round.Year, StartOn: i.round.Opened, EndOn: i.round.Opened + calendar.Date(i.round.Days),
		RectifyTerm: i.round.Term, Unannounced: i.round.Unannounced, Pick: supervision.Pick{Codes: i.round.Codes}}
	if i.round.Sample > 0 {
		in.Sample = &supervision.SampleInput{Size: i.round.Sample, PerClass: i.round.PerClass, Seed: i.round.Seed, Source: i.round.Source}
	}
	if in.Basis == "" {
		known, err := desk.Inspectable(i.ctx, i.root, in.Year)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(known, func(o supervision.InspectableObligation) bool { return o.Inspects })
		in.Basis = fmt.Sprintf("\u300a%s\u300b\uff08%s\uff09%s", known[at].PolicyTitle.ZH, known[at].PolicyNumber, known[at].Clause)
	}
	var err error
	if i.row, err = desk.OpenInspection(i.ctx, i.chief, i.round.Unit, in); err != nil {
		return nil, err
	}
	view, err := desk.Inspection(i.ctx, i.chief, i.row.ID)
	if err != nil {
		return nil, err
	}
	var units []models.Unit
	for _, member := range view.Units {
		units = append(units, member.Unit)
	}
	return units, nil
}

// visit looks at a unit on one of the days, and finds up to three things.
func (i *inspecting) visit(unit models.Unit) {
	by := throw("inspection", i.round.Title, unit.Code)
	day := i.round.Opened + calendar.Date(by.between(2, i.round.Days-5))
	found := by.below(4)
	switch goesOn := i.round.CloseAfter == 0; {
	case goesOn && by.chance(20):
		return // not looked at yet
	case goesOn:
		found = by.between(1, 3)
	}
	i.on(day, 11, func(at time.Time) error {
		return i.supervisionAt(at).CheckUnit(i.ctx, i.chief, i.row.ID, supervision.CheckInput{Unit: unit.Code, On: calendar.DateOf(at.In(rules.Shanghai)), Note: i.words.Note})
	})
	start := by.below(len(i.words.Findings))
	for n := range found {
		i.find(unit, i.words.Findings[(start+3*n)%len(i.words.Findings)], day, throw("finding", i.round.Title, unit.Code, fmt.Sprint(n)))
	}
}

// find enters a finding, and has the unit put it right sooner or later.
func (i *inspecting) find(unit models.Unit, words findingWords, day calendar.Date, by *dice) {
	finding := &models.Finding{}
	i.on(day, 14, func(at time.Time) error {
		in := supervision.FindingInput{Unit: unit.Code, Severity: words.Severity, Clause: i.words.Clause, Text: words.Text, Demand: words.Demand,
			Noted: words.Severity == models.SeverityMinor && words.Demand == ""}
		duty, clause, err := i.dutyOf(unit, words.Duty)
		if err != nil {
			return err
		}
		if in.Duty = duty; duty != 0 {
			in.Clause = clause
		}
		row, err := i.supervisionAt(at).EnterFinding(i.ctx, i.chief, i.row.ID, in)
		if err == nil {
			*finding = *row
		}
		return err
	})
	switch {
	case words.Severity == models.SeverityMinor && words.Demand == "":
	case by.chance(6):
		i.on(day+4, 10, func(at time.Time) error {
			return i.supervisionAt(at).WithdrawFinding(i.ctx, i.chief, finding.ID, finding.Version, i.words.Withdrawn)
		})
	default:
		i.putRight(unit, finding, day, by)
	}
}

// putRight has the unit answer, mostly in time, and the office look again: it closes the
// rectification or sends it back once.
func (i *inspecting) putRight(unit models.Unit, finding *models.Finding, day calendar.Date, by *dice) {
	if by.chance(35) && i.round.Opened+180 > i.last {
		return // it was this year, and waits
	}
	answered := day + calendar.Date(by.between(5, i.round.Term*7/5+8))
	looked := answered + calendar.Date(by.between(2, 7))
	reporter := i.cast.reporter(unit)
	version := 1
	step := func(day calendar.Date, do func(d *rectification.Desk, id uint64, version int) error) {
		i.on(day, 15, func(at time.Time) error {
			var row models.Rectification
			if err := i.tx.Where("finding_id = ?", finding.ID).Take(&row).Error; err != nil {
				return fmt.Errorf("rectification of finding %d: %w", finding.ID, store.Translate(err))
			}
			if row.Version != version {
				return nil
			}
			version++
			return do(i.Rectifications.At(i.tx, at), row.ID, row.Version)
		})
	}
	answer := func(day calendar.Date) {
		note := pick(by, i.words.Answers)
		step(day, func(d *rectification.Desk, id uint64, version int) error {
			return d.Answer(i.ctx, reporter, id, version, rectification.StepInput{Note: note})
		})
	}
	answer(answered)
	if by.chance(25) {
		note, due := pick(by, i.words.Returns), i.workday(looked+8)
		step(looked, func(d *rectification.Desk, id uint64, version int) error {
			return d.Return(i.ctx, i.chief, id, version, rectification.StepInput{Note: note, DueOn: due})
		})
		answer(looked + 6)
		looked += 10
	}
	note := pick(by, i.words.Closes)
	step(looked, func(d *rectification.Desk, id uint64, version int) error {
		return d.Close(i.ctx, i.chief, id, version, rectification.StepInput{Note: note})
	})
}

// dutyOf returns the unit's duty under the obligation with the word in the year, and its
// clause; 0 for none.
func (i *inspecting) dutyOf(unit models.Unit, word string) (uint64, string, error) {
	var row struct {
		ID     uint64
		Clause string
	}
	if word == "" {
		return 0, "", nil
	}
	err := i.tx.Table("duties d").Joins("JOIN obligations o ON o.id = d.obligation_id").Select("d.id, o.clause").
		Where("d.unit_id = ? AND d.year = ? AND o.code LIKE ?", unit.ID, i.round.Year, "%."+strings.TrimSpace(word)).Order("d.id").Limit(1).Scan(&row).Error
	if err != nil {
		return 0, "", fmt.Errorf("duty of %s: %w", unit.Code, store.Translate(err))
	}
	return row.ID, row.Clause, nil
}
