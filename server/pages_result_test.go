package main

import (
	"net/http"
	"strings"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
)

// sheetIn is the sheet of the unit in the province's round.
func (w *world) sheetIn(code string) string {
	w.t.Helper()
	var sheet models.Sheet
	if err := w.store.Read(w.t.Context()).Joins("JOIN units u ON u.id = sheets.unit_id").
		Where("u.code = ? AND sheets.round_id = ?", code, w.parent.round).Take(&sheet).Error; err != nil {
		w.t.Fatal(err)
	}
	return "/sheets/" + number(sheet.ID) + "/arithmetic"
}

func TestNothingOfAResultIsSeenBeforeTheAnnouncement(t *testing.T) {
	w := newWorld(t)
	w.rankAll(models.RoundScoring)
	results := "/rounds/" + number(w.parent.round) + "/results"
	for _, role := range []string{"reporter", "supervisor", "assessor", "viewer", "administrator"} {
		b := w.signIn(role)
		for _, path := range []string{results, results + ".csv", w.sheetIn("370100") + "?view=final", w.sheetIn("370100") + "?view=verified"} {
			if got := b.get(path).want(http.StatusConflict); strings.Contains(got.body, "84.99") || strings.Contains(got.body, "青岛") {
				t.Errorf("%s gets %s and sees the score", role, path)
			}
		}
		if got := b.get(w.sheetIn("370100")).want(http.StatusOK); strings.Contains(got.body, "84.99") {
			t.Errorf("%s sees the verified score with the own", role)
		}
		b.get(w.sheetIn("370200")).want(http.StatusNotFound)
	}
	w.signIn("governor").get(results).want(http.StatusNotFound)
	office := w.signIn("province").get(results).want(http.StatusOK).page()
	if office.Find(".note.is-returned").Length() != 1 || office.Find(".result-table tbody tr").Length() != 4 {
		t.Error("who scores does not see a result marked as provisional")
	}
}

func TestAUnitSeesItsOwnPlaceAndNoNames(t *testing.T) {
	w := newWorld(t)
	w.rankAll(models.RoundAnnounced)
	results := "/rounds/" + number(w.parent.round) + "/results"
	b := w.signIn("reporter")
	for _, path := range []string{results, results + "?q=青岛", results + "?class=A&grade=good", results + ".csv", results + ".csv?q=淄博"} {
		got := b.get(path).want(http.StatusOK)
		for _, name := range []string{"青岛", "Qingdao", "淄博", "Zibo", "370200", "370300"} {
			if strings.Contains(got.body, name) && !strings.Contains(path, name) {
				t.Errorf("%s names %s", path, name)
			}
		}
	}
	page := b.get(results).want(http.StatusOK).page()
	if got := strings.TrimSpace(page.Find(".result-own-score").Text()); got != "84.99" {
		t.Errorf("the own score is %q", got)
	}
	if got := page.Find(".result-own-rank").Text(); !strings.Contains(got, "Rank 3 of 3") {
		t.Errorf("the own rank is %q", got)
	}
	if page.Find(".numbers .is-own").Length() != 1 || page.Find(".result-table").Length() != 0 {
		t.Error("the own place is not marked in the distribution, or a ranking is shown")
	}
	b.get(w.sheetIn("370100")).want(http.StatusOK)
	b.get(w.sheetIn("370200")).want(http.StatusNotFound)

	all := w.signIn("province").get(results + ".csv").want(http.StatusOK)
	if lines := strings.Split(strings.TrimSpace(all.body), "\n"); len(lines) != 5 || !strings.Contains(lines[1], "370200") || !strings.Contains(lines[1], "85.00") {
		t.Errorf("the file is\n%s", all.body)
	}
	w.signIn("province").get(results + "?q=%FF").want(http.StatusUnprocessableEntity)
}

// What is frozen looks the same whatever happens elsewhere.
func TestAFrozenResultLooksTheSame(t *testing.T) {
	w := newWorld(t)
	w.rankAll(models.RoundFrozen)
	show := func() string {
		var all strings.Builder
		for _, login := range []string{"province", "reporter"} {
			b := w.signIn(login)
			for _, path := range []string{"/rounds/" + number(w.parent.round) + "/results", "/rounds/" + number(w.parent.round) + "/results.csv", w.sheetIn("370100")} {
				got := b.get(path).want(http.StatusOK).body
				if _, content, page := strings.Cut(got, "<main"); page {
					// The head names the unit as it is called today.
					_, got, _ = strings.Cut(content, "class=\"tabs\"")
				}
				all.WriteString(got)
			}
			all.WriteString(w.program(login).get(provinceRanking).want(http.StatusOK).body)
		}
		return all.String()
	}
	before := show()
	err := w.store.Write(t.Context(), func(tx *gorm.DB) error {
		if err := tx.Model(&models.Unit{}).Where("code = ?", "370200").Updates(map[string]any{"name": "新青岛市", "name_en": "New Qingdao", "class": "B"}).Error; err != nil {
			return err
		}
		return tx.Model(&models.Duty{}).Where("unit_id = (SELECT id FROM units WHERE code = '370100')").Update("outcome", models.Late).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	if after := show(); after != before {
		t.Error("the frozen result looks different")
	}
}
