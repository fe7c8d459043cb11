package assessment_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/scoring"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// wholeScheme has every method and every cap.
func wholeScheme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../scoring/testdata/whole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// sourceOf is the scheme as it writes itself.
func sourceOf(t *testing.T, source string) string {
	t.Helper()
	scheme, err := scoring.ParseScheme([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	own, err := scheme.Source()
	if err != nil {
		t.Fatal(err)
	}
	return string(own)
}

func TestAFormThatIsSavedAsItIsChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		supervisor := w.supervisor(shandong)
		for _, source := range []string{wholeScheme(t), plainScheme} {
			draft, err := w.AddScheme(t.Context(), supervisor, []byte(source))
			w.must(err)
			saved, err := w.EditScheme(t.Context(), supervisor, draft.ID, 1, w.editOf(supervisor, draft.ID))
			w.must(err)
			if diff := cmp.Diff(sourceOf(t, source), saved.Source); diff != "" {
				t.Error(diff)
			}
		}
	})
}

func TestFaultsOfAFormNameTheirRowAndField(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	supervisor := w.supervisor(shandong)
	draft, err := w.AddScheme(t.Context(), supervisor, []byte(wholeScheme(t)))
	w.must(err)
	row := func(e assessment.SchemeEdit, id string) *assessment.IndicatorEdit {
		for n := range e.Indicators {
			if e.Indicators[n].ID == id {
				return &e.Indicators[n]
			}
		}
		t.Fatalf("no row %s", id)
		return nil
	}
	for _, c := range []struct {
		name string
		edit func(e *assessment.SchemeEdit)
		want []string
	}{
		{"year that is none", func(e *assessment.SchemeEdit) { e.Year = "this" }, []string{"year yaml.bad_value"}},
		{"no title", func(e *assessment.SchemeEdit) { e.TitleEN = " " }, []string{"title scoring.both_languages"}},
		{"no classes", func(e *assessment.SchemeEdit) { e.Classes = nil }, nil},
		{"class's maximum", func(e *assessment.SchemeEdit) { e.Classes[1].Maximum = "x" }, []string{"classes[1].maximum scoring.bad_maximum"}},
		{"grades' order", func(e *assessment.SchemeEdit) { e.Grades[1].From = "95" }, []string{"grades[1].from scoring.grade_order"}},
		{"limits in a cycle", func(e *assessment.SchemeEdit) { e.Limits[0].Within = "inner" }, []string{"limits[0].within scoring.limit_cycle"}},
		{"limit unused", func(e *assessment.SchemeEdit) { row(*e, "praise").Cap = "" }, []string{"limits[2].id scoring.limit_unused"}},
		{"points that are none", func(e *assessment.SchemeEdit) { row(*e, "catalogue").Points = "ten" }, []string{"indicators[2].points scoring.points_bad"}},
		{"points negative", func(e *assessment.SchemeEdit) { row(*e, "columns").Points = "-1" }, []string{"indicators[4].points scoring.points_negative"}},
		{"points missing", func(e *assessment.SchemeEdit) { row(*e, "catalogue").Points = "" }, []string{"indicators[2].points scoring.points_missing"}},
		{"points for a class", func(e *assessment.SchemeEdit) { row(*e, "plan").PointsFor["B"] = "x" }, []string{"indicators[1].points_for scoring.points_bad"}},
		{"source's sum", func(e *assessment.SchemeEdit) { row(*e, "checks").Points = "11" }, []string{"indicators[8].children scoring.sum_of_source"}},
		{"weights", func(e *assessment.SchemeEdit) { row(*e, "party").Weight = "0.5" }, []string{"indicators[7].sources scoring.weights_sum"}},
		{"id twice", func(e *assessment.SchemeEdit) { row(*e, "fraud").ID = "plan" }, []string{"indicators[17].id scoring.id_twice"}},
		{"no clause", func(e *assessment.SchemeEdit) { row(*e, "fraud").Clause = "" }, []string{"indicators[17].clause scoring.no_clause"}},
		{"unknown grade", func(e *assessment.SchemeEdit) { row(*e, "fraud").Grade = "" }, []string{"indicators[17].grade scoring.unknown_grade"}},
		{"late share", func(e *assessment.SchemeEdit) { row(*e, "duties").LateShare = "2" }, []string{"indicators[6].late_share scoring.bad_late_share"}},
		{"obligation", func(e *assessment.SchemeEdit) { row(*e, "duties").Obligations = "轮训" }, []string{"indicators[6].obligations scoring.bad_obligation"}},
		{"too deep", func(e *assessment.SchemeEdit) { e.AddBelow(4) }, []string{"indicators[5].id scoring.too_deep"}},
		{"a text of several lines", func(e *assessment.SchemeEdit) {
			row(*e, "plan").CountsZH = "一\r\n二：三\r\n- 四"
			row(*e, "columns").Points = "x"
		}, []string{"indicators[4].points scoring.points_bad"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			edit := w.editOf(supervisor, draft.ID)
			c.edit(&edit)
			_, err := w.EditScheme(t.Context(), supervisor, draft.ID, 1, edit)
			refusal, invalid := schemesInvalid(err)
			if !invalid {
				t.Fatalf("got %v", err)
			}
			var got []string
			for _, field := range refusal.Fields {
				got = append(got, field.Name+" "+field.Key)
			}
			if c.want == nil { // everything that names a class
				if !strings.HasPrefix(got[0], "classes ") {
					t.Errorf("got %v", got)
				}
				return
			}
			if diff := cmp.Diff(c.want, got[:min(len(got), len(c.want))]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatWasTypedForAnotherMethodDoesNotCount(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	supervisor := w.supervisor(shandong)
	draft, err := w.AddScheme(t.Context(), supervisor, []byte(plainScheme))
	w.must(err)
	edit := w.editOf(supervisor, draft.ID)
	edit.Indicators[1].Method, edit.Indicators[1].Cap = "award", "none"
	saved, err := w.EditScheme(t.Context(), supervisor, draft.ID, 1, edit)
	w.must(err)
	if strings.Contains(saved.Source, "obligations") || strings.Contains(saved.Source, "cap: none") {
		t.Error(saved.Source)
	}
}

func TestRowsAreAddedMovedAndRemovedWithWhatStandsBelow(t *testing.T) {
	scheme, err := scoring.ParseScheme([]byte(wholeScheme(t)))
	if err != nil {
		t.Fatal(err)
	}
	shape := func(e assessment.SchemeEdit) string {
		var rows []string
		for _, row := range e.Indicators[:11] {
			rows = append(rows, strings.Repeat(".", row.Level)+row.ID)
		}
		return strings.Join(rows, " ")
	}
	for _, c := range []struct {
		name  string
		do    func(e *assessment.SchemeEdit) int
		focus int
		want  string
	}{
		{"first up", func(e *assessment.SchemeEdit) int { return e.MoveUp(1) }, 1, "openness .plan .catalogue .websites ..columns ..updates duties assessment .daily ..checks ..filings"},
		{"up", func(e *assessment.SchemeEdit) int { return e.MoveUp(3) }, 2, "openness .plan .websites ..columns ..updates .catalogue duties assessment .daily ..checks ..filings"},
		{"down", func(e *assessment.SchemeEdit) int { return e.MoveDown(0) }, 1, "duties openness .plan .catalogue .websites ..columns ..updates assessment .daily ..checks ..filings"},
		{"last down", func(e *assessment.SchemeEdit) int { return e.MoveDown(3) }, 3, "openness .plan .catalogue .websites ..columns ..updates duties assessment .daily ..checks ..filings"},
		{"after", func(e *assessment.SchemeEdit) int { return e.AddAfter(3) }, 6, "openness .plan .catalogue .websites ..columns ..updates . duties assessment .daily ..checks"},
		{"below", func(e *assessment.SchemeEdit) int { return e.AddBelow(2) }, 3, "openness .plan .catalogue .. .websites ..columns ..updates duties assessment .daily ..checks"},
		{"remove", func(e *assessment.SchemeEdit) int { e.Remove(3); return -1 }, -1, "openness .plan .catalogue duties assessment .daily ..checks ..filings .party accidents reprimand"},
		{"no such row", func(e *assessment.SchemeEdit) int { e.Remove(99); return e.MoveDown(99) }, 99, "openness .plan .catalogue .websites ..columns ..updates duties assessment .daily ..checks ..filings"},
	} {
		t.Run(c.name, func(t *testing.T) {
			edit := assessment.EditOf(scheme)
			if focus := c.do(&edit); focus != c.focus {
				t.Errorf("goes to row %d, want %d", focus, c.focus)
			}
			if diff := cmp.Diff(c.want, shape(edit)); diff != "" {
				t.Error(diff)
			}
		})
	}
	edit := assessment.EditOf(scheme)
	var mayHave []bool
	for row := range edit.Indicators[:11] {
		mayHave = append(mayHave, edit.MayHaveBelow(row))
	}
	if diff := cmp.Diff([]bool{true, true, true, true, false, false, true, true, true, true, true}, mayHave); diff != "" {
		t.Error(diff)
	}
}

func TestANewSchemeByTheForm(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		supervisor := w.supervisor(shandong)
		_, err := w.BlankScheme(t.Context(), w.reporter(jinan), w.unit(jinan))
		w.wantCode(err, models.Forbidden, "error.forbidden")
		edit, err := w.BlankScheme(t.Context(), supervisor, w.unit(shandong))
		w.must(err)
		if len(edit.Classes) != 2 || edit.Classes[0].ID != "A" || len(edit.Grades) != 4 || edit.Region != shandong {
			t.Fatalf("got %+v", edit)
		}
		_, err = w.NewScheme(t.Context(), w.reporter(jinan), edit)
		w.wantCode(err, models.NotFound, "assessment.unit_unknown")
		_, err = w.NewScheme(t.Context(), supervisor, edit)
		w.wantCode(err, models.Invalid, "scoring.both_languages")
		edit.TitleZH, edit.TitleEN, edit.BasisZH, edit.BasisEN = "新方案", "New", "六", "Clause 6"
		for n := range edit.Classes {
			edit.Classes[n].TitleZH, edit.Classes[n].TitleEN = "类", "Class"
		}
		edit.Indicators[0] = assessment.IndicatorEdit{ID: "work", TitleZH: "工作", TitleEN: "Work", Clause: "六", CountsZH: "赋分", CountsEN: "By judgement", Method: "award", Points: "100"}
		added, err := w.NewScheme(t.Context(), supervisor, edit)
		w.must(err)
		if added.Status != models.SchemeDraft || added.TitleZH != "新方案" || added.Code != "openness-370000-2017" {
			t.Errorf("got %+v", added)
		}
	})
}
