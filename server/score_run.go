package main

import (
	"cmp"
	"errors"
	"iter"
	"runtime"
	"slices"

	"go.yaml.in/yaml/v3"

	"sundial/models"
	"sundial/server/scoring"
	"sundial/server/strictyaml"
)

// scoreEntry reads what a file has for one unit; an error is a strictyaml.Problems.
type scoreEntry func() (*yaml.Node, error)

type scoreEntries = iter.Seq2[scoreEntry, error]

// scoredUnit is what is kept of a unit: there may be a great many.
type scoredUnit struct {
	unit           string
	score          scoring.Score
	line, rank     int32
	class          int16
	grade          int8
	scored, byVeto bool
}

// ranking is what the command found: units class by class, best first, units of one
// score by their codes, those without a score last.
type ranking struct {
	scheme *scoring.Scheme
	units  []scoredUnit
	// explained is the sheet of the unit that was asked for.
	explained *scoring.Sheet
}

// scoreRun scores the units of a file: batch by batch, each on a processor of its own,
// taken together in the order of the file, so that the faults stand in its order too.
type scoreRun struct {
	*environment
	ranking
	file    string
	explain string
	classes map[string]int16
	lines   map[string]int32 // on which each unit stands
	faults  []error
	count   int // of all faults
	stopped error
}

// scoreBatch is some units that follow each other, and what was made of them.
type scoreBatch struct {
	entries []scoreEntry
	units   []scoredUnit
	faults  []unitFault
	sheet   *scoring.Sheet
	done    chan struct{}
}

// unitFault is a problem of a unit, whose code is empty where it could not be read.
type unitFault struct {
	unit string
	strictyaml.Problem
}

// batchSize is how many units a processor takes at once, shownFaults how many faults
// are told one by one.
const (
	batchSize   = 64
	shownFaults = 20
)

// score scores all units, or says what is wrong with the file.
func (e *environment) score(scheme *scoring.Scheme, entries scoreEntries, file, explain string) (*ranking, error) {
	r := &scoreRun{environment: e, ranking: ranking{scheme: scheme}, file: file, explain: explain, classes: map[string]int16{}, lines: map[string]int32{}}
	for n, class := range scheme.Classes {
		r.classes[class.ID] = int16(n)
	}
	workers := runtime.GOMAXPROCS(0)
	// Batches wait in order; their number bounds what of the file is in memory.
	waiting := make(chan *scoreBatch, 2*workers)
	work := make(chan *scoreBatch, 2*workers)
	for range workers {
		go func() {
			for batch := range work {
				r.scoreBatch(batch)
				close(batch.done)
			}
		}()
	}
	go func() {
		defer close(waiting)
		defer close(work)
		r.divide(entries, func(batch *scoreBatch) {
			work <- batch
			waiting <- batch
		})
	}()
	for batch := range waiting {
		<-batch.done
		r.take(batch)
	}
	if err := r.refused(); err != nil {
		return nil, err
	}
	r.rank()
	return &r.ranking, nil
}

// divide makes batches of the entries. What ends the file is kept in stopped.
func (r *scoreRun) divide(entries scoreEntries, send func(*scoreBatch)) {
	batch := &scoreBatch{done: make(chan struct{})}
	for entry, err := range entries {
		if err != nil {
			r.stopped = err
			break
		}
		if batch.entries = append(batch.entries, entry); len(batch.entries) == batchSize {
			send(batch)
			batch = &scoreBatch{done: make(chan struct{})}
		}
	}
	send(batch)
}

func (r *scoreRun) scoreBatch(batch *scoreBatch) {
	for _, entry := range batch.entries {
		node, err := entry()
		var problems strictyaml.Problems
		if errors.As(err, &problems) {
			batch.fault("", problems)
			continue
		}
		sheet, problems := r.scheme.Sheet(node)
		batch.fault(sheet.Unit, problems)
		unit := scoredUnit{unit: sheet.Unit, line: int32(sheet.Line)}
		if len(problems) == 0 {
			result := sheet.Card.Score(sheet.Marks)
			unit.class, unit.score, unit.grade = r.classes[sheet.Card.Class.ID], result.Score, int8(result.Grade)
			unit.scored, unit.byVeto = result.Scored, result.ByVeto
		}
		batch.units = append(batch.units, unit)
		if len(problems) == 0 && sheet.Unit == r.explain {
			batch.sheet = &sheet
		}
	}
	batch.entries = nil
}

func (b *scoreBatch) fault(unit string, problems strictyaml.Problems) {
	_ = problems.Err() // puts them in the order of lines
	for _, problem := range problems {
		b.faults = append(b.faults, unitFault{unit, problem})
	}
}

// take takes over a batch, in the order of the file.
func (r *scoreRun) take(batch *scoreBatch) {
	for _, unit := range batch.units {
		if first, twice := r.lines[unit.unit]; twice && unit.unit != "" {
			problem := strictyaml.Problem{Line: int(unit.line), Key: "cli.score.unit_twice", Args: map[string]any{"Line": first}}
			batch.faults = append(batch.faults, unitFault{unit.unit, problem})
		}
		r.lines[unit.unit] = unit.line
	}
	slices.SortStableFunc(batch.faults, func(a, b unitFault) int { return cmp.Compare(a.Line, b.Line) })
	for _, f := range batch.faults {
		if r.count++; r.count <= shownFaults {
			r.faults = append(r.faults, r.faultOf(f))
		}
	}
	if r.count > 0 {
		r.units = nil
		return
	}
	r.units = append(r.units, batch.units...)
	if batch.sheet != nil {
		r.explained = batch.sheet
	}
}

// faultOf names the unit in front of what is wrong with it.
func (r *scoreRun) faultOf(f unitFault) error {
	if f.unit == "" {
		return &fault{file: r.file, line: f.Line, key: f.Key, args: f.Args}
	}
	text := r.locale.Text(f.Key, f.Args)
	return &fault{file: r.file, line: f.Line, key: "cli.score.of_unit", args: map[string]any{"Unit": f.unit, "Problem": text}}
}

// refused returns all that is wrong: at most a screenful, and how much more.
func (r *scoreRun) refused() error {
	var problems strictyaml.Problems
	var known *models.Error
	switch {
	case r.stopped == nil:
	case errors.As(r.stopped, &problems):
		r.faults = append(r.faults, inFile(r.file, r.stopped))
	case errors.As(r.stopped, &known):
		return known
	default:
		return plainRead(r.file, r.stopped)
	}
	if more := r.count - shownFaults; more > 0 {
		r.faults = append(r.faults, refusal("cli.score.more_faults", "Count", more))
	}
	return errors.Join(r.faults...)
}

// rank sorts the units and gives each its rank in its class.
func (r *scoreRun) rank() {
	slices.SortFunc(r.units, func(a, b scoredUnit) int {
		return cmp.Or(cmp.Compare(a.class, b.class), -compareTrue(a.scored, b.scored), -cmp.Compare(a.score, b.score), cmp.Compare(a.unit, b.unit))
	})
	for rest := r.units; len(rest) > 0; {
		size := slices.IndexFunc(rest, func(u scoredUnit) bool { return u.class != rest[0].class })
		if size < 0 {
			size = len(rest)
		}
		rankClass(rest[:size])
		rest = rest[size:]
	}
}

func rankClass(units []scoredUnit) {
	var scores []scoring.Score
	for _, unit := range units {
		if unit.scored {
			scores = append(scores, unit.score)
		}
	}
	for n, rank := range scoring.Ranks(scores) {
		units[n].rank = int32(rank)
	}
}

func compareTrue(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}
