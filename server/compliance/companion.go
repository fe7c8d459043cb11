package compliance

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/store"
)

// MaxCompanions is how many further duties one submission may serve.
const MaxCompanions = 200

// Companion is a duty that the same fact may serve as another one.
type Companion struct {
	Duty       models.Duty
	Unit       models.Unit
	Obligation ObligationRef
}

// Companions lists the duties that take a report now, that the actor may file
// for and that the fact of a report for the duty may serve too: those of the unit
// that ask for the same in other words, such as the same published plan in
// another policy, and the same obligation of the same period for other units.
// There are at most MaxCompanions. A duty outside the actor's grants is NotFound.
func (l *Ledger) Companions(ctx context.Context, actor Actor, duty uint64) ([]Companion, error) {
	w := l.look(ctx, actor)
	main, err := w.candidate(duty)
	if err != nil {
		return nil, err
	}
	if main.rule.Form() == rules.FormRotation {
		return nil, nil
	}
	lib, err := w.lib()
	if err != nil {
		return nil, err
	}
	var rows []models.Duty
	if err := w.companionQuery(lib, main).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("companions: %w", store.Translate(err))
	}
	return w.companionsAmong(lib, main, rows)
}

// companionQuery selects the duties that may turn out to be companions.
func (w *write) companionQuery(lib *library, main *candidate) *gorm.DB {
	var like []uint64
	for id, e := range lib.byID {
		if id != main.entry.row.ID && sameDemand(main.rule, e.rule) {
			like = append(like, id)
		}
	}
	elsewhere := w.actor.Access.Scope("report", "file").Where(w.tx.Where("d.obligation_id = ? AND d.period = ? AND d.subject = ''",
		main.row.ObligationID, main.row.Period), "u.path")
	return w.tx.Table("duties d").Select("d.*").Joins("JOIN units u ON u.id = d.unit_id").
		Where("d.id <> ? AND d.outcome IN ?", main.row.ID, []models.Outcome{models.Open, models.Reported}).
		Where(w.tx.Where("d.unit_id = ? AND d.obligation_id IN ?", main.row.UnitID, like).Or(elsewhere)).
		Order("u.path, d.id").Limit(MaxCompanions)
}

func (w *write) companionsAmong(lib *library, main *candidate, rows []models.Duty) ([]Companion, error) {
	list, err := dossiers(w.tx, lib, rows)
	if err != nil {
		return nil, err
	}
	units, err := unitsOf(w.tx, rows)
	if err != nil {
		return nil, err
	}
	var companions []Companion
	for _, d := range list {
		unit := units[d.row.UnitID]
		if !serves(main.dossier, d) {
			continue
		}
		refusal, err := w.bar(w.tx, d, &unit, false)
		if err != nil {
			return nil, err
		}
		if refusal == nil {
			companions = append(companions, Companion{Duty: d.row, Unit: unit, Obligation: d.ref()})
		}
	}
	return companions, nil
}

// serves tells whether one fact can serve both duties: of one unit, when they
// ask for the same at overlapping times; of two, when it is the same demand.
func serves(a, b dossier) bool {
	if a.row.UnitID != b.row.UnitID {
		own := a.row.Subject + b.row.Subject // an incident or document of one of them
		return own == "" && a.row.ObligationID == b.row.ObligationID && a.row.Period == b.row.Period
	}
	if a.row.Subject != b.row.Subject {
		return false
	}
	mine, theirs := ruleDuty(a.entry, a.row).Period, ruleDuty(b.entry, b.row).Period
	return a.row.ObligationID != b.row.ObligationID && sameDemand(a.rule, b.rule) && overlap(mine.Span, theirs.Span)
}

func overlap(a, b rules.Span) bool {
	ends := func(s rules.Span, day calendar.Date) bool { return !s.To.IsZero() && s.To < day }
	return !ends(a, b.From) && !ends(b, a.From)
}

// sameDemand tells whether two obligations ask for the same thing: the same form
// about the same word.
func sameDemand(a, b *rules.Obligation) bool {
	return a.Form() == b.Form() && a.What() == b.What()
}

// others returns the further duties of a submission, and what is wrong with
// them, named by their place in it.
func (w *write) others(main *candidate, s Submission) (others []*candidate, faults []models.Field, err error) {
	taken := map[uint64]bool{main.row.ID: true}
	for i, id := range s.Also {
		name := fmt.Sprintf("also[%d]", i)
		if taken[id] {
			faults = append(faults, models.Field{Name: name, Key: "filing.also_twice"})
			continue
		}
		taken[id] = true
		c, problems, err := w.other(main, id, s.Filing)
		if err != nil {
			return nil, nil, err
		}
		for _, problem := range problems {
			if problem.Name != "" {
				problem.Name = "." + problem.Name
			}
			problem.Name = name + problem.Name
			faults = append(faults, problem)
		}
		others = append(others, c)
	}
	return others, faults, nil
}

func (w *write) other(main *candidate, id uint64, filing rules.Filing) (*candidate, []models.Field, error) {
	c, err := w.candidate(id)
	if faults := faultsOf(err); len(faults) > 0 {
		return nil, faults, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if !serves(main.dossier, c.dossier) {
		return nil, []models.Field{{Key: "filing.also_other"}}, nil
	}
	refusal, err := w.bar(w.tx, c.dossier, c.unit, filing.Nothing)
	if err != nil {
		return nil, nil, err
	}
	if refusal != nil {
		return nil, faultsOf(refusal), nil
	}
	return c, w.check(c, c.rule.Asked(filing)), nil
}

// faultsOf turns what an error refuses to the actor into what is wrong with a
// field; there is none in an error that is not theirs.
func faultsOf(err error) []models.Field {
	var refusal *models.Error
	if !errors.As(err, &refusal) || refusal.Code == models.Unavailable {
		return nil
	}
	return []models.Field{{Key: refusal.Key, Args: refusal.Args}}
}
