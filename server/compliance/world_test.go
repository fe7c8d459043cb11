package compliance_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/rbac"
	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/evidence"
	"sundial/server/rules"
	"sundial/server/store"
)

// world is a ledger over the real units, packs and notices, with people and a
// clock that the test sets.
type world struct {
	*testing.T
	*compliance.Ledger
	store *store.Store
	clock atomic.Int64
	table *rbac.Table
	vault *evidence.Vault
	units map[string]models.Unit
	rules map[string]*rules.Obligation
	users int
}

// newWorld has the units with the codes, all of the seeds' without any.
func newWorld(t *testing.T, s *store.Store, codes ...string) *world {
	t.Helper()
	w := &world{T: t, store: s, units: map[string]models.Unit{}, rules: map[string]*rules.Obligation{}}
	var err error
	if w.table, err = rbac.Load(); err != nil {
		t.Fatal(err)
	}
	if w.vault, err = evidence.Open(t.TempDir(), evidence.Limits{}, time.Now()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.vault.Close() })
	cal, err := seeds.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	w.withCalendar(cal)
	w.at("2016-01-01")
	all, err := seeds.Units()
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range all {
		if len(codes) == 0 || slices.Contains(codes, u.Code) {
			w.addUnit(u.Code, models.UnitKind(u.Kind), u.Parent, u.OpenedOn.String(), u.ClosedOn.String())
		}
	}
	return w
}

// withCalendar makes the ledger count by another calendar.
func (w *world) withCalendar(cal *calendar.Calendar) {
	w.Ledger = compliance.New(w.store, cal, func() time.Time { return time.UnixMilli(w.clock.Load()) })
	w.KeepEvidence(w.vault)
}

// noticesUntil is the calendar as it was known before the notices of later years.
func noticesUntil(t *testing.T, year int) *calendar.Calendar {
	t.Helper()
	notices, err := seeds.CalendarNotices()
	if err != nil {
		t.Fatal(err)
	}
	cal, err := calendar.New(slices.DeleteFunc(notices, func(n calendar.Notice) bool { return n.Year > year }))
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

func (w *world) addUnit(code string, kind models.UnitKind, parent, opened, closed string) {
	w.Helper()
	unit := models.Unit{ID: uint64(len(w.units) + 1), Code: code, Name: "单位" + code, NameEN: code, Kind: kind, Position: len(w.units),
		OpenedOn: day(opened), ClosedOn: day(closed)}
	above := w.units[parent]
	if parent != "" {
		unit.ParentID = &above.ID
	}
	unit.Path = models.ChildPath(above.Path, unit.ID)
	w.create(&unit)
	w.create(&models.UnitChange{UnitID: unit.ID, KnownOn: models.Always, KnownUntil: models.Forever, Name: unit.Name, NameEN: unit.NameEN, Kind: unit.Kind,
		ParentID: unit.ParentID, Path: unit.Path, Position: unit.Position, OpenedOn: unit.OpenedOn, ClosedOn: unit.ClosedOn})
	w.units[code] = unit
}

// create stores a row.
func (w *world) create(row any) {
	w.Helper()
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error { return tx.Create(row).Error }))
}

func day(text string) calendar.Date { return calendar.MustParseDate(text) }

// at sets the clock to a day at noon, or to an instant in Shanghai.
func (w *world) at(text string) *world {
	w.Helper()
	if len(text) == len(calendar.DateLayout) {
		text += " 12:00"
	}
	w.clock.Store(instant(text).UnixMilli())
	return w
}

func instant(text string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, rules.Shanghai)
	if err != nil {
		panic(err)
	}
	return at
}

// activated loads a pack of the seeds, once, and activates it for the years.
func (w *world) activated(id string, years ...int) *world {
	w.Helper()
	w.loaded(id)
	for _, year := range years {
		if _, err := w.Activate(w.Context(), w.root(models.Administrator), id, year); err != nil {
			w.Fatalf("activate %s for %d: %v", id, year, err)
		}
	}
	return w
}

func (w *world) loaded(id string) {
	w.Helper()
	sources, err := seeds.PolicySources()
	if err != nil {
		w.Fatal(err)
	}
	policy, err := seeds.Policy(id)
	if err != nil {
		w.Fatal(err)
	}
	for i := range policy.Obligations {
		w.rules[policy.Obligations[i].ID] = &policy.Obligations[i]
	}
	for _, source := range sources {
		if source.ID == id {
			w.must(w.LoadPolicy(w.Context(), compliance.Actor{}, source.Source))
		}
	}
}

