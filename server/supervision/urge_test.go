package supervision_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/desk/desktest"
	"sundial/server/rules"
	"sundial/server/store"
	"sundial/server/store/storetest"
	"sundial/server/supervision"
)

func TestWhoMayNotUrge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		jinan, qingdao := w.plan(desktest.Jinan), w.plan(desktest.Qingdao)
		for name, c := range map[string]struct {
			by     compliance.Actor
			office string
			letter supervision.UrgeLetter
			code   models.Code
			key    string
		}{
			"a reporter of the province":         {w.Reporter(desktest.Shandong), desktest.Shandong, letter(desktest.Jinan, jinan), models.Forbidden, "error.forbidden"},
			"a city in the name of the province": {w.Supervisor(desktest.Jinan), desktest.Shandong, letter(desktest.Jinan, jinan), models.NotFound, "supervision.unit_unknown"},
			"a city another city":                {w.Supervisor(desktest.Jinan), desktest.Jinan, letter(desktest.Qingdao, qingdao), models.NotFound, "urges.item_unknown"},
			"another province":                   {w.Supervisor("210000"), "210000", letter(desktest.Jinan, jinan), models.NotFound, "urges.item_unknown"},
			"for what does not exist":            {w.office, desktest.Shandong, letter(desktest.Jinan, supervision.UrgeRef{Object: models.UrgeDuty, ID: 1 << 40}), models.NotFound, "urges.item_unknown"},
			"for what another unit owes":         {w.office, desktest.Shandong, letter(desktest.Jinan, jinan, qingdao), models.Invalid, "urges.other_unit"},
			"a unit that owes nothing of it":     {w.office, desktest.Shandong, letter("370300", jinan), models.NotFound, "urges.item_unknown"},
			"without a text":                     {w.office, desktest.Shandong, supervision.UrgeLetter{Unit: desktest.Jinan, Items: []supervision.UrgeRef{jinan}, Text: " "}, models.Invalid, "urges.no_text"},
			"with a text that is too long":       {w.office, desktest.Shandong, supervision.UrgeLetter{Unit: desktest.Jinan, Items: []supervision.UrgeRef{jinan}, Text: strings.Repeat("催", 2001)}, models.Invalid, "urges.text_long"},
			"for a duty that waits for its event": {w.office, desktest.Shandong, letter(desktest.Jinan, supervision.UrgeRef{Object: models.UrgeDuty, ID: w.Duty(desktest.Jinan, "sd2017.first-word").ID}),
				models.Invalid, "urges.not_open"},
		} {
			_, err := w.SendUrges(t.Context(), c.by, c.office, supervision.UrgeBatch{Letters: []supervision.UrgeLetter{c.letter}})
			t.Log(name)
			w.WantCode(err, c.code, c.key)
		}
		_, err := w.SendUrges(t.Context(), w.office, desktest.Shandong, supervision.UrgeBatch{})
		w.WantCode(err, models.Invalid, "urges.nobody")
		_, err = w.SendUrges(t.Context(), w.office, desktest.Shandong, supervision.UrgeBatch{ReplyTerm: 61, Letters: []supervision.UrgeLetter{letter(desktest.Jinan, jinan)}})
		w.WantCode(err, models.Invalid, "urges.bad_term")
		if n := w.told("urges.message.sent"); n != 0 {
			t.Errorf("%d were told of what was refused", n)
		}
	})
}

