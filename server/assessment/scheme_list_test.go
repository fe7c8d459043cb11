package assessment_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/models"
	"sundial/seeds"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// schemeOf is a small scheme of a region.
func schemeOf(id, region, classes string) string {
	return `
id: ` + id + `
title: {zh: 小方案, en: Small}
year: 2017
region: "` + region + `"
basis: {zh: 六, en: Clause 6}
appeal_days: 5
classes: [` + classes + `]
indicators:
  - id: work
    title: {zh: 工作, en: Work}
    clause: 六
    counts: {zh: 赋分, en: By judgement}
    method: award
    points: 100
`
}

const classA, classC = `{id: A, title: {zh: 各市, en: Cities}}`, `{id: C, title: {zh: 其他, en: Others}}`

// schemesSeen are the ids of the schemes that the actor finds listed at a unit, drafts
// with a star.
func (w *world) schemesSeen(actor compliance.Actor, code string) []string {
	w.Helper()
	lines, err := w.Schemes(w.Context(), actor, w.unit(code))
	w.must(err)
	var ids []string
	for _, line := range lines {
		id := line.Code
		if line.Status == models.SchemeDraft {
			id += "*"
		}
		ids = append(ids, id)
	}
	return ids
}

func TestSchemesAreReadByTheScoredAndDraftsByWhoManagesThem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.scheme(plainScheme)
		draft, err := w.AddScheme(t.Context(), w.supervisor(shandong), []byte(schemeOf("draft-2017", shandong, classA)))
		w.must(err)
		city, err := w.AddScheme(t.Context(), w.supervisor(qingdao), []byte(schemeOf("qingdao-2017", qingdao, classA)))
		w.must(err)
		liaoning := w.supervisor("210000")

		_, err = w.Schemes(t.Context(), liaoning, w.unit(shandong))
		w.wantCode(err, models.NotFound, "assessment.unit_unknown")
		for _, c := range []struct {
			actor compliance.Actor
			unit  string
			want  []string
		}{
			{w.supervisor(shandong), shandong, []string{"draft-2017*", "shandong-test-2017"}},
			{w.supervisor(shandong), qingdao, []string{"draft-2017*", "qingdao-2017*", "shandong-test-2017"}},
			{w.supervisor(qingdao), qingdao, []string{"qingdao-2017*", "shandong-test-2017"}},
			{w.reporter(jinan), jinan, []string{"shandong-test-2017"}},
			{w.assessor(shandong), shandong, []string{"shandong-test-2017"}},
		} {
			if diff := cmp.Diff(c.want, w.schemesSeen(c.actor, c.unit)); diff != "" {
				t.Errorf("%s at %s: %s", c.actor.Name, c.unit, diff)
			}
		}
		for _, reader := range []compliance.Actor{w.reporter(jinan), w.assessor(shandong), w.supervisor(qingdao), liaoning} {
			_, err := w.Scheme(t.Context(), reader, draft.ID)
			w.wantCode(err, models.NotFound, "assessment.scheme_unknown")
		}
		_, err = w.Scheme(t.Context(), w.supervisor("370300"), city.ID)
		w.wantCode(err, models.NotFound, "assessment.scheme_unknown")
	})
}

func TestASchemeTellsItsObligationsAndWhereItComesFrom(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		frozen := w.scheme(plainScheme)
		view, err := w.Scheme(t.Context(), w.reporter(jinan), frozen.ID)
		w.must(err)
		plan := view.Obligations["sd2017.plan"]
		if plan.Policy != "shandong-2017" || plan.Title.ZH == "" || view.FrozenName != w.supervisor(shandong).Name || view.Manages {
			t.Errorf("got %+v, frozen by %q", plan, view.FrozenName)
		}

		copied, err := w.CopyScheme(t.Context(), w.supervisor(shandong), frozen.ID, assessment.CopyInput{ID: frozen.Code, Year: 2017})
		w.must(err)
		changed := strings.NewReplacer(`points: "20"`, `points: "25"`, `points: "40"`, `points: "50"`, "id: data\n", "id: opendata\n").Replace(copied.Source)
		_, err = w.ChangeScheme(t.Context(), w.supervisor(shandong), copied.ID, copied.Version, []byte(changed))
		w.must(err)
		view, err = w.Scheme(t.Context(), w.supervisor(shandong), copied.ID)
		w.must(err)
		if copied.Edition != 2 || view.Base == nil || view.Base.ID != frozen.ID || len(view.Editions) != 2 {
			t.Fatalf("edition %d, based on %+v, of %d editions", copied.Edition, view.Base, len(view.Editions))
		}
		var got []string
		for _, c := range view.Changes.Indicators {
			switch {
			case c.Before == nil:
				got = append(got, "+"+c.After.ID)
			case c.After == nil:
				got = append(got, "-"+c.Before.ID)
			default:
				for _, p := range c.Points {
					got = append(got, c.After.ID+" "+p.Class+" "+p.Was.String()+">"+p.Is.String())
				}
			}
		}
		want := []string{"organisation A 40>50", "organisation B 40>50", "plan A 20>25", "plan B 20>25", "staff A 20>25", "staff B 20>25", "+opendata", "-data"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestShippedSchemesAreFrozenAndLoadedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.must(seeds.LoadSchemes(t.Context(), w.Desk))
		before := w.schemeRows()
		w.must(seeds.LoadSchemes(t.Context(), w.Desk))
		if diff := cmp.Diff(before, w.schemeRows()); diff != "" || len(before) != 2 {
			t.Errorf("%d schemes, %s", len(before), diff)
		}
		for _, row := range before {
			if row.Status != models.SchemeFrozen || row.FrozenAt == nil || row.FrozenBy != nil {
				t.Errorf("got %+v", row)
			}
		}
		view, err := w.Scheme(t.Context(), w.reporter(jinan), before[1].ID)
		w.must(err)
		for _, id := range view.Scheme.Obligations() {
			if view.Obligations[id].Policy != "shandong-2017" {
				t.Errorf("%s is no obligation of a policy", id)
			}
		}
		copied, err := w.CopyScheme(t.Context(), w.supervisor(shandong), before[1].ID, assessment.CopyInput{ID: "shandong-2018-assessment", Year: 2018})
		w.must(err)
		if strings.Contains(copied.TitleZH, "2017") || !strings.Contains(copied.TitleZH, "2018") {
			t.Errorf("the copy for 2018 is called %s", copied.TitleZH)
		}
	})
}
