package supervision_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk/desktest"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/supervision"
)

func TestWhoMayInspect(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRound(t, s)
		open := func(actor compliance.Actor, code string) error {
			_, err := r.OpenInspection(t.Context(), actor, code, plan())
			return err
		}
		r.WantCode(open(r.Reporter(desktest.Shandong), desktest.Shandong), models.Forbidden, "error.forbidden")
		r.WantCode(open(r.Supervisor(desktest.Qingdao), desktest.Shandong), models.NotFound, "inspections.office_unknown")
		r.WantCode(open(r.Actor(desktest.Shandong, models.Viewer), desktest.Shandong), models.Forbidden, "error.forbidden")
		_, err := r.PreviewInspection(t.Context(), r.Reporter(desktest.Shandong), desktest.Shandong, plan())
		r.WantCode(err, models.Forbidden, "error.forbidden")

		row := r.open(plan())
		city, weifang := r.Supervisor(desktest.Qingdao), r.Supervisor("370700")
		r.WantCode(r.CloseInspection(t.Context(), city, row.ID, 1), models.Forbidden, "error.forbidden")
		r.WantCode(r.CloseInspection(t.Context(), weifang, row.ID, 1), models.NotFound, "inspections.unknown")
		r.WantCode(r.AddInspectionUnit(t.Context(), city, row.ID, 1, "370203", "x"), models.Forbidden, "error.forbidden")
		r.WantCode(r.CheckUnit(t.Context(), city, row.ID, supervision.CheckInput{Unit: desktest.Qingdao, On: r.Ledger.Today()}), models.Forbidden, "error.forbidden")
		_, err = r.NewFinding(t.Context(), city, row.ID)
		r.WantCode(err, models.Forbidden, "error.forbidden")
		_, err = r.Inspection(t.Context(), weifang, row.ID)
		r.WantCode(err, models.NotFound, "inspections.unknown")
		_, err = r.Inspections(t.Context(), city, desktest.Shandong, supervision.InspectionQuery{})
		r.WantCode(err, models.NotFound, "inspections.unit_unreadable")
		r.WantCode(r.CloseInspection(t.Context(), r.office, row.ID, 7), models.Stale, "inspections.stale")
		r.Must(r.CloseInspection(t.Context(), r.office, row.ID, 1))
		r.WantCode(r.CloseInspection(t.Context(), r.office, row.ID, 2), models.Conflict, "inspections.is_closed")
		_, err = r.EnterFinding(t.Context(), r.office, row.ID, fault())
		r.WantCode(err, models.Conflict, "inspections.is_closed")
	})
}

func TestAnInspectionIsRefusedWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRound(t, s)
		sample := func(s supervision.SampleInput) func(in *supervision.InspectionInput) {
			return func(in *supervision.InspectionInput) { in.Pick, in.Sample = supervision.Pick{}, &s }
		}
		for _, c := range []struct {
			key    string
			change func(in *supervision.InspectionInput)
		}{
			{"filing.required", func(in *supervision.InspectionInput) { in.Title = " " }},
			{"filing.required", func(in *supervision.InspectionInput) { in.Basis = "" }},
			{"filing.too_long", func(in *supervision.InspectionInput) { in.Title = strings.Repeat("督", 201) }},
			{"filing.date_required", func(in *supervision.InspectionInput) { in.StartOn = 0 }},
			{"inspections.ends_early", func(in *supervision.InspectionInput) { in.EndOn = in.StartOn - 1 }},
			{"inspections.bad_term", func(in *supervision.InspectionInput) { in.RectifyTerm = 0 }},
			{"inspections.bad_year", func(in *supervision.InspectionInput) { in.Year = 2019 }},
			{"inspections.obligation_unknown", func(in *supervision.InspectionInput) { in.Obligations = []string{"ln2016.briefing"} }},
			{"inspections.unit_unknown", func(in *supervision.InspectionInput) { in.Pick.Codes = []string{"210100"} }},
			{"inspections.unit_unknown", func(in *supervision.InspectionInput) { in.Pick.Codes = []string{desktest.Shandong} }},
			{"inspections.nobody", func(in *supervision.InspectionInput) {
				in.Pick = supervision.Pick{Kinds: []models.UnitKind{models.Township}}
			}},
			{"inspections.bad_sample", sample(supervision.SampleInput{Size: 0})},
			{"inspections.bad_sample", sample(supervision.SampleInput{Size: 500})},
			{"inspections.sample_classes", sample(supervision.SampleInput{Size: 1, PerClass: true})},
			{"filing.required", sample(supervision.SampleInput{Size: 3, Seed: "2017068"})},
			{"filing.too_long", sample(supervision.SampleInput{Size: 3, Seed: strings.Repeat("1", 65), Source: "x"})},
			{"inspections.bad_seed", sample(supervision.SampleInput{Size: 3, Seed: "1\t2", Source: "x"})},
		} {
			in := plan()
			c.change(&in)
			_, err := r.OpenInspection(t.Context(), r.office, desktest.Shandong, in)
			r.WantCode(err, models.Invalid, c.key)
			_, err = r.PreviewInspection(t.Context(), r.office, desktest.Shandong, in)
			r.WantCode(err, models.Invalid, c.key)
		}
		for _, table := range []any{&models.Inspection{}, &models.InspectionUnit{}, &models.Message{}} {
			var rows int64
			r.Must(s.Read(t.Context()).Model(table).Count(&rows).Error)
			if rows != 0 {
				t.Errorf("%d rows of %T are there", rows, table)
			}
		}
	})
}

