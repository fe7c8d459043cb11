package bulletin

import (
	"strconv"
	"strings"
	"testing"

	"sundial/server/compliance"
)

// Of four units, one is first in the ranking but has done less than half, and one is last.
func TestWhoIsCriticisedIsNotPraised(t *testing.T) {
	row := func(code, class string, own bool, cell compliance.Cell) Row {
		return Row{Unit: Unit{Code: code, Name: code, Class: class}, Own: own, Cells: []Cell{{Obligation: "x.a", Met: cell.Met, Overdue: cell.Overdue}}, Tally: tallyOf(cell)}
	}
	d := &Data{Scope: Unit{Code: "0", Name: "某省"}, Year: 2017, AsOf: 736695, Obligations: []Obligation{{Code: "x.a"}}, Rows: []Row{
		row("0", "", true, compliance.Cell{Met: 2}), row("1", "A", false, compliance.Cell{Met: 1, Overdue: 2}), row("2", "A", false, compliance.Cell{Met: 2, Overdue: 1}),
		row("3", "", false, compliance.Cell{Met: 3})},
		Ranking: &Ranking{Classes: []RankedClass{{Class: "A", Scored: 3, Grades: []Grade{{ID: "good"}}, Units: []RankedUnit{
			{Unit: Unit{Code: "1", Name: "1"}, Rank: 1, Score: "95.00"}, {Unit: Unit{Code: "2", Name: "2"}, Rank: 2, Score: "90.00"},
			{Unit: Unit{Code: "4", Name: "4"}, Rank: 3, Score: "80.00"}}}}}}
	d.judge(DefaultSettings)
	if got := unitNames(d.Praise); strings.Join(got, " ") != "3 2" {
		t.Errorf("praised: %v", got)
	}
	if got := unitNames(d.Criticism); strings.Join(got, " ") != "1" {
		t.Errorf("criticised: %v", got)
	}

	// What the scope's unit owes itself is named, so that the parts add up to the whole.
	d.Classes, d.Total = classesOf(d.Rows), tallyOf(compliance.Cell{Met: 8, Overdue: 3})
	_, words := draftWords(d)
	filled, err := words.fill(d)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"应办事项共11项", "A类单位2家，应办6项", "未分类单位1家，应办3项", "某省本级应办2项"} {
		if !strings.Contains(filled[0].Text, want) {
			t.Errorf("%q lacks %q", filled[0].Text, want)
		}
	}
}

// A rank is praised only when it is one: not with a veto, the lowest grade, or the last place.
func TestRanksThatAreNotPraised(t *testing.T) {
	grades := []Grade{{ID: "good"}, {ID: "fail"}}
	for name, c := range map[string]struct {
		units  []RankedUnit
		grades []Grade
		want   string
	}{
		"first and last":      {[]RankedUnit{{Rank: 1, GradeID: "good"}, {Rank: 2, GradeID: "good"}}, grades, "0"},
		"a veto":              {[]RankedUnit{{Rank: 1, GradeID: "good", ByVeto: true}, {Rank: 2, GradeID: "good"}, {Rank: 3, GradeID: "good"}}, grades, "1"},
		"all have failed":     {[]RankedUnit{{Rank: 1, GradeID: "fail"}, {Rank: 2, GradeID: "fail"}, {Rank: 3, GradeID: "fail"}}, grades, ""},
		"one grade":           {[]RankedUnit{{Rank: 1, GradeID: "good"}, {Rank: 2, GradeID: "good"}}, grades[:1], "0"},
		"all are the same":    {[]RankedUnit{{Rank: 1, GradeID: "good"}, {Rank: 1, GradeID: "good"}}, grades, ""},
		"two share the last":  {[]RankedUnit{{Rank: 1, GradeID: "good"}, {Rank: 2, GradeID: "good"}, {Rank: 2, GradeID: "good"}}, grades, "0"},
		"one is not assessed": {[]RankedUnit{{Rank: 1, GradeID: "good"}, {Rank: 2, GradeID: "good"}, {}}, grades, "0"},
	} {
		for i := range c.units {
			c.units[i].Unit = Unit{Code: strconv.Itoa(i), Name: strconv.Itoa(i)}
		}
		d := &Data{Ranking: &Ranking{Classes: []RankedClass{{Class: "A", Scored: len(c.units), Grades: c.grades, Units: c.units}}}}
		d.judge(Settings{Praise: Praise{RankTo: 3}})
		if got := strings.Join(unitNames(d.Praise), " "); got != c.want {
			t.Errorf("%s: praised %q, want %q", name, got, c.want)
		}
	}
}

// Where all have the same rate none is the best.
func TestTheBestAreNotTheWorst(t *testing.T) {
	row := func(name string, cell compliance.Cell) Row {
		return Row{Unit: Unit{Code: name, Name: name}, Tally: tallyOf(cell)}
	}
	d := &Data{Rows: []Row{row("甲市", compliance.Cell{Met: 2}), row("乙市", compliance.Cell{Met: 1}), row("丙市", compliance.Cell{Exempt: 1})}}
	if best, worst := d.extremes(); len(best)+len(worst) > 0 || d.has("compared") {
		t.Errorf("best %v, worst %v", best, worst)
	}
	d.Rows[1] = row("乙市", compliance.Cell{Overdue: 1})
	if best, worst := d.extremes(); strings.Join(best, "") != "甲市" || strings.Join(worst, "") != "乙市" || !d.has("compared") {
		t.Errorf("best %v, worst %v", best, worst)
	}
}

func TestARateIsWholeOnlyOfTheWhole(t *testing.T) {
	for of, want := range map[[2]int]string{{0, 3}: "0.00", {1, 30_000}: "0.01", {2, 3}: "66.67", {363, 527}: "68.88", {29_999, 30_000}: "99.99", {3, 3}: "100.00"} {
		if got := RateOf(of[0], of[1]).String(); got != want {
			t.Errorf("%d of %d is %s, want %s", of[0], of[1], got, want)
		}
	}
	if RateOf(0, 0) != nil {
		t.Error("of nothing there is a rate")
	}
}

// A sentence ends whatever the counts are, and says nothing of what there is none of.
func TestSentencesOfFindingsAndUrges(t *testing.T) {
	for want, follow := range map[string]func(d *Data){
		"其中仅作记录0个，已销号2个，应当整改的已全部销号。": func(d *Data) { d.Findings = &Findings{Total: 2, Closed: 2} },
		"已销号1个，尚未销号1个，未销号的严重问题0个。": func(d *Data) {
			d.Findings = &Findings{Total: 2, Closed: 1, Open: []OpenFinding{{}}, Levels: []FindingTally{{Severity: "serious"}}}
		},
		"共发出催办3件，其中红牌催办0件。":              func(d *Data) { d.Urges = &Urges{Total: 3} },
		"共发出催办3件，其中红牌催办1件，红牌催办均已回复或者办结。": func(d *Data) { d.Urges = &Urges{Total: 3, Red: 1} },
		"共发出催办3件，其中红牌催办2件，尚未回复1件。":       func(d *Data) { d.Urges = &Urges{Total: 3, Red: 2, Silent: []SilentUrge{{}}} },
	} {
		d := small()
		follow(d)
		_, words := draftWords(d)
		paragraphs, err := words.fill(d)
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, p := range paragraphs {
			all.WriteString(p.Text)
		}
		if !strings.Contains(all.String(), want) {
			t.Errorf("%s lacks %s", all.String(), want)
		}
	}
}
