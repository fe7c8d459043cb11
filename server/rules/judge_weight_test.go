package rules_test

import (
	"testing"

	"sundial/server/rules"
)

// weighed is a scheme of the year with openness and related points; the items
// list openness alone, the rest is implied.
func weighed(year int, on, total, core, related string) rules.Performance {
	p := rules.Performance{Year: year, On: day(on), Total: total, Items: []rules.Item{{Name: "政务公开", Points: core, Openness: rules.OpennessCore}}}
	if related != "" {
		p.Items = append(p.Items, rules.Item{Name: "热线", Points: related, Openness: rules.OpennessRelated})
	}
	return p
}

func TestWeightsAreExact(t *testing.T) {
	for _, c := range []struct {
		require, total, core, related string
		want                          rules.State
		value                         string
	}{
		{"{at_least: 4%}", "100", "4.00", "", rules.Met, "4.00"},
		{"{at_least: 4%}", "1000", "39.99", "", rules.Pending, "3.999"},
		{"{at_least: 4%}", "1000", "40", "", rules.Met, "4.00"},
		{"{at_least: 4%}", "1000000", "39999.999999", "", rules.Pending, "3.9999"},
		{"{at_least: 4%}", "100", "3", "3", rules.Pending, "3.00"},
		{"{at_least: 4%, related: true}", "100", "3", "3", rules.Met, "6.00"},
		{"{at_least: 4%, related: true}", "100", "3", "0.99", rules.Pending, "3.99"},
		{"{at_least: 33.3333%}", "3", "1", "", rules.Met, "33.3333"},
		{"{at_least: 33.33333333%}", "3", "1", "", rules.Met, "33.3333"},
		{"{at_least: 33.33333334%}", "3", "1", "", rules.Pending, "33.3333"},
		{"{at_least: 66.6667%}", "3", "2", "", rules.Pending, "66.6666"},
		{"{at_least: 0.1%}", "0.3", "0.0003", "", rules.Met, "0.10"},
		{"{included: true}", "100", "0.01", "", rules.Met, "0.01"},
		{"{included: true}", "100", "0", "5", rules.Pending, "0.00"},
		{"{included: true, related: true}", "100", "0", "5", rules.Met, "5.00"},
	} {
		policy := mustParse(t, packOf("weight", c.require))
		v := judged(t, policy, rules.Facts{Performance: []rules.Performance{weighed(2017, "2017-03-01", c.total, c.core, c.related)}}, "2017-06-01", 2017)
		if v.State != c.want || v.Value != c.value {
			t.Errorf("%s, %s and %s of %s: %s with %s, want %s with %s", c.require, c.core, c.related, c.total, v.State, v.Value, c.want, c.value)
		}
	}
}

func TestAWeightMustNotFall(t *testing.T) {
	policy := mustParse(t, packOf("weight", "{not_below_last_year: true}"))
	this := weighed(2018, "2018-03-01", "300", "10", "")
	for _, c := range []struct {
		last []rules.Performance
		want rules.State
	}{
		{nil, rules.Met},
		{[]rules.Performance{weighed(2017, "2017-03-01", "30", "1", "")}, rules.Met},
		{[]rules.Performance{weighed(2017, "2017-03-01", "100000", "3334", "")}, rules.Pending},
		{[]rules.Performance{weighed(2017, "2017-03-01", "100000", "3333", "")}, rules.Met},
		// Of two schemes of last year the later one stands.
		{[]rules.Performance{weighed(2017, "2017-09-01", "100", "2", ""), weighed(2017, "2017-03-01", "100", "9", "")}, rules.Met},
		{[]rules.Performance{weighed(2017, "2017-03-01", "100", "2", ""), weighed(2017, "2017-09-01", "100", "9", "")}, rules.Pending},
	} {
		wantState(t, judged(t, policy, rules.Facts{Performance: append(c.last, this)}, "2018-06-01", 2018), c.want)
	}
}

func TestASchemeAdoptedAfterTheYearIsLate(t *testing.T) {
	policy := mustParse(t, packOf("weight", `{at_least: 4%, due: "06-30"}`))
	for on, want := range map[string]rules.State{"2017-06-30": rules.Met, "2017-07-01": rules.Late} {
		wantState(t, judged(t, policy, rules.Facts{Performance: []rules.Performance{weighed(2017, on, "100", "4", "")}}, "2018-06-01", 2017), want)
	}
}

func TestUnsoundSchemesSayWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		total, points string
		want          string
	}{
		{"", "4", "total filing.bad_points"},
		{"100", "", "items[0].points filing.bad_points"},
		{"0", "0", "total filing.total_positive"},
		{"100", "100.000001", "items filing.does_not_add_up"},
		{"100", "1e7", "items[0].points filing.bad_points"},
		{"100", "0.0000001", "items[0].points filing.bad_points"},
		{"100", "000000000000000000004", "items[0].points filing.bad_points"},
		{"100", "NaN", "items[0].points filing.bad_points"},
	} {
		p := rules.Performance{Total: c.total, Items: []rules.Item{{Name: "政务公开", Points: c.points, Openness: rules.OpennessCore}}}
		_, problems := p.Share()
		if len(problems) != 1 || problems[0].Field+" "+problems[0].Key != c.want {
			t.Errorf("%s of %s: %+v, want %s", c.points, c.total, problems, c.want)
		}
	}
}

func TestTheSchemeOfAVerdict(t *testing.T) {
	four := mustParse(t, packOf("weight", "{at_least: 4%}"))
	for _, c := range []struct {
		total, core, related      string
		strict, inclusive         string
		holdsStrict, holdsRelated bool
		state                     rules.State
	}{
		{"1000", "39.99", "", "3.999", "3.999", false, false, rules.Pending},
		{"1000", "40", "", "4.00", "4.00", true, true, rules.Met},
		{"1000", "30", "", "3.00", "3.00", false, false, rules.Pending},
		{"100", "3", "3", "3.00", "6.00", false, true, rules.Pending},
	} {
		v := judged(t, four, rules.Facts{Performance: []rules.Performance{weighed(2017, "2017-03-01", c.total, c.core, c.related)}}, "2017-06-01", 2017)
		if v.Scheme == nil {
			t.Fatalf("%s of %s: the verdict has no scheme", c.core, c.total)
		}
		share, rule := v.Scheme.Share, four.Obligations[0].Weight
		if v.State != c.state || share.Percentage(false) != c.strict || share.Percentage(true) != c.inclusive {
			t.Errorf("%s and %s of %s: %s, %s strict, %s inclusive", c.core, c.related, c.total, v.State, share.Percentage(false), share.Percentage(true))
		}
		if rule.Holds(share, nil, false) != c.holdsStrict || rule.Holds(share, nil, true) != c.holdsRelated {
			t.Errorf("%s and %s of %s: holds strict %v, inclusive %v", c.core, c.related, c.total, rule.Holds(share, nil, false), rule.Holds(share, nil, true))
		}
	}
	if v := judged(t, four, rules.Facts{}, "2017-06-01", 2017); v.Scheme != nil {
		t.Errorf("without a scheme there is %+v", v.Scheme)
	}
}

func TestTheChangeAgainstLastYearIsTold(t *testing.T) {
	policy := mustParse(t, packOf("weight", "{not_below_last_year: true}"))
	last := weighed(2017, "2017-03-01", "100", "4", "")
	for _, c := range []struct {
		total, core string
		want        rules.State
		note        string
		change      string
	}{
		{"1000", "45.5", rules.Met, "rules.note.weight_rose", "0.55"},
		{"300", "12", rules.Met, "rules.note.weight_same", "0.00"},
		{"300", "10", rules.Pending, "rules.note.weight_fell", "0.6666"},
		{"1000000", "39999.999999", rules.Pending, "rules.note.weight_fell", "0.0001"},
		{"1000000", "40000.000001", rules.Met, "rules.note.weight_rose", "0.0001"},
	} {
		this := weighed(2018, "2018-03-01", c.total, c.core, "")
		v := judged(t, policy, rules.Facts{Performance: []rules.Performance{last, this}}, "2018-06-01", 2018)
		if v.State != c.want || len(v.Notes) == 0 || v.Notes[0].Key != c.note || v.Notes[0].Args["Change"] != c.change ||
			v.Notes[0].Args["Last"] != "4.00" || v.Notes[0].Args["Year"] != 2017 || v.Required != "4.00" {
			t.Errorf("%s of %s: %s, required %s, %+v; want %s with %s %s", c.core, c.total, v.State, v.Required, v.Notes, c.want, c.note, c.change)
		}
	}
	alone := judged(t, policy, rules.Facts{Performance: []rules.Performance{weighed(2018, "2018-03-01", "100", "1", "")}}, "2018-06-01", 2018)
	if alone.Notes[0].Key != "rules.note.no_last_year" || alone.Required != "> 0" {
		t.Errorf("without last year: %s %+v", alone.Required, alone.Notes)
	}
}
