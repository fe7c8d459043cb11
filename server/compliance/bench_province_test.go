package compliance_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/store"
)

// The provinces: a province, 13 cities and what lies below them, each unit with ten
// duties of one year, looked at in October.

const (
	benchYear = 2025
	cities    = 13
	counties  = 104
)

var (
	benchNow      = time.Date(benchYear, time.October, 15, 10, 0, 0, 0, rules.Shanghai)
	firstOfYear   = calendar.NewDate(benchYear, time.January, 1)
	benchRegion   = "990000"
	benchUnitSQL  = "INSERT INTO units (id, code, name, name_en, kind, class, parent_id, path, position, opened_on, demo) VALUES "
	benchDutySQL  = "INSERT INTO duties (id, unit_id, obligation_id, period, subject, subject_title, year, until_year, since, trigger_on, due_on, provisional, outcome, done_on, value, version) VALUES "
	tallySQL      = "INSERT INTO tallies (unit_id, year, obligation_id, known_day, `open`, reported, met, late, exempt, unscheduled, open_due) VALUES "
	benchKnownSQL = "INSERT INTO unit_changes (unit_id, known_on, known_until, name, name_en, kind, class, parent_id, path, position, opened_on) SELECT id, '0001-01-02', '9999-12-31', name, name_en, kind, class, parent_id, path, position, opened_on FROM units"
	changeSQL     = "INSERT INTO duty_changes (duty_id, known_on, outcome, due_on, provisional, done_on) VALUES "
)

// benchObligations are a usual mix: eight with one due date for all units, two
// with one for each document.
var benchObligations = []struct{ name, kind, require string }{
	{"briefing", "count", "{what: briefing, min: 1, window: year}"},
	{"deputy", "appointment", "{office: deputy}"},
	{"weight", "weight", "{included: true}"},
	{"plan", "within_working_days", "{n: 30, after: policy-published, what: plan}"},
	{"directory", "by_date", "{what: directory, each: 03-31}"},
	{"office", "by_date", "{what: office, each: 06-30}"},
	{"open-day", "count", `{what: open-day, min: 1, window: "05-15"}`},
	{"self-check", "count", `{what: self-check, min: 1, window: "11"}`},
	{"interpretation", "within_working_days", "{n: 3, after: document-published, what: interpretation}"},
	{"gazette", "within_working_days", "{n: 5, after: normative-document-issued, what: gazette}"},
}

// benchPack returns the policy pack of the obligations.
func benchPack() []byte {
	text := &strings.Builder{}
	fmt.Fprintf(text, "id: bench-2025\nshort: bh2025\ntitle: {zh: bench, en: bench}\nissuer: bench\nregion: %q\n"+
		"issued: 2025-02-10\npublished: 2025-02-10\neffective: {from: 2025-01-01}\nobligations:\n", benchRegion)
	for i, o := range benchObligations {
		fmt.Fprintf(text, "  - id: bh2025.%s\n    clause: \"%d\"\n    title: {zh: %[1]s, en: %[1]s}\n    counts: {zh: %[1]s, en: %[1]s}\n"+
			"    kind: %[3]s\n    who: {kinds: [city, county, township, department]}\n    require: %[4]s\n    evidence: [url]\n    points: \"10\"\n",
			o.name, i+1, o.kind, o.require)
	}
	return []byte(text.String())
}

// benchProvince is a database with units and their duties, and the ledger over it.
type benchProvince struct {
	store             *store.Store
	ledger            *compliance.Ledger
	root              models.Unit
	reporter, officer compliance.Actor
	units, duties     int
}

// newBenchProvince fills an empty store.
func newBenchProvince(b testing.TB, s *store.Store, units int) *benchProvince {
	cal, err := seeds.Calendar()
	if err != nil {
		b.Fatal(err)
	}
	roles, err := rbac.Load()
	if err != nil {
		b.Fatal(err)
	}
	p := &benchProvince{store: s, ledger: compliance.New(s, cal, func() time.Time { return benchNow }), units: units,
		root: models.Unit{ID: 1, Code: benchRegion, Kind: models.Province, Path: "/1/"}}
	p.reporter = compliance.Actor{ID: 1, Name: "reporter", Access: roles.Access(rbac.Grant{Role: models.Reporter, Path: "/1/"})}
	p.officer = compliance.Actor{ID: 2, Name: "officer", Access: roles.Access(rbac.Grant{Role: models.Supervisor, Path: "/1/"})}
	source := benchPack()
	policy, err := rules.ParsePolicy(source)
	if err != nil {
		b.Fatal(err)
	}
	if err := p.ledger.LoadPolicy(b.Context(), compliance.Actor{}, source); err != nil {
		b.Fatal(err)
	}
	if err := p.fill(b.Context(), policy); err != nil {
		b.Fatal(err)
	}
	return p
}

