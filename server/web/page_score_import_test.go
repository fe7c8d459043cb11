package web

import (
	"sundial/models"
	"sundial/server/assessment"
	"sundial/server/rules"
	"sundial/server/scoring"
)

// scoreImportPages have a file in each of its situations.
func scoreImportPages(s sample) []samplePage {
	class := scoring.Class{ID: "A", Title: rules.Text{ZH: "各市", EN: "Cities"}, Maximum: 10000}
	choice := &assessment.ScoreChoice{Round: models.Round{ID: 4, Title: "2017年度考核", Status: models.RoundScoring}, Office: s.province, Open: true,
		Sides: []assessment.ScoreSideChoice{{Side: models.OfficeSide, Classes: []assessment.ScoreClassChoice{{Class: class, Sheets: 17}}}, {Side: models.SelfSide, Classes: []assessment.ScoreClassChoice{{Class: class, Sheets: 1}}}}}
	leaf := scoring.Leaf{Indicator: &scoring.Indicator{ID: "data", Title: rules.Text{ZH: "数据开放", EN: "Open data"}}, Points: 30 * scoring.Point}
	check := assessment.ScoreCheck{Round: choice.Round, Office: s.province, Side: models.OfficeSide, Name: "得分.xlsx", File: 9, Digest: "d", Rows: 200, Blank: 3, Units: 2, Added: 150, Changed: 20, Same: 30,
		Notes: []models.Field{{Name: "K1", Key: "exchange.heading_unknown", Args: models.Args("Column", "备注")}},
		Differences: []assessment.ScoreDifference{
			{Row: 2, Unit: s.cities[0], Indicator: leaf, Before: assessment.ScoreEntry{New: true}, After: assessment.ScoreEntry{Points: "28.5", Note: "一处未开放"}},
			{Row: 3, Unit: s.cities[1], Indicator: leaf, Before: assessment.ScoreEntry{NA: true, Note: "无数据"}, After: assessment.ScoreEntry{Raised: true}}}}
	faulty, same := check, check
	faulty.BadRows, faulty.FaultCount = 120, 140
	faulty.Faults = []assessment.ScoreFault{{Field: models.Field{Name: "G7", Key: "scores.points_missing"}, Unit: "济南市", Indicator: "数据开放"}}
	same.Units, same.Added, same.Changed, same.Differences = 0, 0, 0, nil
	page := func(c *assessment.ScoreCheck) *ScoreImportPage {
		p := newScoreImportPage(choice, models.SelfSide, nil)
		p.Page, p.Check = s.page(), newScoreCheckPart(c)
		return p
	}
	moved := page(&check)
	moved.Failed = models.NewError(models.Conflict, "scores.moved")
	closed, none := *choice, *choice
	closed.Open, closed.Round.Status = false, models.RoundAnnounced
	none.Sides = nil
	over, nothing := newScoreImportPage(&closed, "", nil), newScoreImportPage(&none, "", nil)
	over.Page, nothing.Page = s.page(), s.page()
	return []samplePage{
		{"score-import", "score_import", page(nil), []string{"form[action='/rounds/4/import'][enctype] [name=side][value=self][checked]", "a[href='/rounds/4/import/template?class=A&side=office']", "a[href='/rounds/4/scores.xlsx']", ".btn-primary"}},
		{"score-import-checked", "score_import", moved, []string{".error-summary", "form[action='/rounds/4/import/confirm'] [name=file][value='9']", "[name=digest][value=d]", "[formaction='/rounds/4/import/drop']",
			".score-differences tbody tr:nth-child(2)", ".score-more", ".import-notes code"}},
		{"score-import-faulty", "score_import", page(&faulty), []string{".import-counts .is-bad a[href='#faults']", ".score-faults code + span strong", "a[href='/rounds/4/import/faults']"}},
		{"score-import-same", "score_import", page(&same), []string{".import-confirm .note"}},
		{"score-import-closed", "score_import", over, []string{".note"}},
		{"score-import-none", "score_import", nothing, []string{".empty"}},
	}
}