// TestAnInspection goes through all that an office does with one.
func TestAnInspection(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRound(t, s)
		in := plan()
		in.Obligations = []string{"sd2017.plan", "sd2017.briefing"}
		preview, err := r.PreviewInspection(t.Context(), r.office, desktest.Shandong, in)
		r.Must(err)
		if preview.Count != 2 || len(preview.Units) != 2 || preview.Classes[0].Count != 2 {
			t.Errorf("foreseen: %+v", preview)
		}
		r.Reporter(desktest.Jinan)
		r.Reporter("370700")
		row := r.open(in)
		if told := r.told(desktest.Jinan, "inspections.message.announced"); told != 1 {
			t.Errorf("Jinan was told %d times", told)
		}
		r.WantCode(r.AddInspectionUnit(t.Context(), r.office, row.ID, 1, desktest.Jinan, "增补"), models.Invalid, "inspections.unit_there")
		r.WantCode(r.AddInspectionUnit(t.Context(), r.office, row.ID, 1, "370700", ""), models.Invalid, "filing.required")
		r.WantCode(r.TakeOutInspectionUnit(t.Context(), r.office, row.ID, 1, "370700", "x"), models.Invalid, "inspections.unit_not_in")
		r.Must(r.AddInspectionUnit(t.Context(), r.office, row.ID, 1, "370700", "群众举报"))
		r.Must(r.TakeOutInspectionUnit(t.Context(), r.office, row.ID, 2, desktest.Qingdao, "机构改革"))
		start := r.Ledger.Today() - 1
		r.Must(r.ChangeInspection(t.Context(), r.office, row.ID, 3, supervision.InspectionChange{Title: in.Title, Basis: in.Basis, StartOn: start, EndOn: in.EndOn, RectifyTerm: 10}))
		if told := r.told("370700", "inspections.message.moved"); told != 1 {
			t.Errorf("Weifang hears of the new days %d times", told)
		}
		if told := r.told(desktest.Qingdao, "inspections.message.moved"); told != 0 {
			t.Error("Qingdao, taken out, is told of new days")
		}
		today := r.Ledger.Today()
		r.WantCode(r.CheckUnit(t.Context(), r.office, row.ID, supervision.CheckInput{Unit: desktest.Jinan, On: today + 1}), models.Invalid, "inspections.checked_later")
		r.WantCode(r.CheckUnit(t.Context(), r.office, row.ID, supervision.CheckInput{Unit: desktest.Qingdao, On: today}), models.Invalid, "inspections.unit_not_in")
		r.WantCode(r.CheckUnit(t.Context(), r.office, row.ID, supervision.CheckInput{Unit: desktest.Jinan, On: start - 1}), models.Invalid, "inspections.checked_early")
		r.Must(r.CheckUnit(t.Context(), r.office, row.ID, supervision.CheckInput{Unit: desktest.Jinan, On: today, Note: "查看门户网站"}))
		r.Must(r.CheckUnit(t.Context(), r.office, row.ID, supervision.CheckInput{Unit: desktest.Jinan, On: today})) // the note stays

		v, err := r.Inspection(t.Context(), r.office, row.ID)
		r.Must(err)
		if v.Looked != 2 || v.Checked != 1 || !v.Whole || !v.CanManage || len(v.Units) != 3 || v.Units[1].RemovedOn != today || v.Units[2].AddReason != "群众举报" {
			t.Errorf("the office sees %d of %d looked at: %+v", v.Checked, v.Looked, v.Units)
		}
		if len(v.Obligations) != 2 || v.Obligations[0].Title.ZH == "" {
			t.Errorf("it looks at %+v", v.Obligations)
		}
		city, err := r.Inspection(t.Context(), r.Reporter(desktest.Jinan), row.ID)
		r.Must(err)
		if city.Whole || city.CanManage || len(city.Units) != 1 || city.Units[0].Unit.Code != desktest.Jinan {
			t.Errorf("Jinan sees %+v", city.Units)
		}
		_, err = r.Inspection(t.Context(), r.Reporter(desktest.Qingdao), row.ID)
		r.WantCode(err, models.NotFound, "inspections.unknown")
		r.Must(r.AddInspectionUnit(t.Context(), r.office, row.ID, 4, desktest.Qingdao, "恢复"))
		_, err = r.Inspection(t.Context(), r.Reporter(desktest.Qingdao), row.ID)
		r.Must(err)
	})
}