// Nothing of a batch is sent when one of its letters is refused.
func TestABatchIsSentWholeOrNotAtAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.Reporter(desktest.Jinan)
		w.Reporter("370300")
		report := w.File(desktest.Qingdao, w.plan(desktest.Qingdao).ID, rules.Filing{Title: "实施方案", On: day("2017-05-30"), URL: "https://www.qingdao.example/plan"})
		_, err := w.send(letter(desktest.Jinan, w.plan(desktest.Jinan)), letter(desktest.Qingdao, w.plan(desktest.Qingdao)))
		w.WantCode(err, models.Invalid, "urges.not_open")
		var urges, audits int64
		w.Must(s.Read(t.Context()).Model(&models.Urge{}).Count(&urges).Error)
		w.Must(s.Read(t.Context()).Model(&models.AuditEntry{}).Where("object = ?", "urge").Count(&audits).Error)
		if urges+audits != 0 || w.told("urges.message.sent") != 0 {
			t.Errorf("%d urges, %d entries in the log, of report %d", urges, audits, report.ID)
		}
		sent, err := w.send(letter(desktest.Jinan, w.plan(desktest.Jinan)), letter("370300", w.plan("370300")))
		w.Must(err)
		// The third working day after Thursday 1 June is Tuesday.
		if len(sent) != 2 || sent[0].ReplyBy != day("2017-06-06") || sent[0].Level != models.UrgeBlue || w.told("urges.message.sent") != 2 {
			t.Errorf("sent %+v", sent)
		}
	})
}

func TestTheCoolDown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.urge()
		again := letter(desktest.Jinan, w.plan(desktest.Jinan))
		for _, on := range []string{"2017-06-01", "2017-06-03 23:59"} {
			w.at(on)
			_, err := w.send(again)
			w.WantCode(err, models.Invalid, "urges.cool_down")
		}
		composed, err := w.ComposeUrges(t.Context(), w.office, desktest.Shandong, supervision.UrgeAsk{Items: again.Items})
		w.Must(err)
		if recent := composed.Drafts[0].Recent; recent == nil || recent.SentOn != day("2017-06-01") || recent.By != w.office.Name || recent.Until != day("2017-06-04") {
			t.Errorf("within the cool-down: %+v", recent)
		}
		again.Again = "领导要求当日再次催办"
		sent, err := w.send(again)
		w.Must(err)
		if sent[0].Again != again.Again {
			t.Errorf("the reason that is kept: %q", sent[0].Again)
		}
		w.at("2017-06-06 00:00")
		sent, err = w.send(again)
		w.Must(err)
		if sent[0].Again != "" {
			t.Errorf("outside of the cool-down the reason is kept: %q", sent[0].Again)
		}
		// It is the unit that is left alone: another office has to say why as well.
		own := letter(desktest.Jinan, w.plan(desktest.Jinan))
		city := func() error {
			_, err := w.SendUrges(t.Context(), w.Supervisor(desktest.Jinan), desktest.Jinan, supervision.UrgeBatch{Letters: []supervision.UrgeLetter{own}})
			return err
		}
		w.WantCode(city(), models.Invalid, "urges.cool_down")
		own.Again = "市里另有要求"
		w.Must(city())
	})
}

// What is urged for again goes on: the urge before ends when all that is left of it is in
// the new one, which begins no lower, and keeps that until the unit replies.
func TestALaterUrgeTakesThePlace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.Reporter(desktest.Jinan)
		correction := supervision.UrgeRef{Object: models.UrgeRectification, ID: w.demand(desktest.Jinan, "2017-09-29")}
		first := w.urge()
		w.at("2017-06-08")
		// Another office, and one that leaves something out, change nothing.
		_, err := w.SendUrges(t.Context(), w.Supervisor(desktest.Jinan), desktest.Jinan, supervision.UrgeBatch{Letters: []supervision.UrgeLetter{letter(desktest.Jinan, w.plan(desktest.Jinan))}})
		w.Must(err)
		w.at("2017-06-12")
		_, err = w.send(letter(desktest.Jinan, correction))
		w.Must(err)
		if view := w.look(first.ID); view.Status == models.UrgeEnded {
			t.Fatalf("ended by an urge about something else: %+v", view.Urge)
		}
		again := letter(desktest.Jinan, w.plan(desktest.Jinan), correction)
		again.Again = "汇总催办"
		composed, err := w.ComposeUrges(t.Context(), w.office, desktest.Shandong, supervision.UrgeAsk{Items: again.Items})
		w.Must(err)
		if draft := composed.Drafts[0]; len(draft.Supersedes) != 2 || draft.Level != models.UrgeYellow || draft.Why.Key != "urges.why.carried" {
			t.Errorf("the draft: %+v", draft)
		}
		sent, err := w.send(again)
		w.Must(err)
		want := []string{"2017-06-01 send blue", "2017-06-07 escalate yellow", "2017-06-12 supersede yellow"}
		if diff := cmp.Diff(want, w.steps(first.ID)); diff != "" {
			t.Errorf("the urge before (-want +got):\n%s", diff)
		}
		if view := w.look(first.ID); view.Status != models.UrgeEnded || view.EndedOn != day("2017-06-12") || view.Steps[2].Why.Urge != sent[0].ID {
			t.Errorf("the urge before: %+v, %+v", view.Urge, view.Steps[2].Why)
		}
		w.WantCode(w.AcknowledgeUrge(t.Context(), w.Reporter(desktest.Jinan), first.ID, 2), models.Conflict, "urges.ended")
		if n := w.escalate(); n != 0 {
			t.Errorf("%d steps on the day itself", n)
		}
		w.Must(w.ReplyToUrge(t.Context(), w.Reporter(desktest.Jinan), sent[0].ID, 1, supervision.UrgeReply{Text: "正在办理"}))
		w.at("2017-06-13")
		w.escalate()
		want = []string{"2017-06-12 send yellow", "2017-06-12 acknowledge yellow", "2017-06-12 reply yellow", "2017-06-12 escalate blue", "2017-06-13 escalate yellow"}
		if diff := cmp.Diff(want, w.steps(sent[0].ID)); diff != "" {
			t.Errorf("the new one (-want +got):\n%s", diff)
		}
	})
}

