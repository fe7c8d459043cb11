package supervision_test

import (
	"testing"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk/desktest"
	"sundial/server/rectification"
	"sundial/server/store"
	"sundial/server/supervision"
)

// round is a world on 2017-09-01 in which the office of Shandong inspects.
type round struct {
	*desktest.World
	*supervision.Desk
	rectify *rectification.Desk
	office  compliance.Actor
}

func newRound(t *testing.T, s *store.Store) *round {
	t.Helper()
	w := desktest.New(t, s)
	w.At("2017-06-01")
	w.Activate("shandong-2017", 2017)
	w.At("2017-09-01 09:00")
	return &round{w, supervision.New(s, w.Ledger, w.Now), rectification.New(s, nil, w.Ledger.Calendar, w.Now), w.Supervisor(desktest.Shandong)}
}

// on sets the clock.
func (r *round) on(day string) *round {
	r.World.At(day)
	return r
}

// plan is an inspection of Jinan and Qingdao.
func plan() supervision.InspectionInput {
	return supervision.InspectionInput{Title: "2017年下半年督查", Basis: "六(六)", Year: 2017, StartOn: desktest.Day("2017-09-04"), EndOn: desktest.Day("2017-09-29"),
		RectifyTerm: 15, Pick: supervision.Pick{Codes: []string{desktest.Jinan, desktest.Qingdao}}}
}

func (r *round) open(in supervision.InspectionInput) *models.Inspection {
	r.Helper()
	row, err := r.OpenInspection(r.Context(), r.office, desktest.Shandong, in)
	r.Must(err)
	return row
}

// fault is an ordinary finding about Jinan.
func fault() supervision.FindingInput {
	return supervision.FindingInput{Unit: desktest.Jinan, Severity: models.SeverityOrdinary, Clause: "二(一)", Text: "公开目录未更新"}
}

func (r *round) enter(inspection uint64, in supervision.FindingInput) *models.Finding {
	r.Helper()
	row, err := r.EnterFinding(r.Context(), r.office, inspection, in)
	r.Must(err)
	return row
}

// finding is what the actor sees of a finding.
func (r *round) finding(actor compliance.Actor, id uint64) *supervision.FindingView {
	r.Helper()
	v, err := r.Finding(r.Context(), actor, id)
	r.Must(err)
	return v
}

// putRight has Jinan answer the rectification of the finding.
func (r *round) putRight(finding uint64) {
	r.Helper()
	id := r.finding(r.office, finding).RectificationID
	v, err := r.rectify.Rectification(r.Context(), r.office, id)
	r.Must(err)
	r.Must(r.rectify.Answer(r.Context(), r.Reporter(desktest.Jinan), id, v.Version, rectification.StepInput{Note: "已更新目录"}))
}

// decide has the office look again: it closes the rectification, or sends it back.
func (r *round) decide(finding uint64, closes bool) {
	r.Helper()
	id := r.finding(r.office, finding).RectificationID
	v, err := r.rectify.Rectification(r.Context(), r.office, id)
	r.Must(err)
	if closes {
		r.Must(r.rectify.Close(r.Context(), r.office, id, v.Version, rectification.StepInput{}))
	} else {
		r.Must(r.rectify.Return(r.Context(), r.office, id, v.Version, rectification.StepInput{Note: "还缺两项", DueOn: r.Ledger.Today() + 1}))
	}
}

// told counts the messages to a unit with the key.
func (r *round) told(code, key string) int64 {
	r.Helper()
	var count int64
	r.Must(r.Store.Read(r.Context()).Model(&models.Message{}).Where("unit_id = ? AND message_key = ?", r.Unit(code).ID, key).Count(&count).Error)
	return count
}