// TestAnUnannouncedInspection is known to a unit by its first finding alone.
func TestAnUnannouncedInspection(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRound(t, s)
		in := plan()
		in.Unannounced = true
		row := r.open(in)
		jinan, qingdao := r.Reporter(desktest.Jinan), r.Reporter(desktest.Qingdao)
		hidden := func(actor compliance.Actor, code string) {
			t.Helper()
			_, err := r.Inspection(t.Context(), actor, row.ID)
			r.WantCode(err, models.NotFound, "inspections.unknown")
			list, err := r.Inspections(t.Context(), actor, code, supervision.InspectionQuery{})
			r.Must(err)
			if list.Total != 0 {
				t.Errorf("%s lists it", code)
			}
		}
		hidden(jinan, desktest.Jinan)
		r.enter(row.ID, fault())
		hidden(qingdao, desktest.Qingdao)
		var told []string
		r.Must(s.Read(t.Context()).Model(&models.Message{}).Order("id").Pluck("message_key", &told).Error)
		if diff := cmp.Diff([]string{"rectifications.message.demanded"}, told); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
		list, err := r.Inspections(t.Context(), jinan, desktest.Jinan, supervision.InspectionQuery{})
		r.Must(err)
		if len(list.Items) != 1 || list.Items[0].Held || list.Items[0].Looked != 1 || list.Items[0].Findings.Found != 1 {
			t.Errorf("Jinan lists %+v", list.Items)
		}
	})
}

// TestASampleIsDrawnAgain also takes a drawn unit out by hand: the proof tells.
func TestASampleIsDrawnAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		r := newRound(t, s)
		in := plan()
		in.Pick, in.Sample = supervision.Pick{Kinds: []models.UnitKind{models.City}}, &supervision.SampleInput{Size: 5, Seed: "2017068", Source: "双色球第2017068期"}
		given := r.open(in)
		in.Sample = &supervision.SampleInput{Size: 5, PerClass: true}
		made := r.open(in)
		if len(made.Seed) < 20 || made.SeedSource != "" {
			t.Errorf("the program made the seed %q", made.Seed)
		}
		_, err := r.Redraw(t.Context(), r.Reporter(desktest.Jinan), given.ID)
		if err == nil {
			t.Error("a unit that is looked at sees the draw of all")
		}
		chosen := r.open(plan())
		_, err = r.Redraw(t.Context(), r.office, chosen.ID)
		r.WantCode(err, models.NotFound, "inspections.not_drawn")

		proof, err := r.Redraw(t.Context(), r.office, given.ID)
		r.Must(err)
		var drawn, codes []string
		for i, lot := range proof.Lots {
			codes = append(codes, lot.Code)
			if lot.Drawn {
				drawn = append(drawn, lot.Code)
			}
			if lot.Rank != i+1 || lot.Drawn != (i < 5) || lot.Unit.Code != lot.Code {
				t.Errorf("lot %d is %+v", i, lot)
			}
		}
		if diff := cmp.Diff(supervision.Draw("2017068", codes, 5), drawn); diff != "" || !proof.Same {
			t.Errorf("same is %t (-want +got):\n%s", proof.Same, diff)
		}
		r.Must(r.TakeOutInspectionUnit(t.Context(), r.office, given.ID, 1, drawn[0], "另行安排"))
		r.Must(r.AddInspectionUnit(t.Context(), r.office, given.ID, 2, proof.Lots[9].Code, "群众举报"))
		proof, err = r.Redraw(t.Context(), r.office, given.ID)
		r.Must(err)
		if !proof.Same || len(proof.ByHand) != 2 || !proof.ByHand[0].Out && !proof.ByHand[1].Out {
			t.Errorf("after both moves: same %t, by hand %+v", proof.Same, proof.ByHand)
		}
		// Swapped behind the program's back.
		out, other := r.Unit(drawn[1]).ID, r.Unit(proof.Lots[12].Code).ID
		r.Must(s.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Model(&models.InspectionUnit{}).Where("inspection_id = ? AND unit_id = ?", given.ID, out).Update("unit_id", other).Error
		}))
		proof, err = r.Redraw(t.Context(), r.office, given.ID)
		r.Must(err)
		if proof.Same || cmp.Diff([]string{drawn[1]}, proof.Missing) != "" || cmp.Diff([]string{proof.Lots[12].Code}, proof.Strange) != "" {
			t.Errorf("swapped: same %t, missing %v, strange %v", proof.Same, proof.Missing, proof.Strange)
		}
		again, err := r.Redraw(t.Context(), r.office, made.ID)
		r.Must(err)
		if !again.Same || again.Places == nil {
			t.Errorf("by class: same %t, places %v", again.Same, again.Places)
		}
	})
}