// root acts with a role over everything.
func (w *world) root(role models.Role) compliance.Actor { return w.actorAt(role, "/") }

// actor acts with a role over the unit's subtree.
func (w *world) actor(role models.Role, unit string) compliance.Actor {
	w.Helper()
	return w.actorAt(role, w.unit(unit).Path)
}

func (w *world) actorAt(role models.Role, path string) compliance.Actor {
	w.Helper()
	w.users++
	user := models.User{Login: fmt.Sprintf("user%d", w.users), Name: fmt.Sprintf("%s %d", role, w.users), Locale: "zh-CN", CreatedAt: instant("2016-01-01 00:00")}
	w.create(&user)
	return compliance.Actor{ID: user.ID, Name: user.Name, Access: w.table.Access(rbac.Grant{Role: role, Path: path, Unit: "office of " + path})}
}

func (w *world) unit(code string) models.Unit {
	w.Helper()
	unit, ok := w.units[code]
	if !ok {
		w.Fatalf("there is no unit %s", code)
	}
	return unit
}

// duties returns the unit's duties of the obligation, by period and subject.
func (w *world) duties(unit, obligation string) []models.Duty {
	w.Helper()
	var rows []models.Duty
	err := w.store.Read(w.Context()).Table("duties d").Select("d.*").Joins("JOIN obligations o ON o.id = d.obligation_id").
		Where("d.unit_id = ? AND o.code = ?", w.unit(unit).ID, obligation).Order("d.period, d.subject").Find(&rows).Error
	w.must(err)
	return rows
}

// duty returns the only duty of the obligation that the unit has.
func (w *world) duty(unit, obligation string) models.Duty {
	w.Helper()
	rows := w.duties(unit, obligation)
	if len(rows) != 1 {
		w.Fatalf("%s has %d duties of %s, want one", unit, len(rows), obligation)
	}
	return rows[0]
}

// dutyIn returns the unit's duty of the obligation in the period.
func (w *world) dutyIn(unit, obligation, period string) models.Duty {
	w.Helper()
	for _, row := range w.duties(unit, obligation) {
		if row.Period == period {
			return row
		}
	}
	w.Fatalf("%s has no duty of %s in %s", unit, obligation, period)
	return models.Duty{}
}

// state is the judge's state of a duty, as a page shows it, on the clock's day.
func (w *world) state(duty uint64) rules.State {
	w.Helper()
	return w.stateOn(duty, w.Today())
}

func (w *world) stateOn(duty uint64, asOf calendar.Date) rules.State {
	w.Helper()
	detail, err := w.Duty(w.Context(), rbac.Everywhere, duty, asOf)
	w.must(err)
	return detail.Verdict.State
}

func (w *world) wantState(duty uint64, want rules.State) {
	w.Helper()
	if got := w.state(duty); got != want {
		w.Fatalf("duty %d is %s on %s, want %s", duty, got, w.Today(), want)
	}
}

// filed files for the duty as a reporter of the unit.
func (w *world) filed(unit string, duty models.Duty, filing rules.Filing) *models.Report {
	w.Helper()
	report, err := w.File(w.Context(), w.actor(models.Reporter, unit), duty.ID, compliance.Submission{Filing: filing})
	w.must(err)
	return report.Report
}

// verified has the office accept the report.
func (w *world) verified(report *models.Report) *models.Report {
	w.Helper()
	decided, err := w.Verify(w.Context(), w.root(models.Supervisor), report.ID, report.Version)
	w.must(err)
	return decided
}

// returned has the office send the report back.
func (w *world) returned(report *models.Report) *models.Report {
	w.Helper()
	decided, err := w.Return(w.Context(), w.root(models.Supervisor), report.ID, report.Version, "附件看不清")
	w.must(err)
	return decided
}

func (w *world) registered(unit string, duty models.Duty, start compliance.StartInput) {
	w.Helper()
	w.must(w.RegisterStart(w.Context(), w.actor(models.Reporter, unit), duty.ID, start))
}

