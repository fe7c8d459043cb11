package bulletin

import (
	"cmp"
	"slices"

	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
)

// Data is every number of a bulletin, as it was known at the end of the as-of date. It
// is composed from the board, the ranking and what the office follows up, never counted
// anew, and never edited.
type Data struct {
	Scope Unit          `json:"scope"`
	Year  int           `json:"year"`
	AsOf  calendar.Date `json:"as_of"`
	// Demo marks made-up facts.
	Demo bool `json:"demo,omitempty"`
	// Policies are those by which the duties are judged, in the editions of the as-of date.
	Policies []Policy `json:"policies"`
	// Obligations are the columns of the board with their totals, Rows its rows, Total
	// all of it.
	Obligations []Obligation `json:"obligations"`
	Rows        []Row        `json:"rows"`
	Total       Tally        `json:"total"`
	// Classes add up the rows by the classes of their units, in the order of the classes;
	// the empty class comes last.
	Classes []Class `json:"classes"`
	// Ranking is nil where no round is published.
	Ranking *Ranking `json:"ranking,omitempty"`
	Late    *Late    `json:"late,omitempty"`
	// Tasks, Findings and Urges are nil where the bulletin has no such part.
	Tasks    *Tasks    `json:"tasks,omitempty"`
	Findings *Findings `json:"findings,omitempty"`
	Urges    *Urges    `json:"urges,omitempty"`
	// Praise and Criticism name units by the rules of the settings.
	Praise    []Named `json:"praise"`
	Criticism []Named `json:"criticism"`
}

// Text is a text in both languages; EN may be empty.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Unit is a unit as it was known on the as-of date. NameEN may be empty.
type Unit struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	NameEN string `json:"name_en,omitempty"`
	Class  string `json:"class,omitempty"`
}

func unitOf(u models.Unit) Unit { return Unit{u.Code, u.Name, u.NameEN, u.Class} }

// Policy is a policy document in the edition that was in force.
type Policy struct {
	Code    string `json:"code"`
	Edition int    `json:"edition"`
	Title   Text   `json:"title"`
	Number  string `json:"number,omitempty"`
}

// Cell counts the duties of one obligation by state, as the board does.
type Cell struct {
	Obligation  string `json:"obligation,omitempty"`
	Pending     int    `json:"pending"`
	Reported    int    `json:"reported"`
	Met         int    `json:"met"`
	Late        int    `json:"late"`
	Overdue     int    `json:"overdue"`
	Exempt      int    `json:"exempt"`
	Unscheduled int    `json:"unscheduled"`
	DueSoon     int    `json:"due_soon"`
	Extended    int    `json:"extended"`
}

// Tally is a Cell with what follows from it: Owed is all but the exempt ones, Done met
// and late; the rates are done of owed and met of owed, nil where nothing is owed.
type Tally struct {
	Cell
	Owed       int   `json:"owed"`
	Done       int   `json:"done"`
	Completion *Rate `json:"completion"`
	InTime     *Rate `json:"in_time"`
}

func tallyOf(c compliance.Cell) Tally {
	return Tally{Cell: Cell(c), Owed: c.Owed(), Done: c.Done(), Completion: RateOf(c.Done(), c.Owed()), InTime: RateOf(c.Met, c.Owed())}
}

// counts gives back the cell of the board.
func (c Cell) counts() compliance.Cell { return compliance.Cell(c) }

// Obligation is a column of the board; Tally is over all rows.
type Obligation struct {
	Code   string `json:"code"`
	Policy string `json:"policy"`
	Clause string `json:"clause"`
	Title  Text   `json:"title"`
	Tally
}

// Row is a row of the board: the subtree of a child, or with Own the scope's own duties.
// Cells has one per obligation, in their order.
type Row struct {
	Unit  Unit   `json:"unit"`
	Own   bool   `json:"own,omitempty"`
	Cells []Cell `json:"cells"`
	Tally
	path string
}

// Class adds up the rows whose units are of a class. What the unit of the scope owes
// itself is of no class: it stands by itself as Own.
type Class struct {
	Class string `json:"class"`
	Own   bool   `json:"own,omitempty"`
	Units int    `json:"units"`
	Tally
}

// has tells whether a row is added up in the class.
func (c Class) has(row Row) bool {
	if c.Own || row.Own {
		return c.Own && row.Own
	}
	return c.Class == row.Unit.Class
}

// name is what the class is called in a bulletin.
func (c Class) name() string {
	if c.Own {
		return speech.Own
	}
	return className(c.Class)
}

// State is what a late duty shows: overdue, or done late.
type State = rules.State

// Late is who is late and for what: Lines are the first ones by due date, at most
// MaxLate; Overdue and Done count all of them.
type Late struct {
	Overdue int        `json:"overdue"`
	Done    int        `json:"done_late"`
	Lines   []LateDuty `json:"lines"`
}

// Total is how many duties are late, whether or not they are among the lines.
func (l *Late) Total() int { return l.Overdue + l.Done }

// MaxLate is how many late duties a bulletin lists one by one.
const MaxLate = 2000

// LateDuty is a duty that is overdue, or was done late. Days is by how many calendar
// days, up to the as-of date while it is not done.
type LateDuty struct {
	Unit       Unit          `json:"unit"`
	Row        string        `json:"row"`
	Obligation string        `json:"obligation"`
	Clause     string        `json:"clause"`
	Title      Text          `json:"title"`
	Period     string        `json:"period"`
	State      State         `json:"state"`
	DueOn      calendar.Date `json:"due_on"`
	DoneOn     calendar.Date `json:"done_on"`
	Days       int           `json:"days"`
}

