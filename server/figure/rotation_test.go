package figure

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/calendar"
	"sundial/server/compliance"
	"sundial/server/rules"
	"sundial/server/training"
)

func newLocale(t *testing.T, lang string) *frontend.Locale {
	t.Helper()
	catalog, err := frontend.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	return catalog.Locale(lang)
}

// drawn is what tests read of a chart.
type drawn struct {
	XAxis  []struct{ Data []string }
	YAxis  []struct{ Data []string }
	Series []struct {
		Name string
		Data []struct{ Value any }
	}
}

func draw(t *testing.T, f *Figure) drawn {
	t.Helper()
	option, err := f.Option(newLocale(t, "zh-CN"))
	if err != nil {
		t.Fatal(err)
	}
	var chart drawn
	if err := json.Unmarshal([]byte(option), &chart); err != nil {
		t.Fatal(err)
	}
	return chart
}

// halfway is a rotation of which 40 of 100 people are trained, with seats for 30 more.
func halfway() (*compliance.RotationTable, *training.RotationProgress) {
	day := calendar.MustParseDate
	t := &compliance.RotationTable{Unit: models.Unit{Code: "370000", Name: "山东省"}, AsOf: day("2017-06-30"), Total: compliance.RotationCount{Roster: 100, Trained: 40, Units: 9}}
	t.Period = rules.Period{Name: "2017-2018", Year: 2017, Span: rules.Span{From: day("2017-05-01"), To: day("2018-12-31")}}
	p := &training.RotationProgress{Foreseen: true, RosterAtEnd: 103, Needed: 60, Scheduled: 30,
		Points:   []training.ProgressPoint{{On: day("2017-05-31"), Roster: 98, Trained: 0}, {On: day("2017-06-30"), Roster: 100, Trained: 40}},
		Forecast: []training.ProgressPoint{{On: day("2017-06-30"), Roster: 100, Trained: 40}, {On: day("2017-09-01"), Roster: 100, Trained: 70}, {On: day("2018-12-31"), Roster: 100, Trained: 70}}}
	return t, p
}

func TestTheRotationsLinesAreItsTable(t *testing.T) {
	f := OfRotation(halfway())
	var rows [][]any
	for _, row := range f.Rows {
		cells := []any{row[0].Of.(calendar.Date).String()}
		for _, value := range row[1:] {
			cells = append(cells, value.Of)
		}
		rows = append(rows, cells)
	}
	want := [][]any{
		{"2017-05-31", 98, 0, nil, nil},
		{"2017-06-30", 100, 40, 40, 40},
		{"2017-09-01", nil, nil, nil, 70},
		{"2018-12-31", 103, nil, 103, 70},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	locale, listed := newLocale(t, "zh-CN"), map[string]map[string]float64{}
	for column, kind := range lineKinds {
		name := locale.Text("coverage.line."+string(kind), nil)
		for _, row := range rows {
			if count, known := row[column+1].(int); known {
				if listed[name] == nil {
					listed[name] = map[string]float64{}
				}
				listed[name][row[0].(string)] = float64(count)
			}
		}
	}
	lines := map[string]map[string]float64{}
	for _, line := range draw(t, f).Series {
		lines[line.Name] = map[string]float64{}
		for _, point := range line.Data {
			lines[line.Name][point.Value.([]any)[0].(string)] = point.Value.([]any)[1].(float64)
		}
	}
	if diff := cmp.Diff(listed, lines); diff != "" {
		t.Errorf("table (-) and chart (+) differ:\n%s", diff)
	}
	if now := f.Rows[1]; now[1].Behind.Page != "roster" || now[2].Behind.Page != "rotation" {
		t.Errorf("behind today's numbers: %+v", now)
	}
}

func TestTheRotationsFindingSaysWhatIsToBeDone(t *testing.T) {
	for want, change := range map[string]func(*compliance.RotationTable, *training.RotationProgress){
		"coverage.finding_complete": func(t *compliance.RotationTable, _ *training.RotationProgress) { t.Total.Trained = t.Total.Roster },
		"coverage.finding_over":     func(t *compliance.RotationTable, _ *training.RotationProgress) { t.AsOf = t.Period.To + 1 },
		"coverage.finding_needed": func(_ *compliance.RotationTable, p *training.RotationProgress) {
			p.Foreseen, p.Forecast, p.Scheduled = false, nil, 0
		},
		"coverage.finding_enough": func(t *compliance.RotationTable, p *training.RotationProgress) { p.Scheduled = t.Total.Left() },
		"coverage.finding_short":  func(*compliance.RotationTable, *training.RotationProgress) {},
	} {
		table, progress := halfway()
		change(table, progress)
		if got := OfRotation(table, progress).Finding.Key; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestTheWindowOfAYear(t *testing.T) {
	window := func(name, from string) rules.Period {
		return rules.Period{Name: name, Span: rules.Span{From: calendar.MustParseDate(from)}}
	}
	windows := []rules.Period{window("2017-2018", "2017-01-01"), window("2019-2020", "2019-01-01")}
	for year, want := range map[int]string{2016: "", 2017: "2017-2018", 2018: "2017-2018", 2019: "2019-2020", 2030: "2019-2020"} {
		if got := windowOf(windows, year); got != want {
			t.Errorf("%d: %q, want %q", year, got, want)
		}
	}
}

func TestWhyNobodyIsCounted(t *testing.T) {
	for want, change := range map[string]func(*compliance.RotationTable) (past bool){
		"coverage.empty_not_begun": func(t *compliance.RotationTable) bool { t.AsOf = t.Period.From - 1; return true },
		"coverage.empty_duties":    func(t *compliance.RotationTable) bool { t.Total.Units = 0; return false },
		"coverage.empty_past":      func(t *compliance.RotationTable) bool { t.Total.Roster = 0; return true },
		"coverage.empty_roster":    func(t *compliance.RotationTable) bool { t.Total.Roster = 0; return false },
		"":                         func(*compliance.RotationTable) bool { return false },
	} {
		table, _ := halfway()
		if past := change(table); NobodyCounted(table, past) != want {
			t.Errorf("%q, want %q", NobodyCounted(table, past), want)
		}
	}
}