// exempted frees the unit from the duty.
func (w *world) exempted(duty models.Duty) {
	w.Helper()
	w.must(w.Exempt(w.Context(), w.root(models.Supervisor), duty.ID, "机构改革", "鲁政办字〔2017〕1号"))
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// wantError demands a user's error of the code and key.
func wantError(t *testing.T, err error, code models.Code, key string) {
	t.Helper()
	var e *models.Error
	if !errors.As(err, &e) || e.Code != code || e.Key != key {
		t.Errorf("error %v, want %s: %s", err, code, key)
	}
}

// wantFields demands an Invalid error of exactly the fields, each with its key.
func wantFields(t *testing.T, err error, want map[string]string) {
	t.Helper()
	var e *models.Error
	if !errors.As(err, &e) || e.Code != models.Invalid {
		t.Errorf("error %v, want %s with %v", err, models.Invalid, want)
		return
	}
	got := map[string]string{}
	for _, field := range e.Fields {
		got[field.Name] = field.Key
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) != len(e.Fields) {
		t.Errorf("fields (-want +got):\n%s%v", diff, e)
	}
}

// tables are those that a write of the ledger may touch.
var tables = []string{"units", "unit_changes", "duties", "duty_changes", "reports", "exemptions", "extensions", "closings", "closing_exceptions",
	"link_checks", "tallies", "audit_entries", "activations", "policies", "policy_editions", "obligations", "calendar_notices", "drafts",
	"attachments", "evidence_files"}

// content returns the rows of the tables, as texts in order.
func (w *world) content(names ...string) map[string][]string {
	w.Helper()
	all := map[string][]string{}
	for _, table := range names {
		var rows []map[string]any
		w.must(w.store.Read(w.Context()).Table(table).Find(&rows).Error)
		texts := make([]string, len(rows))
		for i, row := range rows {
			texts[i] = fmt.Sprint(row)
		}
		slices.Sort(texts)
		all[table] = texts
	}
	return all
}

// unchanged runs f and demands that it leaves every table as it was.
func (w *world) unchanged(t *testing.T, f func()) {
	t.Helper()
	before := w.content(tables...)
	f()
	for table, after := range w.content(tables...) {
		for _, row := range after {
			if _, kept := slices.BinarySearch(before[table], row); !kept {
				t.Errorf("a refused write left behind in %s: %s", table, row)
				return
			}
		}
		if len(after) != len(before[table]) {
			t.Errorf("a refused write left %d rows in %s, %d before", len(after), table, len(before[table]))
		}
	}
}

// tallies returns what the boards are made of, without rows that say what the
// one before says.
func (w *world) tallies() []models.Tally {
	w.Helper()
	var rows, told []models.Tally
	w.must(w.store.Read(w.Context()).Order("unit_id, year, obligation_id, known_day").Find(&rows).Error)
	for i, row := range rows {
		before := models.Tally{UnitID: row.UnitID, Year: row.Year, ObligationID: row.ObligationID}
		if i > 0 && rows[i-1].UnitID == row.UnitID && rows[i-1].Year == row.Year && rows[i-1].ObligationID == row.ObligationID {
			before = rows[i-1]
		}
		if before.KnownDay = row.KnownDay; before != row {
			told = append(told, row)
		}
	}
	return told
}

// wantSoundTallies demands that counting all duties anew changes nothing.
func (w *world) wantSoundTallies() {
	w.Helper()
	kept := w.tallies()
	w.must(w.Rebuild(w.Context(), compliance.Actor{}))
	if diff := cmp.Diff(kept, w.tallies()); diff != "" {
		w.Errorf("rebuild changed tallies (-kept +rebuilt):\n%s", diff)
	}
}

const page = "https://gov.invalid/page"

// lateReason is given with every filing; those filed in time do not need it.
const lateReason = "材料报送不及时"

// soundFiling is a filing that the duty's form accepts, with the fact on a day.
func soundFiling(o *rules.Obligation, on calendar.Date) rules.Filing {
	switch o.Form() {
	case rules.FormDeputy:
		return rules.Filing{Name: "王某", Post: "副市长", From: on, InDivisionOfWork: true, AnnouncedOn: on, URL: page, LateReason: lateReason}
	case rules.FormPerformance:
		return scheme(on, "100", "4.00")
	case rules.FormIncident:
		return rules.Filing{At: on.Time().Add(4 * time.Hour), URL: page, LateReason: lateReason}
	default:
		return rules.Filing{On: on, PresidedBy: rules.PresidedByPrincipal, Title: "事项", URL: page, LateReason: lateReason}
	}
}

// scheme is a performance scheme of a total with an openness item.
func scheme(on calendar.Date, total, openness string) rules.Filing {
	rest := decimal.RequireFromString(total).Sub(decimal.RequireFromString(openness))
	return rules.Filing{On: on, Total: total, LateReason: lateReason, Items: []rules.Item{
		{Name: "政务公开", Points: openness, Openness: rules.OpennessCore, Reason: "即政务公开工作"},
		{Name: "其他", Points: rest.String()}}}
}

// pick returns one of the choices.
func pick[T any](r *rand.Rand, choices []T) T { return choices[r.IntN(len(choices))] }
