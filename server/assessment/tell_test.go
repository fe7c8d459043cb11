package assessment_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"

	"sundial/frontend"
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/compliance"
	"sundial/server/notify"
	"sundial/server/store"
	"sundial/server/store/storetest"
)

// employed gives an actor of the tests the grant that they act by.
func (w *world) employed(actor compliance.Actor, code string, role models.Role) compliance.Actor {
	w.Helper()
	w.must(w.store.Write(w.Context(), func(tx *gorm.DB) error {
		return tx.Create(&models.Grant{UserID: actor.ID, UnitID: w.unit(code).ID, Role: role}).Error
	}))
	return actor
}

// news are the messages of an actor in English, the newest first; all are read then.
func (w *world) news(actor compliance.Actor) []string {
	w.Helper()
	catalog, err := frontend.NewCatalog()
	w.must(err)
	desk := notify.New(w.store, w.now)
	page, err := desk.Inbox(w.Context(), actor.ID, actor.Access, notify.Query{Unread: true})
	w.must(err)
	var texts []string
	for _, item := range page.Items {
		if item.Gone {
			w.Errorf("%s leads nowhere", item.Text.Key)
		}
		texts = append(texts, catalog.Locale("en").Text(item.Text.Key, item.Text.Args))
	}
	w.must(desk.MarkAllRead(w.Context(), actor.ID, page.Newest))
	return texts
}

func TestUnitsAndTheOfficeAreToldOfARound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		first, second := w.employed(w.reporter(jinan), jinan, models.Reporter), w.employed(w.reporter(qingdao), qingdao, models.Reporter)
		office := w.employed(w.supervisor(shandong), shandong, models.Supervisor)
		wantNews := func(when string, wants map[uint64][]string) {
			t.Helper()
			for name, actor := range map[string]compliance.Actor{"Jinan": first, "Qingdao": second, "the office": office} {
				if diff := cmp.Diff(wants[actor.ID], w.news(actor)); diff != "" {
					t.Errorf("%s, %s is told (-want +got):\n%s", when, name, diff)
				}
			}
		}
		round := w.appealsRoundOpen()
		sheet := w.sheet(round, jinan)
		w.submitted(sheet, jinan)
		w.must(w.Return(t.Context(), office, sheet.ID, w.again(sheet).Version, "缺少佐证材料"))
		wantNews("a sheet was returned", map[uint64][]string{first.ID: {"Jinan: the self score in “2017年度考核” was returned: please correct it and hand it in again by 31 Dec 2017. Reason: 缺少佐证材料"}})

		w.at("2018-01-02")
		w.scored(sheet, "staff", "16", "errors", "10", "data", "15")
		w.scored(w.sheet(round, qingdao), "staff", "16", "errors", "6", "data", "16")
		w.appealsAnnounced(round, sheet, w.sheet(round, qingdao))
		announced := []string{"Shandong Province has announced the result of “2017年度考核”: please look at your score. You may appeal until 17 Jan 2018, that day included."}
		wantNews("the result was announced", map[uint64][]string{first.ID: announced, second.ID: announced})
		var messages int64
		if w.must(s.Read(t.Context()).Model(&models.Message{}).Where("object = ?", "round").Count(&messages).Error); messages != 1 {
			t.Errorf("%d messages on one announcement", messages)
		}

		rejected := w.appealed(sheet, jinan, assessment.AppealInput{Indicator: "staff", Points: "20"})
		wantNews("an appeal was filed", map[uint64][]string{office.ID: {"Jinan appealed on 10 Jan 2018 against the indicator “Staff” in “2017年度考核”: please decide."}})
		w.must(w.DecideAppeal(t.Context(), office, rejected.ID, rejected.Version, assessment.DecisionInput{Reason: "不属实"}))
		wantNews("it was rejected", map[uint64][]string{first.ID: {"Jinan: the appeal of 10 Jan 2018 against the indicator “Staff” in “2017年度考核” was rejected. The reason stands with it."}})
		w.upheld(w.appealed(sheet, jinan, assessment.AppealInput{Indicator: "data", Points: "20"}), assessment.DecisionInput{Points: "18"})
		w.upheld(w.appealed(sheet, jinan, assessment.AppealInput{Indicator: "errors", Points: "4"}), assessment.DecisionInput{Points: "4"})
		w.news(office)
		wantNews("others were upheld", map[uint64][]string{first.ID: {"Jinan: the appeal of 10 Jan 2018 against the indicator “Errors” in “2017年度考核” was upheld.",
			"Jinan: the appeal of 10 Jan 2018 against the indicator “Open data” in “2017年度考核” was upheld in part."}})
	})
}