// What has been reported and waits may come back: the urge about it goes on beside a later
// one that cannot have it.
func TestWhatWaitsIsNotSuperseded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		correction := supervision.UrgeRef{Object: models.UrgeRectification, ID: w.demand(desktest.Jinan, "2017-06-30")}
		sent, err := w.send(letter(desktest.Jinan, w.plan(desktest.Jinan), correction))
		w.Must(err)
		w.step(correction.ID, models.RectificationAnswer, "2017-06-30")
		w.at("2017-06-06")
		_, err = w.send(letter(desktest.Jinan, w.plan(desktest.Jinan)))
		w.Must(err)
		if view := w.look(sent[0].ID); view.Status == models.UrgeEnded {
			t.Errorf("ended: %+v", view.Steps)
		}
	})
}

// A unit for which nobody can sign is pointed out, and can be urged; who urges does not
// count, since they do not sign for what they have sent.
func TestUrgingWhereNobodySigns(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.Actor(desktest.Shandong, models.Supervisor, models.Reporter)
		w.Actor(desktest.Jinan, models.Viewer)
		w.Reporter(desktest.Qingdao)
		composed, err := w.ComposeUrges(t.Context(), w.office, desktest.Shandong, supervision.UrgeAsk{Items: []supervision.UrgeRef{w.plan(desktest.Jinan), w.plan(desktest.Qingdao)}})
		w.Must(err)
		if jinan, qingdao := composed.Drafts[0], composed.Drafts[1]; !jinan.Unmanned || !jinan.Sendable() || qingdao.Unmanned {
			t.Errorf("Jinan %+v, Qingdao %+v", jinan, qingdao)
		}
		w.urge()
		w.Reporter(desktest.Shandong)
		composed, err = w.ComposeUrges(t.Context(), w.office, desktest.Shandong, supervision.UrgeAsk{Items: []supervision.UrgeRef{w.plan(desktest.Jinan)}})
		w.Must(err)
		if composed.Drafts[0].Unmanned {
			t.Error("a reporter of the province can sign for Jinan")
		}
	})
}

func TestOfTwoSendersOneIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		item := w.plan(desktest.Jinan)
		errs := make([]error, 2)
		var group sync.WaitGroup
		for i := range errs {
			group.Go(func() {
				_, errs[i] = w.SendUrges(context.WithoutCancel(t.Context()), w.office, desktest.Shandong, supervision.UrgeBatch{Letters: []supervision.UrgeLetter{letter(desktest.Jinan, item)}})
			})
		}
		group.Wait()
		if errs[0] == nil {
			errs[0], errs[1] = errs[1], errs[0]
		}
		w.WantCode(errs[0], models.Invalid, "urges.cool_down")
		w.Must(errs[1])
	})
}