// fill inserts the units, and their duties with all changes, in one transaction.
func (p *benchProvince) fill(ctx context.Context, policy *rules.Policy) error {
	return p.store.Write(ctx, func(tx *gorm.DB) error {
		var obligations []uint64
		if err := tx.Table("obligations").Order("position").Pluck("id", &obligations).Error; err != nil {
			return err
		}
		units := &bulk{tx: tx, head: benchUnitSQL}
		duties := &bulk{tx: tx, head: benchDutySQL}
		changes := &bulk{tx: tx, head: changeSQL, before: duties}
		sums := make(benchSums, p.units+1)
		cal, err := p.ledger.Calendar(ctx)
		if err != nil {
			return err
		}
		l := newLives(policy, cal, p.ledger.Today())
		paths := []string{"", p.root.Path}
		units.add("(1, '%s', '省', 'Province', 'province', '', NULL, '%s', 0, NULL, 0)", benchRegion, p.root.Path)
		for id := 2; id <= p.units; id++ {
			parent, kind := place(id, p.units)
			paths = append(paths, models.ChildPath(paths[parent], uint64(id)))
			units.add("(%d, '99-%d', '单位%[1]d', 'Unit %[1]d', '%[3]s', '', %[4]d, '%[5]s', %[1]d, NULL, 0)", id, id, kind, parent, paths[id])
		}
		units.flush()
		if err := cmp.Or(units.err, tx.Exec(benchKnownSQL).Error); err != nil {
			return err
		}
		for id := 2; id <= p.units; id++ {
			for i, obligation := range obligations {
				p.duties++
				life := l.of(i)
				last := life[len(life)-1]
				sums.add(paths[id], i, life)
				duties.add("(%d, %d, %d, '%s', '', '', %d, %[5]d, '%s', %s, %s, 0, '%s', %s, '', %d)", p.duties, id, obligation,
					l.periods[i].Name, benchYear, l.periods[i].From, quoted(l.trigger), quoted(last.DueOn), last.Outcome, quoted(last.DoneOn), len(life)-1)
				for _, c := range life {
					changes.add("(%d, '%s', '%s', %s, 0, %s)", p.duties, c.KnownOn, c.Outcome, quoted(c.DueOn), quoted(c.DoneOn))
				}
			}
		}
		duties.flush()
		changes.flush()
		return cmp.Or(units.err, duties.err, changes.err, sums.insert(tx, obligations))
	})
}

// benchMove is by how much a cell moves on a day: one duty into a bucket, or out
// of it. Open duties move with their due day.
type benchMove struct {
	known, due calendar.Date
	outcome    models.Outcome
	by         int
}

// benchSums are the movements of each unit's cells, by the unit's id and the
// place of the obligation, kept while the duties are made: Ledger.Rebuild would
// take minutes at 100,000 units.
type benchSums [][][]benchMove

// add counts the life of a duty for the units of the path.
func (s benchSums) add(path string, i int, life []models.DutyChange) {
	for part := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		unit, _ := strconv.Atoi(part)
		if s[unit] == nil {
			s[unit] = make([][]benchMove, len(benchObligations))
		}
		for n, change := range life {
			if n > 0 {
				s[unit][i] = append(s[unit][i], benchMove{change.KnownOn, life[n-1].DueOn, life[n-1].Outcome, -1})
			}
			s[unit][i] = append(s[unit][i], benchMove{change.KnownOn, change.DueOn, change.Outcome, 1})
		}
	}
}

// insert stores how each cell stood from each day on.
func (s benchSums) insert(tx *gorm.DB, obligations []uint64) error {
	rows := &bulk{tx: tx, head: tallySQL}
	for unit, cells := range s {
		for i, moves := range cells {
			slices.SortStableFunc(moves, func(a, b benchMove) int { return cmp.Compare(a.known, b.known) })
			counts, due := map[models.Outcome]int{}, map[calendar.Date]int{}
			for n, move := range moves {
				counts[move.outcome] += move.by
				if move.outcome == models.Open {
					due[move.due] += move.by
				}
				if n+1 == len(moves) || moves[n+1].known > move.known {
					rows.add("(%d, %d, %d, %d, %d, %d, %d, %d, %d, %d, '%s')", unit, benchYear, obligations[i], int(move.known), counts[models.Open],
						counts[models.Reported], counts[models.Met], counts[models.Late], counts[models.Exempt], counts[models.Unscheduled], openText(due))
				}
			}
		}
	}
	rows.flush()
	return rows.err
}

