package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/bulletin"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/scoring"
	"sundial/server/supervision"
)

// StandingPage is a unit among those of its class, for who leads it. As with ranks in
// assessment, everybody who reads the unit sees the figures of all the class and the
// unit's place among them; the others have names only for who may read them.
type StandingPage struct {
	Page
	View   View
	Unit   models.Unit
	Tabs   UnitTabs
	Filter AsOfFilter
	// Class is the name of the class, empty for all units of one kind; Peers are its
	// units that owe something, the unit among them.
	Class string
	Peers int
	Sum   CellView
	// Places are the unit's completion and its in-time rate among those of the class.
	Places      []Placing
	Obligations []StandingLine
	// Overdue are the first duties that are overdue, OverdueURL the list of all.
	Overdue    []DutyLine
	OverdueURL string
	// Urges are those that are open for the unit.
	Urges    []StandingUrge
	UrgesURL string
	// Bulletin is the latest that the unit was sent or published, nil for none.
	Bulletin *StandingBulletin
	// Score is the unit's in the latest round that is frozen, nil without one.
	Score *StandingScore
}

// Placing is a rate of the unit among those of its class. Key names its label.
type Placing struct {
	Key         string
	Value, URL  string
	Median      string
	Best        string
	Place, Of   int
	Dots        []Dot
	MedianAt    string
	Own         Dot
	Description string
}

// Dot is a unit on the strip of its class: X and Y are its place, as lengths in the
// drawing. Name is empty where the reader may not know it.
type Dot struct {
	X, Y string
	Name string
}

// StandingLine is what the unit and its class have done of an obligation.
type StandingLine struct {
	Obligation compliance.ObligationRef
	Cell       CellView
	// Done of Owing units of the class have done all of it.
	Done, Owing int
}

// StandingUrge is an open urge of the unit.
type StandingUrge struct {
	supervision.UrgeLine
	URL string
}

// StandingBulletin is a bulletin with its page.
type StandingBulletin struct {
	models.Bulletin
	URL string
}

// StandingScore is the unit's result in a round.
type StandingScore struct {
	Round    models.Round
	URL      string
	Final    scoring.Score
	Rank, Of int
	Best     scoring.Score
}

// peers returns the rows of a board that are of the unit's class, and the unit's own: the
// units of one class, or where it has none, of one kind. Own is nil when the unit is not on
// the board.
func peers(board *compliance.Board, unit models.Unit) (class []compliance.BoardRow, own *compliance.BoardRow) {
	for i, row := range board.Rows {
		if !row.Own && row.Unit.ID == unit.ID {
			own = &board.Rows[i]
		}
	}
	if own == nil {
		return nil, nil
	}
	for _, row := range board.Rows {
		same := row.Unit.Class == own.Unit.Class && (own.Unit.Class != "" || row.Unit.Kind == own.Unit.Kind)
		if !row.Own && same && compliance.Sum(row.Cells).Owed() > 0 {
			class = append(class, row)
		}
	}
	return class, own
}

// fill lays out the unit and its class; known tells of which units the reader may know the
// names.
func (p *StandingPage) fill(board *compliance.Board, known func(models.Unit) bool) {
	class, own := peers(board, p.Unit)
	if own == nil {
		return
	}
	p.Class, p.Peers = own.Unit.Class, len(class)
	p.Sum = CellView{compliance.Sum(own.Cells), p.View.DutiesURL(p.Unit.Code, DutyFilter{})}
	if p.Sum.Total() == 0 {
		return
	}
	completion := func(c compliance.Cell) *bulletin.Rate { return completionOf(c) }
	inTime := func(c compliance.Cell) *bulletin.Rate { return bulletin.RateOf(c.Met, c.Owed()) }
	p.place("board.completion", p.Sum.URL, class, completion, known)
	p.place("board.in_time", p.View.DutiesURL(p.Unit.Code, DutyFilter{State: rules.Met}), class, inTime, known)
	for i, cell := range own.Cells {
		if cell.Total() == 0 {
			continue
		}
		line := StandingLine{Obligation: board.Obligations[i], Cell: CellView{cell, p.View.DutiesURL(p.Unit.Code, DutyFilter{Obligation: cell.Obligation})}}
		for _, row := range class {
			if c := row.Cells[i]; c.Owed() > 0 {
				line.Owing++
				if c.Done() == c.Owed() {
					line.Done++
				}
			}
		}
		p.Obligations = append(p.Obligations, line)
	}
	p.OverdueURL = p.View.DutiesURL(p.Unit.Code, DutyFilter{State: rules.Overdue})
}