func TestComposingAnUrge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.at("2017-06-20")
		w.Must(s.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Model(&models.Unit{}).Where("code = ?", "370300").Update("closed_on", day("2017-06-19")).Error
		}))
		waiting := supervision.UrgeRef{Object: models.UrgeDuty, ID: w.Duty(desktest.Jinan, "sd2017.first-word").ID}
		elsewhere := supervision.UrgeRef{Object: models.UrgeDuty, ID: 1 << 40}
		composed, err := w.ComposeUrges(t.Context(), w.office, desktest.Shandong,
			supervision.UrgeAsk{Items: []supervision.UrgeRef{w.plan("370300"), waiting, w.plan(desktest.Jinan), w.plan(desktest.Jinan), elsewhere}, Units: []string{desktest.Qingdao}})
		w.Must(err)
		if len(composed.Unknown) != 1 || composed.ReplyBy != day("2017-06-23") || composed.Provisional || len(composed.Explanation.Steps) != 3 {
			t.Errorf("composed: %+v", composed)
		}
		if len(composed.Drafts) != 3 {
			t.Fatalf("%d units", len(composed.Drafts))
		}
		jinan, qingdao, closed := composed.Drafts[0], composed.Drafts[1], composed.Drafts[2]
		if len(jinan.Items) != 1 || jinan.Level != models.UrgeRed || len(jinan.Refused) != 1 || jinan.Refused[0].Why.Key != "urges.item_unscheduled" {
			t.Errorf("Jinan: %+v", jinan)
		}
		// All that it owes and that is overdue or due by 4 July: its list of May, its plan,
		// and those of the end of June.
		if len(qingdao.Items) < 3 || !qingdao.Items[0].Overdue(day("2017-06-20")) {
			t.Errorf("Qingdao: %+v", qingdao.Items)
		}
		if closed.Blocked.Key != "urges.unit_closed" || closed.Sendable() {
			t.Errorf("closed: %+v", closed.Blocked)
		}
		_, err = w.send(letter("370300", w.plan("370300")))
		w.WantCode(err, models.Invalid, "urges.closed_unit")
		w.at("2027-12-30")
		composed, err = w.ComposeUrges(t.Context(), w.office, desktest.Shandong, supervision.UrgeAsk{Items: []supervision.UrgeRef{w.plan(desktest.Jinan)}})
		w.Must(err)
		if !composed.Provisional || composed.ReplyBy != day("2028-01-04") {
			t.Errorf("without a notice: %s, provisional %t", composed.ReplyBy, composed.Provisional)
		}
		sent, err := w.send(letter(desktest.Jinan, w.plan(desktest.Jinan)))
		w.Must(err)
		w.at("2028-01-20")
		list, err := w.Urges(t.Context(), w.office, desktest.Shandong, supervision.UrgeQuery{})
		w.Must(err)
		if view := w.look(sent[0].ID); !view.Provisional || view.ReplyTerm != 3 || !list.Items[0].Provisional || list.Items[0].Unanswered {
			t.Errorf("sixteen days after a provisional day of reply: %+v", list.Items[0])
		}
	})
}

