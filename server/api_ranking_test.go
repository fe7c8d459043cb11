package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
)

type rankedUnit struct {
	Unit, Class, Name, Status string
	Score, Grade              *string
	GradeID                   *string `json:"grade_id"`
	Rank                      *int
	Round                     uint64
	ByVeto                    bool `json:"by_veto"`
	Edition, Year             int
}

// rankAll gives the province's round a sheet for each of three cities, with their final
// scores, in the status.
func (w *world) rankAll(status models.RoundStatus) {
	w.t.Helper()
	err := w.store.Write(w.t.Context(), func(tx *gorm.DB) error {
		if err := tx.Model(&models.Round{}).Where("id = ?", w.parent.round).Updates(map[string]any{"status": status, "announced_on": "2017-06-10"}).Error; err != nil {
			return err
		}
		for code, score := range map[string]int64{"370100": 8499, "370200": 8500, "370300": 8500} {
			var unit models.Unit
			if err := tx.Where("code = ?", code).Take(&unit).Error; err != nil {
				return err
			}
			if err := tx.Create(&models.Sheet{RoundID: w.parent.round, UnitID: unit.ID, UnitName: unit.Name, UnitNameEN: unit.NameEN, Class: "A",
				Status: models.SheetVerified, Verified: &score, Final: &score, Grade: 0, Entries: 1, Version: 1}).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

const provinceRanking = "/api/v1/rankings?scheme=place-370000"

func TestWhoGetsARanking(t *testing.T) {
	w := newWorld(t)
	w.rankAll(models.RoundScoring)
	w.program("governor").get(provinceRanking).refused(http.StatusNotFound)
	w.program("nothing").get(provinceRanking).refused(http.StatusForbidden)
	if got := w.program("reporter").get(provinceRanking).refused(http.StatusConflict); !strings.Contains(got.Detail, "not announced") {
		t.Errorf("a unit of the round is told %q", got.Detail)
	}
	w.program("reporter").get("/api/v1/rankings?scheme=none").refused(http.StatusNotFound)
	w.program("reporter").get("/api/v1/rankings").refused(http.StatusUnprocessableEntity)
	var all []rankedUnit
	w.program("province").get(provinceRanking).want(http.StatusOK).into(&all)
	if len(all) != 4 || all[0].Status != "scoring" {
		t.Errorf("who scores gets %+v", all)
	}
}

func TestAnAnnouncedRanking(t *testing.T) {
	w := newWorld(t)
	w.rankAll(models.RoundAnnounced)
	w.program("governor").get(provinceRanking).refused(http.StatusNotFound)

	got := w.program("reporter").get(provinceRanking).want(http.StatusOK)
	var own []rankedUnit
	got.into(&own)
	if len(own) != 1 || own[0].Unit != "370100" || *own[0].Rank != 3 || *own[0].Score != "84.99" || strings.Contains(got.body, "青岛") {
		t.Errorf("Jinan gets %s", got.body)
	}

	var all []rankedUnit
	p := w.program("province")
	p.get(provinceRanking).want(http.StatusOK).into(&all)
	var lines []string
	for _, u := range all[:3] {
		lines = append(lines, number(uint64(*u.Rank))+" "+u.Unit+" "+*u.Score+" "+*u.Grade+" "+*u.GradeID)
	}
	if want := []string{"1 370200 85.00 良好 good", "1 370300 85.00 良好 good", "3 370100 84.99 良好 good"}; !slices.Equal(lines, want) {
		t.Errorf("got %v, want %v", lines, want)
	}
	if last := all[3]; last.Unit != "370000" || last.Rank != nil || last.Score != nil || last.Grade != nil {
		t.Errorf("a unit without a score is %+v", last)
	}

	p.get(provinceRanking + "&class=Z").refused(http.StatusUnprocessableEntity)
	for _, bad := range []string{"limit=0", "limit=201", "limit=x", "cursor=x", "cursor=%FF"} {
		p.get(provinceRanking + "&" + bad).refused(http.StatusUnprocessableEntity)
	}
	var paged []rankedUnit
	for next, pages := provinceRanking+"&class=A&limit=3", 0; next != ""; pages++ {
		answer := p.get(next).want(http.StatusOK)
		var page []rankedUnit
		answer.into(&page)
		paged = append(paged, page...)
		next, _, _ = strings.Cut(strings.TrimPrefix(answer.Header.Get("Link"), "<"), ">")
		if _, err := url.Parse(next); err != nil || pages > 2 {
			t.Fatalf("next page %q, %v", next, err)
		}
	}
	if len(paged) != 4 || paged[3].Unit != "370000" || paged[2].Unit != "370100" {
		t.Errorf("page by page: %+v", paged)
	}
}