// Ranking is the result of a round that is announced or frozen.
type Ranking struct {
	Round   uint64             `json:"round"`
	Title   string             `json:"title"`
	Status  models.RoundStatus `json:"status"`
	Scheme  string             `json:"scheme"`
	Edition int                `json:"edition"`
	// SchemeTitle is that of the scheme.
	SchemeTitle Text          `json:"scheme_title"`
	Classes     []RankedClass `json:"classes"`
}

// Unfrozen tells that there is one and that its places may still change.
func (r *Ranking) Unfrozen() bool { return r != nil && r.Status != models.RoundFrozen }

// RankedClass is the ranking of a class, best first; those without a score come last.
// Scored counts those with one, Grades them by grade, in the order of the scheme.
type RankedClass struct {
	Class  string       `json:"class"`
	Title  Text         `json:"title"`
	Scored int          `json:"scored"`
	Grades []Grade      `json:"grades"`
	Units  []RankedUnit `json:"units"`
}

// Grade counts the units of a grade.
type Grade struct {
	ID    string `json:"id"`
	Title Text   `json:"title"`
	Units int    `json:"units"`
}

// RankedUnit is the place of a unit: Rank is 1, 2, 2, 4 in the class. Without a score
// Rank is 0 and Score, Grade and GradeID are empty.
type RankedUnit struct {
	Unit    Unit   `json:"unit"`
	Rank    int    `json:"rank"`
	Score   string `json:"score"`
	GradeID string `json:"grade_id"`
	Grade   Text   `json:"grade"`
	ByVeto  bool   `json:"by_veto,omitempty"`
}

// Tasks counts the parts of lead units in the tasks of the policies by status. Stalled
// ones have not moved for a month and are not done; Overdue ones are past their due date.
type Tasks struct {
	Total      int `json:"total"`
	NotStarted int `json:"not_started"`
	UnderWay   int `json:"under_way"`
	Done       int `json:"done"`
	Stalled    int `json:"stalled"`
	Overdue    int `json:"overdue"`
}

// Findings are the findings of inspections up to the as-of date: Total all that stand,
// Closed those put right, Noted those for which nothing is demanded, Open the others, one
// by one.
type Findings struct {
	Total  int            `json:"total"`
	Closed int            `json:"closed"`
	Noted  int            `json:"noted"`
	Levels []FindingTally `json:"levels"`
	Open   []OpenFinding  `json:"open"`
}

// FindingTally counts the open findings of a severity.
type FindingTally struct {
	Severity models.Severity `json:"severity"`
	Open     int             `json:"open"`
}

// OpenFinding is a finding that is not closed; DueOn is the last day to put it right.
type OpenFinding struct {
	Unit     Unit            `json:"unit"`
	Row      string          `json:"row"`
	Severity models.Severity `json:"severity"`
	Clause   string          `json:"clause"`
	FoundOn  calendar.Date   `json:"found_on"`
	DueOn    calendar.Date   `json:"due_on"`
	Overdue  bool            `json:"overdue"`
}

// Urges counts the urges of the office by level, and lists the red ones that nobody has
// answered.
type Urges struct {
	Total  int          `json:"total"`
	Blue   int          `json:"blue"`
	Yellow int          `json:"yellow"`
	Red    int          `json:"red"`
	Silent []SilentUrge `json:"silent"`
}

// SilentUrge is a red urge without a reply on the as-of date, of which the unit has
// something to do.
type SilentUrge struct {
	Unit    Unit          `json:"unit"`
	Row     string        `json:"row"`
	SentOn  calendar.Date `json:"sent_on"`
	ReplyBy calendar.Date `json:"reply_by"`
}

// rowOf returns the code of the row in whose subtree the unit with the path lies, empty
// when it is in none.
func (d *Data) rowOf(path string) string {
	for _, row := range d.Rows {
		if !row.Own && len(path) >= len(row.path) && path[:len(row.path)] == row.path {
			return row.Unit.Code
		}
	}
	return d.Scope.Code
}

// classesOf adds up rows by class.
func classesOf(rows []Row) []Class {
	classes := []Class{}
	for _, row := range rows {
		if !slices.ContainsFunc(classes, func(c Class) bool { return c.has(row) }) {
			class := Class{Class: row.Unit.Class, Own: row.Own}
			if row.Own {
				class.Class = ""
			}
			class.Units, class.Tally = class.sum(rows)
			classes = append(classes, class)
		}
	}
	slices.SortFunc(classes, func(a, b Class) int {
		return cmp.Or(last(a.Own, b.Own), last(a.Class == "", b.Class == ""), cmp.Compare(a.Class, b.Class))
	})
	return classes
}

// last puts behind the others what is so.
func last(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}

// sum counts and adds up the rows of the class.
func (c Class) sum(rows []Row) (units int, of Tally) {
	var cells []compliance.Cell
	for _, row := range rows {
		if c.has(row) {
			cells = append(cells, row.counts())
		}
	}
	return len(cells), tallyOf(compliance.Sum(cells))
}

// Tally derives from a cell what follows from it.
func (c Cell) Tally() Tally { return tallyOf(c.counts()) }
