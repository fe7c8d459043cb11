package rules_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sundial/seeds"
	"sundial/server/calendar"
	"sundial/server/rules"
	"sundial/server/strictyaml"
)

func day(text string) calendar.Date { return calendar.MustParseDate(text) }

func instant(text string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04:05", text, rules.Shanghai)
	if err != nil {
		panic(err)
	}
	return at
}

func realCalendar(t testing.TB) *calendar.Calendar {
	t.Helper()
	cal, err := seeds.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

// packOf is a made-up pack of one obligation for cities, tr2017.x.
func packOf(kind, require string, more ...string) string {
	return fmt.Sprintf(`id: trial-2017
short: tr2017
title: {zh: 试行, en: Trial}
issuer: 试行
region: "370000"
published: 2017-05-04
effective: {from: 2017-01-01}
obligations:
  - id: tr2017.x
    clause: 一
    title: {zh: 事项, en: Thing}
    counts: {zh: 计, en: Counts}
    kind: %s
    who: {kinds: [city]}
    require: %s
    points: "5"
%s`, kind, require, strings.Join(more, "\n"))
}

func mustParse(t testing.TB, pack string) *rules.Policy {
	t.Helper()
	policy, err := rules.ParsePolicy([]byte(pack))
	if err != nil {
		t.Fatalf("%v\n%s", err, pack)
	}
	return policy
}

var city = rules.Unit{Code: "370100", Name: "济南市", Kind: "city", OpenedOn: day("2000-01-01")}

// judged is the only verdict on the city of a year's board.
func judged(t *testing.T, policy *rules.Policy, facts rules.Facts, asOf string, year int) rules.Verdict {
	t.Helper()
	if facts.Unit.Code == "" {
		facts.Unit = city
	}
	verdicts := rules.Judge(policy, &facts, realCalendar(t), day(asOf), year)
	if len(verdicts) != 1 {
		t.Fatalf("%d verdicts, want one: %+v", len(verdicts), verdicts)
	}
	return verdicts[0]
}

func wantState(t *testing.T, v rules.Verdict, want rules.State) {
	t.Helper()
	if v.State != want {
		t.Errorf("%s, want %s: %s %v, notes %v", v.State, want, v.Reason.Key, v.Reason.Args, v.Notes)
	}
}

// keysOf are the lines and keys of what is wrong with a file.
func keysOf(err error) []string {
	var problems strictyaml.Problems
	if !errors.As(err, &problems) {
		return []string{fmt.Sprint(err)}
	}
	var keys []string
	for _, p := range problems {
		keys = append(keys, fmt.Sprintf("%d %s", p.Line, p.Key))
	}
	return keys
}

func TestFaultyParametersAreNamedByLine(t *testing.T) {
	for _, c := range []struct {
		kind, require string
		want          []string
	}{
		{"count", "{what: briefing, min: 0, window: year}", []string{"15 pack.at_least_one"}},
		{"count", "{what: briefing, min: 1}", []string{"15 pack.missing"}},
		{"count", "{what: briefing, min: 1, window: quarter}", []string{"15 pack.bad_window"}},
		{"count", "{what: Briefing, min: 1, window: year, presided_by: deputy}", []string{"15 pack.bad_word", "15 pack.presided_by"}},
		{"appointment", "{must_be_public: true}", []string{"15 pack.bad_word"}},
		{"appointment", "{office: deputy, due: 12-32}", []string{"15 pack.bad_month_day"}},
		{"weight", "{}", []string{"15 pack.one_weight_rule"}},
		{"weight", "{at_least: 4%, included: true}", []string{"15 pack.one_weight_rule"}},
		{"weight", "{at_least: 4}", []string{"15 pack.bad_percent"}},
		{"within_working_days", "{n: 0, after: policy-published, what: plan}", []string{"15 pack.at_least_one"}},
		{"within_working_days", "{n: 3, after: incident, what: plan}", []string{"15 pack.unknown_trigger"}},
		{"within_hours", "{n: 3, target: 5, after: incident, what: first-word}", []string{"15 pack.target_past_limit"}},
		{"within_hours", "{n: 3, after: document-published, what: gazette}", []string{"15 pack.unknown_hours_what", "15 pack.unknown_trigger"}},
		{"by_date", "{what: list}", []string{"15 pack.one_date"}},
		{"by_date", "{what: list, on: 2017-05-31, each: 05-31}", []string{"15 pack.one_date"}},
		{"rotation", "{from: 2017-01-01}", []string{"15 pack.one_cycle"}},
		{"rotation", "{from: 2017-01-01, until: 2016-12-31}", []string{"15 pack.span_reversed"}},
		{"rotation", "{from: 2017-01-01, until: 2018-12-31, years: 2}", []string{"15 pack.one_cycle"}},
		{"rotation", "{from: 2017-01-01, years: -2}", []string{"15 pack.one_cycle"}},
		{"briefings", "{n: 1}", []string{"13 pack.unknown_kind"}},
	} {
		t.Run(c.kind+c.require, func(t *testing.T) {
			_, err := rules.ParsePolicy([]byte(packOf(c.kind, c.require)))
			if diff := cmp.Diff(c.want, keysOf(err)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestPercentWindowAndMonthDayTexts(t *testing.T) {
	type reader interface{ UnmarshalText([]byte) error }
	for name, c := range map[string]struct {
		into      func() reader
		good, bad []string
	}{
		"percent": {func() reader { return new(rules.Percent) }, []string{"4%", "0.5%", "100%", "3.999%"},
			[]string{"", "%", "4", "0%", "-4%", "100.01%", "4 %", "four%", "4%%"}},
		"month and day": {func() reader { return new(rules.MonthDay) }, []string{"01-01", "12-31", "02-28"},
			[]string{"", "5-15", "13-01", "02-29", "04-31", "2017-05-15", "05-15 "}},
		"window": {func() reader { return new(rules.Window) }, []string{"year", "month", "two-months", "11", "05-15"},
			[]string{"", "0", "00", "13", "1", "+1", "-1", "quarter", "02-30", "Year"}},
	} {
		for _, text := range c.good {
			if err := c.into().UnmarshalText([]byte(text)); err != nil {
				t.Errorf("%s %q: %v", name, text, err)
			}
		}
		for _, text := range c.bad {
			if err := c.into().UnmarshalText([]byte(text)); err == nil {
				t.Errorf("%s %q was read", name, text)
			}
		}
	}
}

func TestWhoIsBound(t *testing.T) {
	province := rules.Unit{Code: "370000", Name: "山东省", Kind: "province"}
	office := rules.Unit{Code: "370000-bgt", Name: "山东省人民政府办公厅", Kind: "department"}
	cityOffice := rules.Unit{Code: "370100-bgt", Kind: "department"}
	county := rules.Unit{Code: "370102", Kind: "county"}
	countyOffice := rules.Unit{Code: "370102-bgs", Kind: "department"}
	town := rules.Unit{Code: "370102-101", Kind: "township"}
	elsewhere := rules.Unit{Code: "320100", Name: "南京市", Kind: "city"}
	all := []rules.Unit{province, office, city, cityOffice, county, countyOffice, town, elsewhere}
	for _, c := range []struct {
		name   string
		who    rules.Who
		region string
		want   []string
	}{
		{"cities", rules.Who{Kinds: []rules.UnitKind{"city"}}, "370000", []string{"370100"}},
		{"departments", rules.Who{Kinds: []rules.UnitKind{"department"}}, "370000", []string{"370000-bgt", "370100-bgt", "370102-bgs"}},
		{"provincial departments", rules.Who{Kinds: []rules.UnitKind{"department"}, Levels: []rules.Level{rules.LevelProvince}}, "370000", []string{"370000-bgt"}},
		{"lower departments", rules.Who{Kinds: []rules.UnitKind{"department"}, Levels: []rules.Level{rules.LevelCity, rules.LevelCounty}}, "370000", []string{"370100-bgt", "370102-bgs"}},
		{"towns", rules.Who{Kinds: []rules.UnitKind{"township"}, Levels: []rules.Level{rules.LevelTownship}}, "370000", []string{"370102-101"}},
		{"of a city", rules.Who{Kinds: []rules.UnitKind{"city", "county"}}, "370100", []string{"370100", "370102"}},
		{"of a county", rules.Who{Kinds: []rules.UnitKind{"city", "county"}}, "370102", []string{"370102"}},
		{"listed by code and name", rules.Who{Units: []string{"370102", "山东省人民政府办公厅", "320100"}}, "370000", []string{"370000-bgt", "370102"}},
		{"but for one", rules.Who{Kinds: []rules.UnitKind{"city", "county"}, Except: []string{"济南市"}}, "370000", []string{"370102"}},
		{"nobody", rules.Who{}, "370000", nil},
	} {
		var got []string
		for _, unit := range all {
			if c.who.Binds(c.region, unit) {
				got = append(got, unit.Code)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestListedUnitsMustLieInTheRegion(t *testing.T) {
	pack := func(units string) []byte {
		return []byte(strings.Replace(packOf("by_date", "{what: list, on: 2017-05-31}"), "{kinds: [city]}", "{units: ["+units+"]}", 1))
	}
	for _, good := range []string{`"370100"`, "370000-czt", "山东省财政厅"} {
		if _, err := rules.ParsePolicy(pack(good)); err != nil {
			t.Errorf("%s is refused: %v", good, err)
		}
	}
	for _, bad := range []string{`"3701"`, "370000-CZT", "370000-jy@t", `"210100"`, `""`} {
		var problems strictyaml.Problems
		if _, err := rules.ParsePolicy(pack(bad)); !errors.As(err, &problems) || len(problems) != 1 || problems[0].Key != "pack.bad_unit" {
			t.Errorf("%s: %v, want pack.bad_unit alone", bad, err)
		}
	}
}

func TestAnExemptionsReasonHasNoFullStopOfItsOwn(t *testing.T) {
	policy := mustParse(t, packOf("by_date", "{what: list, on: 2017-05-31}"))
	v := judged(t, policy, rules.Facts{Exemptions: []rules.ExemptionFact{{Obligation: "tr2017.x", Reason: "机构改革。", Document: "文件"}}}, "2017-06-30", 2017)
	if v.Reason.Args["Reason"] != "机构改革" {
		t.Errorf("reason %q", v.Reason.Args["Reason"])
	}
}