// openText writes the open duties by due day as the tallies keep them.
func openText(due map[calendar.Date]int) string {
	var parts []string
	for _, day := range slices.Sorted(maps.Keys(due)) {
		if due[day] > 0 {
			parts = append(parts, fmt.Sprintf("%d:%d", int(day), due[day]))
		}
	}
	return strings.Join(parts, ",")
}

// place returns the parent and the kind of a unit: cities under the province,
// eight counties or districts under each, then towns under the counties, and as
// many departments under counties and towns: paths of up to five ids.
func place(id, units int) (parent int, kind models.UnitKind) {
	const firstCounty, firstTown = 2 + cities, 2 + cities + counties
	firstDepartment := firstTown + (units-firstTown)/2
	switch {
	case id < firstCounty:
		return 1, models.City
	case id < firstTown:
		return 2 + id%cities, models.County
	case id < firstDepartment:
		return firstCounty + id%counties, models.Township
	default:
		return firstCounty + id%(firstDepartment-firstCounty), models.Department
	}
}

func quoted(d calendar.Date) string {
	if d.IsZero() {
		return "NULL"
	}
	return "'" + d.String() + "'"
}

// bulk inserts rows many at a time.
type bulk struct {
	tx   *gorm.DB
	head string
	// before must be in the database before these rows.
	before *bulk
	text   strings.Builder
	rows   int
	err    error
}

func (k *bulk) add(format string, args ...any) {
	if k.rows > 0 {
		k.text.WriteByte(',')
	}
	fmt.Fprintf(&k.text, format, args...)
	if k.rows++; k.rows == 1000 {
		k.flush()
	}
}

func (k *bulk) flush() {
	if k.before != nil {
		k.before.flush()
	}
	if k.rows > 0 && k.err == nil {
		k.err = k.tx.Exec(k.head + k.text.String()).Error
	}
	k.text.Reset()
	k.rows = 0
}

// lives invents what became of duties, always the same.
type lives struct {
	*rand.Rand
	policy   *rules.Policy
	calendar *calendar.Calendar
	today    calendar.Date
	periods  []rules.Period
	// trigger is the day of the last duty's document.
	trigger calendar.Date
}

func newLives(policy *rules.Policy, cal *calendar.Calendar, today calendar.Date) *lives {
	l := &lives{Rand: rand.New(rand.NewPCG(1, 2)), policy: policy, calendar: cal, today: today}
	for i := range policy.Obligations {
		l.periods = append(l.periods, policy.Periods(&policy.Obligations[i], benchYear)[0])
	}
	return l
}

// of returns the changes of a duty of the obligation. Half the documents are
// never written; of the rest, and of what has one due date, most is done in
// time, some late or not at all, and some is still with the office.
func (l *lives) of(i int) []models.DutyChange {
	o := &l.policy.Obligations[i]
	state := models.DutyChange{KnownOn: l.periods[i].From, Outcome: models.Open}
	var life []models.DutyChange
	know := func(on calendar.Date, outcome models.Outcome) {
		if n := len(life); n > 0 && life[n-1].KnownOn >= on {
			on = life[n-1].KnownOn
			life = life[:n-1]
		}
		state.KnownOn, state.Outcome = on, outcome
		life = append(life, state)
	}
	l.trigger = 0
	if o.NeedsStart() {
		know(state.KnownOn, models.Unscheduled)
		if l.IntN(2) == 0 {
			return life
		}
		l.trigger = firstOfYear + calendar.Date(1+l.IntN(int(l.today-firstOfYear)))
	}
	duty := rules.NewDuty(l.policy, o, l.periods[i], rules.Start{Subject: "1", On: l.trigger}, l.calendar)
	state.DueOn = duty.DueOn
	know(max(state.KnownOn, l.trigger), models.Open)
	switch {
	case state.KnownOn > l.today:
		return life
	case l.IntN(50) == 0:
		know(l.day(life[0].KnownOn, l.today), models.Exempt)
		return life
	}
	earliest, latest := state.KnownOn, duty.DueOn
	chance := l.IntN(100)
	switch {
	case chance < 12:
		return life
	case chance < 25:
		earliest, latest = duty.DueOn+1, duty.DueOn+40
	case latest > l.today && chance < 60:
		return life
	}
	done := l.day(max(earliest, latest-90), latest)
	filed := done + calendar.Date(l.IntN(6))
	decided := filed + calendar.Date(1+l.IntN(10))
	if filed <= l.today {
		know(filed, models.Reported)
	}
	if decided <= l.today {
		state.DoneOn = done
		outcome := models.Met
		if done > duty.DueOn {
			outcome = models.Late
		}
		know(decided, outcome)
	}
	return life
}

// day returns a day of the span.
func (l *lives) day(from, to calendar.Date) calendar.Date {
	return from + calendar.Date(l.IntN(int(to-from)+1))
}