// What the closing of a year keeps a unit from reporting is not asked of it: left out when
// the unit is chosen, refused by name when the duty is; an exception brings it back.
func TestUrgingForAClosedYear(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		w.at("2018-01-10")
		closing, err := w.Ledger.Close(t.Context(), w.office, w.Unit(desktest.Shandong).ID, 2017, "年度考核")
		w.Must(err)
		compose := func(ask supervision.UrgeAsk) []supervision.UrgeDraft {
			composed, err := w.ComposeUrges(t.Context(), w.office, desktest.Shandong, ask)
			w.Must(err)
			return composed.Drafts
		}
		for _, draft := range compose(supervision.UrgeAsk{Units: []string{desktest.Jinan}}) {
			for _, item := range draft.Items {
				if item.Period == "2017" {
					t.Errorf("urged for %s of a closed year", item.Title.EN)
				}
			}
			if len(draft.Refused) > 0 {
				t.Errorf("refused what was not asked for: %+v", draft.Refused)
			}
		}
		chosen := compose(supervision.UrgeAsk{Items: []supervision.UrgeRef{w.plan(desktest.Jinan)}})
		if len(chosen) != 1 || chosen[0].Sendable() || chosen[0].Refused[0].Why.Key != "urges.item_year_closed" {
			t.Errorf("chosen itself: %+v", chosen)
		}
		_, err = w.send(letter(desktest.Jinan, w.plan(desktest.Jinan)))
		w.WantCode(err, models.Invalid, "urges.year_closed")
		_, err = w.Ledger.Except(t.Context(), w.office, closing.ID, compliance.ExceptionInput{Unit: desktest.Jinan, Until: day("2018-01-31"), Reason: "补报"})
		w.Must(err)
		if drafts := compose(supervision.UrgeAsk{Items: []supervision.UrgeRef{w.plan(desktest.Jinan)}}); !drafts[0].Sendable() {
			t.Errorf("with an exception: %+v", drafts)
		}
	})
}

func TestWhoMayNotAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		urge := w.urge()
		reply := supervision.UrgeReply{Text: "已办"}
		for name, c := range map[string]struct {
			by   compliance.Actor
			code models.Code
			key  string
		}{
			"the office":          {w.office, models.Forbidden, "error.forbidden"},
			"who reads":           {w.Actor(desktest.Jinan, models.Viewer), models.Forbidden, "error.forbidden"},
			"another city":        {w.Reporter(desktest.Qingdao), models.NotFound, "urges.unknown"},
			"the unit's own boss": {w.Supervisor(desktest.Jinan), models.Forbidden, "error.forbidden"},
		} {
			t.Log(name)
			w.WantCode(w.AcknowledgeUrge(t.Context(), c.by, urge.ID, 1), c.code, c.key)
			w.WantCode(w.ReplyToUrge(t.Context(), c.by, urge.ID, 1, reply), c.code, c.key)
			w.WantCode(w.TakesUrgeReply(t.Context(), c.by, urge.ID), c.code, c.key)
		}
		unit := w.Reporter(desktest.Jinan)
		w.WantCode(w.WithdrawUrge(t.Context(), unit, urge.ID, 1, "误发"), models.Forbidden, "error.forbidden")
		w.WantCode(w.WithdrawUrge(t.Context(), w.Supervisor(desktest.Jinan), urge.ID, 1, "误发"), models.Forbidden, "error.forbidden")
		w.WantCode(w.AcknowledgeUrge(t.Context(), unit, urge.ID, 7), models.Stale, "urges.stale")
		w.WantCode(w.ReplyToUrge(t.Context(), unit, urge.ID, 1, supervision.UrgeReply{}), models.Invalid, "urges.no_reply")
		w.WantCode(w.ReplyToUrge(t.Context(), unit, urge.ID, 1, supervision.UrgeReply{Text: "已办", URL: "javascript:alert(1)"}), models.Invalid, "urges.bad_url")
		w.WantCode(w.WithdrawUrge(t.Context(), w.office, urge.ID, 1, ""), models.Invalid, "urges.no_reason")
		if diff := cmp.Diff([]string{"2017-06-01 send blue"}, w.steps(urge.ID)); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
	})
}

