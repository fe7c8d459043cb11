package main

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"sundial/models"
)

// loadedBefore makes a policy one that an earlier version of the program has loaded.
func (a *app) loadedBefore(t *testing.T, policy string) {
	t.Helper()
	err := a.store.Write(t.Context(), func(tx *gorm.DB) error {
		return tx.Model(&models.Policy{}).Where("code = ?", policy).Update("source", gorm.Expr("source || ?", "# as it was\n")).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A policy that is loaded otherwise than it ships stays as it is, is named, and keeps
// nothing else from being loaded.
func TestSeedLoadsWhatIsNotThere(t *testing.T) {
	data := t.TempDir()
	seed := func(lang string) result { return sundial(t, "", "--lang", lang, "seed", "--data", data) }
	if got := seed("en"); got.code != exitDone || got.stderr != "" {
		t.Fatalf("seed: %+v", got)
	}
	a := appOver(t, data)
	for _, policy := range []string{"liaoning-2016", "jiangsu-2018"} {
		a.loadedBefore(t, policy)
	}
	err := a.store.Write(t.Context(), func(tx *gorm.DB) error {
		gone := tx.Model(&models.Policy{}).Select("id").Where("code IN ?", []string{"lanzhou-2016", "shandong-2017"})
		return errors.Join(
			tx.Where("policy_id IN (?)", gone).Delete(&models.Obligation{}).Error,
			tx.Where("policy_id IN (?)", gone).Delete(&models.PolicyEdition{}).Error,
			tx.Where("code IN ?", []string{"lanzhou-2016", "shandong-2017"}).Delete(&models.Policy{}).Error,
			tx.Where("1 = 1").Delete(&models.ScoringScheme{}).Error)
	})
	if err != nil {
		t.Fatal(err)
	}
	for lang, words := range map[string]string{"en": "left as they are: liaoning-2016, jiangsu-2018.", "zh-CN": "保持不变：liaoning-2016, jiangsu-2018。"} {
		got := seed(lang)
		if got.code != exitDone || got.stdout == "" || strings.Count(got.stderr, "\n") != 1 || !strings.Contains(got.stderr, words) {
			t.Errorf("seed again, in %s: %+v", lang, got)
		}
	}
	db := a.store.Read(t.Context())
	var policies []models.Policy
	if err := db.Order("code").Find(&policies).Error; err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, p := range policies {
		codes = append(codes, p.Code)
		if kept := strings.HasSuffix(p.Source, "# as it was\n"); kept != (p.Code == "liaoning-2016" || p.Code == "jiangsu-2018") {
			t.Errorf("%s keeps the pack of the earlier version: %t", p.Code, kept)
		}
	}
	if want := []string{"jiangsu-2018", "lanzhou-2016", "liaoning-2016", "shandong-2017", "zengdu-2020"}; !slices.Equal(codes, want) {
		t.Errorf("policies %v, want %v", codes, want)
	}
	var schemes int64
	if err := db.Model(&models.ScoringScheme{}).Count(&schemes).Error; err != nil || schemes == 0 {
		t.Errorf("%d schemes, %v", schemes, err)
	}
}