// place adds a rate of the unit among those of its class; a unit that owes nothing has none.
func (p *StandingPage) place(key, url string, class []compliance.BoardRow, rateOf func(compliance.Cell) *bulletin.Rate, known func(models.Unit) bool) {
	own := rateOf(p.Sum.Cell)
	if own == nil {
		return
	}
	rates := make([]bulletin.Rate, len(class))
	placing := Placing{Key: key, URL: url, Value: rateWords(*own), Place: 1, Of: len(class)}
	stacks := map[bulletin.Rate]int{}
	// In the order of the board one could tell who the dots without names are.
	class = slices.SortedStableFunc(slices.Values(class), func(a, b compliance.BoardRow) int {
		nameless := func(row compliance.BoardRow) int {
			if row.Unit.ID == p.Unit.ID || known(row.Unit) {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(*rateOf(compliance.Sum(a.Cells)), *rateOf(compliance.Sum(b.Cells))), cmp.Compare(nameless(a), nameless(b)))
	})
	for i, row := range class {
		rates[i] = *rateOf(compliance.Sum(row.Cells))
		if rates[i] > *own {
			placing.Place++
		}
		dot := newDot(rates[i], stacks)
		switch {
		case row.Unit.ID == p.Unit.ID:
			dot.Name = unitName(p.Locale, row.Unit)
			placing.Own = dot
			continue
		case known(row.Unit):
			dot.Name = unitName(p.Locale, row.Unit)
		}
		placing.Dots = append(placing.Dots, dot)
	}
	median := medianOf(rates)
	placing.Median, placing.MedianAt, placing.Best = rateWords(median), at(median), rateWords(rates[len(rates)-1])
	placing.Description = p.Locale.Text("homes.strip", models.Args("Count", len(class), "Lowest", rateWords(rates[0]), "Median", placing.Median,
		"Best", placing.Best, "Unit", unitName(p.Locale, p.Unit), "Own", placing.Value))
	p.Places = append(p.Places, placing)
}

// medianOf is the rate in the middle of sorted ones, or between the two there: whole only
// when both are.
func medianOf(rates []bulletin.Rate) bulletin.Rate {
	lower, upper := rates[(len(rates)-1)/2], rates[len(rates)/2]
	return min((lower+upper+1)/2, max(lower, 99_99))
}

// Measures of the strip, in pixels: the dots of about one rate stand on each other.
const (
	stripFloor = 58
	dotStep    = 11
	dotsHigh   = 5
)

// newDot puts a rate on the strip, above those that stand there.
func newDot(rate bulletin.Rate, stacks map[bulletin.Rate]int) Dot {
	place := rate / 150
	y := stripFloor - min(stacks[place], dotsHigh)*dotStep
	stacks[place]++
	return Dot{X: at(rate), Y: fmt.Sprint(y)}
}

// at is the place of a rate on the strip.
func at(rate bulletin.Rate) string { return rate.String() + "%" }

// rateWords writes a rate as rate does.
func rateWords(rate bulletin.Rate) string { return strings.TrimSuffix(rate.String(), ".00") + "%" }

// Finding says in one sentence where the unit stands.
func (p StandingPage) Finding() rules.Reason {
	switch {
	case len(p.Places) == 0:
		return rules.Reason{Key: "board.finding_empty"}
	case p.Sum.Overdue > 0:
		return rules.Reason{Key: "homes.standing_overdue", Args: models.Args("Place", p.Places[0].Place, "Of", p.Peers, "Count", p.Sum.Overdue)}
	default:
		return rules.Reason{Key: "homes.standing_finding", Args: models.Args("Place", p.Places[0].Place, "Of", p.Peers)}
	}
}

// latestBulletin is the newest one published by the unit or an office above it.
func latestBulletin(list *bulletin.List) *StandingBulletin {
	all := slices.Concat(list.Items, list.Above)
	all = slices.DeleteFunc(all, func(b models.Bulletin) bool { return b.Status != models.BulletinPublished })
	if len(all) == 0 {
		return nil
	}
	newest := slices.MaxFunc(all, func(a, b models.Bulletin) int {
		return cmp.Or(cmp.Compare(a.PublishedOn, b.PublishedOn), cmp.Compare(a.ID, b.ID))
	})
	return &StandingBulletin{newest, bulletinURL(newest.ID)}
}

// ClassName is the class in words; without one it is the kind.
func (p StandingPage) ClassName() string { return classWords(p.Locale, p.Class, p.Unit.Kind) }

func classWords(locale *frontend.Locale, class string, kind models.UnitKind) string {
	if class != "" {
		return locale.Text("rounds.class_name", models.Args("Class", class))
	}
	return locale.Text("unit_kind."+string(kind), nil)
}