// Who reports for a whole region answers for a unit of it, and the step says so; who may
// urge in the name of the office does not answer its own urges, other than the office
// itself.
func TestWhoAnswersForAUnit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		first, reply := w.urge(), supervision.UrgeReply{Text: "已办"}
		both := w.Actor(desktest.Shandong, models.Supervisor, models.Reporter)
		w.WantCode(w.AcknowledgeUrge(t.Context(), both, first.ID, 1), models.Forbidden, "urges.own_office")
		w.WantCode(w.ReplyToUrge(t.Context(), both, first.ID, 1, reply), models.Forbidden, "urges.own_office")
		w.WantCode(w.TakesUrgeReply(t.Context(), both, first.ID), models.Forbidden, "urges.own_office")
		view, err := w.Urge(t.Context(), both, first.ID)
		w.Must(err)
		if view.CanReceive || view.CanReply || !view.CanWithdraw {
			t.Errorf("what the office may do: %+v", view)
		}
		w.Must(w.AcknowledgeUrge(t.Context(), w.Reporter(desktest.Shandong), first.ID, 1))
		w.Must(w.ReplyToUrge(t.Context(), w.Reporter(desktest.Jinan), first.ID, 2, reply))
		if steps := w.look(first.ID).Steps; !steps[1].OnBehalf || steps[2].OnBehalf || steps[0].OnBehalf {
			t.Errorf("on behalf: %+v", steps)
		}
		itself := supervision.UrgeRef{Object: models.UrgeRectification, ID: w.demand(desktest.Shandong, "2017-06-30")}
		own, err := w.SendUrges(t.Context(), both, desktest.Shandong, supervision.UrgeBatch{Letters: []supervision.UrgeLetter{letter(desktest.Shandong, itself)}})
		w.Must(err)
		w.Must(w.AcknowledgeUrge(t.Context(), both, own[0].ID, 1))
	})
}

// A unit that has moved away is still urged by the office that it had: that office sees
// its urge, and can take it back; the new one sees it too.
func TestAnUrgeOfAUnitThatHasMoved(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		urge := w.urge()
		w.Must(s.Write(t.Context(), func(tx *gorm.DB) error {
			to := w.Unit("210000")
			return tx.Model(&models.Unit{}).Where("code = ?", desktest.Jinan).Updates(map[string]any{"parent_id": to.ID, "path": fmt.Sprintf("%s%d/", to.Path, urge.UnitID)}).Error
		}))
		other := w.Supervisor("210000")
		for name, c := range map[string]struct {
			by     compliance.Actor
			office string
			query  supervision.UrgeQuery
			want   int
		}{
			"the office that urged":       {w.office, desktest.Shandong, supervision.UrgeQuery{}, 1},
			"what it sent":                {w.office, desktest.Shandong, supervision.UrgeQuery{Mine: true}, 1},
			"what it sent to units below": {w.office, desktest.Shandong, supervision.UrgeQuery{Mine: true, Below: true}, 0},
			"the office where it is now":  {other, "210000", supervision.UrgeQuery{}, 1},
			"what the new office sent":    {other, "210000", supervision.UrgeQuery{Mine: true}, 0},
			"a city beside where it was":  {w.Supervisor(desktest.Qingdao), desktest.Qingdao, supervision.UrgeQuery{}, 0},
		} {
			list, err := w.Urges(t.Context(), c.by, c.office, c.query)
			w.Must(err)
			if len(list.Items) != c.want {
				t.Errorf("%s: %d urges, want %d", name, len(list.Items), c.want)
			}
		}
		if _, err := w.Urge(t.Context(), other, urge.ID); err != nil {
			t.Errorf("where it is now: %v", err)
		}
		_, err := w.Urge(t.Context(), w.Supervisor(desktest.Qingdao), urge.ID)
		w.WantCode(err, models.NotFound, "urges.unknown")
		w.WantCode(w.WithdrawUrge(t.Context(), other, urge.ID, 1, "已划转"), models.Forbidden, "error.forbidden")
		if view := w.look(urge.ID); !view.CanWithdraw {
			t.Error("its own office cannot take it back")
		}
		w.Must(w.WithdrawUrge(t.Context(), w.office, urge.ID, 1, "已划转"))
	})
}

