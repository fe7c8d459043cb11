package web

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"sundial/models"
	"sundial/server/compliance"
	"sundial/server/rules"
)

func points(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func englishSample(t *testing.T) sample {
	catalog, _ := newTestTemplates(t)
	return newSample(t, catalog.Locale("en"))
}

func shareOf(core, related, total string) rules.Share {
	return rules.Share{Core: points(core), Related: points(related), Total: points(total)}
}

// weightRow is the row of a city; the share is written core related total.
func (s sample) weightRow(unit models.Unit, standing compliance.WeightStanding, share, last string) compliance.WeightRow {
	index := s.obligation(rules.FormPerformance)
	row := compliance.WeightRow{Unit: unit, Year: 2017, Standing: standing}
	if standing == compliance.WeightNotOwed {
		return row
	}
	row.Duty, row.Obligation, row.Rule, row.Required = models.Duty{ID: 7, UnitID: unit.ID}, s.refs()[index], s.policy.Obligations[index].Weight, "4.00"
	weight := func(text string) *compliance.Weight {
		if text == "" {
			return nil
		}
		parts := strings.Fields(text)
		return &compliance.Weight{Share: shareOf(parts[0], parts[1], parts[2]), Verified: standing != compliance.WeightWaits, ReportID: 3}
	}
	row.Weight, row.Last = weight(share), weight(last)
	return row
}

// weightTable has a city in every standing.
func (s sample) weightTable() *compliance.WeightTable {
	t := &compliance.WeightTable{Unit: s.province, Year: 2017, AsOf: s.view.AsOf}
	for i, c := range []struct {
		standing    compliance.WeightStanding
		share, last string
	}{
		{compliance.WeightHolds, "40 30 1000", "35 0 1000"}, {compliance.WeightShort, "39.99 0 1000", "40 0 1000"}, {compliance.WeightShort, "3 3 100", "3 0 100"},
		{compliance.WeightWaits, "45 0 1000", ""}, {compliance.WeightMissing, "", "4 0 100"}, {compliance.WeightExempt, "", ""}, {compliance.WeightNotOwed, "", ""}, {compliance.WeightNotOwed, "", ""},
	} {
		row := s.weightRow(s.cities[i], c.standing, c.share, c.last)
		row.HasChildren = i%2 == 0
		t.Rows = append(t.Rows, row)
	}
	t.Rows[2].Waiting = &compliance.Weight{Share: shareOf("4.5", "0", "100")}
	long := t.Rows[0] // a long name
	long.Unit.Name, long.Unit.NameEN = strings.Repeat("山东半岛经济开发示范区", 4), "The Shandong Peninsula Demonstration Zone for Economic Development and Opening"
	long.Weight = &compliance.Weight{Share: shareOf("39999.999999", "123456.123456", "1000000"), Verified: true}
	t.Rows = append(t.Rows, long)
	return t
}

// weightPages are the pages of weights in their situations.
func weightPages(s sample) []samplePage {
	table := s.weightTable()
	full := newWeightPage(s.page(), s.view, table, newWeightFilter("", "", ""))
	full.AsOfFilter = yearAsOf(full.Page, full.View, []int{2018, 2017})
	past := s.view
	past.AsOf -= 30
	narrowed := newWeightPage(s.page(), past, table, newWeightFilter("<b>", "short", "fallen"))
	own := &compliance.WeightTable{Unit: s.cities[1], Year: 2017, AsOf: s.view.AsOf, History: []compliance.WeightRow{
		s.weightRow(s.cities[1], compliance.WeightShort, "39.99 30 1000", "40 0 1000"), s.weightRow(s.cities[1], compliance.WeightHolds, "40 0 1000", "")}}
	own.History[0].Rule, own.History[0].Required = &rules.Weight{NotBelowLastYear: true, Related: true}, "4.00"
	history := newWeightPage(s.page(), s.view, own, newWeightFilter("", "", ""))
	empty := newWeightPage(s.page(), s.view, &compliance.WeightTable{Unit: s.cities[2], Year: 2017}, newWeightFilter("", "", ""))
	nobody := newWeightPage(s.page(), s.view, &compliance.WeightTable{Unit: s.province, Year: 2016, Rows: []compliance.WeightRow{s.weightRow(s.cities[0], compliance.WeightNotOwed, "", "")}}, newWeightFilter("", "", ""))
	filed := s.filing(rules.FormPerformance)
	verdict := &rules.SchemeFinding{Scheme: rules.Performance{Total: filed.Total, Items: filed.Items}, Share: shareOf("39.99", "30", "1000")}
	judged := s.detail(rules.FormPerformance, rules.Pending)
	judged.Verdict.Scheme = verdict
	shown := newDutyPage(s.page(), s.view, judged, s.officer())
	shown.Form = newReportForm(s.locale, judged, filed, 20<<20, sampleNow)
	var faults []models.Field
	for i := range shownFaults + 5 {
		faults = append(faults, models.Field{Name: "B" + text(i+2), Key: "exchange.number", Args: models.Args("Column", "分值", "Value", "四分")})
	}
	faults[0].Name = "2"
	shown.Form.placeAll(s.locale, attempt{scheme: &models.Error{Code: models.Invalid, Key: "error.invalid", Fields: faults}, schemeFile: "2017年绩效考核方案.xlsx",
		problems: []models.Field{{Name: "items[0].reason", Key: "filing.mark_reason"}, {Name: "items[1].name", Key: "filing.item_twice", Args: models.Args("Number", 1)},
			{Name: "items[1].openness", Key: "filing.reason_without_mark"}}})
	return []samplePage{
		{"duty-weight", "duty", shown, []string{".weight-lines .is-counted", ".weight-bar[role=img]", ".weight-items li:nth-child(2) .sub", "a[href^='/units/370200/weight']",
			"#item-1-reason[aria-invalid]", "#item-2-name[aria-invalid]", "#item-2-openness[aria-invalid]", ".error-summary a[href='#item-1-reason']", ".scheme-file[open] li:nth-child(21)",
			"button[formaction$='/scheme'][formenctype='multipart/form-data']", "a[href$='/scheme']"}},
		{"weight", "weight", full, []string{".weights tbody tr:nth-child(8)", ".weights td a[href='/duties/7']", "[data-chart]", ".chip[aria-current]", ".state.s-overdue", "a[href='/duties/7']", "select[name=sort]", "a[href*='weight.csv']"}},
		{"weight-narrowed", "weight", narrowed, []string{".empty", ".note", "input[name=standing][value=short]", "input[name=q][value='<b>']"}},
		{"weight-history", "weight", history, []string{"#history", ".weights tbody tr:nth-child(2)"}},
		{"weight-empty", "weight", empty, []string{".empty-panel"}},
		{"weight-nobody", "weight", nobody, []string{"#figure-weights", ".empty"}},
	}
}

func TestTheListOfWeightsIsNarrowedAndSorted(t *testing.T) {
	s := englishSample(t)
	table := s.weightTable()
	for _, c := range []struct {
		name   string
		filter WeightFilter
		want   []string
	}{
		{"as the units stand", newWeightFilter("", "", ""), []string{"4.00", "3.999", "3.00", "4.50", "", "", "", "3.9999"}},
		{"lowest first", newWeightFilter("", "", "lowest"), []string{"3.00", "3.999", "3.9999", "4.00", "4.50", "", "", ""}},
		{"highest first", newWeightFilter("", "", "highest"), []string{"4.50", "4.00", "3.9999", "3.999", "3.00", "", "", ""}},
		{"largest fall first", newWeightFilter("", "", "fallen"), []string{"3.999", "3.00", "3.9999", "4.00", "4.50", "", "", ""}},
		{"largest rise first", newWeightFilter("", "", "risen"), []string{"4.00", "3.9999", "3.00", "3.999", "4.50", "", "", ""}},
		{"those short", newWeightFilter("", "short", ""), []string{"3.999", "3.00"}},
		{"by code", newWeightFilter(" 370200 ", "", ""), []string{"3.999"}},
		{"nobody", newWeightFilter("x'y", "", ""), nil},
		{"an unknown order and standing are none", newWeightFilter("", "1; --", "%"), []string{"4.00", "3.999", "3.00", "4.50", "", "", "", "3.9999"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, item := range newWeightPage(s.page(), s.view, table, c.filter).Items {
				strict := ""
				if item.Weight != nil {
					strict = item.Strict()
				}
				got = append(got, strict)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("list (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheFindingCountsEveryUnitOnce(t *testing.T) {
	s := englishSample(t)
	page := newWeightPage(s.page(), s.view, s.weightTable(), newWeightFilter("", "short", ""))
	want := models.Args("Year", 2017, "Units", 6, "Holds", 2, "Short", 2, "Waits", 1, "Missing", 1)
	if diff := cmp.Diff(rules.Reason{Key: "weight.finding", Args: want}, page.Figure.Finding); diff != "" {
		t.Errorf("finding (-want +got):\n%s", diff)
	}
	counts := map[string]int{}
	for _, chip := range page.Chips {
		counts[chip.Key] = chip.Count
	}
	if diff := cmp.Diff(map[string]int{"weight.all": 8, "weight.standing.short": 2, "weight.standing.missing": 1, "weight.standing.waits": 1,
		"weight.standing.holds": 2, "weight.standing.exempt": 1, "weight.standing.not_owed": 2}, counts); diff != "" {
		t.Errorf("chips (-want +got):\n%s", diff)
	}
}

// block is what the page of a duty says of a scheme that was verified.
func (s sample) weightBlock(rule rules.Weight, core, related, total string, last *rules.Share) *WeightBlock {
	scheme := rules.Performance{Total: total, Items: []rules.Item{{Name: "政务公开", Points: core, Openness: rules.OpennessCore, Reason: "本项"},
		{Name: "热线", Points: related, Openness: rules.OpennessRelated}, {Name: "其他", Points: "1"}}}
	verdict := rules.Verdict{Scheme: &rules.SchemeFinding{Scheme: scheme, Share: shareOf(core, related, total), Last: last}}
	return newWeightBlock(s.locale, &rules.Obligation{Kind: rules.KindWeight, Weight: &rule}, verdict)
}

func TestTheBlockShowsBothWaysOfCounting(t *testing.T) {
	s := englishSample(t)
	four := rules.Weight{AtLeast: rules.Percent{Decimal: points("4")}}
	related := four
	related.Related = true
	last := shareOf("30", "0", "1000")
	for _, c := range []struct {
		name                 string
		rule                 rules.Weight
		core, related, total string
		last                 *rules.Share
		want                 []WeightLine
		line                 string
	}{
		{"39.99 of 1000", four, "39.99", "0", "1000", nil, []WeightLine{{"weight.strict", "39.99", "1000", "3.999", false, true}, {"weight.inclusive", "39.99", "1000", "3.999", false, false}}, "44.44%"},
		{"40 of 1000", four, "40", "0", "1000", nil, []WeightLine{{"weight.strict", "40", "1000", "4.00", true, true}, {"weight.inclusive", "40", "1000", "4.00", true, false}}, "44.44%"},
		{"30 of 1000", four, "30", "0", "1000", nil, []WeightLine{{"weight.strict", "30", "1000", "3.00", false, true}, {"weight.inclusive", "30", "1000", "3.00", false, false}}, "44.44%"},
		{"3 and 3 of 100", four, "3", "3", "100", nil, []WeightLine{{"weight.strict", "3", "100", "3.00", false, true}, {"weight.inclusive", "6", "100", "6.00", true, false}}, "44.44%"},
		{"3 and 3 of 100 where both count", related, "3", "3", "100", nil, []WeightLine{{"weight.strict", "3", "100", "3.00", false, false}, {"weight.inclusive", "6", "100", "6.00", true, true}}, "44.44%"},
		{"not below last year", rules.Weight{NotBelowLastYear: true}, "3", "0", "100", &last, []WeightLine{{"weight.strict", "3", "100", "3.00", true, true}, {"weight.inclusive", "3", "100", "3.00", true, false}}, "42.86%"},
		{"included", rules.Weight{Included: true}, "50", "50", "100", nil, []WeightLine{{"weight.strict", "50", "100", "50.00", true, true}, {"weight.inclusive", "100", "100", "100.00", true, false}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			block := s.weightBlock(c.rule, c.core, c.related, c.total, c.last)
			if diff := cmp.Diff(c.want, block.Lines); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
			if block.Bar.Line != c.line || len(block.Items) != 2 {
				t.Errorf("line at %q, %d items", block.Bar.Line, len(block.Items))
			}
		})
	}
	if block := newWeightBlock(s.locale, &rules.Obligation{Weight: &four}, rules.Verdict{}); block != nil {
		t.Errorf("without a scheme there is %+v", block)
	}
}
