package rules_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sundial/server/rules"
)

func TestPeriodsOfAYear(t *testing.T) {
	for _, c := range []struct {
		kind, require, more string
		year                int
		want                []string
	}{
		{"count", "{what: x, min: 1, window: year}", "", 2016, nil},
		{"count", "{what: x, min: 1, window: year}", "", 2018, []string{"2018 2018-01-01..2018-12-31"}},
		{"count", `{what: x, min: 1, window: "02"}`, "", 2020, []string{"2020-02 2020-02-01..2020-02-29"}},
		{"count", `{what: x, min: 1, window: "12"}`, "", 2017, []string{"2017-12 2017-12-01..2017-12-31"}},
		{"count", `{what: x, min: 1, window: "05-15"}`, "", 2017, []string{"2017-05-15 2017-05-15..2017-05-15"}},
		{"count", "{what: x, min: 1, window: two-months}", "", 2017, []string{
			"2017-01+02 2017-01-01..2017-02-28", "2017-03+04 2017-03-01..2017-04-30", "2017-05+06 2017-05-01..2017-06-30",
			"2017-07+08 2017-07-01..2017-08-31", "2017-09+10 2017-09-01..2017-10-31", "2017-11+12 2017-11-01..2017-12-31"}},
		{"by_date", "{what: x, on: 2018-03-31}", "", 2017, nil},
		{"by_date", "{what: x, on: 2018-03-31}", "", 2018, []string{"2018 2018-01-01..2018-03-31"}},
		{"by_date", "{what: x, on: 2019-12-31}", "    years: {from: 2018}", 2017, nil},
		{"by_date", "{what: x, on: 2019-12-31}", "    years: {from: 2018}", 2018, []string{"2018-2019 2018-01-01..2019-12-31"}},
		{"by_date", "{what: x, on: 2019-12-31}", "    years: {from: 2018}", 2019, []string{"2018-2019 2018-01-01..2019-12-31"}},
		{"by_date", "{what: x, on: 2019-12-31}", "    years: {from: 2018}", 2020, nil},
		{"by_date", `{what: x, each: "06-30"}`, "    years: {from: 2018, to: 2018}", 2019, nil},
		{"by_date", `{what: x, each: "06-30"}`, "", 2019, []string{"2019 2019-01-01..2019-12-31"}},
		{"within_working_days", "{n: 30, after: policy-published, what: plan}", "", 2017, []string{"2017 2017-01-01..2017-12-31"}},
		{"within_working_days", "{n: 30, after: policy-published, what: plan}", "", 2018, nil},
		{"rotation", "{from: 2016-05-18, until: 2019-05-18}", "", 2016, []string{"2016-2019 2016-05-18..2019-05-18"}},
		{"rotation", "{from: 2016-05-18, until: 2019-05-18}", "", 2019, []string{"2016-2019 2016-05-18..2019-05-18"}},
		{"rotation", "{from: 2016-05-18, until: 2019-05-18}", "", 2020, nil},
		{"rotation", "{from: 2018-01-01, years: 2}", "", 2017, nil},
		{"rotation", "{from: 2018-01-01, years: 2}", "", 2019, []string{"2018-2019 2018-01-01..2019-12-31"}},
		{"rotation", "{from: 2018-01-01, years: 2}", "", 2020, []string{"2020-2021 2020-01-01..2021-12-31"}},
		{"rotation", "{from: 2017-07-01, years: 1}", "", 2018, []string{"2017-2018 2017-07-01..2018-06-30", "2018-2019 2018-07-01..2019-06-30"}},
	} {
		policy := mustParse(t, packOf(c.kind, c.require, c.more))
		var got []string
		for _, p := range policy.Periods(&policy.Obligations[0], c.year) {
			got = append(got, fmt.Sprintf("%s %s..%s", p.Name, p.From, p.To))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s %s in %d (-want +got):\n%s", c.kind, c.require, c.year, diff)
		}
	}
}

func TestMonthsBeforeThePolicyAreNotOwed(t *testing.T) {
	policy := mustParse(t, packOf("count", "{what: x, min: 1, window: month}"))
	policy.Effective = rules.Span{From: day("2017-05-31"), To: day("2017-08-01")}
	var got []string
	for _, p := range policy.Periods(&policy.Obligations[0], 2017) {
		got = append(got, p.Name)
	}
	if diff := cmp.Diff([]string{"2017-05", "2017-06", "2017-07", "2017-08"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestADutyIsOwedFromTheUnitsOpening(t *testing.T) {
	policy := mustParse(t, packOf("count", "{what: x, min: 1, window: month}"))
	unit := city
	unit.OpenedOn, unit.ClosedOn = day("2017-03-31"), day("2017-05-31")
	var got []string
	for _, d := range rules.Schedule(policy, unit, nil, realCalendar(t), 2017) {
		got = append(got, d.Period.Name+" since "+d.Since.String())
	}
	if diff := cmp.Diff([]string{"2017-03 since 2017-03-31", "2017-04 since 2017-04-01"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