func TestReceiptAndReply(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		unit, urge := w.Reporter(desktest.Jinan), w.urge()
		w.at("2017-06-02")
		w.Must(w.AcknowledgeUrge(t.Context(), unit, urge.ID, 1))
		w.WantCode(w.AcknowledgeUrge(t.Context(), unit, urge.ID, 2), models.Conflict, "urges.acknowledged_already")
		w.at("2017-06-05")
		w.Must(w.ReplyToUrge(t.Context(), unit, urge.ID, 2, supervision.UrgeReply{Text: "方案已报审，6月10日前公布。", URL: "https://www.jinan.example/plan"}))
		view := w.look(urge.ID)
		if view.Status != models.UrgeReplied || view.AcknowledgedOn != day("2017-06-02") || view.RepliedOn != day("2017-06-05") || view.Version != 3 {
			t.Errorf("replied: %+v", view.Urge)
		}
		// What is owed is not done by a reply: three working days before 16 June it is the
		// 13th.
		w.at("2017-06-17")
		w.escalate()
		want := []string{"2017-06-01 send blue", "2017-06-02 acknowledge blue", "2017-06-05 reply blue", "2017-06-13 escalate yellow", "2017-06-17 escalate red"}
		if diff := cmp.Diff(want, w.steps(urge.ID)); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		// A report only stays it, over the days and with its level, until it is verified.
		report := w.File(desktest.Jinan, w.plan(desktest.Jinan).ID, rules.Filing{Title: "实施方案", On: day("2017-06-15"), URL: "https://www.jinan.example/plan", LateReason: "网站改版"})
		if view := w.look(urge.ID); view.AllDone || !view.Waits || !view.CanWithdraw || view.Now.Level != models.UrgeRed || len(view.Ahead) != 0 || view.Items[0].Overdue(day("2017-06-17")) {
			t.Errorf("reported: %+v", view)
		}
		w.at("2017-06-20")
		if n := w.escalate(); n != 0 {
			t.Errorf("while it waits %d steps", n)
		}
		list, err := w.Urges(t.Context(), w.office, desktest.Shandong, supervision.UrgeQuery{State: supervision.UrgeWaiting})
		w.Must(err)
		if diff := cmp.Diff(map[string]int{"replied": 1, "waiting": 1}, list.Counts); diff != "" || len(list.Items) != 1 {
			t.Errorf("listed (-want +got):\n%s", diff)
		}
		w.Verify(report)
		if view := w.look(urge.ID); !view.AllDone || view.CanWithdraw {
			t.Error("all that it was about is done, and it is open")
		}
		w.WantCode(w.ReplyToUrge(t.Context(), unit, urge.ID, 3, supervision.UrgeReply{Text: "已报"}), models.Conflict, "urges.all_done")
		w.escalate()
		if diff := cmp.Diff(append(want, "2017-06-20 finish red"), w.steps(urge.ID)); diff != "" {
			t.Errorf("steps at the end (-want +got):\n%s", diff)
		}
		w.WantCode(w.WithdrawUrge(t.Context(), w.office, urge.ID, 3, "误发"), models.Conflict, "urges.ended")
	})
}

// A reply is the receipt too, and late it lets the level fall that rose without it.
func TestALateReplyWithoutAReceipt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		unit, urge := w.Reporter(desktest.Jinan), w.urge()
		w.at("2017-06-09")
		w.Must(w.ReplyToUrge(t.Context(), unit, urge.ID, 1, supervision.UrgeReply{Text: "正在办理"}))
		want := []string{"2017-06-01 send blue", "2017-06-07 escalate yellow", "2017-06-09 acknowledge yellow", "2017-06-09 reply yellow", "2017-06-09 escalate blue"}
		if diff := cmp.Diff(want, w.steps(urge.ID)); diff != "" {
			t.Errorf("steps (-want +got):\n%s", diff)
		}
		w.Must(w.WithdrawUrge(t.Context(), w.office, urge.ID, 2, "已另行安排"))
		if view := w.look(urge.ID); view.Status != models.UrgeEnded || view.Steps[5].Note != "已另行安排" {
			t.Errorf("withdrawn: %+v", view.Urge)
		}
	})
}

func TestUrgesInLists(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newScene(t, s)
		first := w.urge()
		_, err := w.send(letter(desktest.Qingdao, w.plan(desktest.Qingdao)))
		w.Must(err)
		w.at("2017-06-05")
		w.Must(w.AcknowledgeUrge(t.Context(), w.Reporter(desktest.Jinan), first.ID, 1))
		w.at("2017-06-08")
		count := func(by compliance.Actor, code string, q supervision.UrgeQuery) map[string]int {
			list, err := w.Urges(t.Context(), by, code, q)
			w.Must(err)
			return list.Counts
		}
		// Nobody replied by the 6th, and the program has not recorded it yet.
		for name, c := range map[string]struct {
			got, want map[string]int
		}{
			"the province":   {count(w.office, desktest.Shandong, supervision.UrgeQuery{}), map[string]int{"sent": 1, "acknowledged": 1, "unanswered": 2}},
			"yellow today":   {count(w.office, desktest.Shandong, supervision.UrgeQuery{Level: models.UrgeYellow}), map[string]int{"sent": 1, "acknowledged": 1, "unanswered": 2}},
			"by name":        {count(w.office, desktest.Shandong, supervision.UrgeQuery{Text: "青岛"}), map[string]int{"sent": 1, "unanswered": 1}},
			"the city":       {count(w.Reporter(desktest.Jinan), desktest.Jinan, supervision.UrgeQuery{}), map[string]int{"acknowledged": 1, "unanswered": 1}},
			"on the 2nd":     {count(w.office, desktest.Shandong, supervision.UrgeQuery{AsOf: day("2017-06-02")}), map[string]int{"sent": 2}},
			"the day before": {count(w.office, desktest.Shandong, supervision.UrgeQuery{AsOf: day("2017-05-31")}), map[string]int{}},
		} {
			if diff := cmp.Diff(c.want, c.got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		_, err = w.Urges(t.Context(), w.Reporter(desktest.Jinan), desktest.Qingdao, supervision.UrgeQuery{})
		w.WantCode(err, models.NotFound, "supervision.unit_unknown")
		var codes []string
		for q := (supervision.UrgeQuery{Limit: 1}); ; {
			list, err := w.Urges(t.Context(), w.office, desktest.Shandong, q)
			w.Must(err)
			codes = append(codes, list.Items[0].Unit.Code)
			if q.Cursor = list.Next; q.Cursor == "" {
				break
			}
		}
		if diff := cmp.Diff([]string{desktest.Qingdao, desktest.Jinan}, codes); diff != "" {
			t.Errorf("page by page (-want +got):\n%s", diff)
		}
		open, err := w.OpenUrges(t.Context(), w.Reporter(desktest.Jinan), w.Unit(desktest.Jinan))
		w.Must(err)
		if len(open) != 1 || open[0].Level != models.UrgeYellow || open[0].Text == "" || len(open[0].Items) != 1 {
			t.Errorf("what Jinan owes first: %+v", open)
		}
		levels, err := w.OpenLevels(t.Context(), w.office, w.Unit(desktest.Shandong))
		w.Must(err)
		if diff := cmp.Diff(map[models.UrgeLevel]int{models.UrgeYellow: 2}, levels); diff != "" {
			t.Errorf("open ones by level (-want +got):\n%s", diff)
		}
		_, err = w.OpenLevels(t.Context(), w.Reporter(desktest.Jinan), w.Unit(desktest.Shandong))
		w.WantCode(err, models.Forbidden, "error.forbidden")
		marks, err := w.LastUrged(t.Context(), w.Reporter(desktest.Jinan), models.UrgeDuty, []uint64{w.plan(desktest.Jinan).ID, w.plan(desktest.Qingdao).ID})
		w.Must(err)
		if len(marks) != 1 || marks[w.plan(desktest.Jinan).ID].ID != first.ID {
			t.Errorf("marks that Jinan sees: %+v", marks)
		}
		facts, err := w.UrgeFacts(t.Context(), w.office, desktest.Shandong, day("2017-01-01"), day("2017-12-31"))
		w.Must(err)
		want := &supervision.UrgeFacts{Sent: 2, Units: 2, Open: 2, Levels: map[models.UrgeLevel]int{models.UrgeYellow: 2}, Unreceived: 1, Unanswered: 2}
		if diff := cmp.Diff(want, facts); diff != "" {
			t.Errorf("for a bulletin (-want +got):\n%s", diff)
		}
	})
}
